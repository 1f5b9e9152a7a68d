import Glibc
import Synchronization

/// The destination of a command's text: the standard streams, or memory in tests.
public protocol OutputSink: Sendable {
    /// Writes to standard output or standard error. After text that could not be written, everything is dropped: a
    /// reader gets a prefix, and never a text with a hole.
    func write(_ text: String, to stream: OutputChannel)
    /// Writes output for programs, such as JSON, to standard output, always in UTF-8.
    func writeVerbatim(_ text: String)
    /// Makes the system write what it still buffers, so that a failure shows.
    func flush()
    /// Why output is missing on standard output; nil while everything was written.
    var failure: SystemError? { get }
    /// Whether the stream is a terminal.
    func isTerminal(_ stream: OutputChannel) -> Bool
    /// The width of the terminal on standard output; nil when it is not a terminal, or its width is unknown.
    var columns: Int? { get }
}

extension OutputSink {
    /// True when the reader of standard output has gone: nobody is left to be told.
    var isAbandoned: Bool { failure?.code == EPIPE }
}

/// The two streams that text goes to.
public enum OutputChannel: Hashable, Sendable {
    case standardOutput
    case standardError

    var descriptor: Int32 { self == .standardOutput ? STDOUT_FILENO : STDERR_FILENO }
}

/// The standard streams of the process.
public final class StandardStreams: OutputSink {
    private let failures = Mutex<[OutputChannel: SystemError]>([:])

    private let charset: OutputCharset?

    /// - Parameter environment: Names the character set of text for people.
    public init(environment: [String: String] = [:]) {
        charset = OutputCharset(environment: environment)
    }

    public var failure: SystemError? { failures.withLock { $0[.standardOutput] } }

    public func write(_ text: String, to stream: OutputChannel) {
        write(charset?.encoded(text) ?? Array(text.utf8), to: stream)
    }

    public func writeVerbatim(_ text: String) {
        write(Array(text.utf8), to: .standardOutput)
    }

    private func write(_ bytes: [UInt8], to stream: OutputChannel) {
        failures.withLock { failures in
            guard failures[stream] == nil else { return }
            do throws(SystemError) {
                try FileSystem.write(bytes, to: stream.descriptor)
            } catch {
                failures[stream] = error
            }
        }
    }

    /// Some file systems report a lack of space only when a descriptor is closed.
    public func flush() {
        let copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, close(copy) != 0, errno != EINTR else { return }
        let error = SystemError.current("close")
        failures.withLock { if $0[.standardOutput] == nil { $0[.standardOutput] = error } }
    }

    public func isTerminal(_ stream: OutputChannel) -> Bool {
        isatty(stream.descriptor) == 1
    }

    public var columns: Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
