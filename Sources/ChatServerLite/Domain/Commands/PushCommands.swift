import ChatWire

/// Stores a subscription. An endpoint that is already subscribed passes to the new user.
struct Subscribe: StoreCommand {
    let user: UserID
    let subscription: PushSubscription
    /// Whether an existing subscription is updated, and only for its own user, as recorded.
    var rewrites = false

    /// The maximum number of subscriptions per user. Each browser has one, and a person uses a few browsers.
    private static let perUserMax = 20

    /// - Returns: the subscriptions that this one replaces. Their queued pushes are gone.
    /// - Throws: `subscriptionNotSaved` when an update finds nothing to change.
    func apply(in transaction: any StorageTransaction) throws -> [SubscriptionID] {
        if rewrites, try transaction.subscription(endpoint: subscription.endpoint) != nil {
            // The real server reports an error when it has nothing to store.
            guard try transaction.rewriteSubscription(subscription, of: user, at: transaction.now) else {
                throw Refusal.subscriptionNotSaved
            }
            return []
        }
        var replaced: [SubscriptionID] = []
        // The new subscription is a new row: pushes queued for another user must not reach this user's
        // browser.
        if let known = try transaction.subscription(endpoint: subscription.endpoint) {
            replaced.append(known.id)
        }
        let others = try transaction.subscriptionIDs(of: user).filter { !replaced.contains($0) }
        replaced += others.dropLast(Self.perUserMax - 1)
        for id in replaced { try transaction.deleteSubscription(id) }
        try transaction.insertSubscription(subscription, of: user, at: transaction.now)
        return replaced
    }
}

/// Deletes one of the user's own subscriptions.
struct Unsubscribe: StoreCommand {
    let user: UserID
    let endpoint: String

    /// - Returns: the deleted subscription.
    /// - Throws: `subscriptionNotRemoved` when the user has no such subscription.
    func apply(in transaction: any StorageTransaction) throws -> SubscriptionID {
        guard let known = try transaction.subscription(endpoint: endpoint), known.user == user else {
            throw Refusal.subscriptionNotRemoved
        }
        try transaction.deleteSubscription(known.id)
        return known.id
    }
}

/// Queues a push to all subscriptions of a user.
struct QueuePush: StoreCommand {
    let user: UserID
    let payload: [UInt8]
    let topic: String

    /// How long a push service holds a push for a closed browser, in seconds.
    static let lifetime: Int64 = 86_400
    /// The maximum queue length of one subscription. Beyond it, the oldest pushes are dropped.
    private static let queueMax = 100

    /// - Returns: the ids of the deliveries, one for each subscription.
    func apply(in transaction: any StorageTransaction) throws -> [Int64] {
        let now = transaction.now
        let expires = Timestamp(seconds: now.seconds + Self.lifetime)
        return try transaction.subscriptionIDs(of: user).map { subscription in
            try transaction.queuePush(
                payload, topic: topic, to: subscription, at: now, expires: expires, limit: Self.queueMax)
        }
    }
}

/// Records the results of deliveries.
struct SettlePushes: StoreCommand {
    let verdicts: [PushVerdict]

    func apply(in transaction: any StorageTransaction) throws {
        for verdict in verdicts {
            switch verdict {
            case .remove(let delivery): try transaction.removeFromPushQueue(delivery)
            case .prune(let subscription): try transaction.deleteSubscription(subscription)
            case .postpone(let delivery, let attempts, let until):
                try transaction.postponePush(delivery, attempts: attempts, until: until)
            }
        }
    }
}

/// Reads the next entries of the push queue. It is a command so that it sees everything committed before it.
struct LoadPushes: StoreCommand {
    let after: Int64
    let count: Int

    func apply(in transaction: any StorageTransaction) throws -> [PushDelivery] {
        try transaction.pushQueue(after: after, limit: count)
    }
}
