/// The cookies that one server has set, to be sent back to it: load balancers use them to find the machine that has a
/// session (RFC 6265 section 5, the parts that concern one path of one origin).
///
/// The cookies go only to the origin that set them, so domains do not matter here. When there are too many, the
/// oldest are removed.
public struct HTTPCookies: Hashable, Sendable {
    private struct Cookie: Hashable, Sendable {
        var name: String
        var value: String
    }

    /// How many cookies are kept.
    public static let countMax = 16
    /// The longest name and value together that is kept, in bytes.
    public static let lengthMax = 4096

    private var cookies: [Cookie] = []

    public init() {}

    public var isEmpty: Bool { cookies.isEmpty }

    /// The value of the request's `Cookie` field; nil when there are none.
    public var field: String? {
        cookies.isEmpty ? nil : cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ")
    }

    /// Sets and removes the cookies that a response names. Ignores invalid cookies and those not for `path`.
    ///
    /// - Parameters:
    ///   - path: the path of the request, without its query.
    ///   - isSecure: whether the request went over TLS.
    ///   - now: the current time, for `Expires`.
    public mutating func receive(_ headers: HTTPHeaders, path: String, isSecure: Bool, at now: Timestamp) {
        for text in headers.values("Set-Cookie") { receive(text, path: path, isSecure: isSecure, at: now) }
    }

    private mutating func receive(_ text: String, path: String, isSecure: Bool, at now: Timestamp) {
        var parts = text.split(separator: ";", omittingEmptySubsequences: false)[...]
        guard let (name, value) = Self.pair(parts.removeFirst()), !name.isEmpty,
            name.utf8.count + value.utf8.count <= Self.lengthMax, HTTPSyntax.isToken(name.utf8),
            value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return }
        var isOver = false
        for part in parts {
            let (attribute, argument) = Self.pair(part) ?? (HTTPSyntax.trimmed(String(part)), "")
            switch attribute.lowercased() {
            case "secure" where !isSecure: return
            case "path" where argument.hasPrefix("/") && !Self.path(path, isBelow: argument): return
            // Only the sign matters: the number may be of any length, and no cookie here lives that long.
            case "max-age": isOver = argument == "0" || argument.hasPrefix("-")
            case "expires": isOver = isOver || WireDate.parse(argument).map { $0 <= now } ?? false
            default: break
            }
        }
        cookies.removeAll { $0.name == name }
        guard !isOver else { return }
        if cookies.count == Self.countMax { cookies.removeFirst() }
        cookies.append(Cookie(name: name, value: value))
    }

    private static func pair(_ text: Substring) -> (String, String)? {
        guard let sign = text.firstIndex(of: "=") else { return nil }
        return (
            HTTPSyntax.trimmed(String(text[..<sign])),
            HTTPSyntax.trimmed(String(text[text.index(after: sign)...]))
        )
    }

    /// RFC 6265 section 5.1.4.
    private static func path(_ path: String, isBelow folder: String) -> Bool {
        guard path.hasPrefix(folder) else { return false }
        return path == folder || folder.hasSuffix("/") || path.dropFirst(folder.count).hasPrefix("/")
    }
}
