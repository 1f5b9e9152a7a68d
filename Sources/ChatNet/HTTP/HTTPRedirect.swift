import ChatWire

/// Where a response redirects a request to, and what may be sent there (RFC 9110 section 15.4). Pure.
struct HTTPRedirect: Equatable {
    let url: ServerURL
    let request: HTTPRequest

    /// `nil` when `response` is not a redirect.
    ///
    /// Only GET and HEAD follow a redirect freely. Another method is repeated on 307 and 308, or becomes GET on 303,
    /// at the same origin only: the password in the request and the account in the answer do not belong to another
    /// origin. Other combinations are refused, and so is a redirect from https to http. Credentials are not sent to
    /// another origin.
    static func next(
        after response: HTTPResponse, to request: HTTPRequest, at url: ServerURL
    ) throws(NetError) -> HTTPRedirect? {
        guard [301, 302, 303, 307, 308].contains(response.status), let location = response.headers["Location"]
        else { return nil }
        let refusal = NetError.redirectRefused(location: clean(location))
        guard let (nextURL, target) = resolve(location, from: request.target, at: url) else { throw refusal }
        guard url.scheme == .http || nextURL.scheme == .https else { throw refusal }
        let isSameOrigin = nextURL.origin == url.origin
        var next = request
        next.target = target
        if !isSameOrigin {
            for name in ["Authorization", "Cookie", "Proxy-Authorization"] { next.headers.remove(name) }
        }
        next.headers.remove("Host")
        switch (request.method, response.status) {
        case (.get, _), (.head, _):
            break
        case (_, 303):
            guard isSameOrigin else { throw refusal }
            next.method = .get
            next.body = []
            next.headers.remove("Content-Type")
        case (_, 307), (_, 308):
            guard isSameOrigin else { throw refusal }
        default:
            throw refusal
        }
        return HTTPRedirect(url: nextURL, request: next)
    }

    /// Resolves a reference against its base (RFC 3986 section 5.2), for the forms that occur in redirects.
    private static func resolve(
        _ location: String, from target: String, at url: ServerURL
    ) -> (ServerURL, String)? {
        let reference = location.prefix { $0 != "#" }
        guard !reference.isEmpty, reference.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        if reference.hasPrefix("//") {
            return absolute(scheme: url.scheme.rawValue, reference.dropFirst(2))
        }
        if reference.hasPrefix("/") { return (url, String(reference)) }
        let head = reference.prefix { $0 != "/" && $0 != "?" }
        if let colon = head.firstIndex(of: ":") {
            let rest = reference[head.index(after: colon)...]
            guard rest.hasPrefix("//") else { return nil }
            return absolute(scheme: head[..<colon].lowercased(), rest.dropFirst(2))
        }
        let path = target.prefix { $0 != "?" }
        if reference.hasPrefix("?") { return (url, "\(path)\(reference)") }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return (url, withoutDots("\(folder)\(reference)"))
    }

    private static func absolute(scheme: String, _ rest: Substring) -> (ServerURL, String)? {
        guard scheme == "http" || scheme == "https" else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let url = try? ServerURL("\(scheme)://\(authority)") else { return nil }
        let target = rest[authority.endIndex...]
        return (url, target.hasPrefix("/") ? String(target) : "/" + target)
    }

    /// Removes `.` and `..` from a path (RFC 3986 section 5.2.4).
    private static func withoutDots(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }
        var segments: [Substring] = []
        for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        return "/" + segments.joined(separator: "/") + target[path.endIndex...]
    }

    /// The peer's text, made fit for a message.
    private static func clean(_ location: String) -> String {
        String(
            decoding: location.utf8.prefix(200).map { (0x21...0x7E).contains($0) ? $0 : UInt8(ascii: "?") },
            as: UTF8.self)
    }
}
