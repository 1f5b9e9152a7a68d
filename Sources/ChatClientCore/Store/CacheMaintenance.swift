import ChatSQLite
import ChatWire

/// Checks, measures and compacts the database.
struct CacheMaintenance {
    let database: Database
    /// Whether nothing can be written.
    let isReadOnly: Bool

    /// What the cache holds, in numbers.
    struct Contents: Equatable {
        var messages: Int
        var conversations: Int
        var unsent: Int
        var drafts: Int
    }

    func contents() throws(SQLiteError) -> Contents {
        try database.first(
            """
            SELECT (SELECT count(*) FROM messages), (SELECT count(DISTINCT peer_id) FROM messages),
                (SELECT count(*) FROM outbox), (SELECT count(*) FROM conversations WHERE draft IS NOT NULL)
            """
        ) { Contents(messages: $0.int(0), conversations: $0.int(1), unsent: $0.int(2), drafts: $0.int(3)) }
            ?? Contents(messages: 0, conversations: 0, unsent: 0, drafts: 0)
    }

    /// Checks every page, index and constraint of the database.
    ///
    /// - Returns: the problems, some in SQLite's words; empty when there are none.
    func problems() throws(SQLiteError) -> [String] {
        var problems = try database.rows("PRAGMA integrity_check(20)") { $0.string(0) }.filter { $0 != "ok" }
        problems += try database.rows("PRAGMA foreign_key_check") {
            "a row of \($0.string(0)) belongs to none"
        }
        let unsent = try database.first(
            """
            SELECT count(*) FROM messages m LEFT JOIN outbox o USING (row_id)
            WHERE (m.server_id IS NULL) <> (o.row_id IS NOT NULL) AND m.former IS NULL
            """
        ) { $0.int(0) }
        if let unsent, unsent > 0 { problems.append("\(unsent) messages are neither sent nor in the outbox") }
        // This check is an INSERT statement.
        guard !isReadOnly else { return problems }
        do throws(SQLiteError) {
            try database.run("INSERT INTO message_search (message_search) VALUES ('integrity-check')")
        } catch .corrupt {
            problems.append("the search index is damaged")
        }
        return problems
    }

    /// Merges the search index and returns free pages to the file system.
    func compact() throws(SQLiteError) {
        try database.run("INSERT INTO message_search (message_search) VALUES ('optimize')")
        try database.execute("VACUUM")
        database.checkpoint()
    }

    /// From now on this connection overwrites on disk what it deletes.
    func overwriteRemoved() throws(SQLiteError) { try database.execute("PRAGMA secure_delete=ON") }

    /// The size of the content in bytes, without free pages.
    func bytesHeld() throws(SQLiteError) -> Int64 {
        func number(_ pragma: String) throws(SQLiteError) -> Int64 {
            try database.first("PRAGMA \(pragma)") { $0.int64(0) } ?? 0
        }
        return try (number("page_count") - number("freelist_count")) * number("page_size")
    }
}
