import Glibc

/// The file of the audit log. It grows up to a size, and is then renamed to `FILE.1`; older ones move on to
/// `FILE.2` and so on, and the oldest is deleted. All have mode 0600.
///
/// It is used by one thread at a time.
struct AuditFile: ~Copyable {
    /// Why the file cannot be written, in the system's words.
    struct Failure: Error, Equatable { let reason: String }

    private let path: String
    private let lengthMax: Int
    private let kept: Int
    private var descriptor: Int32 = -1
    private var length = 0

    /// - Parameters:
    ///   - lengthMax: the size in bytes beyond which a new file begins.
    ///   - kept: how many full files are kept.
    init(path: String, lengthMax: Int, kept: Int) {
        self.path = path
        self.lengthMax = lengthMax
        self.kept = kept
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Closes the file, so that the next line opens whatever is at the path by then.
    mutating func reopen() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// Opens the file, unless it is open.
    mutating func open() throws(Failure) {
        guard descriptor < 0 else { return }
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let opened = Glibc.open(path, flags, 0o600)
        guard opened >= 0 else { throw Self.failure() }
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw Failure(reason: "it is not a regular file")
        }
        // A file that others can read would tell them who signs in.
        if status.st_mode & 0o077 != 0 { _ = fchmod(opened, 0o600) }
        descriptor = opened
        length = Int(status.st_size)
    }

    /// Appends a line. A part of a line that was written before a failure is taken away again.
    mutating func append(_ line: [UInt8]) throws(Failure) {
        try open()
        if length > 0, length + line.count > lengthMax { try rotate() }
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = Self.failure()
                if rest.count < line.count { _ = ftruncate(descriptor, off_t(length)) }
                throw failure
            }
            rest = rest.dropFirst(count)
        }
        length += line.count
    }

    private mutating func rotate() throws(Failure) {
        for number in stride(from: kept - 1, through: 1, by: -1) {
            _ = rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        guard (kept > 0 ? rename(path, path + ".1") : unlink(path)) == 0 || errno == ENOENT else {
            throw Self.failure()
        }
        reopen()
        try open()
    }

    private static func failure() -> Failure { Failure(reason: String(cString: strerror(errno))) }
}
