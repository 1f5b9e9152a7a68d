import Glibc

/// An IP address and a port.
public enum SocketAddress: Hashable, Sendable {
    /// `bytes` are the four bytes of the address in network order.
    case ipv4(bytes: [UInt8], port: UInt16)
    /// `bytes` are the sixteen bytes of the address in network order; `scope` is the interface's number for
    /// link-local addresses, otherwise 0.
    case ipv6(bytes: [UInt8], port: UInt16, scope: UInt32)

    /// A numeric address: `127.0.0.1`, `::1`, `fe80::1%eth0`; `nil` for a name. It makes no lookup.
    public init?(numericHost host: String, port: UInt16) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        guard let address = list?.pointee.ai_addr, let read = SocketAddress(address) else { return nil }
        self = read.with(port: port)
    }

    /// Reads the system's form; `nil` for families other than IPv4 and IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            self = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                let bytes = withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
                return .ipv4(bytes: bytes, port: UInt16(bigEndian: pointer.pointee.sin_port))
            }
        case AF_INET6:
            self = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                let bytes = withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
                return .ipv6(
                    bytes: bytes, port: UInt16(bigEndian: pointer.pointee.sin6_port),
                    scope: pointer.pointee.sin6_scope_id)
            }
        default:
            return nil
        }
    }

    static func loopback4(port: UInt16) -> SocketAddress { .ipv4(bytes: [127, 0, 0, 1], port: port) }

    static func loopback6(port: UInt16) -> SocketAddress {
        .ipv6(bytes: [UInt8](repeating: 0, count: 15) + [1], port: port, scope: 0)
    }

    public var port: UInt16 {
        switch self {
        case .ipv4(_, let port), .ipv6(_, let port, _): port
        }
    }

    /// The address in network order, without the port.
    var bytes: [UInt8] {
        switch self {
        case .ipv4(let bytes, _), .ipv6(let bytes, _, _): bytes
        }
    }

    public var isIPv6: Bool {
        switch self {
        case .ipv4: false
        case .ipv6: true
        }
    }

    func with(port: UInt16) -> SocketAddress {
        switch self {
        case .ipv4(let bytes, _): .ipv4(bytes: bytes, port: port)
        case .ipv6(let bytes, _, let scope): .ipv6(bytes: bytes, port: port, scope: scope)
        }
    }

    var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

    /// Lends the address in the system's form.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch self {
        case .ipv4(let bytes, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes.prefix($0.count)) }
            return Self.lend(&address, body)
        case .ipv6(let bytes, let port, let scope):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes.prefix($0.count)) }
            return Self.lend(&address, body)
        }
    }

    private static func lend<Address, Result>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:80` or `[::1]:80`.
    public var description: String {
        switch self {
        case .ipv4(let bytes, let port):
            return bytes.map(String.init).joined(separator: ".") + ":\(port)"
        case .ipv6(let bytes, let port, let scope):
            var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count))
            let digits = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            return "[\(digits)\(scope == 0 ? "" : "%\(scope)")]:\(port)"
        }
    }
}
