import ChatSQLite
import ChatWire

extension ChatStore {
    /// Takes a message out of the cache, and keeps late copies of it out.
    ///
    /// - Parameter isDoubtful: nobody said so, a page did not show it; one that shows it is right again.
    func delete(
        _ id: MessageID, _ effects: inout StoreEffects, isDoubtful: Bool = false
    ) throws(SQLiteError) {
        try entomb(id, isDoubtful: isDoubtful)
        try database.run("DELETE FROM pending_deletions WHERE server_id = ?", id.rawValue)
        guard let stored = try storedRow(id) else { return }
        try database.run("DELETE FROM messages WHERE row_id = ?", stored.row.rawValue)
        if stored.state == .receivedUnread { try uncountUnread(1, stored.peer) }
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
    func forgetDoubtfulDeletion(of id: MessageID) throws(SQLiteError) {
        try database.run("DELETE FROM tombstones WHERE server_id = ? AND is_doubtful", id.rawValue)
    }

    func deleteConversation(
        _ peer: UserID, upTo id: MessageID?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let newest =
            try database.first(
                "SELECT max(position) FROM messages WHERE peer_id = ? AND position < ?", peer.rawValue,
                TimelinePosition.firstUnsent
            ) { $0.int64(0) } ?? 0
        let bound = min(id?.rawValue ?? newest, TimelinePosition.firstUnsent - 1)
        try ensureConversation(peer)
        try database.run(
            "DELETE FROM messages WHERE peer_id = ? AND position BETWEEN 1 AND ?", peer.rawValue, bound)
        try forgetMissing(with: peer, upTo: MessageID(bound))
        try database.run("DELETE FROM gaps WHERE peer_id = ? AND before_id <= ?", peer.rawValue, bound)
        try database.run(
            "DELETE FROM pending_deletions WHERE peer_id = ? AND server_id <= ?", peer.rawValue, bound)
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
    }
}
