import ChatSQLite
import ChatWire
import NIOCore
import NIOPosix
import Synchronization

/// The server's database: one writer, several readers, each on its own thread.
public final class ServerStore: Sendable {
    private let threads: MultiThreadedEventLoopGroup
    private let writer: StoreWriter
    private let readers: [StoreReader]
    /// For tokens and sign-ins alone, which everybody waits for.
    private let lookups: StoreReader
    private let searcher: StoreSearcher
    /// The highest cost of a password's hash, as the database had it when it was opened.
    let highestPasswordCost: Int
    private let nextReader = Atomic<Int>(0)
    private let file: DatabaseFile

    /// Opens or creates the database. Blocks; called before the server listens.
    ///
    /// - Parameter deliver: is given the jobs of each commit, in order, on the writer's thread.
    init(
        _ configuration: StoreConfiguration,
        deliver: @escaping @Sendable ([StoreJob]) -> Void
    ) throws(ServerStartError) {
        file = try DatabaseFile(taking: configuration.path)
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
            let tables = ChatTables(database: try Database(path: configuration.path, mode: .readOnly))
            highestPasswordCost = try tables.highestPasswordCost()
        } catch {
            throw .database(path: configuration.path, error)
        }
        file.announce()
        writer.keepWatch()
    }

    /// Whether the path of the database does not lead to it any more, as far as that has been noticed.
    var isGone: Bool { writer.isGone }

    /// Which database this is: the same number as long as nothing that was confirmed is taken back.
    var epoch: Int64 { writer.epoch }

    /// Reads on one unchanging view of what is committed.
    func read<Result: Sendable>(
        _ body: @Sendable @escaping (ChatTables) throws(SQLiteError) -> Result
    ) async throws(StoreError) -> Result {
        let turn = nextReader.wrappingAdd(1, ordering: .relaxed).oldValue
        let reader = readers[Int(UInt(bitPattern: turn) % UInt(readers.count))]
        return try await reader.read(body)
    }

    /// The same for what is found at once by a key, and must not wait for longer questions.
    func lookUp<Result: Sendable>(
        _ body: @Sendable @escaping (ChatTables) throws(SQLiteError) -> Result
    ) async throws(StoreError) -> Result {
        try await lookups.read(body)
    }

    /// The same for what may look at much, in a queue of its own.
    func search<Result: Sendable>(
        for user: UserID, _ body: @Sendable @escaping (ChatTables) throws(SQLiteError) -> Result
    ) async throws(StoreError) -> Result {
        try await searcher.search(for: user, body)
    }

    /// Queues a command; `completion` is called with its outcome after the commit.
    func submit<Command: StoreCommand>(
        _ command: Command,
        completion: @escaping @Sendable (Result<Command.Outcome, StoreError>) -> Void
    ) {
        writer.submit(command, completion: completion)
    }

    /// Ends after everything queued is on the disk.
    func close() async {
        await writer.close()
        await searcher.close()
        try? await threads.shutdownGracefully()
        file.release()
    }
}
