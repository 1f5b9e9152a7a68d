import ChatTUI
import Glibc
import Synchronization

/// A program started by this one with `posix_spawn`, with pipes to its standard streams.
///
/// A child that leads its own process group does not get the terminal's Ctrl-C: this program gets it, and then ends
/// the child gracefully. The child inherits only the three streams: when this program is killed, the child's standard
/// input ends.
final class ChildProcess: Sendable {
    /// The target of one of the child's standard streams.
    enum Stream {
        /// A pipe; we hold the other end.
        case pipe
        /// `/dev/null`.
        case null
        /// The same stream as ours.
        case inherited
        /// An open descriptor of ours, which stays open here.
        case descriptor(Int32)
    }

    /// How a child ended.
    enum Termination: Hashable, Sendable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)

        var description: String {
            switch self {
            case .exited(let code): "exit status \(code)"
            case .signalled(let number): "signal \(number)"
            }
        }
    }

    /// The state of a child that changes.
    private struct State {
        /// The writing end of the child's standard input, when that is a pipe.
        var input: Int32?
        /// The reading end of the child's standard output, when that is a pipe.
        var output: Int32?
        var termination: Termination?
    }

    let id: pid_t
    private let state: Mutex<State>

    /// Starts the program at `executable`. `arguments` exclude its name. A group leader does not share the terminal's
    /// signals with this program.
    init(
        executable: String, arguments: [String], environment: [String: String],
        input: Stream, output: Stream, error: Stream, isGroupLeader: Bool = true
    ) throws(SystemError) {
        let readyInput = try Endpoint(input, childReads: true)
        let readyOutput: Endpoint
        let readyError: Endpoint
        do throws(SystemError) {
            readyOutput = try Endpoint(output, childReads: false)
        } catch {
            readyInput.closeAll()
            throw error
        }
        do throws(SystemError) {
            readyError = try Endpoint(error, childReads: false)
        } catch {
            readyInput.closeAll()
            readyOutput.closeAll()
            throw error
        }
        let endpoints = [readyInput, readyOutput, readyError]
        do throws(SystemError) {
            id = try Self.spawn(
                executable, [executable] + arguments, environment, endpoints, isGroupLeader: isGroupLeader)
        } catch {
            for endpoint in endpoints { endpoint.closeAll() }
            throw error
        }
        for endpoint in endpoints { endpoint.closeChildSide() }
        state = Mutex(State(input: readyInput.ours, output: readyOutput.ours))
        // Nobody reads a piped standard error here.
        if let unread = readyError.ours { close(unread) }
    }

    deinit {
        closeInput()
        closeOutput()
        // A running child continues until its standard input ends; its entry in the process table ends with this
        // program.
    }

    /// Ends the child's standard input.
    func closeInput() {
        state.withLock { state in
            if let input = state.input { close(input) }
            state.input = nil
        }
    }

    /// Stops reading: a child that continues to write gets SIGPIPE.
    func closeOutput() {
        state.withLock { state in
            if let output = state.output { close(output) }
            state.output = nil
        }
    }

    /// Sends a signal, unless the child is known to have ended: then its number may belong to another process.
    func send(signal: Int32) {
        state.withLock { if $0.termination == nil { kill(id, signal) } }
    }

    /// How the child ended, or nil while it runs.
    func poll() -> Termination? {
        state.withLock { state in
            var status: Int32 = 0
            if state.termination == nil, waitpid(id, &status, WNOHANG) == id {
                state.termination = Self.decode(status)
            }
            return state.termination
        }
    }

    /// Waits until the child has ended, for at most `milliseconds`. Blocks the calling thread.
    func wait(milliseconds: Int) -> Termination? {
        let deadline = MonotonicMilliseconds.now + milliseconds
        while true {
            if let termination = poll() { return termination }
            if MonotonicMilliseconds.now >= deadline { return nil }
            usleep(5000)
        }
    }

    /// Ends the child: first its standard input, then SIGTERM, then SIGKILL, with `milliseconds` for each of the
    /// first two to work. Blocks the calling thread.
    @discardableResult
    func end(milliseconds: Int) -> Termination? {
        closeInput()
        if let ended = wait(milliseconds: milliseconds) { return ended }
        send(signal: SIGTERM)
        if let ended = wait(milliseconds: milliseconds) { return ended }
        send(signal: SIGKILL)
        return wait(milliseconds: 5000)
    }

    /// One line of the child's standard output without its line end; the last line needs none. Nil when the output
    /// has ended or the time is over first; an error when the line is longer than `limit` bytes. Blocks the calling
    /// thread.
    func readLine(limit: Int, milliseconds: Int) throws(SystemError) -> [UInt8]? {
        guard let output = state.withLock({ $0.output }) else { return nil }
        let deadline = MonotonicMilliseconds.now + milliseconds
        var line: [UInt8] = []
        while line.count <= limit {
            let left = deadline - MonotonicMilliseconds.now
            guard left > 0 else { return nil }
            var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = Glibc.poll(&entry, 1, Int32(clamping: left))
            if ready < 0, errno != EINTR { throw .current("poll") }
            guard ready > 0 else { continue }
            var byte: UInt8 = 0
            let count = Glibc.read(output, &byte, 1)
            if count < 0 {
                if errno == EINTR { continue }
                throw .current("read")
            }
            if count == 0 { return line.isEmpty ? nil : line }
            if byte == UInt8(ascii: "\n") { return line }
            line.append(byte)
        }
        throw SystemError(code: EMSGSIZE, operation: "read")
    }

    private static func decode(_ status: Int32) -> Termination {
        // WIFEXITED and similar macros are not imported into Swift.
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}

extension ChildProcess {
    /// The two ends of one standard stream of the child.
    private struct Endpoint {
        /// The child's end; nil for a stream that it inherits.
        var theirs: Int32?
        /// Our end of a pipe.
        var ours: Int32?
        /// Whether `theirs` was opened for the child alone.
        var closesTheirs: Bool

        init(_ stream: Stream, childReads: Bool) throws(SystemError) {
            switch stream {
            case .inherited:
                (theirs, ours, closesTheirs) = (nil, nil, false)
            case .descriptor(let descriptor):
                (theirs, ours, closesTheirs) = (descriptor, nil, false)
            case .null:
                let descriptor = open("/dev/null", O_RDWR | O_CLOEXEC)
                guard descriptor >= 0 else { throw .current("open", path: "/dev/null") }
                (theirs, ours, closesTheirs) = (descriptor, nil, true)
            case .pipe:
                let ends = try FileSystem.makePipe()
                theirs = childReads ? ends.reading : ends.writing
                ours = childReads ? ends.writing : ends.reading
                closesTheirs = true
            }
        }

        func closeChildSide() {
            if closesTheirs, let theirs { close(theirs) }
        }

        func closeAll() {
            closeChildSide()
            if let ours { close(ours) }
        }
    }

    /// The descriptors beyond the three that a child would inherit.
    private static func inheritable() -> [Int32] {
        ((try? FileSystem.names(in: "/proc/self/fd")) ?? []).compactMap { Int32($0) }.filter { descriptor in
            let flags = fcntl(descriptor, F_GETFD)
            return descriptor > STDERR_FILENO && flags >= 0 && flags & FD_CLOEXEC == 0
        }
    }

    private static func spawn(
        _ executable: String, _ arguments: [String], _ environment: [String: String],
        _ endpoints: [Endpoint], isGroupLeader: Bool
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, endpoint) in endpoints.enumerated() {
            guard let theirs = endpoint.theirs else { continue }
            // dup2 onto itself keeps CLOEXEC, but glibc clears it in that case.
            posix_spawn_file_actions_adddup2(&actions, theirs, Int32(number))
        }
        // Not every library marks its descriptors. With one extra end of a pipe in a child, another child's input
        // never ends.
        for descriptor in inheritable() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        switch ProgramLauncher.start(
            .path(executable), arguments: arguments, environment: environment, actions: &actions,
            isGroupLeader: isGroupLeader)
        {
        case .success(let child): return child
        case .failure(let error):
            throw SystemError(code: error.rawValue, operation: "posix_spawn", path: executable)
        }
    }
}

/// The monotonic clock in the unit of `poll`.
enum MonotonicMilliseconds {
    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
