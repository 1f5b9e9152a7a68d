import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// The chat server: the REST API and the realtime protocol on one port.
///
/// All sockets and the hub share one event loop. The database and password hashing have their own threads.
public final class ChatServer: Sendable {
    /// The address that the server listens on.
    public let host: String
    /// The port. If the configuration says 0, the port that the system chose.
    public let port: Int

    private let listener: any Channel
    private let context: ServerContext
    private let group: MultiThreadedEventLoopGroup
    private let connections: ConnectionRegistry
    private let ticks: RepeatedTask
    private let pruning: RepeatedTask

    /// The address of the server: `http://ADDRESS:PORT`.
    public var url: String { "http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

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
        let hub = Hub(
            eventLoop: eventLoop, limits: configuration.limits,
            newestSocketDisplaces: configuration.behaviour.realtime.newestSocketDisplaces,
            node: node)
        let store = try storage.open(StorageConfiguration(configuration, logger: logger)) { jobs in
            // One hop to the event loop for a whole commit, and one write per socket.
            hub.eventLoop.execute {
                for job in jobs { job.complete() }
                hub.here { $0.flush() }
            }
        }
        let counters = Counters()
        let rates = configuration.behaviour.limitsRequests ? configuration.requestRates : .original
        let push = PushSender(
            configuration: configuration.push, behaviour: configuration.behaviour.push, store: store,
            logger: logger)
        return ServerContext(
            configuration: configuration, store: store, hub: hub, fanout: node.fanout,
            hasher: PasswordHasher(
                cost: configuration.bcryptCost, storedCost: store.highestPasswordCost,
                queueLength: configuration.limits.passwordQueueLength),
            signer: TokenSigner(
                algorithm: configuration.tokenAlgorithm, secret: configuration.tokenSecret,
                lifetime: configuration.tokenLifetime,
                bindsToAccounts: configuration.behaviour.rules.bindsTokensToAccounts),
            push: push, logger: logger,
            limits: RequestLimiter(rates, clock: clock, counters: counters), counters: counters,
            signIns: configuration.behaviour.limitsRequests ? SignInWatch(clock: clock) : nil,
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
        context.audit?.reopen()
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
            logger: context.logger)
        let bootstrap = HTTPPipeline.bootstrap(
            group, service: service, connections: connections, logger: context.logger)
        let host = context.configuration.host
        let port = context.configuration.port
        let listener: any Channel
        do {
            listener = try await bootstrap.bind(host: host, port: port).get()
        } catch {
            throw startError(error, host: host, port: port)
        }
        return ChatServer(listener, context, group, connections, sessions)
    }

    private static func startError(_ error: any Error, host: String, port: Int) -> ServerStartError {
        if let error = error as? IOError {
            switch error.errnoCode {
            case EADDRINUSE: return .portInUse(host: host, port: port)
            case EACCES, EPERM: return .portNotPermitted(port: port)
            case EADDRNOTAVAIL: return .addressNotHere(host: host)
            default:
                return .cannotListen(
                    host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
            }
        }
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            return .unknownHost(host: host)
        }
        return .cannotListen(host: host, port: port, reason: "\(error)")
    }

    private init(
        _ listener: any Channel, _ context: ServerContext, _ group: MultiThreadedEventLoopGroup,
        _ connections: ConnectionRegistry, _ sessions: EngineSessions
    ) {
        self.listener = listener
        self.context = context
        self.group = group
        self.connections = connections
        host = listener.localAddress?.ipAddress ?? context.configuration.host
        port = listener.localAddress?.port ?? context.configuration.port
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
        let store = context.store
        let retention = context.configuration.changeRetention
        pruning = hub.eventLoop.scheduleRepeatedTask(
            initialDelay: .zero, delay: .nanoseconds(limits.pruningInterval.nanoseconds)
        ) { _ in store.pruneChanges(retention) }
    }

    /// Opens the files again that other programs may have renamed: the audit log.
    ///
    /// - Returns: whether there is such a file.
    package func reopenFiles() -> Bool {
        context.audit?.reopen()
        return context.audit != nil
    }

    /// Stops gracefully: accepts no more connections, says goodbye on the open ones, finishes all accepted
    /// work, and closes the database.
    ///
    /// - Parameter patience: how long connections may take to end before they are closed forcibly.
    public func stop(patience: Duration = .seconds(5)) async {
        try? await listener.close()
        let cut = group.next().scheduleTask(in: .nanoseconds(patience.nanoseconds)) { [connections] in
            connections.closeAll()
        }
        connections.announceStop()
        await connections.allClosed()
        cut.cancel()
        ticks.cancel()
        pruning.cancel()
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
