import ChatSQLite
import ChatWire

/// How the person wants one contact to be.
struct ContactWish: Equatable, Sendable {
    let user: UserID
    /// Among the contacts, or not.
    let isWanted: Bool
    /// Under this name; nil when any will do.
    let name: String?
    /// Told apart by it: a wish that replaced another is not fulfilled with it.
    let version: Int64
}

/// What the server is to be told so that a wish comes true.
enum ContactStep: Equatable, Sendable {
    case add(UserID, name: String?)
    case rename(ContactID, to: String)
    case remove(ContactID)

    /// The contact that the server is to have, to be changed or removed.
    var changed: ContactID? {
        switch self {
        case .add: nil
        case .rename(let id, _), .remove(let id): id
        }
    }
}

extension ChatStore {
    // MARK: Contacts

    /// Writes a wish down, in place of an earlier one about the same person.
    func wish(_ user: UserID, isWanted: Bool, name: String?) throws(SQLiteError) -> ContactWish {
        try database.transaction { () throws(SQLiteError) in
            let version = (try number(.wishVersion) ?? 0) + 1
            try set(.wishVersion, to: version)
            try database.run(
                """
                INSERT INTO contact_wishes (user_id, is_wanted, name, version) VALUES (?, ?, ?, ?)
                ON CONFLICT (user_id) DO UPDATE SET is_wanted = excluded.is_wanted, name = excluded.name,
                    version = excluded.version
                """, user.rawValue, isWanted, name, version)
            try ensureConversation(user)
            return ContactWish(user: user, isWanted: isWanted, name: name, version: version)
        }
    }

    func contactWishes() throws(SQLiteError) -> [ContactWish] {
        try database.rows(
            "SELECT user_id, is_wanted, name, version FROM contact_wishes ORDER BY version", map: Self.wish)
    }

    func contactWish(_ user: UserID) throws(SQLiteError) -> ContactWish? {
        try database.first(
            "SELECT user_id, is_wanted, name, version FROM contact_wishes WHERE user_id = ?", user.rawValue,
            map: Self.wish)
    }

    private static func wish(_ row: Statement) throws(SQLiteError) -> ContactWish {
        ContactWish(
            user: UserID(row.int64(0)), isWanted: row.bool(1), name: row.optionalString(2),
            version: row.int64(3))
    }

    /// What is missing for a wish, by the contacts in the cache; nil when it has come true.
    func nextStep(of wish: ContactWish) throws(SQLiteError) -> ContactStep? {
        let known = try database.first(
            "SELECT contact_id, contact_name FROM people WHERE user_id = ? AND contact_id IS NOT NULL",
            wish.user.rawValue
        ) { (id: ContactID($0.int64(0)), name: $0.string(1)) }
        guard wish.isWanted else { return known.map { .remove($0.id) } }
        guard let known else { return .add(wish.user, name: wish.name) }
        guard let name = wish.name, name != known.name else { return nil }
        return .rename(known.id, to: name)
    }

    /// The server has no contact with this id.
    func contactIsGone(_ id: ContactID) throws(SQLiteError) {
        try database.run(
            "UPDATE people SET contact_id = NULL, contact_name = NULL, is_missing = 0 WHERE contact_id = ?",
            id.rawValue)
    }

    /// The server has done a step: the cache shows it, and the wish is gone unless it has changed meanwhile.
    func fulfil(_ wish: ContactWish, _ step: ContactStep?, contact: Contact?) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            switch step {
            case .add(let user, let name):
                guard let contact else { break }
                try database.run(
                    """
                    INSERT INTO people (user_id, name, contact_id, contact_name) VALUES (?1, ?2, ?3, ?2)
                    ON CONFLICT (user_id) DO UPDATE SET contact_id = ?3, contact_name = ?2
                    """, user.rawValue, contact.name.isEmpty ? name ?? "" : contact.name, contact.id.rawValue)
            case .rename(let id, let name):
                try database.run(
                    "UPDATE people SET contact_name = ? WHERE contact_id = ?", name, id.rawValue)
            case .remove(let id):
                var effects = StoreEffects()
                try removeContact(id, &effects)
            case nil: break
            }
            try forget(wish)
        }
    }

    func forget(_ wish: ContactWish) throws(SQLiteError) {
        try database.run(
            "DELETE FROM contact_wishes WHERE user_id = ? AND version = ?", wish.user.rawValue, wish.version)
    }

    // MARK: Conversations

    /// Deletes a conversation here, for the server to be told, with what is unread in it by now. Unsent messages
    /// stay.
    func wishDeleted(_ peer: UserID) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try ensureConversation(peer)
            // Numbers are the server's own over all conversations: what it numbers from now on is news.
            let bound = try newestID()
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
            try deleteConversation(peer, upTo: bound, &effects)
            try database.run(
                "DELETE FROM messages WHERE peer_id = ? AND former IS NOT NULL", peer.rawValue)
            try refreshLastRow(peer)
        }
    }

    /// Conversations deleted here that the server has not been told of.
    func pendingConversationDeletions() throws(SQLiteError) -> [UserID] {
        try database.rows("SELECT peer_id FROM pending_conversation_deletions ORDER BY peer_id") {
            UserID($0.int64(0))
        }
    }

    /// Whether the conversation went on, as far as the cache and the server's list say, since it was deleted
    /// here, or may have gone on with an attempt to send: the server would delete that too.
    func hasNewsSinceDeletion(of peer: UserID) throws(SQLiteError) -> Bool {
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

    /// Whether the message that the server's list tells of was deleted here, and the server does not know.
    func isDeletionPending(of peer: UserID, at time: Timestamp) throws(SQLiteError) -> Bool {
        // The list gives whole seconds.
        try database.first(
            "SELECT known_time / 1000000 >= ? FROM pending_conversation_deletions WHERE peer_id = ?",
            time.seconds, peer.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// The server has deleted the conversation: nothing of then is unread any more, whatever it counted before.
    func conversationWasDeleted(_ peer: UserID) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            let bound = try database.first(
                "SELECT up_to FROM pending_conversation_deletions WHERE peer_id = ?", peer.rawValue
            ) { MessageID($0.int64(0)) }
            guard let bound else { return }
            var effects = StoreEffects()
            try deleteConversation(peer, upTo: bound, &effects)
            try refreshLastRow(peer)
            try conversationDeletionIsSettled(peer)
        }
    }

    /// Forgets the deletion: the server has done it, or it will not be asked.
    func conversationDeletionIsSettled(_ peer: UserID) throws(SQLiteError) {
        try database.run("DELETE FROM pending_conversation_deletions WHERE peer_id = ?", peer.rawValue)
    }

    /// The server will not delete the conversation: what it holds may come back, by being fetched again.
    func takeBackDeletion(of peer: UserID) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try database.run(
                """
                UPDATE conversations SET contiguous_to = NULL, fetched_limit = 0, cleared_to = (
                    SELECT cleared_before FROM pending_conversation_deletions d
                    WHERE d.peer_id = conversations.peer_id)
                WHERE peer_id = ? AND EXISTS (
                    SELECT 1 FROM pending_conversation_deletions d WHERE d.peer_id = conversations.peer_id)
                """, peer.rawValue)
            try conversationDeletionIsSettled(peer)
        }
    }
}
