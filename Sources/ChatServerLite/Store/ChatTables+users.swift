import ChatSQLite
import ChatWire

extension ChatTables {
    private static let userColumns = "id, name, email, created_at, updated_at"

    private static func user(_ row: Statement) -> User {
        User(
            id: UserID(row.int64(0)), name: row.string(1), email: row.string(2),
            createdAt: Timestamp(microseconds: row.int64(3)), updatedAt: Timestamp(microseconds: row.int64(4))
        )
    }

    func user(_ id: UserID) throws(SQLiteError) -> User? {
        try database.first("SELECT \(Self.userColumns) FROM users WHERE id = ?", id.rawValue) {
            (row: Statement) throws(SQLiteError) in Self.user(row)
        }
    }

    /// The account for an address as it is stored, and its password's hash.
    func account(email: String) throws(SQLiteError) -> (user: User, passwordHash: String)? {
        try database.first("SELECT \(Self.userColumns), password_hash FROM users WHERE email = ?", email) {
            (row: Statement) throws(SQLiteError) in (Self.user(row), row.string(5))
        }
    }

    /// The account for an address whatever its accents. Looks at every user.
    func account(foldedEmail email: String) throws(SQLiteError) -> (user: User, passwordHash: String)? {
        try database.first(
            """
            SELECT \(Self.userColumns), password_hash FROM users
            WHERE substr(search_text, instr(search_text, char(1)) + 1) = ? ORDER BY id
            """, email
        ) { (row: Statement) throws(SQLiteError) in (Self.user(row), row.string(5)) }
    }

    func userName(_ id: UserID) throws(SQLiteError) -> String? {
        let statement = try database.prepare("SELECT name FROM users WHERE id = ?")
        try statement.bind(id.rawValue, at: 1)
        return try statement.first { (row: Statement) throws(SQLiteError) in row.string(0) }
    }

    /// At most 20 others whose name or address contains `query`, whatever its case and accents.
    func people(matching query: String, besides user: UserID) throws(SQLiteError) -> [Person] {
        try database.rows(
            """
            SELECT id, name, email FROM users
            WHERE id <> ? AND instr(search_text, ?) > 0 ORDER BY id LIMIT 20
            """, user.rawValue, SearchText.fold(query)
        ) { (row: Statement) throws(SQLiteError) in
            Person(id: UserID(row.int64(0)), name: row.string(1), email: row.string(2))
        }
    }

    /// As ``people(matching:besides:)``, with `%` for any text and `_` for any character.
    func people(like pattern: String, besides user: UserID) throws(SQLiteError) -> [Person] {
        try database.rows(
            """
            SELECT id, name, email FROM users
            WHERE id <> ?1 AND (email LIKE ?2 ESCAPE '\\'
                OR substr(search_text, 1, instr(search_text, char(1)) - 1) LIKE ?2 ESCAPE '\\'
                OR substr(search_text, instr(search_text, char(1)) + 1) LIKE ?2 ESCAPE '\\')
            ORDER BY id LIMIT 20
            """, user.rawValue, "%" + SearchText.fold(pattern) + "%"
        ) { (row: Statement) throws(SQLiteError) in
            Person(id: UserID(row.int64(0)), name: row.string(1), email: row.string(2))
        }
    }

    /// - Returns: nil when the address is taken.
    func insertUser(
        name: String, email: String, passwordHash: String, at time: Timestamp
    ) throws(SQLiteError) -> User? {
        try database.run(
            """
            INSERT INTO users(name, email, password_hash, search_text, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(email) DO NOTHING
            """, name, email, passwordHash, SearchText.of(name: name, email: email), time.microseconds,
            time.microseconds)
        guard database.changes == 1 else { return nil }
        return User(
            id: UserID(database.lastInsertedRowID), name: name, email: email, createdAt: time, updatedAt: time
        )
    }
}
