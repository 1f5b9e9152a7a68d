import ChatWire

/// One push message to one subscription.
package struct PushDelivery: Hashable, Sendable {
    package var id: Int64
    package var subscriptionID: SubscriptionID
    package var subscription: PushSubscription
    /// The message before encryption.
    package var payload: [UInt8]
    /// Lets the push service replace an older message of the same conversation (RFC 8030 section 5.4).
    package var topic: String
    /// The number of failed attempts.
    package var attempts: Int
    package var nextAttempt: Timestamp
    package var expires: Timestamp

    package init(
        id: Int64, subscriptionID: SubscriptionID, subscription: PushSubscription, payload: [UInt8],
        topic: String, attempts: Int, nextAttempt: Timestamp, expires: Timestamp
    ) {
        self.id = id
        self.subscriptionID = subscriptionID
        self.subscription = subscription
        self.payload = payload
        self.topic = topic
        self.attempts = attempts
        self.nextAttempt = nextAttempt
        self.expires = expires
    }
}

/// The outcome of an attempt to deliver.
enum PushOutcome: Equatable, Sendable {
    case delivered
    /// The subscription has ended (404 or 410).
    case gone
    /// The push service does not accept this message or this server. Another attempt would not help.
    case refused
    /// The service is busy or cannot be reached. A later attempt may succeed.
    case unavailable(retryAfter: Duration?)
}

/// What to do with a delivery after an attempt.
enum PushVerdict: Equatable, Sendable {
    case remove(delivery: Int64)
    case prune(SubscriptionID)
    case postpone(delivery: Int64, attempts: Int, until: Timestamp)
}

/// Decides when to attempt which delivery. A pure value: its owner handles the disk, the clock and the
/// network.
///
/// Each subscription has at most one delivery in progress. Its deliveries keep their order, so all of them
/// wait when the first one has to. Each push service (an origin) has a limit, and so have all together. A
/// service that never answers therefore leaves room for the others.
struct PushQueue: Sendable {
    struct Limits: Sendable {
        var underWay = 64
        var underWayPerOrigin = 16
        var attempts = 10
        /// The pause after the first failure. Each further pause is twice as long.
        var firstPause = Duration.seconds(5)
        var longestPause = Duration.seconds(3600)
        /// The number of deliveries held in memory. The others wait on disk.
        var held = 10_000
    }

    private let limits: Limits
    private var waiting: [SubscriptionID: [PushDelivery]] = [:]
    /// The subscriptions with a delivery in progress, each with the origin that it counts for.
    private var underWay: [SubscriptionID: String] = [:]
    private var underWayPerOrigin: [String: Int] = [:]
    private(set) var count = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    /// How many more deliveries fit.
    var room: Int { max(0, limits.held - count) }

    /// Adds a delivery. Deliveries of one subscription must be added in order.
    mutating func add(_ delivery: PushDelivery) {
        waiting[delivery.subscriptionID, default: []].append(delivery)
        count += 1
    }

    /// Removes all deliveries of a subscription. The outcome of one in progress no longer matters.
    mutating func forget(_ subscription: SubscriptionID) {
        count -= waiting.removeValue(forKey: subscription)?.count ?? 0
    }

    /// Removes the deliveries that have expired, except those in progress.
    mutating func expire(now: Timestamp) -> [PushVerdict] {
        var verdicts: [PushVerdict] = []
        for (subscription, deliveries) in waiting where deliveries.contains(where: { $0.expires <= now }) {
            let isBusy = underWay[subscription] != nil
            var kept: [PushDelivery] = []
            for (index, delivery) in deliveries.enumerated() {
                if delivery.expires <= now, !(isBusy && index == 0) {
                    verdicts.append(.remove(delivery: delivery.id))
                } else {
                    kept.append(delivery)
                }
            }
            count -= deliveries.count - kept.count
            waiting[subscription] = kept.isEmpty ? nil : kept
        }
        return verdicts
    }

    /// The deliveries to attempt now. Each is in progress until ``finish(_:_:now:)``.
    ///
    /// - Parameter origin: returns the push service of a subscription.
    mutating func start(now: Timestamp, origin: (PushSubscription) -> String) -> [PushDelivery] {
        guard underWay.count < limits.underWay else { return [] }
        var started: [PushDelivery] = []
        let due = waiting.values.compactMap(\.first).filter {
            $0.nextAttempt <= now && underWay[$0.subscriptionID] == nil
        }
        for delivery in due.sorted(by: { $0.id < $1.id }) {
            guard underWay.count < limits.underWay else { break }
            let service = origin(delivery.subscription)
            guard underWayPerOrigin[service, default: 0] < limits.underWayPerOrigin else { continue }
            underWayPerOrigin[service, default: 0] += 1
            underWay[delivery.subscriptionID] = service
            started.append(delivery)
        }
        return started
    }

    /// Records the outcome of an attempt.
    ///
    /// - Returns: nil when the subscription has been forgotten meanwhile.
    mutating func finish(_ delivery: PushDelivery, _ outcome: PushOutcome, now: Timestamp) -> PushVerdict? {
        let subscription = delivery.subscriptionID
        if let service = underWay.removeValue(forKey: subscription) {
            let left = underWayPerOrigin[service, default: 1] - 1
            underWayPerOrigin[service] = left > 0 ? left : nil
        }
        guard waiting[subscription]?.first?.id == delivery.id else { return nil }
        switch outcome {
        case .delivered, .refused:
            removeFirst(subscription)
            return .remove(delivery: delivery.id)
        case .gone:
            forget(subscription)
            return .prune(subscription)
        case .unavailable(let retryAfter):
            let attempts = delivery.attempts + 1
            let until = now.advanced(by: pause(attempts, retryAfter))
            guard attempts < limits.attempts, until < delivery.expires else {
                removeFirst(subscription)
                return .remove(delivery: delivery.id)
            }
            waiting[subscription]?[0].attempts = attempts
            waiting[subscription]?[0].nextAttempt = until
            return .postpone(delivery: delivery.id, attempts: attempts, until: until)
        }
    }

    /// When ``start(now:origin:)`` next has something to do, if nothing else happens. Nil when nothing waits,
    /// or everything waits for a delivery in progress.
    func deadline(now: Timestamp) -> Timestamp? {
        waiting.values.compactMap(\.first)
            .filter { underWay[$0.subscriptionID] == nil && $0.nextAttempt > now }
            .map(\.nextAttempt).min()
    }

    private mutating func removeFirst(_ subscription: SubscriptionID) {
        waiting[subscription]?.removeFirst()
        if waiting[subscription]?.isEmpty == true { waiting[subscription] = nil }
        count -= 1
    }

    /// The pause before the next attempt. A time that the service names is preferred, limited to between a
    /// second and a day.
    private func pause(_ attempts: Int, _ retryAfter: Duration?) -> Duration {
        if let retryAfter { return min(max(retryAfter, .seconds(1)), .seconds(86_400)) }
        let doubled = limits.firstPause * (1 << min(attempts - 1, 20))
        return min(doubled, limits.longestPause)
    }
}

extension Timestamp {
    /// Adds a pause of a queue. The duration must be hours, not centuries.
    func advanced(by duration: Duration) -> Timestamp {
        Timestamp(microseconds: microseconds + duration.nanoseconds / 1000)
    }
}
