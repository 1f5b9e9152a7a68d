import ChatSQLite

@testable import ChatServerLite
@testable import ChatServerSQLite

extension StorageView {
    /// The database beneath, for tests that damage it or look into it.
    var database: Database {
        guard let tables = self as? any SQLiteTables else { preconditionFailure("this is no SQLite storage") }
        return tables.database
    }
}
