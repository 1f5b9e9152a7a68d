/// How a command ended: one code per kind of end.
///
/// The numbers are those of `sysexits.h` where it has the kind, and that of `timeout(1)` for time. A command that a
/// signal ends is ended by that signal (the shell shows 128 plus its number).
public enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    /// The server refused, in words that were printed.
    case refused = 1
    /// The command line itself is wrong.
    case usage = 64
    /// The input cannot be used: an empty or too long text, or invalid text.
    case invalidInput = 65
    /// WHO matches nobody, or more than one person.
    case unknownRecipient = 67
    /// The server could not be reached, or TLS failed.
    case network = 69
    /// An error in this program.
    case internalError = 70
    /// The cache or another file could not be read or written.
    case storage = 74
    /// The message is safe in the outbox but not confirmed; it goes out with the next connection.
    case queued = 75
    /// The server's answer does not belong to this API.
    case unexpectedAnswer = 76
    /// Not signed in, a wrong password, or an invalid token.
    case unauthorized = 77
    /// The configuration file or the environment is wrong.
    case configuration = 78
    /// The server did not answer in time.
    case timeout = 124

    /// The kind's name in JSON output and in the man page.
    public var name: String {
        switch self {
        case .success: "success"
        case .refused: "refused"
        case .usage: "usage"
        case .invalidInput: "invalid-input"
        case .unknownRecipient: "unknown-recipient"
        case .network: "network"
        case .internalError: "internal"
        case .storage: "storage"
        case .queued: "queued"
        case .unexpectedAnswer: "unexpected-answer"
        case .unauthorized: "unauthorized"
        case .configuration: "configuration"
        case .timeout: "timeout"
        }
    }
}
