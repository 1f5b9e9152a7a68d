import ChatSQLite
import ChatServerLite
import ChatWire

private let recordColumns = "id, name, email, created_at, updated_at, disabled_at, deleted_at"

/// What those who run the server ask and change about accounts.
extension SQLiteTables {
    private static func record(_ row: Statement) -> AccountRecord {
        let user = User(
            id: UserID(row.int64(0)), name: row.string(1), email: row.string(2),
            createdAt: Timestamp(microseconds: row.int64(3)), updatedAt: Timestamp(microseconds: row.int64(4))
        )
        if let time = row.optionalInt64(6) {
            return AccountRecord(user: user, state: .deleted(since: Timestamp(microseconds: time)))
        }
        if let time = row.optionalInt64(5) {
            return AccountRecord(user: user, state: .disabled(since: Timestamp(microseconds: time)))
        }
        return AccountRecord(user: user, state: .active)
    }

    func accountRecord(_ id: UserID) throws(SQLiteError) -> AccountRecord? {
        try database.first("SELECT \(recordColumns) FROM users WHERE id = ?", id.rawValue) {
            (row: Statement) throws(SQLiteError) in Self.record(row)
        }
    }

    func accountRecords(after user: UserID, limit: Int) throws(SQLiteError) -> [AccountRecord] {
        try database.rows(
            """
            SELECT \(recordColumns) FROM users WHERE id > ? AND deleted_at IS NULL ORDER BY id LIMIT ?
            """, user.rawValue, limit
        ) { (row: Statement) throws(SQLiteError) in Self.record(row) }
    }

    func blockedUsers() throws(SQLiteError) -> [UserID] {
        try database.rows("SELECT id FROM users WHERE disabled_at IS NOT NULL OR deleted_at IS NOT NULL") {
            (row: Statement) throws(SQLiteError) in UserID(row.int64(0))
        }
    }

    func setPasswordHash(_ hash: String, of user: UserID) throws(SQLiteError) {
        try database.run("UPDATE users SET password_hash = ? WHERE id = ?", hash, user.rawValue)
    }

    func setDisabled(_ user: UserID, since time: Timestamp?) throws(SQLiteError) {
        try database.run(
            "UPDATE users SET disabled_at = ? WHERE id = ?", time?.microseconds, user.rawValue)
    }

    func eraseAccountRows(
        _ user: UserID, name: String, email: String, at time: Timestamp
    ) throws(SQLiteError) {
        guard let former = try self.user(user) else { return }
        // An index without a copy of the text needs the text to take it out.
        try database.run(
            "INSERT INTO people(people, rowid, words) VALUES ('delete', ?, ?)", user.rawValue,
            SearchText.words(name: former.name, email: former.email))
        for table in ["contacts", "sessions", "token_starts"] {
            try database.run("DELETE FROM \(table) WHERE user_id = ?", user.rawValue)
        }
        try database.run(
            """
            UPDATE users SET name = ?1, email = ?2, password_hash = '', search_text = '', folded_email = '',
                updated_at = ?3, disabled_at = NULL, deleted_at = ?3
            WHERE id = ?4
            """, name, email, time.microseconds, user.rawValue)
    }

    func entries(
        naming user: UserID, after entry: ContactID, limit: Int
    ) throws(SQLiteError) -> [(id: ContactID, owner: UserID, name: String)] {
        try database.rows(
            """
            SELECT id, user_id, contact_name FROM contacts
            WHERE contact_user_id = ? AND id > ? ORDER BY id LIMIT ?
            """, user.rawValue, entry.rawValue, limit
        ) { (row: Statement) throws(SQLiteError) in
            (ContactID(row.int64(0)), UserID(row.int64(1)), row.string(2))
        }
    }
}
