import ChatSQLite
import NIOCore

/// Moves the write-ahead log into the database, on a thread and a connection of its own, so that no message
/// waits for it.
actor StoreCheckpointer {
    private nonisolated let eventLoop: any EventLoop
    private let database: Database

    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    /// Opens an existing database. Blocks; called before the server listens.
    init(_ configuration: StoreConfiguration, eventLoop: any EventLoop) throws(SQLiteError) {
        self.eventLoop = eventLoop
        database = try Database(path: configuration.path, durability: configuration.durability)
    }

    /// Moves what there is, and calls `finished`. What is committed meanwhile remains.
    nonisolated func run(finished: @escaping @Sendable () -> Void) {
        eventLoop.execute {
            self.assumeIsolated { _ = $0.database.checkpointPassively() }
            finished()
        }
    }
}
