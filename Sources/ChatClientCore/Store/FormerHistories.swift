import ChatSQLite
import ChatWire

/// What setting a history aside has done.
struct HistorySetAside: Equatable, Sendable {
    let reason: FormerServerReason
    /// How many unsent messages now wait for a decision of the person.
    let held: Int
}

/// The histories of former servers.
///
/// A cache belongs to one account on one database of one server. When there is evidence of another database, or of an
/// older copy of the same one, everything that the server had confirmed is set aside in one commit. It stays readable
/// above the conversation, but loses its ids, so that no id, mark or deletion of one history touches the other. When
/// the server shows a message that was set aside (the same id, sender, text and time), its row returns to its place.
struct FormerHistories {
    let database: Database
    let me: UserID
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var meta: MetaTable { MetaTable(database: database) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    private var gone: GoneMessages { GoneMessages(database: database, me: me) }
    private var outbox: OutboxTable { OutboxTable(database: database, me: me) }
    private var searchIndex: SearchIndex { SearchIndex(database: database) }

    // MARK: Setting aside

    /// Sets aside everything that the server had confirmed and holds what is unsent, in one commit.
    func setAside(_ reason: FormerServerReason) throws(SQLiteError) -> HistorySetAside {
        try database.transaction { () throws(SQLiteError) in try moveAside(reason) }
    }

    /// The same, as part of a transaction.
    func moveAside(_ reason: FormerServerReason) throws(SQLiteError) -> HistorySetAside {
        let era = try nextEra()
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
        // The index refers to messages by their ids, so it is built again.
        try searchIndex.clear()
        try moveMessagesAside(era)
        let held = try outbox.holdAll(since: era)
        try forgetMarks()
        return HistorySetAside(reason: reason, held: held)
    }

    /// The era of the next history that is set aside; eras count from 1.
    func nextEra() throws(SQLiteError) -> Int64 {
        (try database.first("SELECT max(era) FROM former_servers") { $0.int64(0) } ?? 0) + 1
    }

    /// Moves messages above the present history. Later eras come after earlier ones.
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

    /// The position before the first message of an era. Each era has room for 2^32 messages.
    static func position(_ era: Int64) -> Int64 {
        -TimelinePosition.firstUnsent + (min(era, 1 << 29) << 32)
    }

    /// Forgets everything that refers to ids of the former server.
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
        try conversations.refreshLastRows()
    }

    // MARK: Returning

    /// The row of a former history that is the same message: the same id, people, text and time.
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

    /// Returns a row to the present history: the server has its message. The row takes the state that the server
    /// reports.
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
        try messages.restore(row, as: message, state: state)
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

    /// Why the last history was set aside. A server that merely lacks messages has gone back.
    func reason() throws(SQLiteError) -> FormerServerReason {
        let reason = try database.first("SELECT reason FROM former_servers ORDER BY era DESC LIMIT 1") {
            FormerServerReason(rawValue: $0.int64(0))
        }
        return (reason ?? nil) ?? .wentBack
    }

    /// Removes a message of a former server from this device.
    ///
    /// - Returns: the conversation; nil when the row is not such a message.
    func remove(_ row: RowID) throws(SQLiteError) -> UserID? {
        try database.transaction { () throws(SQLiteError) in
            let peer = try database.first(
                "SELECT peer_id FROM messages WHERE row_id = ? AND former IS NOT NULL", row.rawValue
            ) { UserID($0.int64(0)) }
            guard let peer else { return nil }
            try messages.delete(row)
            try conversations.refreshLastRow(peer)
            return peer
        }
    }

    /// Removes messages of former servers from this device.
    ///
    /// - Parameters:
    ///   - peer: only those of this conversation; nil for all conversations.
    ///   - time: only those that are older; nil for any age.
    /// - Returns: how many were removed.
    func forget(with peer: UserID?, olderThan time: Timestamp?) throws(SQLiteError) -> Int {
        try database.transaction { () throws(SQLiteError) in
            try gone.forget(with: peer)
            try database.run(
                """
                DELETE FROM messages WHERE former IS NOT NULL AND (?1 IS NULL OR peer_id = ?1)
                    AND (?2 IS NULL OR created_at < ?2)
                """, peer?.rawValue, time?.microseconds)
            let count = database.changes
            if count > 0 { try conversations.refreshLastRows() }
            return count
        }
    }
}
