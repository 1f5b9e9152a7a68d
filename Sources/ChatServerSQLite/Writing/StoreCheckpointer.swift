import ChatSQLite
import ChatServerLite
import NIOPosix

/// Moves the write-ahead log into the database on another thread than the writer's, so that no message waits
/// for it.
///
/// This is rare, so it borrows a thread of the process's pool and opens its own connection.
struct StoreCheckpointer: Sendable {
    let configuration: StorageConfiguration

    /// Moves the present content of the log, and calls `finished`. Later commits stay in the log.
    func run(finished: @escaping @Sendable () -> Void) {
        NIOThreadPool.singleton.submit { _ in
            // If this fails, the writer does the work itself.
            let database = try? Database(
                path: configuration.path, durability: .init(configuration.durability))
            database?.checkpointPassively()
            finished()
        }
    }
}
