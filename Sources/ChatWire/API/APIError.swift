/// Why a server's answer or event is not the expected one.
public enum APIError: Error, Hashable, Sendable {
    /// The server refuses and gives a reason meant for people.
    case refused(status: Int, message: String)
    /// 401: there is no token, or it is no longer valid.
    case unauthorized(message: String)
    /// JSON with an error status and without an envelope of this API: from a gateway, a proxy or another service.
    case foreign(status: Int)
    /// The answer is not JSON, such as the page of a proxy or of an unknown route.
    case notJSON(status: Int, JSONError)
    /// The answer is JSON, but an expected value is missing or of the wrong kind.
    case unexpectedShape(missing: String)
}

extension APIError {
    /// The statuses that servers of this API refuse with: bad requests, bad tokens, unknown routes, bodies that are
    /// too large, too many requests, and internal failures. With any other status even an envelope comes from
    /// something else.
    public static let refusalStatuses: Set<Int> = [400, 401, 404, 405, 413, 429, 500, 503]
}
