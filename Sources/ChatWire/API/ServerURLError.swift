/// Why a text is not the address of a server.
public enum ServerURLError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    /// A scheme other than http and https (or ws and wss, which mean the same here).
    case unsupportedScheme(String)
    case missingHost
    /// A character that is not allowed in a host name; names beyond ASCII must be in their `xn--` form.
    case invalidHost(String)
    /// Not a number from 1 to 65535.
    case invalidPort(String)
    /// A user name or a password before the host; the error does not repeat it.
    case containsCredentials
    /// A `?` or a `#`.
    case containsQueryOrFragment
    /// A character that must be percent-encoded.
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
