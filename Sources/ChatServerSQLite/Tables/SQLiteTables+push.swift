import ChatSQLite
import ChatServerLite
import ChatWire

extension SQLiteTables {
    /// All subscriptions of a user.
    func subscriptions(of user: UserID) throws(SQLiteError) -> [SubscriptionID: PushSubscription] {
        let rows = try database.rows(
            "SELECT id, endpoint, p256dh, auth FROM push_subscriptions WHERE user_id = ?", user.rawValue
        ) { (row: Statement) throws(SQLiteError) in
            (
                SubscriptionID(row.int64(0)),
                PushSubscription(endpoint: row.string(1), key: row.string(2), secret: row.string(3))
            )
        }
        return Dictionary(uniqueKeysWithValues: rows.compactMap { id, row in row.map { (id, $0) } })
    }

    func subscriptionIDs(of user: UserID) throws(SQLiteError) -> [SubscriptionID] {
        try database.rows("SELECT id FROM push_subscriptions WHERE user_id = ? ORDER BY id", user.rawValue) {
            (row: Statement) throws(SQLiteError) in SubscriptionID(row.int64(0))
        }
    }

    /// The subscription with this endpoint, and its user.
    func subscription(endpoint: String) throws(SQLiteError) -> (id: SubscriptionID, user: UserID)? {
        try database.first("SELECT id, user_id FROM push_subscriptions WHERE endpoint = ?", endpoint) {
            (row: Statement) throws(SQLiteError) in (SubscriptionID(row.int64(0)), UserID(row.int64(1)))
        }
    }

    func insertSubscription(
        _ subscription: PushSubscription, of user: UserID, at time: Timestamp
    ) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO push_subscriptions(user_id, endpoint, p256dh, auth, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """, user.rawValue, subscription.endpoint, subscription.keyText, subscription.secretText,
            time.microseconds, time.microseconds)
    }

    /// Updates a user's subscription.
    ///
    /// - Returns: false when the real server's database would find nothing to update: the subscription is not
    ///   this user's, or the same was written within this second.
    func rewriteSubscription(
        _ subscription: PushSubscription, of user: UserID, at time: Timestamp
    ) throws(SQLiteError) -> Bool {
        try database.run(
            """
            UPDATE push_subscriptions SET p256dh = ?1, auth = ?2, updated_at = ?3
            WHERE endpoint = ?4 AND user_id = ?5
                AND NOT (p256dh = ?1 AND auth = ?2 AND updated_at / 1000000 = ?3 / 1000000)
            """, subscription.keyText, subscription.secretText, time.microseconds, subscription.endpoint,
            user.rawValue)
        return database.changes > 0
    }

    /// Deletes a subscription and its queued pushes.
    func deleteSubscription(_ id: SubscriptionID) throws(SQLiteError) {
        try database.run("DELETE FROM push_subscriptions WHERE id = ?", id.rawValue)
    }

    /// Queues a push for a subscription, whose queue keeps only the newest `limit` pushes.
    ///
    /// - Returns: the id of the delivery.
    func queuePush(
        _ payload: [UInt8], topic: String, to subscription: SubscriptionID, at time: Timestamp,
        expires: Timestamp, limit: Int
    ) throws(SQLiteError) -> Int64 {
        try database.run(
            """
            INSERT INTO push_queue(subscription_id, payload, topic, next_at, expires_at)
            VALUES (?, ?, ?, ?, ?)
            """, subscription.rawValue, payload, topic, time.microseconds, expires.microseconds)
        let delivery = database.lastInsertedRowID
        try database.run(
            """
            DELETE FROM push_queue WHERE subscription_id = ?1 AND id <= (
                SELECT id FROM push_queue WHERE subscription_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
            """, subscription.rawValue, limit)
        return delivery
    }

    /// The deliveries after `id`, in order. A subscription whose keys can't be read is skipped.
    func pushQueue(after id: Int64, limit: Int) throws(SQLiteError) -> [PushDelivery] {
        try database.rows(
            """
            SELECT q.id, q.subscription_id, s.endpoint, s.p256dh, s.auth, q.payload, q.topic, q.attempts,
                   q.next_at, q.expires_at
            FROM push_queue AS q JOIN push_subscriptions AS s ON s.id = q.subscription_id
            WHERE q.id > ? ORDER BY q.id LIMIT ?
            """, id, limit
        ) { (row: Statement) throws(SQLiteError) -> PushDelivery? in
            guard
                let subscription = PushSubscription(
                    endpoint: row.string(2), key: row.string(3), secret: row.string(4))
            else { return nil }
            return PushDelivery(
                id: row.int64(0), subscriptionID: SubscriptionID(row.int64(1)), subscription: subscription,
                payload: row.bytes(5), topic: row.string(6), attempts: row.int(7),
                nextAttempt: Timestamp(microseconds: row.int64(8)),
                expires: Timestamp(microseconds: row.int64(9)))
        }.compactMap { $0 }
    }

    func removeFromPushQueue(_ id: Int64) throws(SQLiteError) {
        try database.run("DELETE FROM push_queue WHERE id = ?", id)
    }

    func postponePush(_ id: Int64, attempts: Int, until time: Timestamp) throws(SQLiteError) {
        try database.run(
            "UPDATE push_queue SET attempts = ?, next_at = ? WHERE id = ?", attempts, time.microseconds, id)
    }
}
