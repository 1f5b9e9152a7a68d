import ChatSQLite

@testable import ChatServerLite
@testable import ChatServerSQLite

extension SQLiteStorage {
    /// A storage with one reader that completes its jobs at once.
    static func open(
        at path: String, configure: (inout StorageConfiguration) -> Void = { _ in }
    ) throws -> SQLiteStorage {
        var configuration = StorageConfiguration(path: path)
        configuration.readerCount = 1
        configure(&configuration)
        return try SQLiteStorage(configuration) { for job in $0 { job.complete() } }
    }
}

extension StorageView {
    /// The database beneath, for tests that damage it or look into it.
    var database: Database {
        guard let tables = self as? any SQLiteTables else { preconditionFailure("this is no SQLite storage") }
        return tables.database
    }
}
