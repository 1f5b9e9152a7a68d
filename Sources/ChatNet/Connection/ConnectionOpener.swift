import ChatCrypto
import ChatWire

/// Connects to hosts, directly or through a proxy.
public struct ConnectionOpener: Sendable {
    private let configuration: NetConfiguration
    private let thread: IOThread

    /// - Parameter thread: runs the connections.
    public init(configuration: NetConfiguration, thread: IOThread) {
        self.configuration = configuration
        self.thread = thread
    }

    /// Connects to a host, by any of its addresses or through `proxy`. With `isSecure` it completes the TLS
    /// handshake.
    public func open(
        host: String, port: Int, isSecure: Bool, proxy: ProxyServer? = nil,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        let endpoint = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        guard let number = UInt16(exactly: port) else {
            throw .unreachable(endpoint: endpoint, reason: "there is no such port")
        }
        let connection: Connection
        var report = ConnectionReport()
        let start = thread.now
        if let proxy {
            connection = try await openTunnel(to: host, port: number, endpoint: endpoint, through: proxy)
            report.proxy = proxy.endpoint
        } else {
            report.addresses = try await allowedAddresses(of: host, port: number, endpoint)
            report.resolving = thread.now - start
            connection = try await connect(to: report.addresses, endpoint: endpoint)
        }
        report.connecting = thread.now - start - report.resolving
        await connection.keep(report)
        if isSecure { try await connection.secure(host: host, trust: configuration.trust) }
        return connection
    }

    /// Connects to the server of `url`, through the proxy that the configuration names for it.
    public func open(
        to url: ServerURL, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        if let problem = configuration.proxy.problem(for: url) {
            throw .proxy(.unusable(problem.error), proxy: "of the variable \(problem.name)")
        }
        return try await open(
            host: url.host, port: url.port, isSecure: url.scheme == .https,
            proxy: configuration.proxy.proxy(for: url))
    }

    /// Connects to the proxy itself, as to any host. Its failures are reported as the proxy's.
    func open(
        proxy: ProxyServer, endpoint: String? = nil, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        do throws(NetError) {
            guard let port = UInt16(exactly: proxy.port) else {
                throw .unreachable(endpoint: proxy.endpoint, reason: "there is no such port")
            }
            let addresses = try await Resolver.addresses(
                of: proxy.host, port: port, timeout: configuration.timeouts.resolve, thread: thread)
            return try await connect(
                to: addresses, by: proxy.endpoint, endpoint: endpoint ?? proxy.endpoint)
        } catch {
            throw error.ofProxy(proxy)
        }
    }

    /// - Parameters:
    ///   - name: what the addresses belong to, in errors; nil for the endpoint itself.
    ///   - endpoint: the requested host and port.
    private func connect(
        to addresses: [SocketAddress], by name: String? = nil, endpoint: String,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        let box = try await Connector.connect(
            to: addresses, endpoint: name ?? endpoint, timeouts: configuration.timeouts, thread: thread)
        return await Connection.adopt(box, endpoint: endpoint, configuration: configuration, thread: thread)
    }

    private func allowedAddresses(
        of host: String, port: UInt16, _ endpoint: String, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> [SocketAddress] {
        let addresses = try await Resolver.addresses(
            of: host, port: port, timeout: configuration.timeouts.resolve, thread: thread)
        return try configuration.addresses.allowed(of: addresses, endpoint: endpoint)
    }

    // MARK: - Tunnels

    private func openTunnel(
        to host: String, port: UInt16, endpoint: String, through proxy: ProxyServer,
        isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) -> Connection {
        var target = ProxyHandshake.Target.name(host, port: port)
        try configuration.addresses.check(host: host, port: port, endpoint: endpoint)
        if proxy.kind == .socks5(resolvesLocally: true) {
            let addresses = try await allowedAddresses(of: host, port: port, endpoint)
            if let address = addresses.first { target = .address(address) }
        } else if let address = SocketAddress(numericHost: host, port: port) {
            target = .address(address)
        }
        let connection = try await open(proxy: proxy, endpoint: endpoint)
        do throws(NetError) {
            try await complete(ProxyHandshake(proxy, to: target), on: connection)
            return connection
        } catch {
            await connection.abort()
            throw error.ofProxy(proxy)
        }
    }

    /// Talks to the proxy until the path to the server is open.
    private func complete(
        _ opening: ProxyHandshake, on connection: Connection, isolation: isolated (any Actor)? = #isolation
    ) async throws(NetError) {
        var handshake = opening
        let deadline = thread.now + configuration.timeouts.connect
        try await connection.send(proxied { () throws(ProxyFailure) in try handshake.start() })
        while !handshake.isOpen {
            let bytes = try await connection.read(until: deadline, phase: .connect)
            let answer = try proxied { () throws(ProxyFailure) -> [UInt8] in
                guard let bytes else {
                    try handshake.receiveEnd()
                    return []
                }
                return try handshake.receive(bytes)
            }
            if !answer.isEmpty { try await connection.send(answer) }
        }
        await connection.putBack(handshake.leftover)
    }

    /// The caller names the proxy in the error.
    private func proxied<Value>(_ body: () throws(ProxyFailure) -> Value) throws(NetError) -> Value {
        do throws(ProxyFailure) { return try body() } catch { throw .proxy(error, proxy: "") }
    }
}
