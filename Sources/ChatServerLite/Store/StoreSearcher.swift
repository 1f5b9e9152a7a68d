import ChatSQLite
import ChatWire
import Synchronization

/// Answers the questions that may cost much, on a connection and a thread of its own: one after the other, fairly by
/// users, and none whose asker has gone.
final class StoreSearcher: Sendable {
    private let worker: FairWorker
    private let tables: Mutex<ChatTables>

    init(path: String, queueLength: Int) throws(SQLiteError) {
        let database = try Database(path: path, mode: .readOnly)
        try database.execute("PRAGMA mmap_size=268435456")
        tables = Mutex(ChatTables(database: database))
        worker = FairWorker(threads: 1, estimate: .milliseconds(2), lengthMax: queueLength)
    }

    /// - Throws: `overloaded` when this user, or all together, ask for too much at a time.
    func search<Result: Sendable>(
        for user: UserID, _ body: @Sendable @escaping (ChatTables) throws(SQLiteError) -> Result
    ) async throws(StoreError) -> Result {
        let outcome: Swift.Result<Result, SQLiteError>
        do {
            outcome = try await worker.run(for: FairAsker(group: "\(user)")) { [self] in
                tables.withLock { tables in
                    do throws(SQLiteError) {
                        return .success(try body(tables))
                    } catch {
                        return .failure(error)
                    }
                }
            }
        } catch {
            throw .tooManyQuestions
        }
        return try storing { () throws(SQLiteError) in try outcome.get() }
    }

    func close() async { await worker.shutdown() }
}
