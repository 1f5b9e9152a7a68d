import Glibc

/// The bytes of an address: 4 of IPv4, 16 of IPv6. An IPv4 address inside IPv6 (RFC 4291 section 2.5.5.2)
/// becomes IPv4.
struct AddressBytes: Hashable, Sendable {
    let bytes: [UInt8]

    /// Reads an address without port, brackets or zone; nil when the text is none.
    init?(_ text: String) {
        // Plain bytes: several C modules declare the structures of addresses.
        var four = [UInt8](repeating: 0, count: 4)
        var octets = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(four[...])
        } else if inet_pton(AF_INET6, text, &octets) == 1 {
            self.init(octets[...])
        } else {
            return nil
        }
    }

    /// - Parameter octets: 4 or 16 bytes in the order of the network.
    init(_ octets: ArraySlice<UInt8>) {
        let isMapped =
            octets.count == 16 && octets.prefix(10).allSatisfy { $0 == 0 }
            && octets.dropFirst(10).prefix(2).allSatisfy { $0 == 0xFF }
        bytes = Array(isMapped ? octets.suffix(4) : octets)
    }

    /// Whether the address belongs to this machine only.
    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}

/// The addresses with a common beginning (CIDR, RFC 4632).
public struct AddressRange: Hashable, Sendable {
    private let bytes: [UInt8]
    private let length: Int

    /// Reads `10.0.0.0/8`, `2001:db8::/32` or a single address; nil when the text is none of these.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = AddressBytes(String(first)) else {
            return nil
        }
        bytes = address.bytes
        guard parts.count == 2 else {
            length = bytes.count * 8
            return
        }
        guard let length = Int(parts[1]), (0...bytes.count * 8).contains(length) else { return nil }
        self.length = length
    }

    func contains(_ address: AddressBytes) -> Bool {
        guard address.bytes.count == bytes.count else { return false }
        for index in 0..<bytes.count {
            let left = length - index * 8
            guard left > 0 else { return true }
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            guard bytes[index] & mask == address.bytes[index] & mask else { return false }
        }
        return true
    }
}
