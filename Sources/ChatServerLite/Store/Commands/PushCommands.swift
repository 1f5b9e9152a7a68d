import ChatSQLite
import ChatWire

/// Stores a subscription. One that exists belongs to whoever subscribed last.
struct Subscribe: StoreCommand {
    let user: UserID
    let subscription: PushSubscription
    let manner: ServerBehaviour.Manner

    /// A browser has one; a person has some browsers.
    private static let perUserMax = 20

    /// - Returns: The subscriptions that this one has replaced; what waited for them is gone.
    func apply(in context: WriteContext) throws(StoreError) -> [SubscriptionID] {
        guard let replaced = try store(in: context) else { throw .refused(.subscriptionNotSaved) }
        return replaced
    }

    /// Nil where the real server has nothing to store, and calls that an error.
    private func store(in context: WriteContext) throws(StoreError) -> [SubscriptionID]? {
        try storing { () throws(SQLiteError) -> [SubscriptionID]? in
            let tables = context.tables
            if manner == .recorded, try tables.subscription(endpoint: subscription.endpoint) != nil {
                return try tables.rewriteSubscription(subscription, of: user, at: context.now) ? [] : nil
            }
            var replaced: [SubscriptionID] = []
            // A row of its own: what waits for another user's browser must not reach this one.
            if let known = try tables.subscription(endpoint: subscription.endpoint) {
                replaced.append(known.id)
            }
            let others = try tables.subscriptionIDs(of: user).filter { !replaced.contains($0) }
            replaced += others.dropLast(Self.perUserMax - 1)
            for id in replaced { try tables.deleteSubscription(id) }
            try tables.insertSubscription(subscription, of: user, at: context.now)
            return replaced
        }
    }
}

/// Ends a subscription of the user's own.
struct Unsubscribe: StoreCommand {
    let user: UserID
    let endpoint: String

    func apply(in context: WriteContext) throws(StoreError) -> SubscriptionID {
        let known = try storing { () throws(SQLiteError) in
            try context.tables.subscription(endpoint: endpoint)
        }
        guard let known, known.user == user else { throw .refused(.subscriptionNotRemoved) }
        return try storing { () throws(SQLiteError) in
            try context.tables.deleteSubscription(known.id)
            return known.id
        }
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

    /// - Returns: How many were queued.
    func apply(in context: WriteContext) throws(StoreError) -> Int {
        try storing { () throws(SQLiteError) in
            let subscriptions = try context.tables.subscriptionIDs(of: user)
            guard !subscriptions.isEmpty else { return 0 }
            let now = context.now
            let expires = Timestamp(seconds: now.seconds + Self.lifetime)
            for subscription in subscriptions {
                try context.tables.queuePush(
                    payload, topic: topic, to: subscription, at: now, expires: expires, limit: Self.queueMax)
            }
            return subscriptions.count
        }
    }
}

/// Writes down what became of deliveries.
struct SettlePushes: StoreCommand {
    let verdicts: [PushVerdict]

    func apply(in context: WriteContext) throws(StoreError) {
        try storing { () throws(SQLiteError) in
            for verdict in verdicts {
                switch verdict {
                case .remove(let delivery): try context.tables.removeFromPushQueue(delivery)
                case .prune(let subscription): try context.tables.deleteSubscription(subscription)
                case .postpone(let delivery, let attempts, let until):
                    try context.tables.postponePush(delivery, attempts: attempts, until: until)
                }
            }
        }
    }
}

/// Reads on in the queue of pushes. A command, so that it sees all that was committed before it.
struct LoadPushes: StoreCommand {
    let after: Int64
    let count: Int

    func apply(in context: WriteContext) throws(StoreError) -> [PushDelivery] {
        try storing { () throws(SQLiteError) in try context.tables.pushQueue(after: after, limit: count) }
    }
}
