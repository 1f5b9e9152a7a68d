import ChatCrypto

/// How a connection came about: what a person wants to see who asks why it is slow, or whom it reached.
public struct ConnectionReport: Hashable, Sendable {
    /// What the host's name stands for; empty when a proxy looked it up.
    public internal(set) var addresses: [SocketAddress] = []
    /// The proxy's host and port, when there is one.
    public internal(set) var proxy: String?
    /// How long looking up the name took.
    public internal(set) var resolving = Duration.zero
    /// How long connecting took, with what the proxy needed.
    public internal(set) var connecting = Duration.zero
    /// How long the TLS handshake took; nil without TLS.
    public internal(set) var securing: Duration?
    /// "TLSv1.3", with TLS.
    public internal(set) var protocolVersion: String?
    public internal(set) var certificate: PeerCertificate?
}
