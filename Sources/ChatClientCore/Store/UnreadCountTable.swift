import ChatSQLite
import ChatWire

/// How many messages of each conversation are unread: those in the cache, and those that only the server has.
struct UnreadCountTable {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var listed: ListedMessages { ListedMessages(database: database, me: me) }

    func set(
        _ counts: [UserID: Int], unsettled: Set<UserID>, untold: Set<UserID>,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        for peer in counts.keys { try conversations.ensure(peer) }
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
        if try listed.isNewer(of: peer) { return true }
        let unread = try counts(of: peer)
        return unread.all > 0 || unread.notCached != 0
    }

    /// The newest unread message that the cache holds of each conversation with any.
    func newest() throws(SQLiteError) -> [UserID: MessageID] {
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
    func counts(of peer: UserID) throws(SQLiteError) -> (all: Int, notCached: Int) {
        try database.first(
            "SELECT unread, unread_not_cached FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }

    /// One more; unless the server's count, which told of messages that the cache lacked, held it already.
    func add(_ peer: UserID, isLate: Bool) throws(SQLiteError) {
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
    func remove(_ count: Int, _ peer: UserID) throws(SQLiteError) {
        let known = try counts(of: peer)
        let cached = known.all - known.notCached - count
        let unread = max(0, known.all - max(0, count + min(0, known.notCached)))
        try database.run(
            "UPDATE conversations SET unread = ?, unread_not_cached = ? WHERE peer_id = ?", unread,
            unread - cached, peer.rawValue)
    }

    /// The number that the list shows, and the first unread message that the cache holds.
    func shown(of peer: UserID) throws(SQLiteError) -> (count: Int, first: RowID?) {
        let unread = try counts(of: peer)
        guard unread.all > 0 else { return (0, nil) }
        // Where the server counts fewer than the cache holds, some were read elsewhere: the oldest, as people read.
        let first = try database.first(
            """
            SELECT row_id FROM messages WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?
            ORDER BY position LIMIT 1 OFFSET ?
            """, peer.rawValue, me.rawValue, max(0, -unread.notCached)
        ) { RowID($0.int64(0)) }
        return (unread.all, first)
    }
}
