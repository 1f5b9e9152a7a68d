/// A place where the server listens.
public enum ListenAddress: Equatable, Sendable {
    /// A host name or an address, and a port; 0 lets the system choose.
    case tcp(host: String, port: Int, isSecure: Bool)
    /// A Unix socket at a path, with the mode of its file. It speaks plain HTTP: it does not leave the machine.
    case unix(path: String, mode: UInt32)

    /// Reads `http://HOST:PORT`, `https://HOST:PORT`, `HOST:PORT`, `unix:PATH` or `unix:PATH?mode=660`.
    ///
    /// - Parameter isSecure: whether an address without a scheme is for TLS.
    init(parsing text: Substring, isSecure: Bool) throws(ListenAddressProblem) {
        if text.hasPrefix("unix:") {
            self = try Self.unix(text.dropFirst(5))
        } else if text.hasPrefix("https://") {
            self = try Self.tcp(text.dropFirst(8), isSecure: true, text)
        } else if text.hasPrefix("http://") {
            self = try Self.tcp(text.dropFirst(7), isSecure: false, text)
        } else {
            self = try Self.tcp(text, isSecure: isSecure, text)
        }
    }

    /// Reads a list, separated by commas or blanks.
    static func list(parsing text: String, isSecure: Bool) throws(ListenAddressProblem) -> [ListenAddress] {
        var addresses: [ListenAddress] = []
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            addresses.append(try ListenAddress(parsing: entry, isSecure: isSecure))
        }
        return addresses
    }

    private static func unix(_ text: Substring) throws(ListenAddressProblem) -> ListenAddress {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts[0])
        guard !path.isEmpty else { throw ListenAddressProblem(reason: "unix: has no path") }
        // sun_path has 108 bytes, the last of which is zero (unix(7)).
        guard path.utf8.count < 108 else {
            throw ListenAddressProblem(reason: "the path \(path) is longer than 107 bytes")
        }
        guard parts.count == 2 else { return .unix(path: path, mode: 0o660) }
        guard parts[1].hasPrefix("mode="), let mode = UInt32(parts[1].dropFirst(5), radix: 8), mode <= 0o777
        else {
            throw ListenAddressProblem(reason: "\"\(parts[1])\" is no mode; write ?mode=660")
        }
        return .unix(path: path, mode: mode)
    }

    private static func tcp(
        _ authority: Substring, isSecure: Bool, _ text: Substring
    ) throws(ListenAddressProblem) -> ListenAddress {
        let authority = authority.hasSuffix("/") ? authority.dropLast() : authority
        guard let colon = authority.lastIndex(of: ":"),
            let port = Int(authority[authority.index(after: colon)...]), (0...65_535).contains(port)
        else { throw ListenAddressProblem(reason: "\"\(text)\" does not end with a port, as 127.0.0.1:5000") }
        var host = authority[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw ListenAddressProblem(reason: "write an address of IPv6 in brackets, as [::1]:5000")
        }
        guard !host.isEmpty, !host.contains("/") else {
            throw ListenAddressProblem(
                reason: "\"\(text)\" has no host; write 0.0.0.0 or [::] for all addresses")
        }
        return .tcp(host: String(host), port: port, isSecure: isSecure)
    }

    /// Whether connections to it are TCP connections.
    var isInternet: Bool {
        switch self {
        case .tcp: true
        case .unix: false
        }
    }

    /// Whether connections to it begin with TLS.
    public var isSecure: Bool {
        switch self {
        case .tcp(_, _, let isSecure): isSecure
        case .unix: false
        }
    }
}

/// Why a text is not a place to listen at, in words.
struct ListenAddressProblem: Error, Equatable, Sendable {
    let reason: String
}
