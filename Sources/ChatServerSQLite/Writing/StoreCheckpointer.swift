import ChatSQLite
import ChatServerLite
import NIOPosix

/// Moves the write-ahead log into the database beside the writer, so that no message waits for it.
///
/// That is seldom: the thread is one that the process has for such work, and the connection is opened for it.
struct StoreCheckpointer: Sendable {
    let configuration: StorageConfiguration

    /// Moves what there is, and calls `finished`. What is committed meanwhile remains.
    func run(finished: @escaping @Sendable () -> Void) {
        NIOThreadPool.singleton.submit { _ in
            // What fails here is done by the writer itself.
            let database = try? Database(
                path: configuration.path, durability: .init(configuration.durability))
            database?.checkpointPassively()
            finished()
        }
    }
}
