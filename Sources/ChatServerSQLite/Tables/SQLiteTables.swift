import ChatSQLite
import ChatServerLite
import ChatWire

/// The server's queries on its SQLite database, on one connection. Each table has its own extension.
protocol SQLiteTables {
    var database: Database { get }
}

/// Read access to the tables.
struct SQLiteView: SQLiteTables, StorageView {
    let database: Database
}

extension SQLiteTables {
    /// Whether the database answers at all.
    func isAlive() throws(SQLiteError) -> Bool {
        try database.first("SELECT 1") { (row: Statement) throws(SQLiteError) in row.int64(0) } == 1
    }

    /// A number of the server's state; 0 when there is none.
    func state(_ key: String) throws(SQLiteError) -> Int64 {
        try database.first("SELECT value FROM server_state WHERE key = ?", key) {
            (row: Statement) throws(SQLiteError) in row.int64(0)
        } ?? 0
    }

    /// Changes a number of the server's state, which must exist.
    func setState(_ key: String, _ value: Int64) throws(SQLiteError) {
        let statement = try database.prepare(literal: "UPDATE server_state SET value = ? WHERE key = ?")
        try statement.bind(value, at: 1)
        try statement.bind(key, at: 2)
        try statement.run()
    }
}
