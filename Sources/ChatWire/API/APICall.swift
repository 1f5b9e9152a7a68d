/// A REST call as a value: what to send, and how to read the answer. Whoever performs it adds the
/// address, the headers and the token.
public struct APICall<Response: Sendable>: Sendable {
    /// The method of the request.
    public let method: HTTPMethod
    /// The path with its query, percent-encoded; it begins with a slash.
    public let path: String
    /// The JSON to send, or nil for a request without a body.
    public let body: JSONValue?
    /// Whether the request is refused without a token.
    public let needsToken: Bool
    /// Whether the answer comes in an `Envelope`.
    public let isEnveloped: Bool
    /// Reads the `data` of the envelope (null where there is none), or the whole answer where it
    /// comes without an envelope.
    public let decode: @Sendable (JSONValue) throws(APIError) -> Response

    /// A call; the parameters are the properties of the same names.
    public init(
        _ method: HTTPMethod, _ path: String, body: JSONValue? = nil, needsToken: Bool = true,
        isEnveloped: Bool = true, decode: @escaping @Sendable (JSONValue) throws(APIError) -> Response
    ) {
        self.method = method
        self.path = path
        self.body = body
        self.needsToken = needsToken
        self.isEnveloped = isEnveloped
        self.decode = decode
    }

    /// Reads the server's answer. Gateways, proxies and portals answer in the server's place, with whatever
    /// status and JSON: only the envelope, with a status that the server is known to use, is the server's word.
    public func response(status: Int, body: [UInt8]) throws(APIError) -> Response {
        let json: JSONValue
        do throws(JSONError) {
            json = try AnswerJSON.parse(body)
        } catch {
            throw .notJSON(status: status, error)
        }
        let isSuccess = (200..<300).contains(status)
        guard isEnveloped else {
            guard isSuccess else { throw .foreign(status: status) }
            return try decode(json)
        }
        guard let refusal = Self.refusal(status, json) else {
            guard isSuccess else { throw .foreign(status: status) }
            return try decode(try data(json))
        }
        throw refusal
    }

    /// Nil for what is no refusal by the server.
    private static func refusal(_ status: Int, _ json: JSONValue) -> APIError? {
        guard APIError.refusalStatuses.contains(status), json["success"] == .bool(false),
            let message = json["message"]?.stringValue
        else { return nil }
        return status == 401
            ? .unauthorized(message: message) : .refused(status: status, message: message)
    }

    /// What a success gives. One that gives nothing has at least the server's words: a gateway's success is not
    /// taken for the server's.
    private func data(_ json: JSONValue) throws(APIError) -> JSONValue {
        let fields = try JSONFields(json, "envelope")
        guard json["success"] == .bool(true) else { throw .unexpectedShape(missing: "envelope.success") }
        if let data = fields["data"], data != .null { return data }
        guard json["message"]?.stringValue != nil else { throw .unexpectedShape(missing: "envelope.message") }
        return .null
    }
}

extension APICall: CustomStringConvertible {
    /// The method and the path without its query; the body, which may hold a password or a
    /// message, is left out, so that a log that prints this gives nothing away.
    public var description: String { "\(method.rawValue) \(path.prefix { $0 != "?" })" }
}
