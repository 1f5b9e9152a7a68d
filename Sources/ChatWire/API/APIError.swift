/// What a server's answer, or an event of its, says instead of what was asked for.
public enum APIError: Error, Hashable, Sendable {
    /// The server refuses and says why, in words meant for people.
    case refused(status: Int, message: String)
    /// 401: there is no token, or it is no longer good.
    case unauthorized(message: String)
    /// JSON with a status other than success, and no word of this API: of a gateway, a proxy or another service.
    case foreign(status: Int)
    /// The answer is not JSON, as the pages of proxies and of unknown routes are not.
    case notJSON(status: Int, JSONError)
    /// The answer is JSON, but what it should hold is missing or of another kind.
    case unexpectedShape(missing: String)
}

extension APIError {
    /// The statuses with which servers of this API refuse: bad requests, bad tokens, unknown routes, too large bodies,
    /// too many requests, and failures of their own. In any other status even an envelope is somebody else's.
    public static let refusalStatuses: Set<Int> = [400, 401, 404, 405, 413, 429, 500, 503]
}
