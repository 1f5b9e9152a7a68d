import ChatSQLite
import ChatWire

/// Deleted messages: tombstones, and deletions of which the server has not been told.
struct MessageDeletions {
    let database: Database
    let me: UserID
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }

    /// Takes a message out of the cache, and keeps late copies of it out.
    ///
    /// - Parameter isDoubtful: nobody said so, a page did not show it; one that shows it is right again.
    func delete(
        _ id: MessageID, _ effects: inout StoreEffects, isDoubtful: Bool = false
    ) throws(SQLiteError) {
        try entomb(id, isDoubtful: isDoubtful)
        try database.run("DELETE FROM pending_deletions WHERE server_id = ?", id.rawValue)
        guard let stored = try messages.storedRow(id) else { return }
        try database.run("DELETE FROM messages WHERE row_id = ?", stored.row.rawValue)
        if stored.state == .receivedUnread { try unreadCounts.remove(1, stored.peer) }
        effects.touch(stored.peer)
    }

    /// Remembers that a message is deleted. Once somebody has said so it is not doubtful any more.
    func entomb(_ id: MessageID, isDoubtful: Bool = false) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO tombstones (server_id, is_doubtful) VALUES (?, ?)
            ON CONFLICT (server_id) DO UPDATE SET is_doubtful = min(is_doubtful, excluded.is_doubtful)
            """, id.rawValue, isDoubtful)
    }

    /// A page shows a message that was taken for deleted because another page did not.
    func forgetDoubtful(of id: MessageID) throws(SQLiteError) {
        try database.run("DELETE FROM tombstones WHERE server_id = ? AND is_doubtful", id.rawValue)
    }

    // MARK: Deleted here

    /// Deletes an own sent message here, for the server to be told. False when the row is no such message.
    func deleteSent(_ row: RowID) throws(SQLiteError) -> UserID? {
        try database.transaction { () throws(SQLiteError) in
            let found = try database.first(
                "SELECT server_id, peer_id FROM messages WHERE row_id = ? AND sender_id = ?", row.rawValue,
                me.rawValue
            ) { ($0.optionalInt64(0), UserID($0.int64(1))) }
            guard let (id, peer) = found, let id else { return nil }
            try database.run(
                "INSERT OR IGNORE INTO pending_deletions (server_id, peer_id) VALUES (?, ?)", id,
                peer.rawValue)
            try entomb(MessageID(id))
            try database.run("DELETE FROM messages WHERE row_id = ?", row.rawValue)
            try conversations.refreshLastRow(peer)
            return peer
        }
    }

    /// Own messages deleted here that the server has not been told of.
    func pending() throws(SQLiteError) -> [MessageID] {
        try database.rows("SELECT server_id FROM pending_deletions ORDER BY server_id") {
            MessageID($0.int64(0))
        }
    }

    /// Forgets a deletion that the server knows of by now.
    func wasTold(_ id: MessageID) throws(SQLiteError) {
        try database.run("DELETE FROM pending_deletions WHERE server_id = ?", id.rawValue)
    }

    // MARK: Tombstones

    /// Forgets the oldest deletions beyond a number that no late copy of a message reaches back to.
    func pruneTombstones(keeping kept: Int) throws(SQLiteError) {
        try database.run(
            """
            DELETE FROM tombstones WHERE server_id <= (
                SELECT server_id FROM tombstones ORDER BY server_id DESC LIMIT 1 OFFSET ?)
            """, kept)
    }
}
