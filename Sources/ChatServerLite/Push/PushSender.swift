import ChatCrypto
import ChatNet
import ChatWire
import Logging

/// Sends the pushes queued on disk to push services. It works on its own thread, so that a slow push service
/// blocks nothing else.
actor PushSender {
    private nonisolated let thread = IOThread()
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let configuration: PushConfiguration
    private let behaviour: ServerBehaviour.Push
    private let store: any Storage
    private let logger: Logger
    private let counters: PushCounters
    private let client: HTTPClient
    private var signer: VAPIDSigner
    private var queue: PushQueue
    /// The id of the last delivery that was loaded from disk.
    private var loaded: Int64 = 0
    private var isLoading = false
    private var hasMore = false
    private var isStopped = false
    /// The push services that have refused this server since they last accepted a push.
    private var refusing: Set<String> = []
    private static let refusingMax = 64
    private var timer: IOTimer?
    private var tasks: [Int64: Task<Void, Never>] = [:]
    /// Called after each attempt at a delivery.
    private var tried: (@Sendable (Int64) -> Void)?

    init(
        configuration: PushConfiguration, behaviour: ServerBehaviour.Push, store: any Storage, logger: Logger,
        counters: PushCounters = PushCounters(), limits: PushQueue.Limits = PushQueue.Limits()
    ) {
        self.configuration = configuration
        self.behaviour = behaviour
        self.store = store
        self.logger = logger
        self.counters = counters
        client = HTTPClient(
            thread: thread,
            configuration: NetConfiguration(
                timeouts: NetTimeouts(
                    resolve: .seconds(5), connect: .seconds(5), secure: .seconds(5), send: .seconds(5),
                    responseHead: .seconds(10), responseBody: .seconds(10)),
                limits: NetLimits(redirects: 0),
                addresses: configuration.isForThisMachine
                    ? .thisMachineOnly : configuration.allowsPrivateEndpoints ? .any : .publicOnly))
        signer = VAPIDSigner(key: configuration.key, subject: configuration.subject)
        queue = PushQueue(limits: limits)
    }

    /// The public key for subscriptions.
    nonisolated var publicKey: String { configuration.key.publicText }

    nonisolated var allowsPrivateEndpoints: Bool { configuration.allowsPrivateEndpoints }

    /// An opaque name for a conversation that reveals nothing to the push service. It has 22 of the 32
    /// allowed characters.
    nonisolated func topic(_ sender: UserID, _ receiver: UserID) -> String {
        let digest = HMAC.authenticate(
            Array("\(sender)-\(receiver)".utf8), key: configuration.key.privateKey.secret, using: .sha256)
        return Base64URL.encode(digest.prefix(16))
    }

    /// Loads new deliveries from disk. Call this at the start and after queuing.
    nonisolated func wake() {
        _ = thread.schedule(after: .zero) { [weak self] in self?.assumeIsolated { $0.load() } }
    }

    /// Drops the loaded deliveries of a subscription that has ended or belongs to another user now.
    func forget(_ subscription: SubscriptionID) {
        queue.forget(subscription)
    }

    /// How many deliveries are loaded.
    var waitingCount: Int { queue.count }

    /// Sets the handler that is called after each attempt at a delivery, successful or not.
    func onTry(_ handler: @escaping @Sendable (Int64) -> Void) { tried = handler }

    /// Stops sending. Attempts in progress are cancelled and made again after the next start.
    func stop() async {
        isStopped = true
        timer?.cancel()
        let running = Array(tasks.values)
        for task in running { task.cancel() }
        for task in running { await task.value }
        await client.closeIdleConnections()
    }

    // MARK: - The queue

    /// The maximum number of deliveries loaded at once, so that the writer's other work need not wait.
    private static let loadMax = 256

    /// Loads as many deliveries as there is room for.
    private func load() {
        guard !isStopped else { return }
        let count = min(queue.room, Self.loadMax)
        guard !isLoading, count > 0 else {
            hasMore = true
            return
        }
        isLoading = true
        hasMore = false
        store.submit(LoadPushes(after: loaded, count: count)) { [weak self] result in
            self?.didLoad(result, wanted: count)
        }
    }

    private nonisolated func didLoad(_ result: Result<[PushDelivery], StoreError>, wanted: Int) {
        _ = thread.schedule(after: .zero) { [weak self] in
            self?.assumeIsolated { $0.take(result, wanted: wanted) }
        }
    }

    private func take(_ result: Result<[PushDelivery], StoreError>, wanted: Int) {
        isLoading = false
        switch result {
        case .success(let deliveries):
            for delivery in deliveries { queue.add(delivery) }
            if let last = deliveries.last { loaded = last.id }
            if deliveries.count == wanted { hasMore = true }
        // The storage has already logged it.
        case .failure(let error) where error.failure == .gone: break
        case .failure(let error):
            logger.warning("the queue of pushes cannot be read", metadata: ["cause": "\(error)"])
        }
        advance()
    }

    /// Starts the deliveries that are due, and sets the timer for the next one.
    private func advance() {
        guard !isStopped else { return }
        let now = ServerClock.now()
        settle(queue.expire(now: now))
        for delivery in queue.start(now: now, origin: { Self.origin($0) }) {
            start(delivery)
        }
        if hasMore, queue.room > 0, !isLoading { load() }
        timer?.cancel()
        timer = queue.deadline(now: now).map { deadline in
            let wait = Duration.microseconds(max(0, deadline.microseconds - now.microseconds))
            return thread.schedule(after: wait) { [weak self] in self?.assumeIsolated { $0.advance() } }
        }
    }

    private static func origin(_ subscription: PushSubscription) -> String {
        PushEndpoint(subscription.endpoint, allowsPrivate: true)?.server.origin ?? ""
    }

    private func deliver(_ delivery: PushDelivery) async {
        let left = max(0, delivery.expires.seconds - ServerClock.now().seconds)
        let answer = await send(
            delivery.payload, topic: delivery.topic, lifetime: left, to: delivery.subscription)
        // A cancelled attempt does not count.
        guard !isStopped else { return }
        tasks[delivery.id] = nil
        tried?(delivery.id)
        let now = ServerClock.now()
        let outcome = answer.outcome(now: now)
        counters.tried(outcome)
        let verdict = queue.finish(delivery, outcome, now: now)
        logger.debug(
            "push", metadata: ["delivery": "\(delivery.id)", "outcome": "\(outcome)", "answer": "\(answer)"])
        if let verdict { settle([verdict]) }
        noteRefusal(answer, by: Self.origin(delivery.subscription))
        advance()
    }

    /// Logs that a service does not accept this server, once and not for every push.
    private func noteRefusal(_ answer: Answer, by service: String) {
        guard case .response(let response) = answer else { return }
        guard response.status == 401 || response.status == 403 else {
            if (200..<300).contains(response.status) { refusing.remove(service) }
            return
        }
        guard refusing.count < Self.refusingMax, refusing.insert(service).inserted else { return }
        logger.warning(
            "a push service does not accept this server",
            metadata: [
                "service": "\(service)", "status": "\(response.status)",
                "advice": "look at VAPID_CLAIM_EMAIL, and whether the VAPID key has been changed",
            ])
    }

    private func settle(_ verdicts: [PushVerdict]) {
        guard !verdicts.isEmpty else { return }
        store.submit(SettlePushes(verdicts: verdicts)) { [logger] result in
            // The delivery will then be made again after the next start: twice is better than never.
            if case .failure(let error) = result, error.failure != .gone {
                logger.warning("the queue of pushes cannot be written", metadata: ["cause": "\(error)"])
            }
        }
    }

    /// Starts an attempt. ``stop()`` waits for it.
    private func start(_ delivery: PushDelivery) {
        tasks[delivery.id] = Task {
            await self.deliver(delivery)
        }
    }

    // MARK: - Sending

    /// The response of a push service, or why there was none.
    enum Answer: Sendable, CustomStringConvertible {
        case response(HTTPResponse)
        case failed(NetError)
        /// No request can be made from the message or the subscription.
        case impossible

        func outcome(now: Timestamp) -> PushOutcome {
            switch self {
            case .response(let response): PushOutcome(response, now: now)
            case .failed(let error) where error.kind == .permanent: .refused
            case .failed: .unavailable(retryAfter: nil)
            case .impossible: .refused
            }
        }

        var description: String {
            switch self {
            case .response(let response): "\(response.status)"
            case .failed(let error): "\(error)"
            case .impossible: "no request"
            }
        }
    }

    /// The optional header fields about urgency and topic. The real server does not send them.
    private func urgency(_ topic: String?) -> [(String, String)] {
        guard behaviour.tellsUrgency else { return [] }
        return [("Urgency", "high")] + (topic.map { [("Topic", $0)] } ?? [])
    }

    /// Sends one message at once, for at most `lifetime` seconds of storage at the push service.
    func send(
        _ payload: [UInt8], topic: String?, lifetime: Int64, to subscription: PushSubscription
    ) async -> Answer {
        guard
            let endpoint = PushEndpoint(
                subscription.endpoint, allowsPrivate: configuration.allowsPrivateEndpoints),
            let body = try? WebPushMessage.seal(payload, to: subscription.key, secret: subscription.secret),
            let authorization = try? signer.authorization(
                for: endpoint.server.origin, now: ServerClock.now()),
            let headers = try? ChatWire.HTTPHeaders(
                [
                    ("Authorization", authorization), ("Content-Type", "application/octet-stream"),
                    ("Content-Encoding", "aes128gcm"), ("TTL", "\(lifetime)"),
                ] + urgency(topic))
        else { return .impossible }
        let request = HTTPRequest(method: .post, target: endpoint.target, headers: headers, body: body)
        do {
            return .response(try await client.execute(request, at: endpoint.server, readsBody: false))
        } catch {
            return .failed(error)
        }
    }
}
