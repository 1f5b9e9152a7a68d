import ChatNet

/// What a configuration file says of proxies.
public enum ProxyChoice: Hashable, Sendable {
    /// `"none"`: straight to the server, whatever the environment says.
    case none
    /// This one, except for the hosts in `no_proxy`.
    case server(ProxyServer)
}
