import ChatWire

/// Stores a subscription. One that exists belongs to whoever subscribed last.
struct Subscribe: StoreCommand {
    let user: UserID
    let subscription: PushSubscription
    /// A subscription that exists is written over, by its own user only: as recorded.
    var rewrites = false

    /// A browser has one; a person has some browsers.
    private static let perUserMax = 20

    /// - Returns: The subscriptions that this one has replaced; what waited for them is gone.
    func apply(in transaction: any StorageTransaction) throws -> [SubscriptionID] {
        if rewrites, try transaction.subscription(endpoint: subscription.endpoint) != nil {
            // Where the original server has nothing to store, it calls that an error.
            guard try transaction.rewriteSubscription(subscription, of: user, at: transaction.now) else {
                throw Refusal.subscriptionNotSaved
            }
            return []
        }
        var replaced: [SubscriptionID] = []
        // A row of its own: what waits for another user's browser must not reach this one.
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

/// Ends a subscription of the user's own.
struct Unsubscribe: StoreCommand {
    let user: UserID
    let endpoint: String

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

    /// In seconds. Push services hold a message so long for a browser that is closed.
    static let lifetime: Int64 = 86_400
    /// For each subscription; of more, the oldest are dropped.
    private static let queueMax = 100

    /// - Returns: The numbers of the deliveries, one for each subscription.
    func apply(in transaction: any StorageTransaction) throws -> [Int64] {
        let now = transaction.now
        let expires = Timestamp(seconds: now.seconds + Self.lifetime)
        return try transaction.subscriptionIDs(of: user).map { subscription in
            try transaction.queuePush(
                payload, topic: topic, to: subscription, at: now, expires: expires, limit: Self.queueMax)
        }
    }
}

/// Writes down what became of deliveries.
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

/// Reads on in the queue of pushes. A command, so that it sees all that was committed before it.
struct LoadPushes: StoreCommand {
    let after: Int64
    let count: Int

    func apply(in transaction: any StorageTransaction) throws -> [PushDelivery] {
        try transaction.pushQueue(after: after, limit: count)
    }
}
