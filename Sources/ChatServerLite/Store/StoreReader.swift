import ChatSQLite
import NIOCore

/// A connection that reads, on a thread of its own, while the writer writes.
actor StoreReader {
    private nonisolated let eventLoop: any EventLoop
    private let tables: ChatTables

    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    /// Opens an existing database. Blocks; called before the server listens.
    init(path: String, eventLoop: any EventLoop) throws(SQLiteError) {
        self.eventLoop = eventLoop
        let database = try Database(path: path, mode: .readOnly)
        try database.execute("PRAGMA mmap_size=268435456")
        tables = ChatTables(database: database)
    }

    /// Runs `body` on one unchanging view of the database.
    func read<Result: Sendable>(
        _ body: @Sendable (ChatTables) throws(SQLiteError) -> Result
    ) throws(StoreError) -> Result {
        try storing { () throws(SQLiteError) in
            try tables.database.readTransaction { () throws(SQLiteError) in try body(tables) }
        }
    }
}
