/// A whole HTTP/1.1 request (RFC 9112 section 3), for a client to send or a server to examine.
public struct HTTPRequest: Hashable, Sendable {
    public var method: HTTPMethod
    /// The request target as it goes on the wire: a percent-encoded path with its query, or `host:port` for CONNECT.
    public var target: String
    public var version: HTTPVersion
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(
        method: HTTPMethod, target: String, version: HTTPVersion = .http11,
        headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.body = body
    }

    /// The bytes of this request.
    ///
    /// This method writes `Host` (first, from `authority`, unless `headers` has one) and `Content-Length`; it ignores
    /// a `Content-Length` among the headers. The body always has a length, so a `Transfer-Encoding` is refused.
    ///
    /// - Parameter authority: host and port in the form of `Host`, IPv6 addresses in brackets.
    public func serialized(authority: String) throws(HTTPRequestError) -> [UInt8] {
        guard HTTPSyntax.isVisibleASCII(target.utf8) else { throw .invalidTarget }
        guard HTTPSyntax.isVisibleASCII(authority.utf8) else { throw .invalidAuthority }
        guard headers["Transfer-Encoding"] == nil else { throw .transferEncodingNotSupported }
        var fields = headers
        fields.remove("Content-Length")

        var output: [UInt8] = []
        output.reserveCapacity(256 + body.count)
        appendRequestLine(to: &output)
        if fields["Host"] == nil {
            output.append(contentsOf: "Host: \(authority)\r\n".utf8)
        }
        fields.serialize(to: &output)
        if !body.isEmpty || method.anticipatesContent {
            output.append(contentsOf: "Content-Length: \(body.count)\r\n".utf8)
        }
        output.append(contentsOf: HTTPSyntax.lineEnd)
        output.append(contentsOf: body)
        return output
    }

    private func appendRequestLine(to output: inout [UInt8]) {
        output.append(contentsOf: method.rawValue.utf8)
        output.append(0x20)
        output.append(contentsOf: target.utf8)
        output.append(contentsOf: version == .http11 ? " HTTP/1.1\r\n".utf8 : " HTTP/1.0\r\n".utf8)
    }
}

/// Why a request cannot be put on the wire.
public enum HTTPRequestError: Error, Hashable, Sendable {
    /// The target is empty, or contains a space, a control character or a character beyond ASCII.
    case invalidTarget
    /// The authority for `Host` is empty or contains such a character.
    case invalidAuthority
    /// The headers name a transfer coding; bodies have a length here.
    case transferEncodingNotSupported
}
