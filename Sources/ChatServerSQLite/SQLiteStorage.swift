import ChatSQLite
import ChatServerLite
import ChatWire
import NIOCore
import NIOPosix
import Synchronization

/// A SQLite database with one writer and several readers, each on its own thread.
final class SQLiteStorage: Storage {
    private let threads: MultiThreadedEventLoopGroup
    private let writer: StoreWriter
    private let readers: [StoreReader]
    /// A reader for tokens and sign-ins only, because everybody waits for those.
    private let lookups: StoreReader
    private let searcher: StoreSearcher
    let highestPasswordCost: Int
    private let nextReader = Atomic<Int>(0)
    private let file: DatabaseFile
    private let isClosed = Atomic<Bool>(false)
    /// The end of the threads, once somebody has asked for it.
    private let closing = Mutex<Task<Void, Never>?>(nil)

    /// Opens or creates the database. It blocks, so it must be called before the server listens.
    ///
    /// - Parameter deliver: gets the jobs of each commit, in order, on the writer's thread.
    init(
        _ configuration: StorageConfiguration,
        deliver: @escaping @Sendable ([StoreJob]) -> Void
    ) throws(ServerStartError) {
        file = try DatabaseFile(taking: configuration.path, logger: configuration.logger)
        let readerCount = max(1, configuration.readerCount)
        threads = MultiThreadedEventLoopGroup(numberOfThreads: 2 + readerCount)
        do throws(SQLiteError) {
            writer = try StoreWriter(configuration, file: file, eventLoop: threads.next(), deliver: deliver)
            var readers: [StoreReader] = []
            for _ in 0..<readerCount {
                readers.append(try StoreReader(path: configuration.path, eventLoop: threads.next()))
            }
            self.readers = readers
            lookups = try StoreReader(path: configuration.path, eventLoop: threads.next())
            searcher = try StoreSearcher(
                path: configuration.path, queueLength: configuration.searchQueueLength)
            let view = SQLiteView(database: try Database(path: configuration.path, mode: .readOnly))
            highestPasswordCost = try view.highestPasswordCost()
        } catch {
            throw .database(path: configuration.path, UnusableDatabase(error))
        }
        file.announce()
        writer.keepWatch()
    }

    var isGone: Bool { writer.isGone }

    var waitingWrites: Int { writer.waitingCount }

    var epoch: Int64 { writer.epoch }

    func read<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer {
        guard !isClosed.load(ordering: .relaxed) else { throw .closed }
        let turn = nextReader.wrappingAdd(1, ordering: .relaxed).oldValue
        let reader = readers[Int(UInt(bitPattern: turn) % UInt(readers.count))]
        return try await reader.read(body)
    }

    func lookUp<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer {
        guard !isClosed.load(ordering: .relaxed) else { throw .closed }
        return try await lookups.read(body)
    }

    func search<Answer: Sendable>(
        for user: UserID, _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(StoreError) -> Answer {
        guard !isClosed.load(ordering: .relaxed) else { throw .closed }
        return try await searcher.search(for: user, body)
    }

    func submit(_ job: StoreJob) { writer.submit(job) }

    /// Every call returns once the database is closed. The first one closes it: a second hop to a thread that has ended
    /// would never come back.
    func close() async {
        let task = closing.withLock { closing in
            let task = closing ?? Task { await self.closeOnce() }
            closing = task
            return task
        }
        await task.value
    }

    private func closeOnce() async {
        isClosed.store(true, ordering: .relaxed)
        await writer.close()
        await searcher.close()
        try? await threads.shutdownGracefully()
        file.release()
    }
}
