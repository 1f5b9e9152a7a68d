import ChatClientCore
import ChatTUI
import Glibc

/// The few file operations of commands, by system calls.
enum FileSystem {
    /// The bytes of a file; nil when it is longer than `limit`.
    static func contents(of path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current("open", path: path) }
        defer { close(descriptor) }
        return try read(descriptor, limit: limit, path: path)
    }

    /// Everything from a descriptor up to its end; nil when it is more than `limit` bytes.
    static func read(_ descriptor: Int32, limit: Int, path: String? = nil) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .current("read", path: path)
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer.prefix(count))
            if bytes.count > limit { return nil }
        }
    }

    /// Writes all of the bytes, however few a pipe accepts at a time.
    static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32) throws(SystemError) {
        let bytes = Array(bytes)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                // Another program may have made the shared open file non-blocking.
                if errno == EAGAIN, waitUntilWritable(descriptor) { continue }
                throw .current("write")
            }
            written += count
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var descriptors = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptors, 1, -1) > 0 || errno == EINTR
    }

    /// Atomically replaces the file at `path` with these bytes, mode 0600. A symbolic link stays, and its target is
    /// replaced; anything other than a regular file is written to.
    static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let target: FileTarget
        do throws(ChatError) {
            target = try FileTarget(path)
        } catch {
            throw SystemError(code: ELOOP, operation: "open", path: path)
        }
        guard target.isReplaceable else { return try overwrite(target.path, with: bytes) }
        try replace(file: target.path, with: bytes)
    }

    /// If nobody reads a FIFO, this fails instead of waiting.
    private static func overwrite(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw .current("open", path: path) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
    }

    private static func replace(file path: String, with bytes: [UInt8]) throws(SystemError) {
        let temporary = "\(path).\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .current("open", path: temporary) }
        do throws(SystemError) {
            defer { close(descriptor) }
            try write(bytes, to: descriptor)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = SystemError.current("rename", path: path)
            unlink(temporary)
            throw error
        }
    }

    /// Creates the directory and its missing parents, each 0700.
    static func makeDirectories(_ path: String) throws(SystemError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? part : "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST, !isDirectory(made) {
                throw .current("mkdir", path: made)
            }
        }
    }

    /// True when the path leads to a directory.
    static func isDirectory(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// Creates an empty directory with a unique name, 0700, in the first usable place for temporary files.
    static func makeTemporaryDirectory(prefix: String, environment: [String: String]) throws(SystemError)
        -> String
    {
        var failure = SystemError(code: ENOENT, operation: "mkdtemp")
        for parent in TemporaryPlaces.all(environment: environment) {
            var template = Array("\(parent)/\(prefix).\(String(repeating: "X", count: 6))".utf8CString)
            if mkdtemp(&template) != nil {
                return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
            failure = .current("mkdtemp", path: parent)
        }
        throw failure
    }

    /// Removes a directory and everything in it; it is no error when a part has already gone. It follows no symbolic
    /// links and stays on the file system of the directory.
    static func removeTree(_ path: String) throws(SystemError) {
        // A program that still writes there may add a file to a directory that was just emptied.
        for _ in 0..<removalAttempts {
            emptyDirectory(AT_FDCWD, path, device: nil, depth: 0)
            if rmdir(path) == 0 || errno == ENOENT { return }
            if errno != ENOTEMPTY && errno != EEXIST { break }
        }
        throw .current("remove", path: path)
    }

    private static let removalAttempts = 5
    /// Far deeper than anything that this program creates; it bounds the recursion.
    private static let treeDepthMax = 64

    private static func emptyDirectory(_ parent: Int32, _ name: String, device: dev_t?, depth: Int) {
        let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        var information = stat()
        guard depth < treeDepthMax, fstat(descriptor, &information) == 0,
            device == nil || device == information.st_dev, let directory = fdopendir(descriptor)
        else {
            close(descriptor)
            return
        }
        defer { closedir(directory) }
        for entry in entries(of: directory) where unlinkat(descriptor, entry, 0) != 0 {
            emptyDirectory(descriptor, entry, device: information.st_dev, depth: depth + 1)
            _ = unlinkat(descriptor, entry, AT_REMOVEDIR)
        }
    }

    private static func entries(of directory: OpaquePointer) -> [String] {
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The names in a directory, without `.` and `..`, unordered.
    static func names(in path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw .current("opendir", path: path) }
        defer { closedir(directory) }
        return entries(of: directory)
    }

    /// A pipe whose ends are not inherited by child programs: reading end, writing end.
    static func makePipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .current("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
