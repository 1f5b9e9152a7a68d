import ChatSQLite
import ChatWire
import Glibc

/// Takes over another cache of the same person, who has another user id since the server's database was made anew.
struct CacheInheritance {
    let database: Database
    let me: UserID
    private var outbox: OutboxTable { OutboxTable(database: database, me: me) }
    private var former: FormerHistories { FormerHistories(database: database, me: me) }
    private var meta: MetaTable { MetaTable(database: database) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }

    /// Takes over what another cache of the same person holds. Its messages become those of a former server, its unsent
    /// messages are held, and its drafts continue. The other cache stays as it is. Each cache is taken over only once.
    ///
    /// - Parameters:
    ///   - path: the database of the other cache.
    ///   - formerID: the person's user id in it.
    /// - Returns: nil when there is nothing to take over.
    func takeOver(from path: String, of formerID: UserID) throws(SQLiteError) -> HistorySetAside? {
        guard formerID != me, try meta.number(.inheritedFrom) != formerID.rawValue, access(path, F_OK) == 0
        else { return nil }
        // Opening it migrates its schema. A failure changes nothing in this cache.
        _ = try ChatStore(path: path, me: formerID)
        try database.execute("ATTACH DATABASE \(Self.quoted(path)) AS other")
        defer { try? database.execute("DETACH DATABASE other") }
        return try database.transaction { () throws(SQLiteError) in
            let era = try former.nextEra()
            try inheritPeople(era)
            try inheritMessages(era, formerID)
            let held = try inheritUnsent(era)
            try database.run(
                """
                UPDATE conversations SET draft = (
                    SELECT o.draft FROM other.conversations o WHERE o.peer_id = abs(conversations.peer_id))
                WHERE draft IS NULL
                """)
            try meta.set(.inheritedFrom, to: formerID.rawValue)
            try conversations.refreshLastRows()
            return HistorySetAside(reason: .otherAccount, held: held)
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// The person of a conversation. Somebody whose former user id is now the person's own gets a negative one.
    private static let peer = "CASE peer_id WHEN ?1 THEN -peer_id ELSE peer_id END"

    private func inheritPeople(_ era: Int64) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO former_servers (era, reason, account_email)
            VALUES (?, ?, (SELECT value FROM other.meta WHERE key = 'account_email'))
            """, era, FormerServerReason.otherAccount.rawValue)
        try database.run(
            """
            INSERT OR IGNORE INTO former_people (user_id, era, shown_name, name, email)
            SELECT CASE user_id WHEN ?1 THEN -user_id ELSE user_id END, ?2, coalesce(contact_name, name), name,
                email
            FROM other.people
            UNION ALL
            SELECT CASE user_id WHEN ?1 THEN -user_id ELSE user_id END, ?2, shown_name, name, email
            FROM (SELECT * FROM other.former_people ORDER BY era DESC)
            """, me.rawValue, era)
    }

    private func inheritMessages(_ era: Int64, _ formerID: UserID) throws(SQLiteError) {
        try database.run(
            """
            INSERT OR IGNORE INTO conversations (peer_id)
            SELECT DISTINCT \(Self.peer) FROM other.messages
            UNION SELECT \(Self.peer) FROM other.conversations WHERE draft IS NOT NULL
            """, me.rawValue)
        try database.run(
            """
            INSERT OR IGNORE INTO messages (peer_id, position, sender_id, temp_id, content, created_at, state,
                \(MessageTable.inheritedColumns), former_id, former)
            SELECT \(Self.peer), ?2 + row_number() OVER (ORDER BY position),
                CASE sender_id WHEN ?3 THEN ?1 WHEN ?1 THEN -sender_id ELSE sender_id END, temp_id, content,
                created_at, (state & 15) + ?4, \(MessageTable.inheritedColumns),
                coalesce(server_id, former_id), ?5
            FROM other.messages WHERE server_id IS NOT NULL OR former IS NOT NULL
            """, me.rawValue, FormerHistories.position(era), formerID.rawValue, StoredState.former, era)
    }

    private func inheritUnsent(_ era: Int64) throws(SQLiteError) -> Int {
        let first = try outbox.nextSequence() - 1
        try database.run(
            """
            INSERT OR IGNORE INTO messages (peer_id, position, sender_id, temp_id, content, created_at, state)
            SELECT \(Self.peer), ?2 + row_number() OVER (ORDER BY position), ?1, temp_id, content, created_at, ?3
            FROM other.messages
            WHERE row_id IN (SELECT row_id FROM other.outbox WHERE NOT is_cancelled)
            """, me.rawValue, TimelinePosition(unsent: first).rawValue, StoredState.unsent.rawValue)
        try database.run(
            """
            INSERT OR IGNORE INTO outbox (sequence, row_id, peer_id, temp_id, state, entered_at, failure, hold, era)
            SELECT m.position - ?1, m.row_id, m.peer_id, m.temp_id,
                CASE o.state WHEN ?2 THEN ?2 ELSE ?3 END, o.entered_at, o.failure, ?4, ?5
            FROM other.outbox o JOIN messages m ON m.temp_id = o.temp_id AND m.sender_id = ?6
            WHERE m.state = ?7 ORDER BY m.position
            """, TimelinePosition.firstUnsent, OutboxState.failed.rawValue, OutboxState.held.rawValue,
            HeldReason.formerServer.rawValue, era, me.rawValue, StoredState.unsent.rawValue)
        return database.changes
    }
}
