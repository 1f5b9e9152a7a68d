import ChatNet
import ChatWire

/// The address at which a subscription's push service accepts messages.
struct PushEndpoint: Hashable, Sendable {
    let server: ServerURL
    /// The path and query.
    let target: String

    /// The longest endpoint, in bytes. Endpoints of real push services have a few hundred.
    static let lengthMax = 2048

    /// Reads an absolute URL.
    ///
    /// - Parameter allowsPrivate: whether http is allowed, and hosts whose name alone says that they are this
    ///   machine or on a private network. The addresses of other names are checked when connecting.
    init?(_ text: String, allowsPrivate: Bool) {
        guard text.utf8.count <= Self.lengthMax, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        let url = text.prefix { $0 != "#" }
        let lower = url.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard let server = try? ServerURL(scheme + authority) else { return nil }
        guard allowsPrivate || (server.scheme == .https && Self.mayBePublic(server.host)) else { return nil }
        self.server = server
        let target = rest[authority.endIndex...]
        self.target = target.hasPrefix("/") ? String(target) : "/" + target
    }

    private static func mayBePublic(_ host: String) -> Bool {
        if let address = SocketAddress(numericHost: host, port: 0) { return address.isPublic }
        var name = host[...]
        while name.hasSuffix(".") { name = name.dropLast() }
        return name.contains(".") && ![".localhost", ".local", ".internal"].contains { name.hasSuffix($0) }
    }
}
