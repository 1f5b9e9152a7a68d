import ChatSQLite
import ChatServerLite
import ChatWire
import Logging
import NIOCore
import Synchronization

/// The only writer of the database, on its own thread. It does group commits.
///
/// Commands that arrive during a transaction form the next one together, so that one fsync serves them all.
/// An outcome is delivered only after its commit, so a confirmed change survives a power loss. When a
/// transaction fails, each of its commands is tried alone, so that one cannot spoil the others.
actor StoreWriter {
    private struct Queue {
        var jobs: [StoreJob] = []
        var isDraining = false
        var isClosed = false
    }

    /// The state of the write-ahead log.
    private enum LogState { case growing, beingMoved, moved }

    /// The maximum number of commands per transaction, so that the first need not wait for the last.
    private static let batchMax = 1024

    /// The number of pages (64 MB) at which the log is moved into the database. The same pages are often
    /// written again and again: the longer the log, the fewer pages are moved.
    private static let logPagesMax = 16_384

    private nonisolated let eventLoop: any EventLoop
    private nonisolated let queue = Mutex(Queue())
    private nonisolated let queueLength: Int
    private nonisolated let deliver: @Sendable ([StoreJob]) -> Void
    private nonisolated let checkpointer: StoreCheckpointer
    private nonisolated let logState = Mutex(LogState.growing)
    private let database: Database
    private let transaction: SQLiteTransaction
    private let watch: DatabaseWatch
    private nonisolated let lookInterval: Duration
    private nonisolated let isGoneFlag = Atomic<Bool>(false)
    private var lastLook = ServerClock.monotonic()
    private let mark: HighWaterMark?
    /// Identifies the database. It changes when an older copy replaces the database.
    nonisolated let epoch: Int64
    private var logPagesWanted = logPagesMax
    private let counters: StorageCounters
    private let logger: Logger
    /// The number of commands that have failed since the last successful commit.
    private var failures = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    /// Opens the database and migrates its schema. It blocks, so it must be called before the server listens.
    ///
    /// - Parameters:
    ///   - eventLoop: the thread of the writer. Nothing else may use it.
    ///   - deliver: gets the jobs of each commit, in order, to complete them.
    init(
        _ configuration: StorageConfiguration, file: DatabaseFile, eventLoop: any EventLoop,
        deliver: @escaping @Sendable ([StoreJob]) -> Void
    ) throws(SQLiteError) {
        self.eventLoop = eventLoop
        queueLength = configuration.writeQueueLength
        lookInterval = configuration.lookInterval
        counters = configuration.counters
        logger = configuration.logger
        self.deliver = deliver
        database = try Database(path: configuration.path, durability: .init(configuration.durability))
        try database.execute("PRAGMA cache_size=-65536")
        try Migrator.migrate(database, StoreMigrations.all)
        database.keepLog()
        let (epoch, mark) = try Self.identify(database, configuration)
        self.epoch = epoch
        self.mark = mark
        transaction = try SQLiteTransaction(database: database)
        mark?.write(epoch: epoch, sequence: transaction.sequence, newestMessage: transaction.newestMessage)
        checkpointer = StoreCheckpointer(configuration: configuration)
        watch = DatabaseWatch(file, database)
    }

    // MARK: The database's place

    /// Whether the paths no longer lead to the open files. While this is true, nothing is written.
    nonisolated var isGone: Bool { isGoneFlag.load(ordering: .relaxed) }

    /// Starts checking the paths regularly, even while nothing is written.
    nonisolated func keepWatch() {
        let interval = TimeAmount.nanoseconds(max(lookInterval, .milliseconds(100)).nanoseconds)
        eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] task in
            guard let self else { return task.cancel() }
            self.assumeIsolated { $0.look() }
        }
    }

    /// Checks the paths, unless that was done recently.
    private func lookIfDue() {
        if ServerClock.monotonic() - lastLook >= lookInterval { look() }
    }

    private func look() {
        lastLook = ServerClock.monotonic()
        let isGoneNow = !watch.isInPlace()
        guard isGoneFlag.exchange(isGoneNow, ordering: .relaxed) != isGoneNow else { return }
        if isGoneNow {
            logger.error(
                "the database was deleted, moved or replaced while in use; nothing is written until it is back",
                metadata: ["path": "\(checkpointer.configuration.path)"])
        } else {
            logger.notice("the database is back")
        }
    }

    // MARK: Writing

    /// Queues a job. It goes to `deliver` once its outcome is on disk.
    ///
    /// This never blocks. When too many jobs are waiting, the job is delivered at once, failed with
    /// `overloaded`.
    nonisolated func submit(_ job: StoreJob) {
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
        case .refuse(let error):
            job.fail(error)
            deliver([job])
        case .wait: break
        case .wake: eventLoop.execute { self.assumeIsolated { $0.drain() } }
        }
    }

    /// How many jobs wait.
    nonisolated var waitingCount: Int { queue.withLock { $0.jobs.count } }

    private func drain() {
        while let batch = takeBatch() {
            lookIfDue()
            if isGone {
                for job in batch { job.fail(.storage(.gone)) }
            } else {
                commit(batch[...])
            }
            deliver(batch)
            keepLogShort()
        }
    }

    private nonisolated func takeBatch() -> [StoreJob]? {
        queue.withLock { queue in
            guard !queue.jobs.isEmpty else {
                queue.isDraining = false
                return nil
            }
            guard queue.jobs.count > Self.batchMax else {
                let batch = queue.jobs
                queue.jobs = []
                return batch
            }
            let batch = Array(queue.jobs.prefix(Self.batchMax))
            queue.jobs.removeFirst(Self.batchMax)
            return batch
        }
    }

    private func commit(_ batch: ArraySlice<StoreJob>, isLastTry: Bool = false) {
        let start = ServerClock.monotonic()
        var prepared = start
        do {
            try database.transaction(rethrowing: {
                try transaction.begin()
                for job in batch { try job.run(in: transaction) }
                try transaction.prepareCommit()
                prepared = ServerClock.monotonic()
            })
            counters.committed(batch.count, from: start, prepared: prepared)
            mark?.write(
                epoch: epoch, sequence: transaction.sequence, newestMessage: transaction.newestMessage)
            succeeded()
        } catch {
            counters.failures.add()
            let failure = StorageFailure(of: error)
            transaction.didRollBack()
            // Emptying the write-ahead log may free enough space.
            if !isLastTry, failure.kind == .full, database.checkpoint() {
                return commit(batch, isLastTry: true)
            }
            guard batch.count > 1 else { return batch.forEach { fail($0, failure) } }
            for index in batch.indices { commit(batch[index...index], isLastTry: isLastTry) }
        }
    }

    private func fail(_ job: StoreJob, _ failure: StorageFailure) {
        job.fail(.storage(failure))
        failures += 1
        // The first failure tells what is wrong. A line for every failure would fill the rest of the disk.
        if failures == 1 { logger.error("the database cannot be written", metadata: ["cause": "\(failure)"]) }
    }

    private func succeeded() {
        guard failures > 0 else { return }
        logger.notice("the database can be written again", metadata: ["failed": "\(failures)"])
        failures = 0
    }

    /// Moves the log into the database when it is long. The checkpointer does most of the work meanwhile. The
    /// commits made during that time are moved here, so that the log can restart.
    private func keepLogShort() {
        switch logState.withLock({ $0 }) {
        case .growing:
            guard database.logPageCount >= logPagesWanted else { return }
            // The checkpointer opens the database by its path, so the path must be right.
            look()
            guard !isGone else { return }
            logState.withLock { $0 = .beingMoved }
            checkpointer.run { self.logState.withLock { $0 = .moved } }
        case .beingMoved: break
        case .moved:
            // A long read keeps the log from restarting. Then the log continues to grow.
            let isAll = database.checkpointPassively()
            logPagesWanted = isAll ? Self.logPagesMax : database.logPageCount + Self.logPagesMax
            logState.withLock { $0 = .growing }
        }
    }

    /// Finishes the waiting jobs, refuses new ones, and moves the write-ahead log into the database.
    func close() {
        queue.withLock { $0.isClosed = true }
        drain()
        database.checkpoint()
    }
}
