import ChatSQLite
import ChatWire

/// How many messages of each conversation are unread.
///
/// The server counts messages that the cache lacks. So two numbers are stored: the count that is shown, and how many of
/// these the cache lacks. The second is negative when the server counts fewer than the cache holds.
struct UnreadCountTable {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var listed: ListedMessages { ListedMessages(database: database, me: me) }

    /// Stores the server's counts.
    ///
    /// - Parameters:
    ///   - counts: by sender; a conversation that is missing has nothing unread.
    ///   - unsettled: conversations that received something while the server answered. Their counts can only rise.
    ///   - untold: conversations whose read marks are about to be reported. Their counts stay.
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
            // The server still counts what was read here and has not been reported. When it counts more than that, or
            // the cache lacks some of the messages, another device may have read these, and everything it counts may be
            // new.
            let mayBeMissing = row.isNewerListed || row.notCached > 0
            if cached > 0, count == row.untold + cached, !mayBeMissing { count -= row.untold }
            // The mark that covers all these is about to be reported.
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
        /// How many were read here and not yet reported, as far as is known.
        let untold: Int
        let isNewerListed: Bool
    }

    /// Whether the server has, or may have, something that the person has not read here.
    func hasUnseen(_ peer: UserID) throws(SQLiteError) -> Bool {
        if try listed.isNewer(of: peer) { return true }
        let unread = try counts(of: peer)
        return unread.all > 0 || unread.notCached != 0
    }

    /// The newest unread message in the cache, for each conversation that has one.
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

    /// The largest count that is believed, so that sums cannot overflow.
    private static let unreadMax = 1_000_000_000

    /// Marks everything in the cache as read, because the server counts nothing: another device has read it, or it is
    /// gone. When the server counts some, nobody knows which messages they are, and nothing is marked.
    private func readAll(of peer: UserID) throws(SQLiteError) {
        try database.run(
            "UPDATE messages SET state = 1 WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?",
            peer.rawValue, me.rawValue)
    }

    /// The count that is shown, and how many of these messages the cache lacks. The difference is the number of unread
    /// messages in the cache.
    func counts(of peer: UserID) throws(SQLiteError) -> (all: Int, notCached: Int) {
        try database.first(
            "SELECT unread, unread_not_cached FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }

    /// Counts a new message, unless the server's count has included it already.
    ///
    /// - Parameter isLate: whether the server may have counted the message before it arrived here.
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

    /// Subtracts messages that are read or gone, unless the server's count had already left them out.
    func remove(_ count: Int, _ peer: UserID) throws(SQLiteError) {
        let known = try counts(of: peer)
        let cached = known.all - known.notCached - count
        let unread = max(0, known.all - max(0, count + min(0, known.notCached)))
        try database.run(
            "UPDATE conversations SET unread = ?, unread_not_cached = ? WHERE peer_id = ?", unread,
            unread - cached, peer.rawValue)
    }

    /// The count that is shown, and the first unread message in the cache.
    func shown(of peer: UserID) throws(SQLiteError) -> (count: Int, first: RowID?) {
        let unread = try counts(of: peer)
        guard unread.all > 0 else { return (0, nil) }
        // When the server counts fewer than the cache holds, another device has read some: the oldest, as people read
        // in order.
        let first = try database.first(
            """
            SELECT row_id FROM messages WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?
            ORDER BY position LIMIT 1 OFFSET ?
            """, peer.rawValue, me.rawValue, max(0, -unread.notCached)
        ) { RowID($0.int64(0)) }
        return (unread.all, first)
    }
}
