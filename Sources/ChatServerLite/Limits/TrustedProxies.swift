import ChatWire

/// Where a request comes from: the peer, or what trusted proxies say.
struct ClientAddress: Hashable, Sendable {
    /// The address without a port; empty for the peer of a Unix socket.
    var text: String
    /// Whether the client runs on this machine, and no proxy is in between.
    var isLocal: Bool
    /// Whether a trusted proxy says that the client used https; nil when none says anything.
    var isSecure: Bool?

    /// The peer of a connection.
    init(peer: String) {
        text = peer
        isLocal = peer.isEmpty || AddressBytes(peer)?.isLoopback == true
    }
}

/// The proxies whose word on a client's address is believed (`TRUSTED_PROXIES`).
///
/// Each proxy appends the address of its own peer to `X-Forwarded-For`, or to `Forwarded` (RFC 7239). So the
/// list is read from the right, as long as the address that says it is a trusted one. What stands further to
/// the left may be invented.
public struct TrustedProxies: Equatable, Sendable {
    private var ranges: [AddressRange] = []
    /// Whether the peers of a Unix socket are trusted.
    private var trustsUnixSocket = false

    /// Trusts nobody.
    public init() {}

    /// Reads a list of addresses, of networks (`10.0.0.0/8`), and of the words `loopback` and `unix`,
    /// separated by commas or blanks.
    ///
    /// - Throws: the first entry that is none of these.
    public init(parsing text: String) throws(UnknownEntry) {
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            switch entry.lowercased() {
            case "loopback": ranges += ["127.0.0.0/8", "::1"].compactMap { AddressRange($0) }
            case "unix": trustsUnixSocket = true
            default:
                guard let range = AddressRange(String(entry)) else { throw UnknownEntry(text: String(entry)) }
                ranges.append(range)
            }
        }
    }

    /// An entry that is neither an address nor a network.
    public struct UnknownEntry: Error, Equatable, Sendable { public let text: String }

    /// Whether the peer of a connection is a trusted proxy.
    func trust(_ peer: String) -> Bool {
        if peer.isEmpty { return trustsUnixSocket }
        guard !ranges.isEmpty, let address = AddressBytes(peer) else { return false }
        return trust(address)
    }

    private func trust(_ address: AddressBytes) -> Bool { ranges.contains { $0.contains(address) } }

    /// Where a request with these fields comes from.
    func client(of peer: String, _ headers: HTTPHeaders) -> ClientAddress {
        var client = ClientAddress(peer: peer)
        guard trust(peer) else {
            // A proxy that is not named stands for others, wherever it runs.
            if ForwardedFor.isPresent(in: headers) { client.isLocal = false }
            return client
        }
        let listed = ForwardedFor.addresses(headers.values("X-Forwarded-For"))
        let elements = ForwardedFor.elements(headers.values("Forwarded"))
        client.isSecure = scheme(headers, elements).map { $0.lowercased() == "https" }
        let forwarded = elements.map { $0["for"].flatMap(ForwardedFor.address) }
        if listed.isEmpty && forwarded.isEmpty { return client }
        // Proxies pass on the other of the two fields as the client has sent it. When they contradict each
        // other, the proxy itself is the last address that is certain.
        client.isLocal = false
        let first = origin(of: listed)
        let second = origin(of: forwarded)
        let isAgreed = listed.isEmpty || forwarded.isEmpty || first == second
        guard isAgreed, let found = first ?? second else { return client }
        client.text = found
        // A program on this machine that uses the proxy as others do counts like them.
        return client
    }

    /// The last address of the list that is not a trusted proxy's, or the first of all; nil when an address
    /// before that is unreadable.
    private func origin(of list: [String?]) -> String? {
        var origin: String?
        for text in list.reversed() {
            guard let text, let address = AddressBytes(text) else { return origin }
            origin = text
            guard trust(address) else { return origin }
        }
        return origin
    }

    private func scheme(_ headers: HTTPHeaders, _ elements: [[String: String]]) -> String? {
        if let last = headers.values("X-Forwarded-Proto").last?.split(separator: ",").last {
            return String(last.filter { !$0.isWhitespace })
        }
        return elements.last?["proto"]
    }
}

/// Reads the fields in which proxies name their peers.
enum ForwardedFor {
    /// More entries than this are not read; the last ones count.
    private static let entriesMax = 32

    /// Whether a proxy says for whom it asks, believed or not.
    static func isPresent(in headers: HTTPHeaders) -> Bool {
        headers["X-Forwarded-For"] != nil || headers["Forwarded"] != nil
    }

    /// The entries of `X-Forwarded-For`; nil for an entry that is no address.
    static func addresses(_ fields: [String]) -> [String?] {
        fields.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .suffix(entriesMax).map { address(String($0)) }
    }

    /// The elements of `Forwarded` (RFC 7239 section 4), each with its parameters in lower case.
    static func elements(_ fields: [String]) -> [[String: String]] {
        fields.flatMap { split($0, at: ",") }.suffix(entriesMax).map { element in
            var parameters: [String: String] = [:]
            for pair in split(element, at: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { continue }
                parameters[trimmed(parts[0]).lowercased()] = unquoted(trimmed(parts[1]))
            }
            return parameters
        }
    }

    /// The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`; nil for anything else,
    /// such as `unknown`.
    static func address(_ text: String) -> String? {
        let text = trimmed(text[...])
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let inner = String(text[text.index(after: text.startIndex)..<end])
            return AddressBytes(inner).map { _ in inner }
        }
        if AddressBytes(text) != nil { return text }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = String(text[..<colon])
        return host.contains(":") ? nil : AddressBytes(host).map { _ in host }
    }

    /// Splits at a separator outside of quotes.
    private static func split(_ text: String, at separator: Character) -> [String] {
        var parts = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == separator, !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text
        while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
        return String(rest)
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast().filter { $0 != "\\" })
    }
}
