import ChatSQLite
import NIOCore
import NIOPosix
import Synchronization

/// The server's database: one writer, several readers, each on its own thread.
public final class ServerStore: Sendable {
    private let threads: MultiThreadedEventLoopGroup
    private let writer: StoreWriter
    private let readers: [StoreReader]
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
        threads = MultiThreadedEventLoopGroup(numberOfThreads: 1 + readerCount)
        do throws(SQLiteError) {
            writer = try StoreWriter(configuration, file: file, eventLoop: threads.next(), deliver: deliver)
            var readers: [StoreReader] = []
            for _ in 0..<readerCount {
                readers.append(try StoreReader(path: configuration.path, eventLoop: threads.next()))
            }
            self.readers = readers
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
        try? await threads.shutdownGracefully()
        file.release()
    }
}
