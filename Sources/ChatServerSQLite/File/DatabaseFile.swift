import ChatSQLite
import ChatServerLite
import Glibc
import Logging
import Synchronization

/// A file of the file system, whatever it is called.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64

    /// The file that `path` leads to; nil when there is none, or it cannot be reached.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }
}

/// The file of a database while a server has it: no other server takes it, by whatever name.
///
/// The lock is on the file itself (an open file description lock of fcntl(2)), far from the bytes that SQLite
/// locks, and goes with the process. Beside it is a lock of the older sort, which tells others the process's
/// number and protects nothing.
final class DatabaseFile: Sendable {
    let path: String
    let identity: FileIdentity
    private let descriptor: Int32
    private let isHeld = Atomic<Bool>(false)

    /// Those that this process has. Opening one again, and closing it, would take away SQLite's locks on it.
    private static let taken = Mutex<Set<FileIdentity>>([])

    /// Where the locks are: behind all that SQLite locks (from 2^30 on, 512 bytes), in a page that it never uses.
    private static let lockOffset: off_t = 0x4000_0000 + 1024

    // Linux; Swift does not import these macros everywhere.
    private static let setOpenFileLock: Int32 = 37

    /// Takes the file, which is created with mode 0600 if it is missing. To be called before SQLite opens it.
    init(taking path: String, logger: Logger = PrivateFile.noLogger) throws(ServerStartError) {
        if let identity = FileIdentity(path: path), Self.taken.withLock({ $0.contains(identity) }) {
            throw .databaseInUse(path: path, process: getpid())
        }
        // Without O_NONBLOCK a named pipe would wait for somebody at its other end.
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw Self.cannotOpen(path, errno) }
        do throws(ServerStartError) {
            identity = FileIdentity(try Self.regularFile(descriptor, path))
            Self.secure(descriptor, path, logger)
            self.path = path
            try Self.lock(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        Self.taken.withLock { _ = $0.insert(identity) }
        isHeld.store(true, ordering: .relaxed)
    }

    deinit { release() }

    /// Tells other processes who has the file, as far as the system lets them see. To be called when SQLite has
    /// opened it: what it closes before takes this lock away.
    func announce() {
        _ = Self.set(F_SETLK, F_WRLCK, at: Self.lockOffset + 1, descriptor)
    }

    /// Lets others have the file; called when nothing is written any more.
    func release() {
        guard isHeld.exchange(false, ordering: .relaxed) else { return }
        close(descriptor)
        Self.taken.withLock { _ = $0.remove(identity) }
    }

    private static func cannotOpen(_ path: String, _ code: Int32) -> ServerStartError {
        .database(path: path, .cannotOpen(reason: String(cString: strerror(code))))
    }

    private static func regularFile(_ descriptor: Int32, _ path: String) throws(ServerStartError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .database(path: path, .cannotOpen(reason: "it is no regular file"))
        }
        return status
    }

    /// What others may write to they could fill with anything; what SQLite makes beside the file has its mode.
    private static func secure(_ descriptor: Int32, _ path: String, _ logger: Logger) {
        try? PrivateFile.secure(descriptor, .reading, path, logger)
        for suffix in ["-wal", "-shm"] {
            var status = stat()
            guard lstat(path + suffix, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_mode & PrivateFile.Sharing.reading.rawValue != 0
            else { continue }
            let mode = status.st_mode & 0o7777 & ~PrivateFile.Sharing.reading.rawValue
            guard chmod(path + suffix, mode) == 0 else { continue }
            PrivateFile.warn(path + suffix, from: status.st_mode, to: mode, .reading, logger)
        }
    }

    // MARK: Locks

    private static func lock(_ descriptor: Int32, _ path: String) throws(ServerStartError) {
        // What SQLite needs is tried too: it would call a file system without locks a busy database.
        let codes = [
            set(F_SETLK, F_WRLCK, at: lockOffset + 2, descriptor),
            set(F_SETLK, F_UNLCK, at: lockOffset + 2, descriptor),
            set(setOpenFileLock, F_WRLCK, at: lockOffset, descriptor),
        ]
        switch codes.first(where: { $0 != 0 }) {
        case nil: return
        case EAGAIN?, EACCES?: throw .databaseInUse(path: path, process: holder(descriptor))
        case let code?:
            throw .databaseWithoutLocks(path: path, reason: String(cString: strerror(code)))
        }
    }

    /// - Returns: 0, or what the system says against it.
    private static func set(_ command: Int32, _ type: Int32, at offset: off_t, _ descriptor: Int32) -> Int32 {
        var region = region(type, at: offset)
        while fcntl(descriptor, command, &region) != 0 {
            if errno != EINTR { return errno }
        }
        return 0
    }

    /// The process that has the file; nil when it cannot be seen from here.
    private static func holder(_ descriptor: Int32) -> Int32? {
        var region = region(F_WRLCK, at: lockOffset + 1)
        guard fcntl(descriptor, F_GETLK, &region) == 0, region.l_type != Int16(F_UNLCK), region.l_pid > 0
        else { return nil }
        return region.l_pid
    }

    private static func region(_ type: Int32, at offset: off_t) -> flock {
        var region = flock()
        region.l_type = Int16(type)
        region.l_whence = Int16(SEEK_SET)
        region.l_start = offset
        region.l_len = 1
        return region
    }
}
