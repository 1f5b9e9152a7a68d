import ChatSQLite

@testable import ChatServerLite
@testable import ChatServerSQLite

extension StorageView {
    /// The underlying database, for tests that damage or inspect it.
    var database: Database {
        guard let tables = self as? any SQLiteTables else { preconditionFailure("this is no SQLite storage") }
        return tables.database
    }
}
