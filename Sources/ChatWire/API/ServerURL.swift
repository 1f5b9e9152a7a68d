/// The address of a server: the part that all its routes have in common.
public struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    /// Whether the connection is encrypted.
    public enum Scheme: String, Hashable, Sendable {
        case http
        case https

        /// The port when the address names none.
        public var defaultPort: Int { self == .http ? 80 : 443 }
    }

    /// How the server is reached.
    public let scheme: Scheme
    /// In lower case, with non-ASCII letters in their `xn--` form; an IPv6 address without its brackets.
    public let host: String
    /// From 1 to 65535.
    public let port: Int
    /// Empty, or a path that begins with a slash and does not end with one.
    public let basePath: String

    /// Reads an address as a person types it: `example.org`, `localhost:5000`, `[::1]:5000`,
    /// `https://example.org/chat`. Without a scheme it is http for this machine and https for any other.
    public init(_ text: String) throws(ServerURLError) {
        let text = strippedLikePython(text)
        guard !text.isEmpty else { throw .empty }
        guard !text.contains(where: { $0 == "?" || $0 == "#" }) else { throw .containsQueryOrFragment }
        let (schemeText, rest) = Self.splitScheme(text)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.contains("@") else { throw .containsCredentials }
        let (host, portText) = try Self.splitPort(authority)
        self.host = host
        scheme = try Self.scheme(schemeText, host: host)
        port = try Self.port(portText) ?? scheme.defaultPort
        basePath = try Self.basePath(rest[slash...])
    }

    /// Whether the host is this machine, by its name or address.
    public var isLoopback: Bool { Self.isLoopback(host) }

    /// The origin and the base path, without a default port.
    public var description: String { origin + basePath }

    /// Scheme, host and port, as in the `Origin` header.
    public var origin: String { "\(scheme.rawValue)://\(hostHeader)" }

    /// The value of the `Host` header.
    public var hostHeader: String {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        return port == scheme.defaultPort ? bracketed : "\(bracketed):\(port)"
    }

    /// The request target of a route: the base path and `path`, which begins with a slash and may
    /// have a query.
    public func target(for path: String) -> String { basePath + path }

    /// The request target of a realtime session over the websocket transport.
    /// - Parameter sid: The session that is being upgraded, or nil to open a new one.
    public func webSocketTarget(sid: String? = nil) -> String {
        realtimeTarget(transport: "websocket", sid: sid)
    }

    /// The request target of a realtime session over the polling transport.
    /// - Parameters:
    ///   - sid: The session, or nil to open a new one.
    ///   - stamp: Makes the target unique, so that no cache on the way answers.
    public func pollingTarget(sid: String? = nil, stamp: String? = nil) -> String {
        let stamp = stamp.map { "&t=" + PercentEncoding.queryValue($0) } ?? ""
        return realtimeTarget(transport: "polling", sid: sid) + stamp
    }

    private func realtimeTarget(transport: String, sid: String?) -> String {
        let query = sid.map { "&sid=" + PercentEncoding.queryValue($0) } ?? ""
        return target(for: "/socket.io/?EIO=4&transport=\(transport)\(query)")
    }

    // MARK: - Parsing

    private static func splitScheme(_ text: String) -> (scheme: String?, rest: Substring) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
            !text[..<colon].contains("/")
        else { return (nil, text[...]) }
        return (text[..<colon].lowercased(), text[colon...].dropFirst(3))
    }

    private static func scheme(_ text: String?, host: String) throws(ServerURLError) -> Scheme {
        switch text {
        case nil: return isLoopback(host) ? .http : .https
        case "http", "ws": return .http
        case "https", "wss": return .https
        case .some(let other): throw .unsupportedScheme(other)
        }
    }

    private static func splitPort(_ authority: Substring) throws(ServerURLError) -> (String, Substring?) {
        guard !authority.hasPrefix("[") else { return try splitIPv6(authority) }
        let colon = authority.firstIndex(of: ":")
        let name = authority[..<(colon ?? authority.endIndex)].lowercased()
        guard !name.isEmpty else { throw .missingHost }
        guard let host = InternationalHost.ascii(name) else { throw .invalidHost(name) }
        guard host.utf8.count <= 253, host.utf8.allSatisfy(isHostByte), !host.hasPrefix("."),
            !host.contains("..")
        else { throw .invalidHost(host) }
        return (host, colon.map { authority[authority.index(after: $0)...] })
    }

    private static func splitIPv6(_ authority: Substring) throws(ServerURLError) -> (String, Substring?) {
        guard let bracket = authority.firstIndex(of: "]") else { throw .invalidHost(String(authority)) }
        let host = authority[authority.index(after: authority.startIndex)..<bracket].lowercased()
        let isPlausible =
            host.utf8.count <= 45 && host.contains(":")
            && host.utf8.allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        let rest = authority[authority.index(after: bracket)...]
        guard isPlausible, rest.isEmpty || rest.hasPrefix(":") else { throw .invalidHost(String(authority)) }
        return (host, rest.isEmpty ? nil : rest.dropFirst())
    }

    private static func port(_ text: Substring?) throws(ServerURLError) -> Int? {
        guard let text else { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy(isDigit), let port = Int(text), (1...65535).contains(port)
        else { throw .invalidPort(String(text)) }
        return port
    }

    private static func basePath(_ text: Substring) throws(ServerURLError) -> String {
        var path = text
        while path.hasSuffix("/") { path.removeLast() }
        guard path.utf8.allSatisfy({ PercentEncoding.isPathByte($0) }) else {
            throw .invalidPath(String(path))
        }
        return String(path)
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || isIPv4Loopback(host)
    }

    private static func isIPv4Loopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }
}
