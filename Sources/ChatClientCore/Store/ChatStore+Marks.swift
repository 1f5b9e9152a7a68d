import ChatSQLite
import ChatWire

extension ChatStore {
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

    func markReadByPeer(
        _ peer: UserID, upTo id: MessageID?, at time: Timestamp?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let bound: Int64
        if let id { bound = id.rawValue } else { bound = try newestSentID(in: peer, by: me) }
        guard bound > 0, bound < TimelinePosition.firstUnsent else { return }
        try ensureConversation(peer)
        try raiseOwn(peer, upTo: bound, .read, at: time, &effects)
    }

    private func newestSentID(in peer: UserID, by sender: UserID) throws(SQLiteError) -> Int64 {
        try database.first(
            """
            SELECT position FROM messages WHERE peer_id = ? AND position < ? AND sender_id = ?
            ORDER BY position DESC LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent, sender.rawValue
        ) { $0.int64(0) } ?? 0
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
    func markReadByMe(
        _ peer: UserID, upTo id: MessageID?, countsAll: Bool = true, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let newest = try newestSentID(in: peer, by: peer)
        let bound = min(id?.rawValue ?? newest, TimelinePosition.firstUnsent - 1)
        let wasUnread = try unreadCounts(of: peer)
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
            try uncountUnread(read, peer)
        }
        if read > 0 || wasUnread.all > 0 { effects.touch(peer) }
    }

    /// The person has seen a conversation up to a message (nil: up to its end): marks it here, and for the
    /// server to be told.
    ///
    /// - Returns: false when there was nothing unread.
    func markRead(
        _ peer: UserID, upTo id: MessageID? = nil, countsAll: Bool = true
    ) throws(SQLiteError) -> Bool {
        try database.transaction { () throws(SQLiteError) in
            let unread = try unreadCounts(of: peer)
            guard unread.all > 0 || unread.notCached < 0 else { return false }
            var effects = StoreEffects()
            try markReadByMe(peer, upTo: id, countsAll: countsAll, &effects)
            let left = try unreadCounts(of: peer)
            guard id == nil || left != unread else { return false }
            try database.run(
                "UPDATE conversations SET read_is_pending = read_is_pending + ? WHERE peer_id = ?",
                max(1, unread.all - left.all), peer.rawValue)
            return true
        }
    }

    /// The server has been told that the conversation is read up to `id`.
    func readMarkWasTold(_ peer: UserID, upTo id: MessageID) throws(SQLiteError) {
        try database.run(
            "UPDATE conversations SET read_is_pending = 0 WHERE peer_id = ? AND read_to <= ?", peer.rawValue,
            id.rawValue)
    }

    func setUnread(
        _ counts: [UserID: Int], unsettled: Set<UserID>, untold: Set<UserID>,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        for peer in counts.keys { try ensureConversation(peer) }
        let known = try database.rows(
            """
            SELECT peer_id, unread, unread_not_cached, read_is_pending, server_time IS NOT NULL
            FROM conversations
            """
        ) {
            CountedConversation(
                peer: UserID($0.int64(0)), all: $0.int(1), notCached: $0.int(2), untold: $0.int(3),
                isNewerListed: $0.bool(4))
        }
        for row in known where !untold.contains(row.peer) {
            var count = max(0, min(counts[row.peer] ?? 0, Self.unreadMax))
            var cached = row.all - row.notCached
            // The server counts what was read here and waits to be told until the rest is read, too. When it counts still
            // more, or the cache lacks some of it, another device may have read these, and all that it counts may be new.
            let mayBeMissing = row.isNewerListed || row.notCached > 0
            if cached > 0, count == row.untold + cached, !mayBeMissing { count -= row.untold }
            // The server is about to be told of all that it counts.
            if row.untold > 0, count > 0, count <= row.untold, cached == 0, !row.isNewerListed { continue }
            guard count != row.all || count == 0 && cached > 0 else { continue }
            if count < cached {
                guard !unsettled.contains(row.peer) else { continue }
                if count == 0 {
                    try readAll(of: row.peer)
                    cached = 0
                }
            }
            try database.run(
                "UPDATE conversations SET unread = ?, unread_not_cached = ? WHERE peer_id = ?", count,
                count - cached, row.peer.rawValue)
            effects.touch(row.peer)
        }
    }

    private struct CountedConversation {
        let peer: UserID
        let all: Int
        let notCached: Int
        /// Read here, which the server has not been told, as far as is known.
        let untold: Int
        let isNewerListed: Bool
    }

    /// True when there is, or may be, something at the server that the person has not read here.
    func hasUnseen(_ peer: UserID) throws(SQLiteError) -> Bool {
        if try isNewerListed(of: peer) { return true }
        let unread = try unreadCounts(of: peer)
        return unread.all > 0 || unread.notCached != 0
    }

    /// True when the server's list shows a message that the cache lacks.
    func isNewerListed(of peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            "SELECT server_time IS NOT NULL FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// The newest unread message that the cache holds of each conversation with any.
    func newestUnread() throws(SQLiteError) -> [UserID: MessageID] {
        let found = try database.rows(
            """
            SELECT c.peer_id, (SELECT max(m.position) FROM messages m
                WHERE m.peer_id = c.peer_id AND m.state IN (0, 2, 3) AND m.sender_id <> ?)
            FROM conversations c WHERE c.unread > c.unread_not_cached
            """, me.rawValue
        ) { (UserID($0.int64(0)), MessageID($0.optionalInt64(1) ?? 0)) }
        return Dictionary(found) { one, _ in one }
    }

    /// A count beyond this is no count; sums with it must not overflow.
    private static let unreadMax = 1_000_000_000

    /// Nothing is unread at the server: whatever the cache holds has been read on another device, or is gone. Of
    /// some, which they are would be a guess.
    private func readAll(of peer: UserID) throws(SQLiteError) {
        try database.run(
            "UPDATE messages SET state = 1 WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?",
            peer.rawValue, me.rawValue)
    }

    /// What is shown, and how many of it the cache lacks: fewer than none when the server has counted less than
    /// the cache holds. The difference of the two is what the cache holds as unread.
    func unreadCounts(of peer: UserID) throws(SQLiteError) -> (all: Int, notCached: Int) {
        try database.first(
            "SELECT unread, unread_not_cached FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }

    /// One more; unless the server's count, which told of messages that the cache lacked, held it already.
    func countUnread(_ peer: UserID, isLate: Bool) throws(SQLiteError) {
        try database.run(
            """
            UPDATE conversations SET
                unread = unread + (CASE WHEN ?1 AND unread_not_cached > 0 THEN 0 ELSE 1 END),
                unread_not_cached =
                    unread_not_cached - (CASE WHEN ?1 AND unread_not_cached > 0 THEN 1 ELSE 0 END)
            WHERE peer_id = ?2
            """, isLate, peer.rawValue)
    }

    /// Fewer; unless the server's count, which told of less than the cache held, did not hold them already.
    func uncountUnread(_ count: Int, _ peer: UserID) throws(SQLiteError) {
        let known = try unreadCounts(of: peer)
        let cached = known.all - known.notCached - count
        let unread = max(0, known.all - max(0, count + min(0, known.notCached)))
        try database.run(
            "UPDATE conversations SET unread = ?, unread_not_cached = ? WHERE peer_id = ?", unread,
            unread - cached, peer.rawValue)
    }
}
