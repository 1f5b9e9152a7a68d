import ChatCrypto

/// How a connection was made. It tells a person why the connection is slow, or which machine it reached.
public struct ConnectionReport: Hashable, Sendable {
    /// The addresses of the host's name; empty when a proxy resolved it.
    public internal(set) var addresses: [SocketAddress] = []
    /// The proxy's host and port, when there is one.
    public internal(set) var proxy: String?
    /// How long name resolution took.
    public internal(set) var resolving = Duration.zero
    /// How long connecting took, including the proxy.
    public internal(set) var connecting = Duration.zero
    /// How long the TLS handshake took; nil without TLS.
    public internal(set) var securing: Duration?
    /// "TLSv1.3", with TLS.
    public internal(set) var protocolVersion: String?
    public internal(set) var certificate: PeerCertificate?
}
