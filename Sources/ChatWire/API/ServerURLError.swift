/// Why a text names no server.
public enum ServerURLError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    /// Only http and https (or ws and wss, which mean the same here).
    case unsupportedScheme(String)
    case missingHost
    /// A character that no host name has; names beyond ASCII must be given in their `xn--` form.
    case invalidHost(String)
    /// Not a number from 1 to 65535.
    case invalidPort(String)
    /// A name or a password before the host; it is not repeated here.
    case containsCredentials
    /// A `?` or a `#`.
    case containsQueryOrFragment
    /// A character that has to be percent-encoded.
    case invalidPath(String)

    /// The reason in English, for people.
    public var description: String {
        switch self {
        case .empty: "the server address is empty"
        case .unsupportedScheme(let scheme): "'\(scheme)' is not supported: use http:// or https://"
        case .missingHost: "the server address has no host name"
        case .invalidHost(let host): "'\(host)' is not a host name"
        case .invalidPort(let port): "'\(port)' is not a port: use a number from 1 to 65535"
        case .containsCredentials: "the server address must not contain a user name or a password"
        case .containsQueryOrFragment: "the server address must not contain '?' or '#'"
        case .invalidPath(let path): "'\(path)' is not a path"
        }
    }
}
