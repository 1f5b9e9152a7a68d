import ChatSQLite
import ChatServerLite
import Glibc
import Logging
import Synchronization

/// Identifies a file on disk, whatever its name.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let number: UInt64

    /// The file at `path`, with links resolved; nil when there is none or it cannot be reached.
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

/// The database's file while a server uses it. No other server can take it, whatever name it uses for the
/// file.
///
/// The lock is on the file itself: an open file description lock of fcntl(2), far from the bytes that SQLite
/// locks. The lock ends with the process. Beside it is a traditional lock, which protects nothing but lets
/// others see the process's id.
final class DatabaseFile: Sendable {
    let path: String
    let identity: FileIdentity
    private let descriptor: Int32
    private let isHeld = Atomic<Bool>(false)

    /// The files that this process has taken. Opening and closing one of them again would release SQLite's
    /// locks on it.
    private static let taken = Mutex<Set<FileIdentity>>([])

    /// The position of the locks: above the 512 bytes from 2^30 on that SQLite locks, in a page that it never
    /// uses.
    private static let lockOffset: off_t = 0x4000_0000 + 1024

    // Linux's value; Swift does not import this macro everywhere.
    private static let setOpenFileLock: Int32 = 37

    /// Takes the file. A missing file is created with mode 0600. Call this before SQLite opens the file.
    init(taking path: String, logger: Logger = PrivateFile.noLogger) throws(ServerStartError) {
        if let identity = FileIdentity(path: path), Self.taken.withLock({ $0.contains(identity) }) {
            throw .databaseInUse(path: path, process: getpid())
        }
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
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

    /// Shows other processes who has the file, as far as the system lets them see it. Call this after SQLite
    /// has opened the file, because closing an earlier connection would release this lock.
    func announce() {
        _ = Self.set(F_SETLK, F_WRLCK, at: Self.lockOffset + 1, descriptor)
    }

    /// Releases the file. Call this when nothing will be written any more.
    func release() {
        guard isHeld.exchange(false, ordering: .relaxed) else { return }
        // A child that was forked and has not reached exec yet has the file too. Closing would leave it the lock.
        _ = Self.set(Self.setOpenFileLock, F_UNLCK, at: Self.lockOffset, descriptor)
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

    /// Removes other users' write access to the database and to SQLite's files beside it, which get the
    /// database's mode. Others could fill writable files with anything.
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
        // The kind of lock that SQLite needs is tried too, because SQLite would report a file system without
        // locks as a busy database.
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

    // Linux's value; Swift does not import this macro everywhere.
    private static let getOpenFileLock: Int32 = 36

    /// The id of the process that has the file at `path`, 0 when the id is not visible from here, and nil when no server
    /// has the file.
    static func user(of path: String) -> Int32? {
        // Opening and closing a file of this process would release SQLite's locks.
        if let identity = FileIdentity(path: path), taken.withLock({ $0.contains(identity) }) {
            return getpid()
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var region = region(F_WRLCK, at: lockOffset)
        guard fcntl(descriptor, getOpenFileLock, &region) == 0, region.l_type != Int16(F_UNLCK) else {
            return nil
        }
        return holder(descriptor) ?? 0
    }

    /// - Returns: 0, or the error number of fcntl(2).
    private static func set(_ command: Int32, _ type: Int32, at offset: off_t, _ descriptor: Int32) -> Int32 {
        var region = region(type, at: offset)
        while fcntl(descriptor, command, &region) != 0 {
            if errno != EINTR { return errno }
        }
        return 0
    }

    /// The id of the process that has the file; nil when it is not visible from here.
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
