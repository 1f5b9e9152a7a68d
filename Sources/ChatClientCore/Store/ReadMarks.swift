import ChatSQLite
import ChatWire

/// How far each side has read, and the read marks that have yet to be reported to the server.
struct ReadMarks {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }

    /// Raises the state of an own message and of all own messages before it in its conversation.
    func raise(
        _ id: MessageID, to status: DeliveryStatus, at time: Timestamp?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let found = try database.first(
            "SELECT peer_id FROM messages WHERE server_id = ? AND sender_id = ?", id.rawValue, me.rawValue
        ) { UserID($0.int64(0)) }
        guard let peer = found else { return }
        switch status {
        case .sent: return
        case .delivered: try raiseOwn(peer, upTo: id.rawValue, .delivered, at: time, &effects)
        case .read: try raiseOwn(peer, upTo: id.rawValue, .read, at: time, &effects)
        }
    }

    /// The peer has read what the account sent, up to a message; nil for the newest.
    func readByPeer(
        _ peer: UserID, upTo id: MessageID?, at time: Timestamp?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let bound: Int64
        if let id { bound = id.rawValue } else { bound = try messages.newestSentID(in: peer, by: me) }
        guard bound > 0, bound < TimelinePosition.firstUnsent else { return }
        try conversations.ensure(peer)
        try raiseOwn(peer, upTo: bound, .read, at: time, &effects)
    }

    /// Raises the state of own messages. A mark covers all earlier messages, so only the highest id is stored; messages
    /// below it that arrive later get their state from it.
    private func raiseOwn(
        _ peer: UserID, upTo id: Int64, _ step: OwnStep, at time: Timestamp?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let mark = step.mark
        try database.run(
            "UPDATE conversations SET \(mark) = ?1 WHERE peer_id = ?2 AND \(mark) < ?1", id, peer.rawValue)
        try database.run(
            """
            UPDATE messages SET state = ?1, \(step.time) = coalesce(\(step.time), ?5)
            WHERE peer_id = ?2 AND position <= ?3 AND state IN (0, 2, 3) AND sender_id = ?4 AND state < ?1
            """, step.state.rawValue, peer.rawValue, id, me.rawValue, time?.microseconds)
        if database.changes > 0 { effects.touch(peer) }
    }

    /// What has happened to own messages at the other side, and the columns that store it.
    private enum OwnStep {
        case delivered, read

        var state: StoredState { self == .delivered ? .delivered : .read }
        /// The column of the conversation.
        var mark: String { self == .delivered ? "peer_delivered_to" : "peer_read_to" }
        /// The column of the message.
        var time: String { self == .delivered ? "delivered_at" : "read_at" }
    }

    /// Marks a conversation as read by this account, here or on another device.
    ///
    /// - Parameters:
    ///   - id: the last message read; nil for the newest.
    ///   - countsAll: false when the server counts messages that the cache lacks. They stay unread.
    func readByMe(
        _ peer: UserID, upTo id: MessageID?, countsAll: Bool = true, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let newest = try messages.newestSentID(in: peer, by: peer)
        let bound = min(id?.rawValue ?? newest, TimelinePosition.firstUnsent - 1)
        let wasUnread = try unreadCounts.counts(of: peer)
        try database.run(
            "UPDATE conversations SET read_to = ?1 WHERE peer_id = ?2 AND read_to < ?1", bound, peer.rawValue)
        try database.run(
            """
            UPDATE messages SET state = 1 WHERE peer_id = ? AND position <= ? AND state IN (0, 2, 3)
                AND sender_id <> ?
            """, peer.rawValue, bound, me.rawValue)
        let read = database.changes
        // Only another count can tell how many of the messages that the cache lacks have been read.
        if id != nil, wasUnread.notCached > 0 { effects.isMiscounted = true }
        if bound >= newest, countsAll {
            try database.run(
                "UPDATE conversations SET unread = 0, unread_not_cached = 0 WHERE peer_id = ?", peer.rawValue)
        } else {
            try unreadCounts.remove(read, peer)
        }
        if read > 0 || wasUnread.all > 0 { effects.touch(peer) }
    }

    // MARK: Read here

    /// Marks a conversation as read here and queues the mark for the server.
    ///
    /// - Parameters:
    ///   - id: the last message that the person has seen; nil for the newest.
    ///   - countsAll: false when the server counts messages that the cache lacks. They stay unread.
    /// - Returns: false when nothing was unread.
    func markRead(
        _ peer: UserID, upTo id: MessageID? = nil, countsAll: Bool = true
    ) throws(SQLiteError) -> Bool {
        try database.transaction { () throws(SQLiteError) in
            let unread = try unreadCounts.counts(of: peer)
            guard unread.all > 0 || unread.notCached < 0 else { return false }
            var effects = StoreEffects()
            try readByMe(peer, upTo: id, countsAll: countsAll, &effects)
            let left = try unreadCounts.counts(of: peer)
            guard id == nil || left != unread else { return false }
            try database.run(
                "UPDATE conversations SET read_is_pending = read_is_pending + ? WHERE peer_id = ?",
                max(1, unread.all - left.all), peer.rawValue)
            return true
        }
    }

    /// The read marks that have yet to be reported to the server.
    func pending() throws(SQLiteError) -> [(peer: UserID, upTo: MessageID)] {
        try database.rows("SELECT peer_id, read_to FROM conversations WHERE read_is_pending > 0") {
            (UserID($0.int64(0)), MessageID($0.int64(1)))
        }
    }

    /// Removes a mark from the queue: the server knows that the conversation is read up to `id`.
    func wasTold(_ peer: UserID, upTo id: MessageID) throws(SQLiteError) {
        try database.run(
            "UPDATE conversations SET read_is_pending = 0 WHERE peer_id = ? AND read_to <= ?", peer.rawValue,
            id.rawValue)
    }
}
