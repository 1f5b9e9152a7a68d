import ChatSQLite
import ChatWire

/// Brings the search data of users up to date: addresses, folded texts, and an index of all sequences of
/// three letters.
enum UserIndex {
    /// The index does not store the text, because `users` has it.
    private static let schema = """
        ALTER TABLE users ADD COLUMN folded_email TEXT NOT NULL DEFAULT '';
        CREATE INDEX users_folded_email ON users(folded_email);
        CREATE VIRTUAL TABLE people USING fts5(
            words, content='', columnsize=0, detail=none, tokenize=ascii);
        """

    /// Creates the column and the index, and fills them for all users.
    static func build(_ database: Database) throws(SQLiteError) {
        try database.execute(schema)
        let tables = SQLiteView(database: database)
        var last: Int64 = 0
        while true {
            let page = try database.rows(
                "SELECT id, name, email FROM users WHERE id > ? ORDER BY id LIMIT 1000", last
            ) { (row: Statement) throws(SQLiteError) in (row.int64(0), row.string(1), row.string(2)) }
            for (id, name, email) in page {
                try database.run(
                    "UPDATE OR IGNORE users SET email = ? WHERE id = ?", mended(email), id)
                let kept = try database.first("SELECT email FROM users WHERE id = ?", id) {
                    (row: Statement) throws(SQLiteError) in row.string(0)
                }
                try tables.index(UserID(id), name: name, email: kept ?? email)
            }
            guard let next = page.last?.0 else { return }
            last = next
        }
    }

    /// The address with final sigmas. Earlier versions lower-cased a capital sigma at the end of a word
    /// without using its final form. If another account has the mended address by now, the caller keeps the
    /// old one.
    private static func mended(_ email: String) -> String {
        let capital = String(
            String.UnicodeScalarView(email.unicodeScalars.map { $0 == "σ" ? "Σ" : $0 }))
        return lowercasedLikePython(capital)
    }
}
