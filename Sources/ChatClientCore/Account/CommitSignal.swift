import ChatNet
import Glibc

/// Tells the programs that share an account's cache about each other's commits. After a commit a program writes a
/// byte to a file that all of them watch. They read the committed data from the cache.
///
/// Watching the database's own files would not work: their last write precedes the visibility of the commit.
final class CommitSignal {
    private let path: String
    private let descriptor: Int32
    private var watch: Watch?

    /// Opens the file, and creates it when it is missing. A directory that cannot be written needs no signal, because
    /// nothing is committed there either.
    init(_ files: AccountFiles) throws(ChatError) {
        path = files.signal
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 || [ENOSPC, EDQUOT, EROFS, EACCES].contains(errno) else {
            throw .file(path: path, code: errno)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Announces that this program has committed.
    func send() {
        guard descriptor >= 0 else { return }
        var byte: UInt8 = 1
        // A full disk may refuse the write. Then the others notice the commit at the next signal, or at their own
        // next call.
        _ = pwrite(descriptor, &byte, 1, 0)
    }

    /// Calls `handler` on the thread after each signal, including this program's own. When the system has no free
    /// watches, the other programs' commits are noticed only at this program's next call.
    func startWatching(on thread: IOThread, _ handler: @escaping @Sendable () -> Void) {
        guard watch == nil else { return }
        watch = Watch(path: path, thread: thread, handler)
    }

    /// Ends the calls of the handler.
    func stopWatching() { watch = nil }

    private final class Watch {
        private let descriptor: Int32
        private let watch: IOWatch

        init?(path: String, thread: IOThread, _ handler: @escaping @Sendable () -> Void) {
            let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            guard descriptor >= 0 else { return nil }
            guard inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) >= 0 else {
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

        private static func drain(_ descriptor: Int32) {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while read(descriptor, &buffer, buffer.count) > 0 {}
        }
    }
}
