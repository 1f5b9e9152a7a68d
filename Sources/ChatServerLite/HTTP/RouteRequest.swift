import ChatWire

/// A request in the form that routes need.
struct RouteRequest: Sendable {
    /// Nil for a method that no route has.
    var method: HTTPMethod?
    var path: RequestPath
    var query: QueryItems
    var headers: HTTPHeaders
    var body: [UInt8]
    /// Where the request comes from.
    var client = ClientAddress(peer: "")
    /// Nil where requests are not logged.
    var note: RequestNote?

    /// What the client calls itself; empty when it says nothing.
    var agent: String { ClientAgent.text(headers["User-Agent"]) }

    init(head: HTTPRequestHead, body: [UInt8]) {
        method = HTTPMethod(rawValue: head.method)
        let (path, query) = RequestTarget.split(head.target)
        self.path = RequestPath(path)
        self.query = QueryItems(query)
        headers = head.headers
        self.body = body
    }
}

/// Splits a request target (RFC 9112 section 3.2).
enum RequestTarget {
    /// The path, and the part after the question mark. The absolute form, which proxies send, is accepted
    /// too.
    static func split(_ target: String) -> (path: Substring, query: Substring) {
        var rest = target[...]
        if let scheme = rest.range(of: "://"), !rest.hasPrefix("/") {
            let afterHost = rest[scheme.upperBound...].firstIndex { $0 == "/" || $0 == "?" }
            rest = afterHost.map { rest[$0...] } ?? "/"
        }
        rest = rest.prefix { $0 != "#" }
        guard let mark = rest.firstIndex(of: "?") else { return (rest, "") }
        return (rest[..<mark], rest[rest.index(after: mark)...])
    }
}

extension Substring {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

/// A path in the form that the router compares.
struct RequestPath: Equatable, Sendable {
    /// The segments joined by slashes, with each number replaced by `#`.
    let pattern: String
    /// The numbers in order. One too large for 64 bits becomes the largest number, which no row has.
    let ids: [Int64]

    init(_ path: Substring) {
        var pattern = ""
        var ids: [Int64] = []
        // A slash at the end does not change the route.
        let trimmed = path.utf8.count > 1 && path.hasSuffix("/") ? path.dropLast() : path
        for (index, segment) in trimmed.split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst().enumerated()
        {
            // Doubled slashes inside a path count as one. Two at its beginning introduce a host (RFC 3986).
            if segment.isEmpty, index > 0 { continue }
            let text = PercentDecoding.decode(segment, plusIsSpace: false)
            pattern += "/"
            if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                pattern += "#"
                ids.append(Int64(text) ?? .max)
            } else {
                // A literal # in a path must not count as a number.
                pattern += text == "#" ? "%23" : text
            }
        }
        self.pattern = pattern
        self.ids = ids
    }
}

/// The items of a query (application/x-www-form-urlencoded). Of equal names, the first counts.
struct QueryItems: Equatable, Sendable {
    private let items: [(name: String, value: String)]

    init(_ query: Substring) {
        items = query.split(separator: "&").map { item in
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? parts[1] : ""
            return (
                PercentDecoding.decode(parts[0], plusIsSpace: true),
                PercentDecoding.decode(value, plusIsSpace: true)
            )
        }
    }

    subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    /// The text of an item that an endpoint declares; nil when the query does not have it.
    subscript<Value>(item: QueryItem<Value>) -> String? { self[item.name] }

    static func == (left: QueryItems, right: QueryItems) -> Bool {
        left.items.elementsEqual(right.items) { $0 == $1 }
    }
}

enum PercentDecoding {
    /// Decodes percent escapes. Invalid escapes stay as they are, and invalid UTF-8 is repaired.
    static func decode(_ text: Substring, plusIsSpace: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index] == 0x2B && plusIsSpace ? 0x20 : bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
