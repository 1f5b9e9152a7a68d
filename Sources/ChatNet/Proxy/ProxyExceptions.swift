/// Hosts that are reached without a proxy.
public struct ProxyExceptions: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        /// In lower case, without dots at its ends.
        var name: String
        var port: Int?
        /// An address block, such as `192.168.0.0/16`.
        var block: AddressBlock?
    }

    private var entries: [Entry] = []
    private var isEverything = false

    /// No exceptions.
    public init() {}

    /// Reads a list in the form of `no_proxy`, separated by commas or white space. `*` alone means every host. A name
    /// also matches the hosts below it, with or without a leading dot. An address may be a block (`10.0.0.0/8`), and
    /// an entry may end in a port.
    public init(_ list: String) {
        for item in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if item == "*" {
                isEverything = true
            } else if let block = AddressBlock(item) {
                entries.append(Entry(name: "", port: nil, block: block))
            } else {
                entries.append(Self.entry(item))
            }
        }
    }

    /// The exceptions in `no_proxy`, or else in `NO_PROXY`.
    public init(environment: [String: String]) {
        let variable = ["no_proxy", "NO_PROXY"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        self.init(variable ?? "")
    }

    /// Whether the host, a name or an address without brackets, is reached without a proxy.
    public func contain(host: String, port: Int) -> Bool {
        if isEverything { return true }
        let name = Self.withoutDots(host.lowercased()[...])
        let address = SocketAddress(numericHost: name, port: 0)
        return entries.contains { entry in
            if let block = entry.block { return address.map(block.contains) ?? false }
            guard entry.port == nil || entry.port == port else { return false }
            return name == entry.name || (address == nil && name.hasSuffix("." + entry.name))
        }
    }

    private static func entry(_ item: Substring) -> Entry {
        var name = item.lowercased()[...]
        var port: Int?
        if name.hasPrefix("["), let bracket = name.firstIndex(of: "]") {
            port = Int(name[bracket...].dropFirst(2))
            name = name[..<bracket].dropFirst()
        } else if name.split(separator: ":", omittingEmptySubsequences: false).count == 2,
            let colon = name.firstIndex(of: ":"), let number = Int(name[colon...].dropFirst())
        {
            port = number
            name = name[..<colon]
        }
        return Entry(name: withoutDots(name), port: port, block: nil)
    }

    private static func withoutDots(_ name: Substring) -> String {
        var name = name
        while name.hasPrefix(".") { name = name.dropFirst() }
        while name.hasSuffix(".") { name = name.dropLast() }
        return String(name)
    }
}

/// The addresses that begin with the same bits.
private struct AddressBlock: Hashable, Sendable {
    let bytes: [UInt8]
    let prefixLength: Int

    /// Reads `192.168.0.0/16` or `fd00::/8`.
    init?(_ text: Substring) {
        guard let slash = text.firstIndex(of: "/"),
            let address = SocketAddress(numericHost: String(text[..<slash]), port: 0),
            let length = Int(text[slash...].dropFirst()), (0...address.bytes.count * 8).contains(length)
        else { return nil }
        bytes = address.bytes
        prefixLength = length
    }

    func contains(_ address: SocketAddress) -> Bool {
        guard address.bytes.count == bytes.count else { return false }
        let whole = prefixLength / 8
        guard address.bytes.prefix(whole) == bytes.prefix(whole) else { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        let difference: UInt8 = address.bytes[whole] ^ bytes[whole]
        return difference >> (8 - rest) == 0
    }
}
