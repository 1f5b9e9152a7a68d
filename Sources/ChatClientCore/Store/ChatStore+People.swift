import ChatSQLite
import ChatWire

extension ChatStore {
    func ingest(_ person: Person, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO people (user_id, name, email) VALUES (?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, email = coalesce(excluded.email, email)
            WHERE name <> excluded.name OR (excluded.email IS NOT NULL AND email IS NOT excluded.email)
            """, person.id.rawValue, person.name, person.email)
        if database.changes > 0 { effects.isListChanged = true }
    }

    /// A message names its sender, and sometimes its receiver: all that is known of a stranger.
    func ingestNames(
        of message: Message, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let name = message.senderID == peer ? message.senderName : message.receiverName
        guard let name, !name.isEmpty, peer != me else { return }
        // The name in a page is the one of then; the list of contacts knows the one of now.
        try database.run("INSERT OR IGNORE INTO people (user_id, name) VALUES (?, ?)", peer.rawValue, name)
        if database.changes > 0 { effects.isListChanged = true }
    }

    /// Takes over the list of contacts.
    ///
    /// Who is missing in it was removed when the person wants that, or when the next list lacks them, too: a read that
    /// failed at the server looks like a shorter list. An empty one says nothing of others.
    func replaceContacts(
        _ contacts: [Contact], isWhole: Bool, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        if isWhole { try removeContacts(besides: contacts, &effects) }
        for contact in contacts { try ingest(contact, &effects) }
    }

    private func removeContacts(
        besides contacts: [Contact], _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let users = Set(contacts.map(\.userID))
        let known = try database.rows(
            """
            SELECT p.user_id, p.is_missing, coalesce(w.is_wanted, 1) FROM people p
            LEFT JOIN contact_wishes w USING (user_id) WHERE p.contact_id IS NOT NULL
            """
        ) { (user: UserID($0.int64(0)), wasMissing: $0.bool(1), isWanted: $0.bool(2)) }
        for one in known where !users.contains(one.user) {
            if !one.isWanted || one.wasMissing && !contacts.isEmpty {
                try database.run(
                    """
                    UPDATE people SET contact_id = NULL, contact_name = NULL, is_missing = 0 WHERE user_id = ?
                    """, one.user.rawValue)
                effects.isListChanged = true
            } else if !contacts.isEmpty {
                try database.run("UPDATE people SET is_missing = 1 WHERE user_id = ?", one.user.rawValue)
            }
        }
        for one in known where one.wasMissing && users.contains(one.user) {
            try database.run("UPDATE people SET is_missing = 0 WHERE user_id = ?", one.user.rawValue)
        }
    }

    /// True when a contact was missing in the last list, which another one is to confirm.
    func isAnyContactMissing() throws(SQLiteError) -> Bool {
        try database.first("SELECT EXISTS (SELECT 1 FROM people WHERE is_missing)") { $0.bool(0) } ?? false
    }

    func ingest(_ contact: Contact, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO people (user_id, name, email, contact_id, contact_name) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (user_id) DO UPDATE SET name = ?2, email = ?3, contact_id = ?4, contact_name = ?5
            WHERE name <> ?2 OR email IS NOT ?3 OR contact_id IS NOT ?4 OR contact_name IS NOT ?5
            """, contact.userID.rawValue, contact.userName, contact.userEmail, contact.id.rawValue,
            contact.name)
        var isChanged = database.changes > 0
        try ensureConversation(contact.userID)
        try note(newestOf: contact)
        isChanged = isChanged || database.changes > 0
        if isChanged { effects.isListChanged = true }
    }

    /// Keeps what the list says of a conversation's newest message while the cache lacks that message. It is also kept when
    /// the list shows something newer that the cache has, such as an own message: that does not bring what is missing.
    private func note(newestOf contact: Contact) throws(SQLiteError) {
        let peer = contact.userID
        guard let time = contact.lastMessageTime, try !isDeletionPending(of: peer, at: time) else {
            return try forgetListed(peer)
        }
        if try isCached(contact, at: time) {
            if try isListedCached(peer) { try forgetListed(peer) }
            return
        }
        try database.run(
            """
            UPDATE conversations SET server_preview = ?1, server_time = ?2
            WHERE peer_id = ?3 AND (server_preview IS NOT ?1 OR server_time IS NOT ?2)
            """, contact.lastMessage, time.microseconds, peer.rawValue)
    }

    private func forgetListed(_ peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            UPDATE conversations SET server_preview = NULL, server_time = NULL
            WHERE peer_id = ? AND server_time IS NOT NULL
            """, peer.rawValue)
    }

    /// Whether the message that the list told of, and the cache lacked, is among the newest in the cache by now.
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

    /// How many of the newest messages are compared with what the list told of.
    private static let listedSearchMax = 500

    /// Whether the newest message that the list of contacts tells of is the newest in the cache. The list
    /// gives whole seconds.
    func isCached(_ contact: Contact, at time: Timestamp) throws(SQLiteError) -> Bool {
        guard let newest = try newestSent(with: contact.userID) else { return false }
        return newest.time.seconds == time.seconds
            && (contact.lastMessage == nil || contact.lastMessage == newest.content)
    }

    func removeContact(_ id: ContactID, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run(
            "UPDATE people SET contact_id = NULL, contact_name = NULL WHERE contact_id = ?", id.rawValue)
        if database.changes > 0 { effects.isListChanged = true }
    }

    func setLastSeen(_ user: UserID, _ time: Timestamp, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run(
            "UPDATE people SET last_seen = ?1 WHERE user_id = ?2 AND coalesce(last_seen, 0) < ?1",
            time.microseconds, user.rawValue)
        if database.changes > 0 { effects.isListChanged = true }
    }
}
