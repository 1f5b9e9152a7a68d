import Glibc

/// The network of an address, by which guesses are counted. For IPv6 it is the first 64 bits, because one
/// household owns all addresses in that network.
enum PeerNetwork {
    /// The name of the network: the address itself for IPv4, `PREFIX/64` for IPv6.
    static func name(of address: String) -> String {
        var octets = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &octets) == 1 else { return address }
        // An IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2).
        if octets[..<10].allSatisfy({ $0 == 0 }), octets[10] == 0xFF, octets[11] == 0xFF {
            return octets[12...].map { String($0) }.joined(separator: ".")
        }
        return octets[..<8].map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
