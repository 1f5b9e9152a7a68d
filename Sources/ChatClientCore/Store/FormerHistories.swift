import ChatSQLite
import ChatWire

/// What was set aside.
struct HistorySetAside: Equatable, Sendable {
    let reason: FormerServerReason
    /// Unsent messages that wait for the person's word by now.
    let held: Int
}

/// The histories of former servers.
///
/// A cache belongs to one account on one database of one server. When there is evidence that the server is another one,
/// or an older copy of itself, everything that it had confirmed is moved aside in one commit: it stays readable, above
/// the conversation, without its numbers, so that no number, mark or deletion of the one touches the other. What the
/// server then shows to have after all (the same number, sender, text and time) takes its place again.
struct FormerHistories {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    private var gone: GoneMessages { GoneMessages(database: database, me: me) }
    private var outbox: OutboxTable { OutboxTable(database: database, me: me) }
    private var searchIndex: SearchIndex { SearchIndex(database: database) }

    /// Moves everything that the server had confirmed aside, and holds what is unsent, in one commit.
    func setAside(_ reason: FormerServerReason) throws(SQLiteError) -> HistorySetAside {
        try database.transaction { () throws(SQLiteError) in try moveAside(reason) }
    }

    /// The same as part of a transaction.
    func moveAside(_ reason: FormerServerReason) throws(SQLiteError) -> HistorySetAside {
        let era = (try database.first("SELECT max(era) FROM former_servers") { $0.int64(0) } ?? 0) + 1
        try database.run(
            "INSERT INTO former_servers (era, reason, account_email) VALUES (?, ?, ?)", era, reason.rawValue,
            try meta.text(.accountEmail))
        try database.run(
            """
            INSERT INTO former_people (user_id, era, shown_name, name, email)
            SELECT user_id, ?, coalesce(contact_name, name), name, email FROM people
            """, era)
        try database.run(
            """
            INSERT OR IGNORE INTO messages
                (peer_id, position, server_id, sender_id, temp_id, content, created_at, state, sent_elsewhere)
            SELECT peer_id, server_id, server_id, sender_id, temp_id, content, created_at, state, sent_elsewhere
            FROM missing_messages WHERE content IS NOT NULL
            """)
        // The index is made anew: it knows messages by their numbers.
        try searchIndex.clear()
        try moveMessagesAside(era)
        let held = try outbox.holdAll(since: era)
        try forgetMarks()
        return HistorySetAside(reason: reason, held: held)
    }

    /// Former histories stand above the present one, the latest last.
    private func moveMessagesAside(_ era: Int64) throws(SQLiteError) {
        try database.run(
            """
            UPDATE messages SET former_id = server_id, former = ?1, server_id = NULL, state = state + ?2,
                position = ?3 + r.place
            FROM (
                SELECT row_id, row_number() OVER (ORDER BY position) AS place FROM messages
                WHERE server_id IS NOT NULL) AS r
            WHERE r.row_id = messages.row_id
            """, era, StoredState.former, Self.position(era))
    }

    /// Each history has room for four thousand million messages.
    static func position(_ era: Int64) -> Int64 {
        -TimelinePosition.firstUnsent + (min(era, 1 << 29) << 32)
    }

    private func forgetMarks() throws(SQLiteError) {
        for table in [
            "people", "gaps", "tombstones", "pending_deletions", "pending_conversation_deletions",
            "contact_wishes", "missing_messages",
        ] {
            try database.run("DELETE FROM \(table)")
        }
        try database.run(
            """
            UPDATE conversations SET server_preview = NULL, server_time = NULL, unread = 0,
                unread_not_cached = 0, read_to = 0, read_is_pending = 0, peer_read_to = 0,
                peer_delivered_to = 0, cleared_to = 0, contiguous_to = NULL, fetched_limit = 0,
                short_at = NULL, short_since = NULL
            """)
        try meta.set(.cursor, to: nil)
        try meta.set(.streamIsWhole, to: nil)
        try meta.set(.epoch, to: nil)
        let peers = try database.rows("SELECT peer_id FROM conversations") { UserID($0.int64(0)) }
        for peer in peers { try conversations.refreshLastRow(peer) }
    }

    // MARK: Back

    /// The message of a former server that `message` is, by its number, its people, its text and its time.
    func row(of message: Message, with peer: UserID) throws(SQLiteError) -> RowID? {
        try database.rows(
            """
            SELECT row_id, content, created_at FROM messages
            WHERE former_id = ? AND sender_id = ? AND peer_id = ? ORDER BY former DESC
            """, message.id.rawValue, message.senderID.rawValue, peer.rawValue
        ) {
            let known = KnownMessage(
                sender: message.senderID, peer: peer, content: $0.string(1),
                time: Timestamp(microseconds: $0.int64(2)))
            return known.isSame(as: message, with: peer) ? RowID($0.int64(0)) : nil
        }.compactMap { $0 }.first
    }

    /// The server has a message of the former history: its row takes its place again, with what the server says.
    func takeBack(
        _ row: RowID, as message: Message, isRead: Bool, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let isMine = message.senderID == me
        let waiting = try database.first("SELECT temp_id FROM outbox WHERE row_id = ?", row.rawValue) {
            TempID($0.string(0))
        }
        if let waiting {
            try database.run("DELETE FROM outbox WHERE row_id = ?", row.rawValue)
            effects.confirmed.append(waiting)
        }
        let state =
            isMine
            ? StoredState(own: message.status, isRead: message.isRead)
            : message.isRead || isRead ? .receivedRead : .receivedUnread
        try database.run(
            """
            UPDATE messages SET server_id = ?1, position = ?1, former_id = NULL, former = NULL, state = ?2,
                created_at = ?3, delivered_at = NULL, read_at = NULL
            WHERE row_id = ?4
            """, message.id.rawValue, state.rawValue, message.createdAt.microseconds, row.rawValue)
        if state == .receivedUnread { try unreadCounts.add(peer, isLate: true) }
        effects.touch(peer)
    }

    // MARK: Reading and forgetting

    /// Whether a conversation holds messages of a former server.
    func hasMessages(with peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            "SELECT EXISTS (SELECT 1 FROM messages WHERE peer_id = ? AND position <= 0)", peer.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// How many messages of former servers the cache holds.
    func count() throws(SQLiteError) -> Int {
        try database.first("SELECT count(*) FROM messages WHERE former IS NOT NULL") { $0.int(0) } ?? 0
    }

    /// Why the history before is of a former server. Where a server only lacks messages it has gone back.
    func reason() throws(SQLiteError) -> FormerServerReason {
        let reason = try database.first("SELECT reason FROM former_servers ORDER BY era DESC LIMIT 1") {
            FormerServerReason(rawValue: $0.int64(0))
        }
        return (reason ?? nil) ?? .wentBack
    }

    /// Removes a message of a former server from this machine. Nil when the row is no such message.
    func remove(_ row: RowID) throws(SQLiteError) -> UserID? {
        try database.transaction { () throws(SQLiteError) in
            let peer = try database.first(
                "SELECT peer_id FROM messages WHERE row_id = ? AND former IS NOT NULL", row.rawValue
            ) { UserID($0.int64(0)) }
            guard let peer else { return nil }
            try database.run("DELETE FROM messages WHERE row_id = ?", row.rawValue)
            try conversations.refreshLastRow(peer)
            return peer
        }
    }

    /// Removes messages of former servers from this machine, of one person, older than a time, or both.
    func forget(with peer: UserID?, olderThan time: Timestamp?) throws(SQLiteError) -> Int {
        try database.transaction { () throws(SQLiteError) in
            try gone.forget(with: peer)
            try database.run(
                """
                DELETE FROM messages WHERE former IS NOT NULL AND (?1 IS NULL OR peer_id = ?1)
                    AND (?2 IS NULL OR created_at < ?2)
                """, peer?.rawValue, time?.microseconds)
            let count = database.changes
            let peers = try database.rows("SELECT peer_id FROM conversations") { UserID($0.int64(0)) }
            if count > 0 { for peer in peers { try conversations.refreshLastRow(peer) } }
            return count
        }
    }
}
