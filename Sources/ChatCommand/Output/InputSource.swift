import ChatTUI
import Glibc

/// The input of commands: standard input and the person's terminal, or memory in tests.
protocol InputSource: Sendable {
    /// Standard input up to its end; nil when it is longer than `limit` bytes.
    func readAll(limit: Int) throws(SystemError) -> [UInt8]?
    /// Whether standard input is a terminal.
    var isTerminal: Bool { get }
    /// Asks the person for a line, with or without echo.
    func ask(_ question: String, isSecret: Bool) throws(PasswordPrompt.Failure) -> String
}

/// The standard input and the controlling terminal of the process.
struct StandardInput: InputSource {
    func readAll(limit: Int) throws(SystemError) -> [UInt8]? {
        // In the background it stops, like other programs that read from the terminal.
        try JobControl.withSignals { () throws(SystemError) in
            try FileSystem.read(STDIN_FILENO, limit: limit)
        }
    }

    var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    func ask(_ question: String, isSecret: Bool) throws(PasswordPrompt.Failure) -> String {
        try PasswordPrompt.ask(question, isSecret: isSecret)
    }
}
