import ChatSQLite
import DequeModule
import NIOCore
import Synchronization

/// The one writer of the database, on a thread of its own: a group commit.
///
/// Commands that arrive while a transaction is under way wait and become the next one together, so that
/// one fsync serves them all. A command's outcome is handed out only after its commit: what was confirmed
/// survives the loss of power. When a transaction fails, each of its commands is tried alone, so that one
/// cannot spoil the others.
actor StoreWriter {
    /// What happens to one command.
    private struct Job: Sendable {
        /// Carries it out; returns what to call after the commit.
        let run: @Sendable (WriteContext) throws(SQLiteError) -> @Sendable () -> Void
        let fail: @Sendable (StoreError) -> Void
    }

    private struct Queue {
        var jobs = Deque<Job>()
        var isDraining = false
        var isClosed = false
    }

    /// Beyond this many commands a transaction is ended, so that the first need not wait for the last.
    private static let batchMax = 1024

    private nonisolated let eventLoop: any EventLoop
    private nonisolated let queue = Mutex(Queue())
    private nonisolated let queueLength: Int
    private nonisolated let deliver: @Sendable ([@Sendable () -> Void]) -> Void
    private let database: Database
    private let context: WriteContext

    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    /// Opens the database and brings its schema up to date. Blocks; called before the server listens.
    ///
    /// - Parameters:
    ///   - eventLoop: the thread to work on; nothing else may use it.
    ///   - deliver: is given the completions of each commit, in order.
    init(
        _ configuration: StoreConfiguration, eventLoop: any EventLoop,
        deliver: @escaping @Sendable ([@Sendable () -> Void]) -> Void
    ) throws(SQLiteError) {
        self.eventLoop = eventLoop
        queueLength = configuration.writeQueueLength
        self.deliver = deliver
        database = try Database(path: configuration.path, durability: configuration.durability)
        try database.execute("PRAGMA cache_size=-65536")
        try Migrator.migrate(database, StoreMigrations.all)
        context = try WriteContext(database: database)
    }

    /// Queues a command. `completion` is called through `deliver` once the outcome is on the disk.
    ///
    /// It never blocks. When too much waits already, `completion` is called at once with `.overloaded`.
    nonisolated func submit<Command: StoreCommand>(
        _ command: Command,
        completion: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> Void
    ) {
        let job = Job(
            run: { (context: WriteContext) throws(SQLiteError) -> @Sendable () -> Void in
                let result = Result { () throws(StoreError) in try command.apply(in: context) }
                // The transaction has failed as a whole; a refusal has not.
                if case .failure(.storage(let error)) = result { throw error }
                return { completion(result) }
            },
            fail: { completion(.failure($0)) })
        enqueue(job)
    }

    private nonisolated func enqueue(_ job: Job) {
        enum Verdict { case refuse(StoreError), wait, wake }
        let verdict: Verdict = queue.withLock { queue in
            if queue.isClosed { return .refuse(.closed) }
            if queue.jobs.count >= queueLength { return .refuse(.overloaded) }
            queue.jobs.append(job)
            if queue.isDraining { return .wait }
            queue.isDraining = true
            return .wake
        }
        switch verdict {
        case .refuse(let error): deliver([{ job.fail(error) }])
        case .wait: break
        case .wake: eventLoop.execute { self.assumeIsolated { $0.drain() } }
        }
    }

    private func drain() {
        while let batch = takeBatch() { deliver(commit(batch)) }
    }

    private nonisolated func takeBatch() -> [Job]? {
        queue.withLock { queue in
            guard !queue.jobs.isEmpty else {
                queue.isDraining = false
                return nil
            }
            let count = min(queue.jobs.count, Self.batchMax)
            let batch = Array(queue.jobs.prefix(count))
            queue.jobs.removeFirst(count)
            return batch
        }
    }

    private func commit(_ batch: [Job]) -> [@Sendable () -> Void] {
        do {
            var completions: [@Sendable () -> Void] = []
            completions.reserveCapacity(batch.count)
            try database.transaction { () throws(SQLiteError) in
                for job in batch { completions.append(try job.run(context)) }
                try context.prepareCommit()
            }
            context.didCommit()
            return completions
        } catch {
            context.didRollBack()
            guard batch.count > 1 else { return batch.map { job in { job.fail(.storage(error)) } } }
            return batch.flatMap { commit([$0]) }
        }
    }

    /// Finishes what waits, refuses what comes, and folds the write-ahead log into the database.
    func close() {
        queue.withLock { $0.isClosed = true }
        drain()
        database.checkpoint()
    }
}
