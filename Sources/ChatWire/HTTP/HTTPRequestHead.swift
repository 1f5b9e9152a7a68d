/// Everything in a request except its body (RFC 9112 section 2.1).
public struct HTTPRequestHead: Hashable, Sendable {
    /// A token of at most 32 letters. It may be a method that this package does not know.
    public var method: String
    /// The request target as received.
    public var target: String
    public var version: HTTPVersion
    public var headers: HTTPHeaders
    /// The announced length of the body in bytes; nil when it comes in chunks.
    public var bodyLength: Int?
    /// Whether the connection must end with the answer, because its framing cannot be trusted.
    public var endsConnection: Bool

    public init(
        method: String, target: String, version: HTTPVersion = .http11,
        headers: HTTPHeaders = HTTPHeaders(), bodyLength: Int? = 0, endsConnection: Bool = false
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.bodyLength = bodyLength
        self.endsConnection = endsConnection
    }

    /// Whether the client wants the connection to stay (RFC 9112 section 9.3).
    public var isKeepAlive: Bool {
        if endsConnection { return false }
        return switch version {
        case .http10:
            headers.hasListMember("Connection", "keep-alive") && !headers.hasListMember("Connection", "close")
        case .http11: !headers.hasListMember("Connection", "close")
        }
    }
}
