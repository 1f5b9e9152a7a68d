import ChatSQLite
import ChatWire

/// The questions that the server asks its database, on one connection. What each table answers stands in an
/// extension of its own.
struct ChatTables {
    let database: Database
}

extension ChatTables {
    /// Whether the database answers at all.
    func isAlive() throws(SQLiteError) -> Bool {
        try database.first("SELECT 1") { (row: Statement) throws(SQLiteError) in row.int64(0) } == 1
    }

    func state(_ key: String) throws(SQLiteError) -> Int64 {
        try database.first("SELECT value FROM server_state WHERE key = ?", key) {
            (row: Statement) throws(SQLiteError) in row.int64(0)
        } ?? 0
    }

    func setState(_ key: String, _ value: Int64) throws(SQLiteError) {
        let statement = try database.prepare(literal: "UPDATE server_state SET value = ? WHERE key = ?")
        try statement.bind(value, at: 1)
        try statement.bind(key, at: 2)
        try statement.run()
    }

    /// The highest number that a message ever had, also when it is deleted by now; 0 when there was none.
    func newestMessage() throws(SQLiteError) -> Int64 {
        try database.first("SELECT seq FROM sqlite_sequence WHERE name = 'messages'") {
            (row: Statement) throws(SQLiteError) in row.int64(0)
        } ?? 0
    }

    /// Numbers the messages to come above `number`. Part of a transaction.
    func numberMessages(above number: Int64) throws(SQLiteError) {
        guard try newestMessage() < number else { return }
        try database.run("DELETE FROM sqlite_sequence WHERE name = 'messages'")
        try database.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('messages', ?)", number)
    }
}
