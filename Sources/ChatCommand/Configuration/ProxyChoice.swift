import ChatNet

/// The proxy setting of a configuration file.
public enum ProxyChoice: Hashable, Sendable {
    /// `"none"`: a direct connection, whatever the environment says.
    case none
    /// This one, except for the hosts in `no_proxy`.
    case server(ProxyServer)
}
