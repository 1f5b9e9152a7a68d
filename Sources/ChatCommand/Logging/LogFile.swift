import Glibc
import Synchronization

/// A log of bounded size: a full file becomes the old one, and a new one starts.
///
/// Both are readable by their owner only. No file is opened before the first line. When the log cannot be written, it
/// is silently abandoned: it must never disturb its program.
final class LogFile: Sendable {
    /// Two files of this size at most, in bytes.
    static let standardSizeMax = 1024 * 1024

    let path: String
    private let sizeMax: Int
    private let state = Mutex(State.unopened)

    private enum State {
        case unopened
        case open(descriptor: Int32, size: Int)
        case givenUp
    }

    init(path: String, sizeMax: Int = LogFile.standardSizeMax) {
        self.path = path
        self.sizeMax = sizeMax
    }

    deinit {
        state.withLock { if case .open(let descriptor, _) = $0 { close(descriptor) } }
    }

    /// Adds one line and its line end. A line that does not fit into an empty file is cut.
    func append(_ line: String) {
        var bytes = Array(line.utf8.prefix(sizeMax - 1))
        bytes.append(UInt8(ascii: "\n"))
        state.withLock { state in
            if case .unopened = state { state = open() }
            guard case .open(let descriptor, let size) = state else { return }
            if size + bytes.count > sizeMax, size > 0 {
                close(descriptor)
                rename(path, path + ".old")
                state = open()
            }
            guard case .open(let descriptor, let size) = state else { return }
            // One write for the whole line: two programs may append to the same file.
            let count = write(descriptor, bytes, bytes.count)
            state = .open(descriptor: descriptor, size: size + max(0, count))
        }
    }

    private func open() -> State {
        if let slash = path.lastIndex(of: "/") {
            try? FileSystem.makeDirectories(String(path[..<slash]))
        }
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        let descriptor = Glibc.open(path, flags, 0o600)
        guard descriptor >= 0 else { return .givenUp }
        // The mode above applies only to a new file.
        fchmod(descriptor, 0o600)
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return .givenUp
        }
        return .open(descriptor: descriptor, size: Int(information.st_size))
    }
}
