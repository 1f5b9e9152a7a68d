/// A whole HTTP/1.1 response (RFC 9112 section 4).
public struct HTTPResponse: Hashable, Sendable {
    /// 100 to 999, as received.
    public var status: Int
    /// The reason phrase; for people only, and may be empty.
    public var reason: String
    public var version: HTTPVersion
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// Fields that came after a chunked body (RFC 9112 section 7.1.2).
    public var trailers: HTTPHeaders

    public init(
        status: Int, reason: String = "", version: HTTPVersion = .http11,
        headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], trailers: HTTPHeaders = HTTPHeaders()
    ) {
        self.status = status
        self.reason = reason
        self.version = version
        self.headers = headers
        self.body = body
        self.trailers = trailers
    }

    /// The status line and the header fields as bytes, with the empty line that ends them.
    ///
    /// Characters of `reason` that are not allowed in a status line are omitted.
    public func serializedHead() -> [UInt8] {
        var output: [UInt8] = []
        output.append(contentsOf: version == .http11 ? "HTTP/1.1 ".utf8 : "HTTP/1.0 ".utf8)
        output.append(contentsOf: String(status).utf8)
        output.append(0x20)
        output.append(contentsOf: reason.utf8.filter { HTTPSyntax.isFieldValue(CollectionOfOne($0)) })
        output.append(contentsOf: HTTPSyntax.lineEnd)
        headers.serialize(to: &output)
        output.append(contentsOf: HTTPSyntax.lineEnd)
        return output
    }
}
