/// The request methods that this package uses (RFC 9110 section 9.3, RFC 5789 for PATCH).
///
/// A closed set: no text from outside can become a method.
public enum HTTPMethod: String, Hashable, CaseIterable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    case connect = "CONNECT"

    /// Whether a request of this method carries `Content-Length: 0` when it has no body
    /// (RFC 9110 section 8.6: the method anticipates content).
    var anticipatesContent: Bool {
        switch self {
        case .post, .put, .patch: true
        case .get, .head, .delete, .options, .connect: false
        }
    }
}
