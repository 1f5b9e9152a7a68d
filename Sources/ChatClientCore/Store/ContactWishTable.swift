import ChatSQLite
import ChatWire

/// The state that the person wants one contact to have.
struct ContactWish: Hashable, Sendable {
    let user: UserID
    /// Whether the person is to be a contact.
    let isWanted: Bool
    /// The name of the contact; nil when any name will do.
    let name: String?
    /// Rises with each wish, so that a wish is not taken for the one that replaced it.
    let version: Int64
}

/// The wishes about contacts that the server has yet to fulfil.
struct ContactWishTable {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var people: PeopleTable { PeopleTable(database: database, me: me) }

    /// Stores a wish. It replaces an earlier one about the same person.
    func enter(_ user: UserID, isWanted: Bool, name: String?) throws(SQLiteError) -> ContactWish {
        try database.transaction { () throws(SQLiteError) in
            let version = (try meta.number(.wishVersion) ?? 0) + 1
            try meta.set(.wishVersion, to: version)
            try database.run(
                """
                INSERT INTO contact_wishes (user_id, is_wanted, name, version) VALUES (?, ?, ?, ?)
                ON CONFLICT (user_id) DO UPDATE SET is_wanted = excluded.is_wanted, name = excluded.name,
                    version = excluded.version
                """, user.rawValue, isWanted, name, version)
            try conversations.ensure(user)
            return ContactWish(user: user, isWanted: isWanted, name: name, version: version)
        }
    }

    /// All wishes, oldest first.
    func all() throws(SQLiteError) -> [ContactWish] {
        try database.rows(
            "SELECT user_id, is_wanted, name, version FROM contact_wishes ORDER BY version", map: Self.wish)
    }

    func wish(_ user: UserID) throws(SQLiteError) -> ContactWish? {
        try database.first(
            "SELECT user_id, is_wanted, name, version FROM contact_wishes WHERE user_id = ?", user.rawValue,
            map: Self.wish)
    }

    private static func wish(_ row: Statement) throws(SQLiteError) -> ContactWish {
        ContactWish(
            user: UserID(row.int64(0)), isWanted: row.bool(1), name: row.optionalString(2),
            version: row.int64(3))
    }

    /// The contact in the cache that a person is; nil for none.
    func contact(_ user: UserID) throws(SQLiteError) -> (id: ContactID, name: String)? {
        try database.first(
            "SELECT contact_id, contact_name FROM people WHERE user_id = ? AND contact_id IS NOT NULL",
            user.rawValue
        ) { (id: ContactID($0.int64(0)), name: $0.string(1)) }
    }

    // MARK: What the server has done

    /// Stores a new contact, in the server's words, and removes the wish unless another has replaced it.
    func added(_ contact: Contact, for wish: ContactWish) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try database.run(
                """
                INSERT INTO people (user_id, name, contact_id, contact_name) VALUES (?1, ?2, ?3, ?2)
                ON CONFLICT (user_id) DO UPDATE SET contact_id = ?3, contact_name = ?2
                """, wish.user.rawValue, contact.name.isEmpty ? wish.name ?? "" : contact.name,
                contact.id.rawValue)
            try forget(wish)
        }
    }

    /// The same for another name of a contact.
    func renamed(_ id: ContactID, to name: String, for wish: ContactWish) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            try database.run("UPDATE people SET contact_name = ? WHERE contact_id = ?", name, id.rawValue)
            try forget(wish)
        }
    }

    /// The same for a contact that is none any more.
    func removed(_ id: ContactID, for wish: ContactWish) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            var effects = StoreEffects()
            try people.removeContact(id, &effects)
            try forget(wish)
        }
    }

    /// Removes a wish, unless another has replaced it.
    func forget(_ wish: ContactWish) throws(SQLiteError) {
        try database.run(
            "DELETE FROM contact_wishes WHERE user_id = ? AND version = ?", wish.user.rawValue, wish.version)
    }
}
