import ChatSQLite
import ChatWire

/// Other people: names, contacts, when they were last seen.
struct PeopleTable {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var formerPeople: FormerPeople { FormerPeople(database: database) }
    private var listed: ListedMessages { ListedMessages(database: database, me: me) }

    func ingest(_ person: Person, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO people (user_id, name, email) VALUES (?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, email = coalesce(excluded.email, email)
            WHERE name <> excluded.name OR (excluded.email IS NOT NULL AND email IS NOT excluded.email)
            """, person.id.rawValue, person.name, person.email)
        if database.changes > 0 { effects.isListChanged = true }
    }

    /// Stores the names in a message, which is all that is known about a stranger.
    func ingestNames(
        of message: Message, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let name = message.senderID == peer ? message.senderName : message.receiverName
        guard let name, !name.isEmpty, peer != me else { return }
        // A page has the name of that time. The list of contacts has the present one, so it is not replaced.
        try database.run("INSERT OR IGNORE INTO people (user_id, name) VALUES (?, ?)", peer.rawValue, name)
        if database.changes > 0 { effects.isListChanged = true }
    }

    func setLastSeen(_ user: UserID, _ time: Timestamp, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run(
            "UPDATE people SET last_seen = ?1 WHERE user_id = ?2 AND coalesce(last_seen, 0) < ?1",
            time.microseconds, user.rawValue)
        if database.changes > 0 { effects.isListChanged = true }
    }

    /// The name to show for a person; nil when none is known.
    func name(of user: UserID) throws(SQLiteError) -> String? {
        let name = try database.first(
            """
            SELECT CASE WHEN w.is_wanted = 0 THEN p.name ELSE coalesce(w.name, p.contact_name, p.name) END
            FROM people p LEFT JOIN contact_wishes w USING (user_id) WHERE p.user_id = ?
            """, user.rawValue
        ) { $0.string(0) }
        if let name { return name }
        return try formerPeople.lastName(of: user)
    }

    // MARK: Contacts

    /// Stores the list of contacts.
    ///
    /// A read that fails on the server looks like a shorter list. So a contact that is missing counts as removed only
    /// when the person wants that, or when the next list lacks the contact too. An empty list proves nothing.
    ///
    /// - Parameter isWhole: false when a part of the list could not be read. Then nobody counts as missing.
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

    /// Whether the last list lacked a contact, so that another list has to confirm it.
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
        try conversations.ensure(contact.userID)
        try listed.note(newestOf: contact)
        isChanged = isChanged || database.changes > 0
        if isChanged { effects.isListChanged = true }
    }

    func removeContact(_ id: ContactID, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run(
            "UPDATE people SET contact_id = NULL, contact_name = NULL WHERE contact_id = ?", id.rawValue)
        if database.changes > 0 { effects.isListChanged = true }
    }

    /// Stores that the server has no contact with this id.
    func contactIsGone(_ id: ContactID) throws(SQLiteError) {
        try database.run(
            "UPDATE people SET contact_id = NULL, contact_name = NULL, is_missing = 0 WHERE contact_id = ?",
            id.rawValue)
    }
}
