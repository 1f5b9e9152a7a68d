/// A REST call as a value: what to send, and how to read the answer. The caller adds the address, the headers and the
/// token.
public struct APICall<Response: Sendable>: Sendable {
    /// The method of the request.
    public let method: HTTPMethod
    /// The path with its query, percent-encoded; it begins with a slash.
    public let path: String
    /// The JSON to send, or nil for a request without a body.
    public let body: JSONValue?
    /// Whether the server refuses the request without a token.
    public let needsToken: Bool
    /// Whether the answer comes in an `Envelope`.
    public let isEnveloped: Bool
    /// Reads the `data` of the envelope (null when there is none), or the whole answer when it has no envelope.
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

    /// Reads the server's answer. Gateways, proxies and portals also answer, with any status and JSON. Only an
    /// envelope with a status that the server is known to use counts as the server's answer.
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

    /// Nil when the answer is not a refusal by the server.
    private static func refusal(_ status: Int, _ json: JSONValue) -> APIError? {
        guard APIError.refusalStatuses.contains(status), json[Envelope.Fields.isSuccess] == .bool(false),
            let message = json[Envelope.Fields.message]?.stringValue
        else { return nil }
        return status == 401
            ? .unauthorized(message: message) : .refused(status: status, message: message)
    }

    /// The data of a success. A success without data must contain at least the server's message, so that a gateway's
    /// success does not count as the server's.
    private func data(_ json: JSONValue) throws(APIError) -> JSONValue {
        let fields = try JSONFields(json, "envelope")
        let isSuccess = Envelope.Fields.isSuccess
        guard json[isSuccess] == .bool(true) else { throw fields.missing(isSuccess) }
        if let data = fields.optional(Envelope.Fields.data), data != .null { return data }
        let message = Envelope.Fields.message
        guard json[message]?.stringValue != nil else { throw fields.missing(message) }
        return .null
    }
}

extension APICall: CustomStringConvertible {
    /// The method and the path without its query. It omits the body, which may hold a password or a message, so that
    /// a log that prints it reveals nothing.
    public var description: String { "\(method.rawValue) \(path.prefix { $0 != "?" })" }
}
