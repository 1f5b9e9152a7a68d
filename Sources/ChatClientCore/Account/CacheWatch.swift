import ChatNet
import Glibc

/// Tells when a program has written to an account's cache, this one included: whether it was another is asked
/// of SQLite.
final class CacheWatch: Sendable {
    private let descriptor: Int32
    private let watch: IOWatch

    /// Nil where the system has no more watches to give: changes of others are then seen with the next own one.
    init?(_ files: AccountFiles, thread: IOThread, _ handler: @escaping @Sendable () -> Void) {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        // Every commit is written to the log beside the database, which comes and goes.
        guard inotify_add_watch(descriptor, files.directory, UInt32(IN_MODIFY)) >= 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        watch = thread.watch(descriptor, for: .readable) { _ in
            Self.drain(descriptor)
            handler()
        }
    }

    deinit {
        watch.end()
        close(descriptor)
    }

    /// Which file it was does not matter: there is only the cache in that directory.
    private static func drain(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(descriptor, &buffer, buffer.count) > 0 {}
    }
}
