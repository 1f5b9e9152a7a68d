import ChatWire

/// A proxy: its address, its protocol, and its credentials.
public struct ProxyServer: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// HTTP, with CONNECT for everything except plain requests (RFC 9110 section 9.3.6).
        case http
        /// SOCKS 5 (RFC 1928). It gets the host's name, or its address if `resolvesLocally` is true.
        case socks5(resolvesLocally: Bool)
    }

    /// The user name and the password for the proxy.
    public struct Credentials: Hashable, Sendable {
        public var user: String
        public var password: String

        public init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    public var kind: Kind
    /// An IPv6 address without its brackets.
    public var host: String
    /// From 1 to 65535.
    public var port: Int
    public var credentials: Credentials?

    public init(_ kind: Kind, host: String, port: Int, credentials: Credentials? = nil) {
        self.kind = kind
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// The port when none is given, as in curl.
    public static let defaultPort = 1080

    /// Reads `[SCHEME://][USER[:PASSWORD]@]HOST[:PORT]`, the form of curl and of the environment variables. The
    /// schemes are `http` (the default), `socks5`, `socks` (the same; desktops export it), and `socks5h`, where the
    /// proxy resolves names. User and password are percent-encoded.
    public init(_ text: String) throws(ProxyAddressError) {
        let (scheme, rest) = Self.splitScheme(text)
        switch scheme {
        case "http": kind = .http
        case "socks5", "socks": kind = .socks5(resolvesLocally: true)
        case "socks5h": kind = .socks5(resolvesLocally: false)
        default: throw .unsupportedScheme(scheme)
        }
        let tail = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        guard rest[tail...].allSatisfy({ $0 == "/" }) else { throw .invalidHost }
        var authority = rest[..<tail]
        if let at = authority.lastIndex(of: "@") {
            credentials = try Self.credentials(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        let (host, port) = try Self.splitPort(authority)
        guard let ascii = InternationalHost.ascii(host), Self.isHost(ascii) else { throw .invalidHost }
        self.host = ascii
        self.port = port
    }

    /// Host and port, without the credentials.
    public var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func splitScheme(_ text: String) -> (scheme: String, rest: Substring) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            return ("http", text[...])
        }
        return (text[..<colon].lowercased(), text[colon...].dropFirst(3))
    }

    private static func credentials(_ text: Substring) throws(ProxyAddressError) -> Credentials {
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        guard let user = decoded(text[..<colon]), let password = decoded(text[colon...].dropFirst()) else {
            throw .invalidCredentials
        }
        return Credentials(user: user, password: password)
    }

    /// The text without its percent-encoding; nil when that is invalid or hides a control character.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy(isHexDigit),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func splitPort(_ authority: Substring) throws(ProxyAddressError) -> (String, Int) {
        var host = authority
        var port: Substring = ""
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { throw .invalidHost }
            host = authority[..<bracket].dropFirst()
            guard host.contains(":") else { throw .invalidHost }
            let rest = authority[authority.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw .invalidHost }
            port = rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[colon...].dropFirst()
            guard !port.contains(":") else { throw .invalidHost }
        }
        guard !port.isEmpty else { return (host.lowercased(), defaultPort) }
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            (1...65535).contains(number)
        else { throw .invalidPort }
        return (host.lowercased(), number)
    }

    private static func isHost(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.count <= 255
            && host.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "%") }
    }
}

/// Why a text is not a proxy's address. The error repeats nothing of the text: it may hold a password.
public enum ProxyAddressError: Error, Hashable, Sendable {
    /// A scheme other than http, socks5 and socks5h.
    case unsupportedScheme(String)
    case invalidHost
    case invalidPort
    /// The user or the password is not percent-encoded correctly.
    case invalidCredentials
}

extension ProxyAddressError: CustomStringConvertible {
    /// A clause that continues "is no proxy:".
    public var description: String {
        switch self {
        case .unsupportedScheme(let scheme) where scheme.utf8.allSatisfy { (0x21...0x7E).contains($0) }:
            "a proxy speaks http, socks5 or socks5h, not \(scheme)"
        case .unsupportedScheme: "a proxy speaks http, socks5 or socks5h"
        case .invalidHost: "its host is missing or wrong"
        case .invalidPort: "its port is not one from 1 to 65535"
        case .invalidCredentials: "its user or password is not percent-encoded"
        }
    }
}
