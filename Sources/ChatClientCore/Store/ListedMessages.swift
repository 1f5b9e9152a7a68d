import ChatSQLite
import ChatWire

/// The newest message of a conversation according to the server's list of contacts, while the cache lacks that message.
struct ListedMessages {
    let database: Database
    let me: UserID
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var conversationDeletions: ConversationDeletions {
        ConversationDeletions(database: database, me: me)
    }

    /// Stores what the list says about the newest message of a conversation while the cache lacks that message. It
    /// stays stored when the list then shows a newer message that the cache has, such as an own one: the other is still
    /// missing.
    func note(newestOf contact: Contact) throws(SQLiteError) {
        let peer = contact.userID
        guard let time = contact.lastMessageTime, try !conversationDeletions.isPending(of: peer, at: time)
        else {
            return try forget(peer)
        }
        if try isCached(contact, at: time) {
            if try isListedCached(peer) { try forget(peer) }
            return
        }
        try database.run(
            """
            UPDATE conversations SET server_preview = ?1, server_time = ?2
            WHERE peer_id = ?3 AND (server_preview IS NOT ?1 OR server_time IS NOT ?2)
            """, contact.lastMessage, time.microseconds, peer.rawValue)
    }

    private func forget(_ peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            UPDATE conversations SET server_preview = NULL, server_time = NULL
            WHERE peer_id = ? AND server_time IS NOT NULL
            """, peer.rawValue)
    }

    /// Whether the stored message is now among the newest in the cache.
    private func isListedCached(_ peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT EXISTS (
                SELECT 1 FROM (
                    SELECT content, created_at FROM messages WHERE peer_id = ?1 AND position BETWEEN 1 AND ?2
                    ORDER BY position DESC LIMIT ?3) m
                WHERE m.created_at / 1000000 = c.server_time / 1000000
                    AND m.content = coalesce(c.server_preview, m.content))
            FROM conversations c WHERE c.peer_id = ?1
            """, peer.rawValue, TimelinePosition.firstUnsent - 1, Self.listedSearchMax
        ) { $0.bool(0) } ?? true
    }

    /// How many of the newest messages are compared with the stored one.
    private static let listedSearchMax = 500

    /// Whether the newest message in the list is the newest in the cache. The list has whole seconds.
    func isCached(_ contact: Contact, at time: Timestamp) throws(SQLiteError) -> Bool {
        guard let newest = try messages.newestSent(with: contact.userID) else { return false }
        return newest.time.seconds == time.seconds
            && (contact.lastMessage == nil || contact.lastMessage == newest.content)
    }

    /// Whether the server's list shows a message that the cache lacks.
    func isNewer(of peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            "SELECT server_time IS NOT NULL FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { $0.bool(0) } ?? false
    }
}
