import ChatWire
import Logging
import Synchronization

/// Says once in the log that a proxy is in front whose word is not believed (`TRUSTED_PROXIES`).
///
/// Without it a wrong setting shows only in what it leads to: everybody behind the proxy has one address, and meets the
/// limits of one.
final class ProxyHint: Sendable {
    private let isGiven = Atomic(false)
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    /// Looks at a request. Its peer is a likely proxy when it is on this machine or in a private network, and names
    /// the address of somebody else.
    func note(_ peer: String, _ headers: HTTPHeaders, _ proxies: TrustedProxies) {
        guard !isGiven.load(ordering: .relaxed), ForwardedFor.isPresent(in: headers), Self.isNear(peer),
            !proxies.trust(peer), !isGiven.exchange(true, ordering: .relaxed)
        else { return }
        let entry = peer.isEmpty ? "unix" : peer
        logger.warning(
            "a proxy passes on requests, and its word on their addresses is not believed",
            metadata: [
                "proxy": "\(entry)",
                "effect": "all who come through it count as one address, and share its limits",
                "advice": "set TRUSTED_PROXIES=\(entry)",
            ])
    }

    /// Whether a peer is on this machine (such as the peer of a Unix socket, which has no address) or in a private
    /// network.
    private static func isNear(_ peer: String) -> Bool {
        guard !peer.isEmpty else { return true }
        guard let address = AddressBytes(peer) else { return false }
        return address.isLoopback || privateNetworks.contains { $0.contains(address) }
    }

    /// RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291 section 2.5.6.
    private static let privateNetworks = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7",
        "fe80::/10",
    ].compactMap { AddressRange($0) }
}
