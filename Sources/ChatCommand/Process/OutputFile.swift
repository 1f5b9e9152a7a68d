import ChatClientCore
import Glibc

/// An output file that a command line names.
///
/// A regular file, or a new one, takes its place when everything is written: a reader never sees half of it. A
/// symbolic link stays, and its target is replaced. Anything else (a FIFO, a device) is opened and written to. `-` is
/// standard output.
final class OutputFile: Sendable {
    private enum Place {
        case standardOutput(any OutputSink)
        case opened(Int32)
        case replacing(String, temporary: String, Int32)
    }

    private let place: Place
    private let path: String

    init(_ path: String, output: any OutputSink) throws(SystemError) {
        self.path = path
        if Self.standardOutput.contains(path) {
            place = .standardOutput(output)
            return
        }
        let target: FileTarget
        do throws(ChatError) { target = try FileTarget(path) } catch {
            throw SystemError(error, "open", path)
        }
        guard target.isReplaceable else {
            let descriptor = open(target.path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
            guard descriptor >= 0 else { throw .current("open", path: path) }
            place = .opened(descriptor)
            return
        }
        let temporary = "\(target.path).\(getpid()).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .current("open", path: path) }
        place = .replacing(target.path, temporary: temporary, descriptor)
    }

    /// The system's other names for the descriptor that is already open.
    private static let standardOutput: Set<String> = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]

    deinit {
        switch place {
        case .standardOutput: break
        case .opened(let descriptor), .replacing(_, _, let descriptor): close(descriptor)
        }
    }

    func write(_ bytes: [UInt8]) throws(SystemError) {
        switch place {
        case .standardOutput(let output):
            output.writeVerbatim(String(decoding: bytes, as: UTF8.self))
            if let failure = output.failure { throw failure }
        case .opened(let descriptor), .replacing(_, _, let descriptor):
            do throws(SystemError) {
                try FileSystem.write(bytes, to: descriptor)
            } catch {
                throw SystemError(code: error.code, operation: error.operation, path: path)
            }
        }
    }

    /// Everything was written: the file moves to its place.
    func finish() throws(SystemError) {
        guard case .replacing(let target, let temporary, let descriptor) = place else { return }
        guard fsync(descriptor) == 0 else { throw .current("fsync", path: path) }
        guard rename(temporary, target) == 0 else { throw .current("rename", path: path) }
    }

    /// Removes the partially written file.
    func abandon() {
        if case .replacing(_, let temporary, _) = place { unlink(temporary) }
    }
}

extension SystemError {
    /// Converts a file error of the client.
    fileprivate init(_ error: ChatError, _ operation: String, _ path: String) {
        var code = EIO
        if case .file(_, let number) = error { code = number }
        self.init(code: code, operation: operation, path: path)
    }
}
