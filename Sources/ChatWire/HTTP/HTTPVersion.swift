/// The versions of HTTP/1 (RFC 9112 section 2.3). A higher minor version is read as 1.1.
public enum HTTPVersion: Hashable, Comparable, Sendable {
    case http10
    case http11
}
