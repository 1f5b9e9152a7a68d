/// What a server's answer, or an event of its, says instead of what was asked for.
public enum APIError: Error, Hashable, Sendable {
    /// The server refuses and says why, in words meant for people.
    case refused(status: Int, message: String)
    /// 401: there is no token, or it is no longer good.
    case unauthorized(message: String)
    /// The answer is not JSON, as the pages of proxies and of unknown routes are not.
    case notJSON(status: Int, JSONError)
    /// The answer is JSON, but what it should hold is missing or of another kind.
    case unexpectedShape(missing: String)
}
