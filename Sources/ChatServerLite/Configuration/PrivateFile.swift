import Glibc
import Logging

/// Reads and creates small files that only their owner may read.
package enum PrivateFile {
    /// Why a file cannot be read, secured or created.
    package enum Failure: Error, Equatable {
        case system(code: Int32)
        case tooLarge
        case notRegular
        case foreign

        package var reason: String {
            switch self {
            case .system(let code): String(cString: strerror(code))
            case .tooLarge: "the file is too large"
            case .notRegular: "it is no regular file"
            case .foreign: "it belongs to another user, who could change it at any time"
            }
        }
    }

    /// What other users may do with a file. ``read(_:limit:sharing:logger:)`` removes all further rights.
    package enum Sharing: UInt32 {
        case none = 0o77
        /// Others may read it.
        case reading = 0o22
    }

    /// A logger that discards everything.
    package static let noLogger = Logger(label: "files") { _ in SwiftLogNoOpLogHandler() }

    /// The content of a file, at most `limit` bytes; nil when there is no file.
    ///
    /// - Parameter logger: gets a warning when others had more rights than `sharing` allows.
    package static func read(
        _ path: String, limit: Int = 1 << 20, sharing: Sharing = .none, logger: Logger = noLogger
    ) throws(Failure) -> [UInt8]? {
        guard let descriptor = try open(path) else { return nil }
        defer { close(descriptor) }
        try secure(descriptor, sharing, path, logger)
        return try drain(descriptor, limit: limit)
    }

    /// The content of a file of which this program only is a reader, whoever owns it and whatever its rights are; nil
    /// when there is no file.
    static func contents(_ path: String, limit: Int) throws(Failure) -> [UInt8]? {
        guard let descriptor = try open(path) else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        return try drain(descriptor, limit: limit)
    }

    /// The descriptor of a file; nil when there is no file.
    private static func open(_ path: String) throws(Failure) -> Int32? {
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor < 0 else { return descriptor }
        if errno == ENOENT { return nil }
        throw .system(code: errno)
    }

    private static func drain(_ descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(code: errno)
            }
            if count == 0 { return contents }
            contents += chunk[..<count]
            if contents.count > limit { throw .tooLarge }
        }
    }

    /// Removes the rights of other users that `sharing` does not allow on an open file. When there were any,
    /// a warning names the file, because others may have read or changed it.
    package static func secure(
        _ descriptor: Int32, _ sharing: Sharing, _ path: String, _ logger: Logger
    ) throws(Failure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        // Root may use anybody's file. Other users may use only their own files and root's.
        guard [geteuid(), 0].contains(status.st_uid) || geteuid() == 0 else { throw .foreign }
        guard status.st_mode & sharing.rawValue != 0, status.st_uid == geteuid() || geteuid() == 0 else {
            return
        }
        let mode = status.st_mode & 0o7777 & ~sharing.rawValue
        guard fchmod(descriptor, mode) == 0 else { throw .system(code: errno) }
        warn(path, from: status.st_mode, to: mode, sharing, logger)
    }

    /// Logs that rights on a file were removed.
    package static func warn(
        _ path: String, from before: mode_t, to after: mode_t, _ sharing: Sharing, _ logger: Logger
    ) {
        let advice =
            switch sharing {
            case .none: "make a new secret if others may have read it"
            case .reading: "look whether others have changed it"
            }
        logger.warning(
            "others could access a private file; its permissions were restricted",
            metadata: [
                "file": "\(path)", "mode": "\(String(before & 0o7777, radix: 8))",
                "now": "\(String(after, radix: 8))", "advice": "\(advice)",
            ])
    }

    /// Logs a warning when anybody can read the file. The file belongs to a person, so its rights stay as
    /// they are.
    static func warnWhereOthersRead(_ path: String, _ logger: Logger) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o004 != 0 else { return }
        logger.warning(
            "anybody on this machine can read a file with a secret",
            metadata: [
                "file": "\(path)", "mode": "\(String(status.st_mode & 0o7777, radix: 8))",
                "advice": "chmod 600",
            ])
    }

    /// Creates the file with `contents` and mode 0600, and syncs it to disk. An existing file stays as it is.
    ///
    /// The file appears whole or not at all, so a crash leaves no half-written secret.
    ///
    /// - Returns: the content of the file.
    package static func createOnce(
        _ path: String, contents: [UInt8], logger: Logger = noLogger
    ) throws(Failure) -> [UInt8] {
        if let existing = try read(path, logger: logger) { return existing }
        let draft = path + ".new-\(getpid())"
        unlink(draft)
        try write(contents, to: draft)
        defer { unlink(draft) }
        if link(draft, path) == 0 { return contents }
        guard errno == EEXIST, let existing = try read(path) else { throw .system(code: errno) }
        return existing
    }

    /// Writes the file whole, or not at all, in place of one that is there.
    static func replace(_ path: String, contents: [UInt8], mode: UInt32) throws(Failure) {
        let draft = path + ".new-\(getpid())"
        unlink(draft)
        try write(contents, to: draft, mode: mode)
        guard rename(draft, path) == 0 else {
            let code = errno
            unlink(draft)
            throw .system(code: code)
        }
    }

    private static func write(_ contents: [UInt8], to path: String, mode: UInt32 = 0o600) throws(Failure) {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(code: errno) }
        defer { close(descriptor) }
        if mode != 0o600, fchmod(descriptor, mode) != 0 { throw .system(code: errno) }
        var rest = contents[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(code: errno)
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 else { throw .system(code: errno) }
    }

    /// Creates a directory and its missing parents with mode 0700.
    package static func createDirectory(_ path: String) throws(Failure) {
        guard !path.isEmpty, path != "/", path != "." else { return }
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .system(code: ENOTDIR) }
            return
        }
        try createDirectory(parent(of: path))
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .system(code: errno) }
    }

    /// The absolute path of a file, with all symbolic links of its directory resolved.
    package static func absolute(_ path: String) -> String {
        guard let resolved = realpath(parent(of: path), nil) else { return path }
        defer { free(resolved) }
        let name = path.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
        return String(cString: resolved) + "/" + name
    }

    /// The directory that holds `path`.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
