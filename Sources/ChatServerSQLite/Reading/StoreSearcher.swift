import ChatSQLite
import ChatServerLite
import ChatWire
import Synchronization

/// Runs expensive queries on its own connection and thread, one after the other. The queue is fair to all
/// users and skips cancelled queries.
final class StoreSearcher: Sendable {
    private let worker: FairWorker
    private let view: Mutex<SQLiteView>

    init(path: String, queueLength: Int) throws(SQLiteError) {
        let database = try Database(path: path, mode: .readOnly)
        try database.execute("PRAGMA mmap_size=268435456")
        view = Mutex(SQLiteView(database: database))
        worker = FairWorker(threads: 1, estimate: .milliseconds(2), lengthMax: queueLength)
    }

    /// - Throws: `tooManyQuestions` when this user, or all users together, search for too much at a time.
    func search<Answer: Sendable>(
        for user: UserID, _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer {
        let outcome: Result<Answer, StorageFailure>
        do {
            outcome = try await worker.run(for: FairAsker(group: "\(user)")) { [self] in
                view.withLock { view in
                    do {
                        return .success(try body(view))
                    } catch {
                        return .failure(StorageFailure(of: error))
                    }
                }
            }
        } catch {
            throw .tooManyQuestions
        }
        do {
            return try outcome.get()
        } catch {
            throw .storage(error)
        }
    }

    func close() async { await worker.shutdown() }
}
