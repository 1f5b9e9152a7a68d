import ChatSQLite
import ChatWire

/// Removes the oldest messages from the cache.
struct CachePruning {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }

    /// The number of newest messages per conversation that limits never remove: what the list and the first page show.
    static let prunedNever = 50

    /// Removes the oldest messages, at most `limit`, in one commit. Unread and unsent messages stay.
    ///
    /// - Parameters:
    ///   - time: only messages older than this; nil for any age.
    ///   - peer: only messages of this conversation; nil for all conversations.
    ///   - kept: the number of newest messages per conversation that stay.
    /// - Returns: how many were removed; fewer than `limit` when no more could be.
    func prune(
        olderThan time: Timestamp?, of peer: UserID? = nil, keepingNewest kept: Int = prunedNever, limit: Int
    ) throws(SQLiteError) -> Int {
        try database.transaction { () throws(SQLiteError) in
            var left = limit
            let peers: [UserID]
            if let peer { peers = [peer] } else { peers = try peersByOldest(keepingNewest: kept) }
            for peer in peers where left > 0 {
                let bound = try pruningBound(of: peer, olderThan: time, keepingNewest: kept)
                left -= try prune(peer, below: bound, limit: left)
            }
            return limit - left
        }
    }

    /// The conversations with more than `kept` messages, the one with the oldest message first.
    private func peersByOldest(keepingNewest kept: Int) throws(SQLiteError) -> [UserID] {
        try database.rows(
            """
            SELECT c.peer_id FROM conversations c JOIN messages m ON m.peer_id = c.peer_id AND m.position = (
                SELECT min(position) FROM messages WHERE peer_id = c.peer_id)
            WHERE EXISTS (
                SELECT 1 FROM messages WHERE peer_id = c.peer_id ORDER BY position DESC LIMIT 1 OFFSET ?)
            ORDER BY m.created_at
            """, kept
        ) { UserID($0.int64(0)) }
    }

    /// The lowest position that stays.
    private func pruningBound(
        of peer: UserID, olderThan time: Timestamp?, keepingNewest kept: Int
    ) throws(SQLiteError) -> Int64 {
        var bound = TimelinePosition.firstUnsent
        if kept > 0 {
            let newest = try database.first(
                """
                SELECT position FROM messages WHERE peer_id = ? AND position < ?
                ORDER BY position DESC LIMIT 1 OFFSET ?
                """, peer.rawValue, TimelinePosition.firstUnsent, kept - 1
            ) { $0.int64(0) }
            bound = newest ?? 0
        }
        let unread = try database.first(
            """
            SELECT min(position) FROM messages WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?
            """, peer.rawValue, me.rawValue
        ) { $0.optionalInt64(0) }
        if let unread = unread ?? nil { bound = min(bound, unread) }
        if let time { bound = min(bound, try messages.firstPosition(of: peer, at: time)) }
        return bound
    }

    /// Removes the oldest sent messages of a conversation and leaves a gap in their place.
    private func prune(_ peer: UserID, below bound: Int64, limit: Int) throws(SQLiteError) -> Int {
        let last = try database.first(
            """
            SELECT max(position), count(*) FROM (
                SELECT position FROM messages WHERE peer_id = ? AND position < ? AND server_id IS NOT NULL
                ORDER BY position LIMIT ?)
            """, peer.rawValue, bound, limit
        ) { (position: $0.int64(0), count: $0.int(1)) }
        guard let last, last.count > 0 else { return 0 }
        try database.run(
            "DELETE FROM messages WHERE peer_id = ? AND position <= ? AND server_id IS NOT NULL",
            peer.rawValue, last.position)
        let edge =
            try database.first(
                "SELECT max(before_id) FROM gaps WHERE peer_id = ? AND after_id <= ?", peer.rawValue,
                last.position
            ) { $0.int64(0) } ?? 0
        try database.run(
            "DELETE FROM gaps WHERE peer_id = ? AND after_id <= ?", peer.rawValue, last.position)
        try database.run(
            "INSERT INTO gaps (peer_id, before_id, after_id) VALUES (?, ?, 0)", peer.rawValue,
            max(edge, last.position + 1))
        try database.run(
            "UPDATE conversations SET fetched_limit = 0, short_at = NULL WHERE peer_id = ?", peer.rawValue)
        // From now on the stream cannot make the cache complete.
        try meta.set(.streamIsWhole, to: nil)
        try conversations.refreshLastRow(peer)
        return last.count
    }
}
