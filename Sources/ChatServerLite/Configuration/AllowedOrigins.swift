import ChatWire

/// Which web pages may call the API from a browser (`FRONTEND_URL`).
public enum AllowedOrigins: Equatable, Sendable {
    case any
    /// These origins, written as browsers write them: see ``Origin``.
    case only([String])
    /// No page may call the API.
    case none

    /// Reads a list of origins. A list that contains `*` or is empty allows every origin.
    ///
    /// Commas, semicolons or blanks separate the entries. Anything after an entry's host and port is ignored.
    public init(parsing text: String) throws(OriginProblem) {
        var origins: [String] = []
        for entry in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0.isWhitespace }) {
            if entry == "*" {
                self = .any
                return
            }
            origins.append(try Origin.canonical(String(entry)))
        }
        self = origins.isEmpty ? .any : .only(origins)
    }

    /// The value of `Access-Control-Allow-Origin` for a request from `origin`; nil when the header must be
    /// absent.
    ///
    /// Any other origin gets the first allowed one, which makes its browser refuse the response.
    public func headerValue(for origin: String?) -> String? {
        switch self {
        case .any: "*"
        case .only(let origins): origins.first { $0 == origin?.lowercased() } ?? origins[0]
        case .none: nil
        }
    }

    /// Whether a page of `origin` may open a realtime connection. Programs other than browsers send no
    /// origin.
    public func allows(_ origin: String?) -> Bool {
        guard let origin else { return true }
        switch self {
        case .any: return true
        case .only(let origins): return origins.contains(origin.lowercased())
        case .none: return false
        }
    }
}

/// Why an entry is not an origin, in words.
public struct OriginProblem: Error, Equatable, Sendable {
    public let reason: String
}

/// An origin as browsers write it in `Origin` (RFC 6454 section 6.2, and the URL standard). It has a scheme,
/// a host in lower-case ASCII, and a port unless the port is the scheme's default.
enum Origin {
    /// The canonical form of an origin. Anything after the host and port is ignored.
    ///
    /// - Throws: why the text is not an origin.
    static func canonical(_ text: String) throws(OriginProblem) -> String {
        let lower = text.lowercased()
        guard let (scheme, defaultPort) = schemes.first(where: { lower.hasPrefix($0.0 + "://") }) else {
            throw problem(text, "it has to begin with https:// or http://")
        }
        let authority = lower.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { throw problem(text, "an origin has no user name") }
        guard !authority.contains("*") else {
            throw problem(text, "name each origin, or * alone for all; a pattern is not understood")
        }
        let (host, port) = try split(authority, text)
        guard let port, port != defaultPort else { return scheme + "://" + host }
        return scheme + "://" + host + ":\(port)"
    }

    private static let schemes = [("https", 443), ("http", 80)]

    private static func problem(_ text: String, _ reason: String) -> OriginProblem {
        OriginProblem(reason: "\"\(text)\" is no origin: \(reason)")
    }

    private static func split(
        _ authority: Substring, _ text: String
    ) throws(OriginProblem) -> (host: String, port: Int?) {
        if authority.hasPrefix("[") {
            let end = authority.firstIndex(of: "]") ?? authority.endIndex
            guard end < authority.endIndex,
                let address = IPv6Text.canonical(
                    String(authority[authority.index(after: authority.startIndex)..<end]))
            else { throw problem(text, "between the brackets is no address of IPv6") }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw problem(text, "after ] only a port may stand")
            }
            return ("[\(address)]", try port(rest.dropFirst(), text))
        }
        let colon = authority.firstIndex(of: ":") ?? authority.endIndex
        guard let host = InternationalHost.ascii(String(authority[..<colon])) else {
            throw problem(text, "\"\(authority[..<colon])\" is no host name")
        }
        try check(host, text)
        return (host, try port(authority[colon...].dropFirst(), text))
    }

    private static func port(_ digits: Substring, _ text: String) throws(OriginProblem) -> Int? {
        if digits.isEmpty { return nil }
        guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = Int(digits), port <= 65_535
        else {
            throw problem(text, "the port is no number up to 65535")
        }
        return port
    }

    private static func check(_ host: String, _ text: String) throws(OriginProblem) {
        guard !host.isEmpty else { throw problem(text, "there is no host") }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy {
                    ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x5F
                }
        }
        guard isName, host.utf8.count <= 253 else { throw problem(text, "\"\(host)\" is no host name") }
        // Browsers take a host whose last label is a number for an IPv4 address, and write it as four
        // numbers.
        guard let last = labels.last,
            last.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) || last.hasPrefix("0x")
        else { return }
        guard isIPv4(labels) else {
            throw problem(text, "\"\(host)\" is no address of four numbers up to 255")
        }
    }

    private static func isIPv4(_ labels: [Substring]) -> Bool {
        labels.count == 4 && labels.allSatisfy { label in UInt8(label).map { String($0) == label } ?? false }
    }
}
