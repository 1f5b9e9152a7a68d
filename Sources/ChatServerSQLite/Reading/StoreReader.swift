import ChatSQLite
import ChatServerLite
import NIOCore

/// A connection that reads on its own thread while the writer writes.
actor StoreReader {
    private nonisolated let eventLoop: any EventLoop
    private let view: SQLiteView

    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    /// Opens an existing database. It blocks, so it must be called before the server listens.
    init(path: String, eventLoop: any EventLoop) throws(SQLiteError) {
        self.eventLoop = eventLoop
        let database = try Database(path: path, mode: .readOnly)
        try database.execute("PRAGMA mmap_size=268435456")
        view = SQLiteView(database: database)
    }

    /// Runs `body` on one unchanging view of the database.
    func read<Answer: Sendable>(
        _ body: @Sendable (any StorageView) throws -> Answer
    ) throws(StoreError) -> Answer {
        do {
            return try view.database.readTransaction(rethrowing: { try body(view) })
        } catch {
            throw .storage(StorageFailure(of: error))
        }
    }
}
