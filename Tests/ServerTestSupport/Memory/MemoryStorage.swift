import ChatWire
import Dispatch
import Synchronization

@testable import ChatServerLite

/// A storage that keeps everything in memory. It was written from the protocols alone, which proves that the
/// server needs nothing of SQLite.
final class MemoryStorage: Storage {
    /// The data that several storages of one process may share, as nodes share a database.
    final class Shared: Sendable {
        fileprivate let committed: Mutex<MemoryTables>
        /// The failure of all reads; nil when reads work.
        fileprivate let readFailure = Mutex<StorageFailure?>(nil)

        init() {
            var tables = MemoryTables()
            tables.epoch = Int64.random(in: 0..<1 << 32)
            committed = Mutex(tables)
        }

        /// Makes reads fail from now on; nil makes them work again.
        func failReads(_ failure: StorageFailure?) { readFailure.withLock { $0 = failure } }
    }

    private struct Queue {
        var waiting = 0
        var isClosed = false
    }

    let epoch: Int64
    let isGone = false
    let highestPasswordCost = 0
    var waitingWrites: Int { queue.withLock { $0.waiting } }
    private let shared: Shared
    private let queue = Mutex(Queue())
    private let queueLength: Int
    /// A thread of its own, because tests block the threads that tasks share.
    private let writer = DispatchQueue(label: "memory storage")
    private let deliver: @Sendable ([StoreJob]) -> Void

    init(
        _ shared: Shared, _ configuration: StorageConfiguration,
        deliver: @escaping @Sendable ([StoreJob]) -> Void
    ) {
        self.shared = shared
        epoch = shared.committed.withLock { $0.epoch }
        queueLength = configuration.writeQueueLength
        self.deliver = deliver
    }

    func submit(_ job: StoreJob) {
        let refusal: StoreError? = queue.withLock { queue in
            if queue.isClosed { return .closed }
            if queue.waiting >= queueLength { return .overloaded }
            queue.waiting += 1
            writer.async { self.commit(job) }
            return nil
        }
        guard let refusal else { return }
        job.fail(refusal)
        deliver([job])
    }

    private func commit(_ job: StoreJob) {
        queue.withLock { $0.waiting -= 1 }
        shared.committed.withLock { tables in
            let transaction = MemoryTransaction(tables)
            do {
                try job.run(in: transaction)
                tables = transaction.tables
            } catch {
                job.fail(.storage(StorageFailure(.other, detail: "\(error)")))
            }
        }
        deliver([job])
    }

    func read<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer {
        if queue.withLock({ $0.isClosed }) { throw .closed }
        do {
            if let failure = shared.readFailure.withLock({ $0 }) { throw failure }
            return try body(MemoryView(tables: shared.committed.withLock { $0 }))
        } catch {
            throw .storage(error as? StorageFailure ?? StorageFailure(.other, detail: "\(error)"))
        }
    }

    func lookUp<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer {
        try await read(body)
    }

    func search<Answer: Sendable>(
        for user: UserID, _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer {
        try await read(body)
    }

    func close() async {
        queue.withLock { $0.isClosed = true }
        await withCheckedContinuation { done in writer.async { done.resume() } }
    }
}

/// Opens storages that share their data.
struct MemoryStorageProvider: StorageProvider {
    let shared = MemoryStorage.Shared()

    func open(
        _ configuration: StorageConfiguration, deliver: @escaping @Sendable ([StoreJob]) -> Void
    ) throws(ServerStartError) -> any Storage {
        MemoryStorage(shared, configuration, deliver: deliver)
    }

    func perform<Command: StoreCommand>(
        _ command: Command, in configuration: StorageConfiguration
    ) throws(ServerStartError) -> Command.Outcome {
        do {
            return try command.apply(in: MemoryTransaction(MemoryTables()))
        } catch {
            throw .database(
                path: configuration.path, .failed(StorageFailure(.other, detail: "\(error)")))
        }
    }
}
