import Glibc

/// Reads and writes small files as a whole.
enum FileBytes {
    /// In bytes. The client writes no longer file.
    private static let lengthMax = 1 << 20

    /// The bytes of a file; nil when it does not exist. A file of more than 1 MiB is an error.
    static func read(_ path: String) throws(ChatError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(path: path, code: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw .file(path: path, code: errno)
            }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= lengthMax else { throw .file(path: path, code: EFBIG) }
        }
    }

    /// Writes a file beside the old one, syncs it to disk, and renames it over the old one. Mode 0600. A symbolic
    /// link stays, and its target is replaced.
    static func replace(_ path: String, with bytes: [UInt8]) throws(ChatError) {
        let target = try FileTarget(path)
        guard target.isReplaceable else { throw .file(path: path, code: EINVAL) }
        let path = target.path
        // The process id keeps two programs from writing to the same temporary file.
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(path: path, code: errno) }
        var failure: Int32 = 0
        if fchmod(descriptor, 0o600) != 0 || !write(bytes, to: descriptor) || fsync(descriptor) != 0 {
            failure = errno
        }
        close(descriptor)
        if failure == 0, rename(temporary, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(temporary)
            throw .file(path: path, code: failure)
        }
    }

    /// The names in a directory, unordered; empty when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
