/// Which addresses connections may go to, once names have been resolved.
///
/// When a proxy resolves names, only the proxy knows what a name means, so the proxy must check it. What needs no
/// lookup (numeric addresses, `localhost`) is checked here in that case too. The address of the proxy itself is never
/// checked: the person has chosen it.
public enum AddressPolicy: Hashable, Sendable {
    case any
    /// Only addresses of the public internet: for requests to places that strangers supply.
    case publicOnly
    /// Only loopback addresses.
    case thisMachineOnly

    func allows(_ address: SocketAddress) -> Bool {
        switch self {
        case .any: true
        case .publicOnly: address.isPublic
        case .thisMachineOnly: address.isLoopback
        }
    }

    /// The addresses of `endpoint` that connections may go to.
    ///
    /// - Throws: `.unreachable` when there are none.
    func allowed(of addresses: [SocketAddress], endpoint: String) throws(NetError) -> [SocketAddress] {
        let allowed = addresses.filter(allows)
        guard !allowed.isEmpty else {
            let wanted = self == .thisMachineOnly ? "this machine" : "the public internet"
            throw .unreachable(endpoint: endpoint, reason: "its address is not one of \(wanted)")
        }
        return allowed
    }

    /// Refuses a host that a proxy would resolve, as far as it can be judged without a lookup.
    func check(host: String, port: UInt16, endpoint: String) throws(NetError) {
        guard let known = Resolver.knownAddresses(of: host, port: port) else { return }
        _ = try allowed(of: known, endpoint: endpoint)
    }
}

extension SocketAddress {
    /// Whether the address belongs to this machine only (RFC 1122, RFC 4291).
    var isLoopback: Bool {
        switch self {
        case .ipv4(let bytes, _): bytes.first == 127
        case .ipv6(let bytes, _, _): bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
        }
    }

    /// Whether the address belongs to the public internet: not to this machine, a private network, a link, a
    /// multicast group, or a reserved range (RFC 6890).
    public var isPublic: Bool {
        switch self {
        case .ipv4(let bytes, _): Self.isPublic4(bytes)
        case .ipv6(let bytes, _, _): Self.isPublic6(bytes)
        }
    }

    private static func isPublic4(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 4 else { return false }
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (224...255, _, _): return false
        case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _), (198, 18...19, _):
            return false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 51, 100), (203, 0, 113): return false
        default: return true
        }
    }

    private static func isPublic6(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 16 else { return false }
        // An IPv4 address inside IPv6 is judged by the inner address: mapped, translated (64:ff9b::/96), 6to4.
        if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            return isPublic4(Array(bytes[12...]))
        }
        if bytes[..<12] == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0] {
            return isPublic4(Array(bytes[12...]))
        }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return isPublic4(Array(bytes[2..<6])) }
        // Teredo and documentation; everything else outside of 2000::/3 is not global unicast.
        if bytes[..<4] == [0x20, 0x01, 0, 0] || bytes[..<4] == [0x20, 0x01, 0x0D, 0xB8] { return false }
        return bytes[0] & 0xE0 == 0x20
    }
}
