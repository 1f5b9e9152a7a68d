import ChatSQLite
import ChatServerLite

/// Stores a server's data in a SQLite file; see ``StorageConfiguration/path``.
package struct SQLiteStorageProvider: StorageProvider {
    package init() {}

    package func open(
        _ configuration: StorageConfiguration, deliver: @escaping @Sendable ([StoreJob]) -> Void
    ) throws(ServerStartError) -> any Storage {
        try SQLiteStorage(configuration, deliver: deliver)
    }

    package func perform<Command: StoreCommand>(
        _ command: Command, in configuration: StorageConfiguration
    ) throws(ServerStartError) -> Command.Outcome {
        let file = try DatabaseFile(taking: configuration.path)
        defer { file.release() }
        do {
            let database = try Database(path: configuration.path)
            defer { database.checkpoint() }
            try Migrator.migrate(database, StoreMigrations.all)
            let transaction = try SQLiteTransaction(database: database)
            return try database.transaction(rethrowing: {
                try transaction.begin()
                let outcome = try command.apply(in: transaction)
                try transaction.fileRecentChanges()
                try transaction.prepareCommit()
                return outcome
            })
        } catch let error as SQLiteError {
            throw .database(path: configuration.path, UnusableDatabase(error))
        } catch {
            throw .database(path: configuration.path, .failed(StorageFailure(of: error)))
        }
    }
}
