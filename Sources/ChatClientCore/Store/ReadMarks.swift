import ChatSQLite
import ChatWire

/// How far each side has read, and the read marks that the server has not been told of.
struct ReadMarks {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }

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

    func readByPeer(
        _ peer: UserID, upTo id: MessageID?, at time: Timestamp?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let bound: Int64
        if let id { bound = id.rawValue } else { bound = try messages.newestSentID(in: peer, by: me) }
        guard bound > 0, bound < TimelinePosition.firstUnsent else { return }
        try conversations.ensure(peer)
        try raiseOwn(peer, upTo: bound, .read, at: time, &effects)
    }

    /// A mark at one message covers all before it: it is kept as the highest id, and late arrivals below it
    /// take it over.
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

    /// What becomes of an own message at the other side, and the columns that say so.
    private enum OwnStep {
        case delivered, read

        var state: StoredState { self == .delivered ? .delivered : .read }
        /// Of the conversation.
        var mark: String { self == .delivered ? "peer_delivered_to" : "peer_read_to" }
        /// Of the message.
        var time: String { self == .delivered ? "delivered_at" : "read_at" }
    }

    /// - Parameter countsAll: false when the server counts messages that the cache lacks: these stay unread.
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
        // How many of those that the cache lacks are among the read, only another count can tell.
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

    /// The person has seen a conversation up to a message (nil: up to its end): marks it here, and for the
    /// server to be told.
    ///
    /// - Returns: false when there was nothing unread.
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

    /// Conversations whose read mark the server has not been told, with the id up to which they are read.
    func pending() throws(SQLiteError) -> [(peer: UserID, upTo: MessageID)] {
        try database.rows("SELECT peer_id, read_to FROM conversations WHERE read_is_pending > 0") {
            (UserID($0.int64(0)), MessageID($0.int64(1)))
        }
    }

    /// The server has been told that the conversation is read up to `id`.
    func wasTold(_ peer: UserID, upTo id: MessageID) throws(SQLiteError) {
        try database.run(
            "UPDATE conversations SET read_is_pending = 0 WHERE peer_id = ? AND read_to <= ?", peer.rawValue,
            id.rawValue)
    }
}
