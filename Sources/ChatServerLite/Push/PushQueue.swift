import ChatWire

/// One message on its way to one subscription.
package struct PushDelivery: Hashable, Sendable {
    package var id: Int64
    package var subscriptionID: SubscriptionID
    package var subscription: PushSubscription
    /// Not encrypted yet.
    package var payload: [UInt8]
    /// Lets the push service replace an older message of the same conversation (RFC 8030 section 5.4).
    package var topic: String
    /// How often it has been tried in vain.
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

/// How a try to deliver ended.
enum PushOutcome: Equatable, Sendable {
    case delivered
    /// The subscription has ended: 404 or 410.
    case gone
    /// The push service does not accept this message or this server; asking again changes nothing.
    case refused
    /// Later perhaps: the service is busy, or cannot be reached.
    case unavailable(retryAfter: Duration?)
}

/// What to do about a delivery after a try.
enum PushVerdict: Equatable, Sendable {
    case remove(delivery: Int64)
    case prune(SubscriptionID)
    case postpone(delivery: Int64, attempts: Int, until: Timestamp)
}

/// Decides which deliveries are tried when. Pure: what is on the disk, the clock and the network are
/// somebody else's.
///
/// Each subscription has one delivery under way at most, in the order in which they came, and all of them
/// wait when the first has to. A push service (an origin) and all together have bounds of their own, so that
/// one which never answers leaves room for the others.
struct PushQueue: Sendable {
    struct Limits: Sendable {
        var underWay = 64
        var underWayPerOrigin = 16
        var attempts = 10
        /// The first pause after a failure; each further one is twice as long.
        var firstPause = Duration.seconds(5)
        var longestPause = Duration.seconds(3600)
        /// How many deliveries are held in memory; the others wait on the disk.
        var held = 10_000
    }

    private let limits: Limits
    private var waiting: [SubscriptionID: [PushDelivery]] = [:]
    /// With the origin that each counts for.
    private var underWay: [SubscriptionID: String] = [:]
    private var underWayPerOrigin: [String: Int] = [:]
    private var count = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    /// How many more deliveries fit in.
    var room: Int { max(0, limits.held - count) }

    /// Takes in a delivery; those of one subscription must come in order.
    mutating func add(_ delivery: PushDelivery) {
        waiting[delivery.subscriptionID, default: []].append(delivery)
        count += 1
    }

    /// Forgets all deliveries of a subscription; the outcome of one under way is of no interest any more.
    mutating func forget(_ subscription: SubscriptionID) {
        count -= waiting.removeValue(forKey: subscription)?.count ?? 0
    }

    /// Takes out what has waited too long.
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

    /// What is to be tried now; each is under way until ``finish(_:_:now:)``.
    ///
    /// - Parameter origin: the push service of a subscription.
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

    /// Takes note of how a try ended. Nil when its subscription has been forgotten meanwhile.
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

    /// When ``start(now:origin:)`` has something to do next, if nothing else happens; nil while nothing waits
    /// or everything that does is held up by what is under way.
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

    /// A service that names a time knows better; but not more than a day, and not less than a moment.
    private func pause(_ attempts: Int, _ retryAfter: Duration?) -> Duration {
        if let retryAfter { return min(max(retryAfter, .seconds(1)), .seconds(86_400)) }
        let doubled = limits.firstPause * (1 << min(attempts - 1, 20))
        return min(doubled, limits.longestPause)
    }
}

extension Timestamp {
    /// For the pauses of a queue: hours, not ages.
    func advanced(by duration: Duration) -> Timestamp {
        Timestamp(microseconds: microseconds + duration.nanoseconds / 1000)
    }
}
