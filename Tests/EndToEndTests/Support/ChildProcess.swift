import Foundation
import Testing

/// A process that a test has started, with pipes to it that no other child inherits.
///
/// Foundation's `Process` gives each child every open descriptor. When tests run in parallel, a terminal's server
/// would keep other tests' pipes open, and their readers would wait for an end that never comes.
final class ChildProcess {
    let pid: pid_t
    /// The child's standard input; nil when it reads from /dev/null.
    let input: FileHandle?
    let output: FileHandle
    let errors: FileHandle
    private var status: Int32?
    /// The bytes that ``wait(forLineWith:within:sourceLocation:)`` has read and not examined.
    private var unread = Data()

    /// Held while pipes are made and a child starts: a child started at that time would inherit them.
    private static let spawning = NSLock()

    init(_ program: String, _ arguments: [String], environment: [String: String], hasInput: Bool = false)
        throws
    {
        Self.spawning.lock()
        defer { Self.spawning.unlock() }
        let outputPipe = try ClosedPipe()
        let errorPipe = try ClosedPipe()
        let inputPipe = hasInput ? try ClosedPipe() : nil
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let inputPipe {
            posix_spawn_file_actions_adddup2(&actions, inputPipe.reading, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, outputPipe.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, errorPipe.writing, 2)

        // The threads of tests block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer {
            for pointer in argv { free(pointer) }
            for pointer in envp { free(pointer) }
        }
        var child: pid_t = 0
        let code = posix_spawnp(&child, program, &actions, &attributes, &argv, &envp)
        close(outputPipe.writing)
        close(errorPipe.writing)
        if let inputPipe { close(inputPipe.reading) }
        output = FileHandle(fileDescriptor: outputPipe.reading, closeOnDealloc: true)
        errors = FileHandle(fileDescriptor: errorPipe.reading, closeOnDealloc: true)
        input = inputPipe.map { FileHandle(fileDescriptor: $0.writing, closeOnDealloc: true) }
        guard code == 0 else {
            throw ChildProcessFailure(program: program, reason: String(cString: strerror(code)))
        }
        pid = child
    }

    deinit {
        guard status == nil else { return }
        kill(pid, SIGKILL)
        waitForEnd()
    }

    /// Reads the output until a line contains all of `words`, and returns that line.
    ///
    /// The limit only ends a test that has already failed.
    @discardableResult
    func wait(
        forLineWith words: String..., within seconds: Double = 60,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let end = Date().addingTimeInterval(seconds)
        while true {
            while let newline = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[..<newline], as: UTF8.self)
                unread.removeSubrange(...newline)
                if words.allSatisfy(line.contains) { return line }
            }
            var descriptor = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
            let left = max(0, end.timeIntervalSinceNow)
            let data = poll(&descriptor, 1, Int32(left * 1000)) > 0 ? output.availableData : Data()
            guard !data.isEmpty else {
                Issue.record("no line with \(words)", sourceLocation: sourceLocation)
                throw ChildProcessFailure(program: "\(pid)", reason: "no line with \(words)")
            }
            unread += data
        }
    }

    /// Waits until the process has ended; returns its exit status, or minus the signal that ended it.
    @discardableResult
    func waitForEnd() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
        let signal = raw & 0x7f
        let result = signal == 0 ? (raw >> 8) & 0xff : -signal
        status = result
        return result
    }
}

struct ChildProcessFailure: Error {
    let program: String
    let reason: String
}

/// A pipe whose ends are closed in every other child.
private struct ClosedPipe {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw ChildProcessFailure(program: "pipe", reason: String(cString: strerror(errno)))
        }
        (reading, writing) = (ends[0], ends[1])
    }
}
