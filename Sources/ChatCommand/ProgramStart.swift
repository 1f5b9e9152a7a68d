import ChatTUI
import Glibc

/// What has to be in order before anything else happens in the process.
public enum ProgramStart {
    /// Makes the three standard descriptors exist, so that no file or socket takes their place; and lets a
    /// broken pipe be an error of the write instead of the end of the program.
    public static func prepare() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The lowest free number is the one that was just found missing.
            // For reading alone: what is written there is not written, and has to fail.
            _ = open("/dev/null", O_RDONLY)
        }
        signal(SIGPIPE, SIG_IGN)
        stopWithoutFiles()
    }

    /// What runs tasks needs a few descriptors of its own, and has no way to say that there are none.
    private static func stopWithoutFiles() {
        guard let limit = OpenFileLimit.tooLow(needed: runtimeDescriptors) else { return }
        let strings = Language(environment: ProcessEnvironment.variables()).commands
        let failure = strings.failure(tooFewFiles: limit)
        StandardStreams().write("mychat: \(failure.line)\n", to: .standardError)
        exit(failure.status.rawValue)
    }

    private static let runtimeDescriptors = 8
}
