import ChatSQLite
import ChatServerLite
import ChatWire

private let userColumns = "id, name, email, created_at, updated_at"

extension SQLiteTables {
    private static func user(_ row: Statement) -> User {
        User(
            id: UserID(row.int64(0)), name: row.string(1), email: row.string(2),
            createdAt: Timestamp(microseconds: row.int64(3)), updatedAt: Timestamp(microseconds: row.int64(4))
        )
    }

    func user(_ id: UserID) throws(SQLiteError) -> User? {
        try database.first("SELECT \(userColumns) FROM users WHERE id = ?", id.rawValue) {
            (row: Statement) throws(SQLiteError) in Self.user(row)
        }
    }

    func hasUsers() throws(SQLiteError) -> Bool {
        try database.first("SELECT EXISTS (SELECT 1 FROM users)") {
            (row: Statement) throws(SQLiteError) in row.bool(0)
        } ?? false
    }

    /// The account with an address. An exact match is preferred. Otherwise equivalent Unicode forms match,
    /// and so do both forms of a small sigma.
    func account(email: String) throws(SQLiteError) -> StoredAccount? {
        let found = try accounts(foldedEmail: TextFolding.fold(email))
        if let same = found.first(where: { $0.user.email.utf8.elementsEqual(email.utf8) }) { return same }
        let wanted = Self.comparable(email)
        return found.first { Self.comparable($0.user.email) == wanted }
    }

    /// The account with a folded address, whatever its accents.
    func account(foldedEmail email: String) throws(SQLiteError) -> StoredAccount? {
        try accounts(foldedEmail: email).first
    }

    private func accounts(foldedEmail email: String) throws(SQLiteError) -> [StoredAccount] {
        try database.rows(
            "SELECT \(userColumns), password_hash FROM users WHERE folded_email = ? ORDER BY id LIMIT 100",
            email
        ) { (row: Statement) throws(SQLiteError) in
            StoredAccount(user: Self.user(row), passwordHash: row.string(5))
        }
    }

    /// A text that is equal for addresses that count as the same. Swift compares equivalent Unicode forms as
    /// equal. The form of a sigma depends only on its position in the word.
    private static func comparable(_ email: String) -> String {
        String(String.UnicodeScalarView(email.unicodeScalars.map { $0 == "ς" ? "σ" : $0 }))
    }

    /// The highest cost of all password hashes. This reads every user.
    func highestPasswordCost() throws(SQLiteError) -> Int {
        try database.first("SELECT max(CAST(substr(password_hash, 5, 2) AS INTEGER)) FROM users") {
            (row: Statement) throws(SQLiteError) in row.int(0)
        } ?? 0
    }

    func setPasswordHash(_ hash: String, of user: UserID, insteadOf old: String) throws(SQLiteError) {
        try database.run(
            "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?", hash, user.rawValue, old)
    }

    /// The name of somebody who can get messages; nil when there is no such user, or the account is deleted.
    func receiverName(_ id: UserID) throws(SQLiteError) -> String? {
        let statement = try database.prepare("SELECT name FROM users WHERE id = ? AND deleted_at IS NULL")
        try statement.bind(id.rawValue, at: 1)
        return try statement.first { (row: Statement) throws(SQLiteError) in row.string(0) }
    }

    func userName(_ id: UserID) throws(SQLiteError) -> String? {
        let statement = try database.prepare("SELECT name FROM users WHERE id = ?")
        try statement.bind(id.rawValue, at: 1)
        return try statement.first { (row: Statement) throws(SQLiteError) in row.string(0) }
    }

    /// At most 20 other users whose name or address contains `query`. Case and accents don't count.
    func people(matching query: String, besides user: UserID) throws(SQLiteError) -> [Person] {
        let folded = TextFolding.fold(query)
        guard let candidates = SearchText.query([folded]) else { return [] }
        return try database.rows(
            """
            SELECT u.id, u.name, u.email FROM people JOIN users AS u ON u.id = people.rowid
            WHERE people MATCH ? AND u.id <> ? AND instr(u.search_text, ?) > 0 ORDER BY people.rowid LIMIT 20
            """, candidates, user.rawValue, folded, map: Self.person)
    }

    /// Like ``people(matching:besides:)``, but `%` stands for any text and `_` for any character.
    func people(like pattern: String, besides user: UserID) throws(SQLiteError) -> [Person] {
        let folded = TextFolding.fold(pattern)
        let like = "%" + folded + "%"
        let letters = folded.split { $0 == "%" || $0 == "_" || $0 == "\\" }.map(String.init)
        let condition = """
            (u.email LIKE ?2 ESCAPE '\\'
                OR substr(u.search_text, 1, instr(u.search_text, char(1)) - 1) LIKE ?2 ESCAPE '\\'
                OR u.folded_email LIKE ?2 ESCAPE '\\')
            """
        guard let candidates = SearchText.query(letters) else {
            // A pattern without letters matches almost everybody, so the first 20 are found at once.
            let isThere = "u.deleted_at IS NULL"
            return try database.rows(
                "SELECT u.id, u.name, u.email FROM users AS u WHERE u.id <> ?1 AND \(isThere) AND \(condition) ORDER BY u.id LIMIT 20",
                user.rawValue, like, map: Self.person)
        }
        return try database.rows(
            """
            SELECT u.id, u.name, u.email FROM people JOIN users AS u ON u.id = people.rowid
            WHERE people MATCH ?3 AND u.id <> ?1 AND \(condition) ORDER BY people.rowid LIMIT 20
            """, user.rawValue, like, candidates, map: Self.person)
    }

    private static func person(_ row: Statement) throws(SQLiteError) -> Person {
        Person(id: UserID(row.int64(0)), name: row.string(1), email: row.string(2))
    }

    /// Adds a user to the index that searches for people use.
    func index(_ user: UserID, name: String, email: String) throws(SQLiteError) {
        try database.run(
            "UPDATE users SET search_text = ?, folded_email = ? WHERE id = ?",
            SearchText.of(name: name, email: email), TextFolding.fold(email), user.rawValue)
        try database.run(
            "INSERT INTO people(rowid, words) VALUES (?, ?)", user.rawValue,
            SearchText.words(name: name, email: email))
    }

    /// - Returns: the new user; nil when the address is taken.
    func insertUser(
        name: String, email: String, passwordHash: String, at time: Timestamp
    ) throws(SQLiteError) -> User? {
        guard try account(email: email) == nil else { return nil }
        try database.run(
            """
            INSERT INTO users(name, email, password_hash, search_text, created_at, updated_at)
            VALUES (?, ?, ?, '', ?, ?) ON CONFLICT(email) DO NOTHING
            """, name, email, passwordHash, time.microseconds, time.microseconds)
        guard database.changes == 1 else { return nil }
        let id = UserID(database.lastInsertedRowID)
        try index(id, name: name, email: email)
        return User(id: id, name: name, email: email, createdAt: time, updatedAt: time)
    }
}
