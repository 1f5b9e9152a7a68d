import ChatSQLite
import ChatWire

extension ChatStore {
    func delete(_ id: MessageID, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run("INSERT OR IGNORE INTO tombstones (server_id) VALUES (?)", id.rawValue)
        try database.run("DELETE FROM pending_deletions WHERE server_id = ?", id.rawValue)
        guard let stored = try storedRow(id) else { return }
        try database.run("DELETE FROM messages WHERE row_id = ?", stored.row.rawValue)
        if stored.state == .receivedUnread { try uncountUnread(1, stored.peer) }
        effects.touch(stored.peer)
    }

    func deleteConversation(_ peer: UserID, _ effects: inout StoreEffects) throws(SQLiteError) {
        let newest = try database.first(
            "SELECT max(position) FROM messages WHERE peer_id = ? AND position < ?", peer.rawValue,
            TimelinePosition.firstUnsent
        ) { $0.int64(0) } ?? 0
        try ensureConversation(peer)
        try database.run(
            "DELETE FROM messages WHERE peer_id = ? AND position <= ?", peer.rawValue, newest)
        try database.run("DELETE FROM gaps WHERE peer_id = ?", peer.rawValue)
        try database.run("DELETE FROM pending_deletions WHERE peer_id = ?", peer.rawValue)
        try database.run(
            """
            UPDATE conversations SET cleared_to = max(cleared_to, ?), unread = 0, unread_not_cached = 0,
                read_is_pending = 0, server_preview = NULL, server_time = NULL WHERE peer_id = ?
            """, newest, peer.rawValue)
        effects.touch(peer)
    }
}
