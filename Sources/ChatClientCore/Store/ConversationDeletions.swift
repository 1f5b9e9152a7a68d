import ChatSQLite
import ChatWire

/// Deleted conversations, and deletions of conversations that have yet to be reported to the server.
struct ConversationDeletions {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var gone: GoneMessages { GoneMessages(database: database, me: me) }

    /// Deletes the messages of a conversation up to an id (nil: the newest) and keeps late copies of them out.
    func delete(
        _ peer: UserID, upTo id: MessageID?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let bound = try clear(peer, upTo: id, &effects)
        try database.run(
            "DELETE FROM pending_deletions WHERE peer_id = ? AND server_id <= ?", peer.rawValue, bound)
    }

    /// Deletes the messages here. Their own deletions stay queued for the server.
    ///
    /// - Returns: the position up to which they were deleted.
    private func clear(
        _ peer: UserID, upTo id: MessageID?, _ effects: inout StoreEffects
    ) throws(SQLiteError) -> Int64 {
        let newest =
            try database.first(
                "SELECT max(position) FROM messages WHERE peer_id = ? AND position < ?", peer.rawValue,
                TimelinePosition.firstUnsent
            ) { $0.int64(0) } ?? 0
        let bound = min(id?.rawValue ?? newest, TimelinePosition.firstUnsent - 1)
        try conversations.ensure(peer)
        try database.run(
            "DELETE FROM messages WHERE peer_id = ? AND position BETWEEN 1 AND ?", peer.rawValue, bound)
        try gone.forget(with: peer, upTo: MessageID(bound))
        try database.run("DELETE FROM gaps WHERE peer_id = ? AND before_id <= ?", peer.rawValue, bound)
        try database.run(
            """
            UPDATE conversations SET cleared_to = max(cleared_to, ?1), unread_not_cached = 0,
                server_preview = NULL, server_time = NULL,
                unread = (
                    SELECT count(*) FROM messages
                    WHERE peer_id = ?2 AND state IN (0, 2, 3) AND sender_id <> ?3)
            WHERE peer_id = ?2
            """, bound, peer.rawValue, me.rawValue)
        effects.touch(peer)
        return bound
    }

    // MARK: Deleted here

    /// Deletes a conversation here and queues the deletion for the server, with the number of messages that are unread
    /// now. Unsent messages stay.
    func enter(_ peer: UserID) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try conversations.ensure(peer)
            // The server counts ids over all conversations, so every id above this one is new.
            let bound = try messages.newestID()
            try database.run(
                """
                INSERT INTO pending_conversation_deletions (peer_id, up_to, known_time, cleared_before, unread)
                SELECT ?1, ?2, max(coalesce(c.server_time, 0), coalesce((
                        SELECT m.created_at FROM messages m WHERE m.peer_id = ?1 AND m.position <= ?2
                        ORDER BY m.position DESC LIMIT 1), 0)), cleared_to, c.unread
                FROM conversations c WHERE peer_id = ?1
                ON CONFLICT (peer_id) DO UPDATE SET up_to = excluded.up_to,
                    known_time = max(known_time, excluded.known_time), unread = max(unread, excluded.unread)
                """, peer.rawValue, bound.rawValue)
            var effects = StoreEffects()
            // The server may not carry this deletion out: those of single messages wait until it has.
            _ = try clear(peer, upTo: bound, &effects)
            try database.run(
                "DELETE FROM messages WHERE peer_id = ? AND former IS NOT NULL", peer.rawValue)
            try conversations.refreshLastRow(peer)
        }
    }

    /// The conversations whose deletion has yet to be reported to the server.
    func pending() throws(SQLiteError) -> [UserID] {
        try database.rows("SELECT peer_id FROM pending_conversation_deletions ORDER BY peer_id") {
            UserID($0.int64(0))
        }
    }

    /// Whether the conversation has continued since it was deleted here, as far as the cache and the server's list say.
    /// An attempt to send counts too. The server would delete what came since.
    func hasNews(of peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT c.unread > d.unread OR c.server_time IS NOT NULL OR EXISTS (
                SELECT 1 FROM messages m LEFT JOIN outbox o USING (row_id)
                WHERE m.peer_id = c.peer_id AND m.position > d.up_to
                    AND (o.state IS NULL OR o.state = ?2 AND NOT o.is_cancelled))
            FROM pending_conversation_deletions d JOIN conversations c USING (peer_id) WHERE d.peer_id = ?1
            """, peer.rawValue, OutboxState.attempted.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// Whether the newest message in the server's list belongs to a conversation that was deleted here without the
    /// server knowing.
    func isPending(of peer: UserID, at time: Timestamp) throws(SQLiteError) -> Bool {
        // The list has whole seconds.
        try database.first(
            "SELECT known_time / 1000000 >= ? FROM pending_conversation_deletions WHERE peer_id = ?",
            time.seconds, peer.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// Ends a deletion that the server has carried out. Nothing that was unread then is unread now.
    func wasCarriedOut(_ peer: UserID) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            let bound = try database.first(
                "SELECT up_to FROM pending_conversation_deletions WHERE peer_id = ?", peer.rawValue
            ) { MessageID($0.int64(0)) }
            guard let bound else { return }
            var effects = StoreEffects()
            try delete(peer, upTo: bound, &effects)
            try conversations.refreshLastRow(peer)
            try forget(peer)
        }
    }

    /// Removes a deletion from the queue: the server has carried it out, or will not be asked to.
    func forget(_ peer: UserID) throws(SQLiteError) {
        try database.run("DELETE FROM pending_conversation_deletions WHERE peer_id = ?", peer.rawValue)
    }

    /// Takes back a deletion that the server will not carry out. Its messages return when they are fetched again.
    func takeBack(of peer: UserID) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try database.run(
                """
                UPDATE conversations SET contiguous_to = NULL, fetched_limit = 0, cleared_to = (
                    SELECT cleared_before FROM pending_conversation_deletions d
                    WHERE d.peer_id = conversations.peer_id)
                WHERE peer_id = ? AND EXISTS (
                    SELECT 1 FROM pending_conversation_deletions d WHERE d.peer_id = conversations.peer_id)
                """, peer.rawValue)
            try forget(peer)
        }
    }
}
