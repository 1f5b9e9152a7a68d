import Glibc
import Synchronization

/// Where a command's text goes: the standard streams, or memory in tests.
public protocol OutputSink: Sendable {
    /// Writes to standard output or standard error; what cannot be written is dropped.
    func write(_ text: String, to stream: OutputChannel)
    /// Whether people look at the stream directly.
    func isTerminal(_ stream: OutputChannel) -> Bool
}

/// The two streams that text goes to.
public enum OutputChannel: Hashable, Sendable {
    case standardOutput
    case standardError

    var descriptor: Int32 { self == .standardOutput ? STDOUT_FILENO : STDERR_FILENO }
}

/// The standard streams of the process.
public struct StandardStreams: OutputSink {
    public init() {}

    public func write(_ text: String, to stream: OutputChannel) {
        try? FileSystem.write(text.utf8, to: stream.descriptor)
    }

    public func isTerminal(_ stream: OutputChannel) -> Bool {
        isatty(stream.descriptor) == 1
    }
}
