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

/// How the person wants contacts to be, until the server has done it.
struct ContactWishTable {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var people: PeopleTable { PeopleTable(database: database, me: me) }

    /// Writes a wish down, in place of an earlier one about the same person.
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
                try people.removeContact(id, &effects)
            case nil: break
            }
            try forget(wish)
        }
    }

    func forget(_ wish: ContactWish) throws(SQLiteError) {
        try database.run(
            "DELETE FROM contact_wishes WHERE user_id = ? AND version = ?", wish.user.rawValue, wish.version)
    }
}
