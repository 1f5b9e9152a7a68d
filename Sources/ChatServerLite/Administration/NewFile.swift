import Glibc

/// A file that is being written, for its owner alone. It gets its name when it is whole, and replaces nothing.
struct NewFile: ~Copyable {
    /// Why there is no file.
    enum Failure: Error, Equatable, CustomStringConvertible {
        case alreadyThere(path: String)
        case cannotWrite(path: String, reason: String)

        var description: String {
            switch self {
            case .alreadyThere(let path):
                "\(path) is there already, and nothing is overwritten; choose another name"
            case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
            }
        }
    }

    private let path: String
    private let draft: String
    private let descriptor: Int32
    private var waiting: [UInt8] = []

    init(_ path: String) throws(Failure) {
        let draft = path + ".new-\(getpid())"
        var status = stat()
        guard lstat(path, &status) != 0 else { throw .alreadyThere(path: path) }
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        (self.path, self.draft, self.descriptor) = (path, draft, descriptor)
    }

    deinit {
        unlink(draft)
        close(descriptor)
    }

    mutating func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    mutating func write(_ bytes: [UInt8]) throws(Failure) {
        waiting += bytes
        if waiting.count >= 64 << 10 { try flush() }
    }

    /// Brings the file to disk under its name.
    consuming func finish() throws(Failure) {
        try flush()
        guard fsync(descriptor) == 0 else { throw failure() }
        // Unlike a renaming, a link replaces nothing.
        guard link(draft, path) == 0 else {
            throw errno == EEXIST ? .alreadyThere(path: path) : failure()
        }
    }

    private mutating func flush() throws(Failure) {
        var rest = waiting[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw failure() }
            rest = rest.dropFirst(max(0, count))
        }
        waiting = []
    }

    private func failure() -> Failure {
        .cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
}
