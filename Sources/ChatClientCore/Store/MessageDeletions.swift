import ChatSQLite
import ChatWire

/// Deleted messages: tombstones, and deletions that have yet to be reported to the server.
struct MessageDeletions {
    let database: Database
    let me: UserID
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }

    /// Removes a message from the cache and keeps late copies of it out.
    ///
    /// - Parameter isDoubtful: true when the only evidence is a page that lacks the message. A page that shows it
    ///   undoes the deletion.
    func delete(
        _ id: MessageID, _ effects: inout StoreEffects, isDoubtful: Bool = false
    ) throws(SQLiteError) {
        try entomb(id, isDoubtful: isDoubtful)
        try database.run("DELETE FROM pending_deletions WHERE server_id = ?", id.rawValue)
        guard let stored = try messages.storedRow(id) else { return }
        try messages.delete(stored.row)
        if stored.state == .receivedUnread { try unreadCounts.remove(1, stored.peer) }
        effects.touch(stored.peer)
    }

    /// Stores a tombstone. Once somebody has reported the deletion, it is no longer doubtful.
    func entomb(_ id: MessageID, isDoubtful: Bool = false) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO tombstones (server_id, is_doubtful) VALUES (?, ?)
            ON CONFLICT (server_id) DO UPDATE SET is_doubtful = min(is_doubtful, excluded.is_doubtful)
            """, id.rawValue, isDoubtful)
    }

    /// Removes a doubtful tombstone: a page shows the message after all.
    func forgetDoubtful(of id: MessageID) throws(SQLiteError) {
        try database.run("DELETE FROM tombstones WHERE server_id = ? AND is_doubtful", id.rawValue)
    }

    // MARK: Deleted here

    /// Deletes an own sent message here and queues the deletion for the server.
    ///
    /// - Returns: the conversation; nil when the row is not an own sent message.
    func deleteSent(_ row: RowID) throws(SQLiteError) -> UserID? {
        try database.transaction { () throws(SQLiteError) in
            let found = try database.first(
                "SELECT server_id, peer_id FROM messages WHERE row_id = ? AND sender_id = ?", row.rawValue,
                me.rawValue
            ) { ($0.optionalInt64(0), UserID($0.int64(1))) }
            guard let (id, peer) = found, let id else { return nil }
            try request(MessageID(id), with: peer)
            try messages.delete(row)
            try conversations.refreshLastRow(peer)
            return peer
        }
    }

    /// Queues a deletion for the server and keeps late copies of the message out.
    func request(_ id: MessageID, with peer: UserID) throws(SQLiteError) {
        try entomb(id)
        try database.run(
            "INSERT OR IGNORE INTO pending_deletions (server_id, peer_id) VALUES (?, ?)", id.rawValue,
            peer.rawValue)
    }

    /// The deletions that have yet to be reported to the server.
    func pending() throws(SQLiteError) -> [MessageID] {
        try database.rows("SELECT server_id FROM pending_deletions ORDER BY server_id") {
            MessageID($0.int64(0))
        }
    }

    /// Removes a deletion from the queue: the server knows of it.
    func wasTold(_ id: MessageID) throws(SQLiteError) {
        try database.run("DELETE FROM pending_deletions WHERE server_id = ?", id.rawValue)
    }

    // MARK: Tombstones

    /// Deletes all but the newest `kept` tombstones. No late copy of a message is as old as the others.
    func pruneTombstones(keeping kept: Int) throws(SQLiteError) {
        try database.run(
            """
            DELETE FROM tombstones WHERE server_id <= (
                SELECT server_id FROM tombstones ORDER BY server_id DESC LIMIT 1 OFFSET ?)
            """, kept)
    }
}
