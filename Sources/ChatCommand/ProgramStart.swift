import ChatTUI
import Glibc

/// The preparations before anything else happens in the process.
public enum ProgramStart {
    /// Makes sure that the three standard descriptors exist, so that no file or socket takes their place. It also
    /// turns a broken pipe into an error of the write instead of the end of the program.
    public static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The lowest free number is the one that was just found missing. It is open for reading only: a write to
            // it must fail.
            _ = open("/dev/null", O_RDONLY)
        }
        signal(SIGPIPE, SIG_IGN)
        stopWithoutFiles()
    }

    /// The task runtime needs a few descriptors of its own, and cannot report that there are none.
    private static func stopWithoutFiles() {
        guard let limit = OpenFileLimit.tooLow(needed: runtimeDescriptors) else { return }
        let strings = Language(environment: ProcessEnvironment.variables()).commands
        let failure = strings.failure(tooFewFiles: limit)
        StandardStreams().write("mychat: \(failure.line)\n", to: .standardError)
        exit(failure.status.rawValue)
    }

    private static let runtimeDescriptors = 8
}
