import ChatWire
import Dispatch
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// A node with real sessions and a storage in memory, on an event loop that the test runs by hand.
final class HubWorld {
    let loop = ManualEventLoop()
    let context: ServerContext
    let gateway: EngineGateway
    let log = LogRecords()
    /// The clock of the limits. The test moves it.
    let clock = VirtualClock()
    let shared: MemoryStorage.Shared
    private let commits = Commits()

    /// The jobs that the storage has committed. They are completed on the test's thread.
    private final class Commits: Sendable {
        private let jobs = Mutex<[StoreJob]>([])
        private let arrived = DispatchSemaphore(value: 0)

        func add(_ new: [StoreJob]) {
            jobs.withLock { $0 += new }
            for _ in new { arrived.signal() }
        }

        /// Waits for the next job.
        func next() -> StoreJob? {
            arrived.wait()
            return jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    /// Runs `body` with a world, without any suspension, and ends the world's threads.
    static func run(
        node: Node = .alone(), sharing shared: MemoryStorage.Shared = MemoryStorage.Shared(),
        configure: (inout ServerConfiguration) -> Void = { _ in }, _ body: (HubWorld) throws -> Void
    ) async throws {
        let context = try start(node, shared, configure, body)
        await context.push.stop()
        await context.store.close()
        await context.hasher.shutdown()
    }

    private static func start(
        _ node: Node, _ shared: MemoryStorage.Shared, _ configure: (inout ServerConfiguration) -> Void,
        _ body: (HubWorld) throws -> Void
    ) throws -> ServerContext {
        let world = HubWorld(node, shared, configure)
        try body(world)
        world.loop.run()
        return world.context
    }

    private init(
        _ node: Node, _ shared: MemoryStorage.Shared, _ configure: (inout ServerConfiguration) -> Void
    ) {
        self.shared = shared
        var configuration = ServerConfiguration(databasePath: "", tokenSecret: TestServer.secret)
        configure(&configuration)
        let store = MemoryStorage(shared, StorageConfiguration(path: "")) { [commits] in commits.add($0) }
        let hub = Hub(
            eventLoop: loop, limits: configuration.limits,
            newestSocketDisplaces: configuration.behaviour.realtime.newestSocketDisplaces, node: node)
        let counters = Counters()
        let rates = configuration.behaviour.limitsRequests ? configuration.requestRates : .original
        let context = ServerContext(
            configuration: configuration, store: store, hub: hub, fanout: node.fanout,
            hasher: PasswordHasher(cost: 4, queueLength: 1),
            signer: TokenSigner(
                algorithm: .hs256, secret: TestServer.secret, lifetime: configuration.tokenLifetime),
            push: PushSender(
                configuration: configuration.push, behaviour: configuration.behaviour.push, store: store,
                logger: .quiet),
            logger: log.logger, traffic: TrafficCounters(),
            limits: RequestLimiter(rates, clock: clock.limitClock, counters: counters), counters: counters,
            signIns: nil, challenges: nil, audit: nil,
            refusals: RateLimiter(Rate(burst: 1, period: .seconds(60)), clock: clock.limitClock),
            taskExecutor: EventLoopTaskExecutor(eventLoop: loop))
        self.context = context
        let limits = configuration.limits
        gateway = EngineGateway(
            settings: EngineGateway.Settings(
                pingInterval: limits.pingInterval, pingTimeout: limits.pingTimeout,
                maxPayload: limits.maxPayload, policy: .recorded, strangerBytes: HTTPService.strangerBytes,
                behaviour: configuration.behaviour.realtime),
            sessions: EngineSessions(eventLoop: loop), backlogs: context.backlogs, admitClient: { _ in }
        ) { ClientConnection(server: context, handshake: $0, isLocal: $1.isLocal) }
    }

    /// Completes the next writes as those of one commit.
    func commit(_ count: Int = 1) {
        for _ in 0..<count { commits.next()?.complete() }
        context.hub.here { $0.flush() }
        loop.run()
    }

    /// Creates an account, with contacts.
    func register(_ name: String, contacts: [User] = []) throws -> User {
        let user = try perform(
            RegisterUser(name: name, email: "\(name)@x", passwordHash: "h"))
        for contact in contacts {
            _ = try perform(AddContact(user: user.id, contactUser: contact.id, name: nil))
        }
        return user
    }

    /// Carries out a command.
    func perform<Command: StoreCommand>(_ command: Command) throws -> Command.Outcome {
        let result = Mutex<Result<Command.Outcome, StoreError>?>(nil)
        context.store.submit(command) { outcome in result.withLock { $0 = outcome } }
        commit()
        return try #require(result.withLock { $0 }).get()
    }

    /// A session by polling. Nobody has signed in on it.
    func stranger() -> PollingSession { PollingSession(self) }

    /// A session on which the user has signed in.
    func signIn(_ user: User) -> PollingSession {
        let session = PollingSession(self)
        session.post(
            #"40{"token":"\#(context.signer.token(for: user, now: ServerClock.now()))"}"#)
        session.skip { $0.hasPrefix("40{\"sid\":") }
        return session
    }
}

/// A client that polls. It has a GET open whenever it may.
final class PollingSession {
    let connection: EngineConnection
    private let world: HubWorld
    private var isPolling = false
    private var packets: [String] = []
    /// The number of answers to GETs that had packets.
    private(set) var answers = 0

    fileprivate init(_ world: HubWorld) {
        self.world = world
        connection = world.gateway.begin(.polling, for: ClientAddress(peer: "192.0.2.1"))
        isPolling = true
        connection.open { [unowned self] in take($0) }
        skip { $0.hasPrefix("0{") }
    }

    private func take(_ response: RouteResponse) {
        isPolling = false
        answers += 1
        packets += String(decoding: response.body, as: UTF8.self).split(separator: "\u{1E}").map(String.init)
    }

    private func poll() {
        world.loop.run()
        while !isPolling, world.gateway.sessions[connection.sid] != nil {
            isPolling = true
            connection.poll { [unowned self] in take($0) }
            world.loop.run()
        }
    }

    /// Everything received since the last call.
    func received() -> [String] {
        poll()
        defer { packets = [] }
        return packets
    }

    /// Drops the first packet, which must be of the kind that is expected.
    func skip(_ isExpected: (String) -> Bool) {
        poll()
        #expect(packets.first.map(isExpected) == true, "\(packets)")
        if !packets.isEmpty { packets.removeFirst() }
    }

    /// Sends packets in one POST.
    func post(_ texts: String...) {
        connection.post(Array(texts.joined(separator: "\u{1E}").utf8)) { _ in }
        world.loop.run()
    }

    /// Whether the server still has the session.
    var isOpen: Bool { world.gateway.sessions[connection.sid] != nil }
}

extension ServerEvent {
    /// The packet of the event, as a client reads it.
    var text: String { String(decoding: packet().bytes, as: UTF8.self) }
}

/// An event loop that the test runs by hand, and that actors can run on.
final class ManualEventLoop: NIOSerialEventLoopExecutor {
    // SwiftNIO's own loop for tests is no executor. This one passes everything on to it, the jobs of actors included.
    private let loop = EmbeddedEventLoop()

    /// Runs everything that is queued.
    func run() { loop.run() }

    var inEventLoop: Bool { loop.inEventLoop }

    var now: NIODeadline { loop.now }

    func execute(_ task: @escaping @Sendable () -> Void) { loop.execute(task) }

    func scheduleTask<T>(
        deadline: NIODeadline, _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        loop.scheduleTask(deadline: deadline, task)
    }

    func scheduleTask<T>(in time: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        loop.scheduleTask(in: time, task)
    }

    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        loop.shutdownGracefully(queue: queue, callback)
    }
}
