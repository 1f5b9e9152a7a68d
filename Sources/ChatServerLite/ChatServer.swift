import ChatWire
import Logging
import NIOCore
import NIOPosix

/// The chat server: the REST API and the realtime protocol, together on each of its addresses.
///
/// All sockets and the hub share one event loop. The database and password hashing have their own threads.
public final class ChatServer: Sendable {
    /// The first address that the server listens on, or the path of a Unix socket if it has no other.
    public let host: String
    /// The port there, also when the system chose it; 0 for a Unix socket.
    public let port: Int

    /// The port of the metrics; nil when they have no address of their own.
    public var metricsPort: Int? { metrics?.port }

    private let listeners: [Listener]
    private let certificates: CertificateKeeper?
    private let metrics: MetricsListener?
    private let administration: AdministrationListener?
    let context: ServerContext
    private let group: MultiThreadedEventLoopGroup
    private let connections: ConnectionRegistry
    private let ticks: RepeatedTask
    private let pruning: RepeatedTask
    private let looks: RepeatedTask
    private let saves: RepeatedTask

    /// The first address of the server: `https://ADDRESS:PORT`, `http://ADDRESS:PORT` or `unix:PATH`.
    public var url: String { urls[0] }

    /// All addresses, in the order in which they were asked for; those that were handed over come last.
    public var urls: [String] { listeners.map(\.url) }

    /// Whether the server has a certificate to read again.
    var hasCertificate: Bool { certificates != nil }

    /// Opens the storage, starts pushing, and listens.
    package static func start(
        _ configuration: ServerConfiguration, storage: any StorageProvider, node: Node = .alone(),
        logger: Logger, clock: LimitClock = .system
    ) async throws(ServerStartError) -> ChatServer {
        OpenFileLimit.raise()
        try OpenFileLimit.checkStart()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do throws(ServerStartError) {
            let context = try makeContext(
                configuration, storage, node, logger, group.next(), clock)
            do throws(ServerStartError) {
                return try await listen(context, group)
            } catch {
                await context.fanout.stop()
                await context.push.stop()
                await context.store.close()
                await context.hasher.shutdown()
                await context.audit?.close()
                throw error
            }
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func makeContext(
        _ configuration: ServerConfiguration, _ storage: any StorageProvider, _ node: Node,
        _ logger: Logger, _ eventLoop: any EventLoop, _ clock: LimitClock
    ) throws(ServerStartError) -> ServerContext {
        let keeper = TokenKeeper(configuration, logger: logger)
        let hub = Hub(
            eventLoop: eventLoop, limits: configuration.limits,
            newestSocketDisplaces: configuration.behaviour.realtime.newestSocketDisplaces,
            node: node)
        let traffic = TrafficCounters()
        let store = try storage.open(
            StorageConfiguration(configuration, counters: traffic.storage, logger: logger)
        ) { jobs in
            // One hop to the event loop for a whole commit, and one write per socket.
            hub.eventLoop.execute {
                for job in jobs { job.complete() }
                hub.here { $0.flush() }
            }
        }
        let counters = Counters()
        var rates = configuration.behaviour.limitsRequests ? configuration.requestRates : .original
        rates.countsLoopback = configuration.requestRates.countsLoopback
        let push = PushSender(
            configuration: configuration.push, behaviour: configuration.behaviour.push, store: store,
            logger: logger, counters: traffic.pushes)
        return ServerContext(
            configuration: configuration, store: store, hub: hub, fanout: node.fanout,
            hasher: PasswordHasher(
                cost: configuration.bcryptCost, storedCost: store.highestPasswordCost,
                queueLength: configuration.limits.passwordQueueLength),
            signer: TokenSigner(
                algorithm: configuration.tokenAlgorithm, ring: keeper.ring,
                lifetime: configuration.tokenLifetime,
                bindsToAccounts: configuration.behaviour.rules.bindsTokensToAccounts,
                namesKeys: configuration.behaviour.rules.bindsTokensToAccounts),
            keeper: keeper,
            push: push, logger: logger, traffic: traffic,
            limits: RequestLimiter(rates, clock: clock, counters: counters), counters: counters,
            signIns: configuration.behaviour.limitsRequests ? SignInWatch(clock: clock) : nil,
            challenges: configuration.proofOfWorkBits.flatMap { bits in
                configuration.behaviour.has(.proofOfWork) ? SignUpChallenges(bits: bits, clock: clock) : nil
            },
            audit: configuration.audit.map { AuditLog($0, logger: logger, counters: counters) },
            refusals: RateLimiter(Rate(burst: 1, period: .seconds(60)), clock: clock),
            taskExecutor: EventLoopTaskExecutor(eventLoop: eventLoop))
    }

    private static func listen(
        _ context: ServerContext, _ group: MultiThreadedEventLoopGroup
    ) async throws(ServerStartError) -> ChatServer {
        let sessions = EngineSessions(
            eventLoop: context.hub.eventLoop, strangersMax: context.configuration.limits.strangers)
        let service = HTTPService(context: context, sessions: sessions)
        try await rememberEndedSessions(context)
        context.audit?.reopen()
        try await readBlockedAccounts(context)
        await context.startPushing()
        await context.fanout.start { [hub = context.hub] messages in
            hub.eventLoop.execute { hub.here { $0.receive(messages) } }
        }
        let connections = ConnectionRegistry(
            limits: ConnectionRegistry.Limits(
                all: OpenFileLimit.connectionsMax,
                unfinished: context.configuration.limits.unfinishedRequests,
                proxies: context.configuration.trustedProxies
            ),
            counters: context.traffic.connections, logger: context.logger)
        let metrics = try await MetricsListener.open(context, group)
        let pipeline = HTTPPipeline(
            group: group, service: service, connections: connections,
            certificates: try certificates(context), logger: context.logger)
        let listeners = try await openListeners(context.configuration, pipeline)
        let administration = await AdministrationListener.open(context, group)
        return ChatServer(listeners, metrics, administration, context, pipeline, sessions)
    }

    private static func readBlockedAccounts(_ context: ServerContext) async throws(ServerStartError) {
        do throws(StoreError) {
            context.blocked.replace(with: try await context.store.read { view in try view.blockedUsers() })
        } catch {
            let failure: StorageFailure =
                if case .storage(let failure) = error { failure } else {
                    StorageFailure(.other, detail: "\(error)")
                }
            throw .database(path: context.configuration.databasePath, .failed(failure))
        }
    }

    /// Sessions that were ended before this start stay ended.
    private static func rememberEndedSessions(_ context: ServerContext) async throws(ServerStartError) {
        let now = ServerClock.now()
        do throws(StoreError) {
            context.sessions.end(try await context.store.read { view in try view.endedSessions(at: now) })
        } catch {
            let path = context.configuration.databasePath
            guard case .storage(let failure) = error else {
                throw .database(path: path, .cannotOpen(reason: "\(error)"))
            }
            throw .database(path: path, .failed(failure))
        }
    }

    private static func certificates(
        _ context: ServerContext
    ) throws(ServerStartError) -> CertificateKeeper? {
        guard let files = context.configuration.tls else { return nil }
        do {
            return try CertificateKeeper(files, logger: context.logger)
        } catch {
            throw .certificate(path: error.path, reason: error.reason)
        }
    }

    private static func openListeners(
        _ configuration: ServerConfiguration, _ pipeline: HTTPPipeline
    ) async throws(ServerStartError) -> [Listener] {
        var listeners: [Listener] = []
        do throws(ServerStartError) {
            for address in configuration.addresses {
                let bootstrap = pipeline.bootstrap(
                    isSecure: address.isSecure, isInternet: address.isInternet)
                listeners.append(try await Listener.open(address, bootstrap))
            }
            for socket in configuration.handedSockets {
                let isInternet = socket.isInternet
                let isSecure = socket.isSecure ?? (isInternet && configuration.tls != nil)
                guard !isSecure || configuration.tls != nil else { throw .noCertificate }
                let bootstrap = pipeline.bootstrap(isSecure: isSecure, isInternet: isInternet)
                listeners.append(try await Listener.adopt(socket, isSecure: isSecure, bootstrap))
            }
            return listeners
        } catch {
            for listener in listeners { await listener.close() }
            throw error
        }
    }

    private init(
        _ listeners: [Listener], _ metrics: MetricsListener?, _ administration: AdministrationListener?,
        _ context: ServerContext, _ pipeline: HTTPPipeline, _ sessions: EngineSessions
    ) {
        self.listeners = listeners
        self.metrics = metrics
        self.administration = administration
        self.context = context
        group = pipeline.group
        connections = pipeline.connections
        certificates = pipeline.certificates
        let first = listeners.compactMap(\.channel.localAddress).first { $0.port != nil }
        host = first?.ipAddress ?? listeners[0].channel.localAddress?.pathname ?? ""
        port = first?.port ?? 0
        let limits = context.configuration.limits
        let shortest = min(
            limits.pingInterval, limits.pingTimeout, limits.typingLifetime, limits.connectTimeout)
        // Fine enough for the shortest deadline, and no finer than a person would notice.
        let interval = min(max(shortest / 8, .milliseconds(10)), .seconds(1))
        let hub = context.hub
        ticks = hub.eventLoop.scheduleRepeatedTask(
            initialDelay: .nanoseconds(interval.nanoseconds), delay: .nanoseconds(interval.nanoseconds)
        ) { _ in
            sessions.tick()
            hub.here { $0.tick() }
        }
        let lookInterval = TimeAmount.nanoseconds(limits.certificateLookInterval.nanoseconds)
        looks = hub.eventLoop.scheduleRepeatedTask(initialDelay: lookInterval, delay: lookInterval) {
            [certificates] _ in
            certificates?.look()
            if context.keeper?.look() == true { Self.closeSocketsOfLostKeys(context) }
        }
        let store = context.store
        let saveInterval = TimeAmount.nanoseconds(limits.sessionSaveInterval.nanoseconds)
        saves = hub.eventLoop.scheduleRepeatedTask(initialDelay: saveInterval, delay: saveInterval) { _ in
            Self.saveSessions(context)
        }
        let retention = context.configuration.changeRetention
        pruning = hub.eventLoop.scheduleRepeatedTask(
            initialDelay: .zero, delay: .nanoseconds(limits.pruningInterval.nanoseconds)
        ) { _ in store.pruneChanges(retention) }
    }

    /// Opens the files again that other programs may have renamed: the audit log. Also reads the token secrets again.
    ///
    /// - Returns: whether there is a file to reopen.
    package func reopenFiles() -> Bool {
        if context.keeper?.readAgain() == true { Self.closeSocketsOfLostKeys(context) }
        context.audit?.reopen()
        return context.audit != nil
    }

    /// Reads the certificate's files, if there are any, also when they seem unchanged.
    func readCertificateAgain() { certificates?.readAgain() }

    private static func closeSocketsOfLostKeys(_ context: ServerContext) {
        context.hub.tell { hub in hub.closeSockets { context.signer.has(keyOf: $0) } }
    }

    /// Stores which sessions were used. Call it on the event loop.
    private static func saveSessions(_ context: ServerContext) {
        let now = ServerClock.now()
        context.hub.here { $0.seeSessions(at: now) }
        context.store.save(context.sessions.takeSeen(at: now)[...])
    }

    /// Tells the service manager regularly that the event loop gets on.
    func showLife(to manager: ServiceManager) {
        guard let interval = manager.watchdogInterval else { return }
        let half = TimeAmount.nanoseconds(max(interval / 2, .milliseconds(1)).nanoseconds)
        context.hub.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: half) { _ in
            manager.notify(.alive)
        }
    }

    /// Stops gracefully: accepts no more connections, says goodbye on the open ones, finishes all accepted
    /// work, and closes the database.
    ///
    /// - Parameter patience: how long connections may take to end before they are closed forcibly.
    public func stop(patience: Duration = .seconds(5)) async {
        for listener in listeners { await listener.close() }
        await metrics?.close()
        await administration?.close()
        let cut = group.next().scheduleTask(in: .nanoseconds(patience.nanoseconds)) { [connections] in
            connections.closeAll()
        }
        connections.announceStop()
        await connections.allClosed()
        cut.cancel()
        ticks.cancel()
        pruning.cancel()
        looks.cancel()
        saves.cancel()
        context.store.save(context.sessions.takeSeen(at: ServerClock.now())[...])
        await context.fanout.stop()
        await context.push.stop()
        await context.store.close()
        await context.hasher.shutdown()
        await context.audit?.close()
        try? await group.shutdownGracefully()
    }
}

extension Duration {
    /// The duration in nanoseconds, at most `Int64.max`.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflows ? .max : product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
    }
}
