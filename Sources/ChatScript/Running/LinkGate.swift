import ChatNet
import ChatWire
import Glibc

/// One person's path to the server: a SOCKS 5 proxy on the loopback address. It relays to the one server and can be
/// cut. TLS passes through it end to end.
actor LinkGate {
    enum State: Hashable {
        case open
        /// No traffic passes, and no connection is accepted.
        case shut
        /// Connections are accepted and kept, and carry nothing.
        case stalled
    }

    nonisolated let thread: IOThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let listener: LoopbackListener
    private let server: ServerURL
    private let net: NetConfiguration
    private var watch: IOWatch?
    private var state = State.open
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter net: how the gate itself reaches the server.
    init(to server: ServerURL, net: NetConfiguration, thread: IOThread) throws(NetError) {
        self.thread = thread
        self.server = server
        self.net = net
        listener = try LoopbackListener()
    }

    deinit { watch?.end() }

    /// The configuration for a client of this person.
    nonisolated var configuration: NetConfiguration {
        var configuration = net
        let proxy = ProxyServer(
            .socks5(resolvesLocally: false), host: "127.0.0.1", port: Int(listener.port))
        configuration.proxy = ProxyPolicy(http: proxy, https: proxy, includesLoopback: true)
        return configuration
    }

    func start() {
        watch = thread.watch(listener.descriptor, for: .readable) { [weak self] _ in
            self?.assumeIsolated { $0.accept() }
        }
    }

    /// Ends all connections and accepts no more.
    func stop() {
        watch?.end()
        watch = nil
        change(to: .shut)
    }

    func change(to state: State) {
        self.state = state
        if state == .shut { breakConnections() }
        if state != .stalled {
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    /// Ends the current connections.
    func breakConnections() {
        for connection in connections.values { connection.assumeIsolated { $0.abort() } }
        connections = [:]
    }

    // MARK: - Relaying

    private func accept() {
        guard let descriptor = listener.accept() else { return }
        guard state != .shut else {
            close(descriptor)
            return
        }
        Task { await relay(descriptor) }
    }

    private func relay(_ descriptor: Int32) async {
        let client = await Connection.adopt(
            descriptor, endpoint: "relay", configuration: NetConfiguration(), thread: thread)
        connections[ObjectIdentifier(client)] = client
        defer { connections[ObjectIdentifier(client)] = nil }
        do throws(NetError) {
            let first = try await greet(client)
            await whileStalled()
            let upstream = try await ConnectionOpener(configuration: net, thread: thread).open(
                host: server.host, port: server.port, isSecure: false, proxy: net.proxy.proxy(for: server))
            guard state != .shut else { return await upstream.abort() }
            connections[ObjectIdentifier(upstream)] = upstream
            defer { connections[ObjectIdentifier(upstream)] = nil }
            if !first.isEmpty { try await upstream.send(first) }
            async let outward: Void = pump(from: client, to: upstream)
            await pump(from: upstream, to: client)
            await outward
        } catch {
            await client.abort()
        }
    }

    private func greet(_ client: Connection) async throws(NetError) -> [UInt8] {
        var greeting = SocksGreeting()
        while let bytes = try await client.read() {
            switch greeting.receive(bytes) {
            case .waiting: continue
            case .answer(let answer): try await client.send(answer)
            case .open(let answer, let leftover):
                try await client.send(answer)
                return leftover
            case .malformed: throw .closed(endpoint: client.endpoint)
            }
        }
        throw .closed(endpoint: client.endpoint)
    }

    /// Copies bytes until one of the connections ends; then both do.
    private func pump(from source: Connection, to sink: Connection) async {
        do throws(NetError) {
            while let bytes = try await source.read() {
                await whileStalled()
                try await sink.send(bytes)
            }
            await sink.close()
        } catch {
            await sink.abort()
        }
    }

    private func whileStalled() async {
        while state == .stalled {
            await withCheckedContinuation { waiting.append($0) }
        }
    }
}
