import Glibc

/// Reads a password, which never stands on a command line: other users see those.
enum PasswordInput {
    enum Failure: Error, CustomStringConvertible {
        case none
        case different

        var description: String {
            switch self {
            case .none: "no password was given"
            case .different: "the two passwords are different"
            }
        }
    }

    /// Asks twice on a terminal, without an echo; elsewhere it is the first line of standard input.
    static func read() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try line() }
        let first = try ask("New password: ")
        guard try ask("Again: ") == first else { throw Failure.different }
        return first
    }

    private static func ask(_ question: String) throws -> String {
        var former = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &former) == 0
        var silent = former
        silent.c_lflag &= ~tcflag_t(ECHO)
        if isTerminal { tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) }
        defer {
            if isTerminal { tcsetattr(STDIN_FILENO, TCSAFLUSH, &former) }
            write("\n")
        }
        write(question)
        return try line()
    }

    private static func write(_ text: String) {
        var bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, &bytes, bytes.count)
    }

    /// The longest line that is read, in bytes.
    private static let lengthMax = 1024

    private static func line() throws -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < lengthMax {
            let count = Glibc.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 || byte == 0x0A { break }
            bytes.append(byte)
        }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { throw Failure.none }
        return text
    }
}
