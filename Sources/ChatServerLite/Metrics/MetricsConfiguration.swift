/// Who may read the metrics, and where.
public struct MetricsConfiguration: Equatable, Sendable {
    /// An address with a port.
    public struct Address: Equatable, Sendable {
        public var host: String
        /// 0 lets the system choose.
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// Reads `HOST:PORT`; an IPv6 address stands in brackets. Nil for anything else.
        public init?(parsing text: String) {
            guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
                (0...65_535).contains(port)
            else { return nil }
            var host = text[..<colon]
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = host.dropFirst().dropLast()
            } else if host.contains(":") {
                return nil
            }
            guard !host.isEmpty else { return nil }
            self.init(host: String(host), port: port)
        }
    }

    /// The address of a listener of its own; nil when `/metrics` is beside the API.
    public var address: Address?
    /// The token that a reader must send as `Authorization: Bearer`; nil lets everyone read.
    public var token: String?

    public init(address: Address? = nil, token: String? = nil) {
        self.address = address
        self.token = token
    }

    /// The fewest characters of a token.
    static let tokenLengthMin = 16

    /// Reads `METRICS_LISTEN` and `METRICS_TOKEN`. Nil when neither is set: then nobody can read the metrics.
    public init?(settings: ServerSettings) throws(ConfigurationError) {
        let listen = settings.find("METRICS_LISTEN")
        let secret = settings.find("METRICS_TOKEN")
        guard listen != nil || secret != nil else { return nil }
        self.init()
        if let listen {
            guard let address = Address(parsing: listen.text) else {
                throw .invalidValue(
                    setting: "METRICS_LISTEN", source: listen.source,
                    reason: "\"\(listen.text)\" is not HOST:PORT, as 127.0.0.1:9464 or [::1]:9464")
            }
            self.address = address
        }
        guard let secret else { return }
        guard secret.text.utf8.count >= Self.tokenLengthMin else {
            throw .invalidValue(
                setting: "METRICS_TOKEN", source: secret.source,
                reason: "it is shorter than \(Self.tokenLengthMin) characters; use a random one")
        }
        token = secret.text
    }
}
