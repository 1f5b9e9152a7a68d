/// Why the full-screen client cannot run in this terminal.
public enum TerminalError: Error, Equatable, Sendable {
    /// Standard input or output is not a terminal.
    case notATerminal
    /// `TERM` is not set.
    case noTerminalType
    /// The terminal database does not know this `TERM`.
    case unknownTerminalType(String)
    /// This `TERM` cannot place the cursor.
    case incapableTerminal(String)
    /// The program is in the background, and nobody can bring it to the foreground.
    case inBackground
    /// A system call on the terminal failed; `code` is the errno.
    case system(call: String, code: Int32)

    /// A sentence for the person, with what to do instead.
    public func message(in language: Language) -> String { language.catalogue().terminal(self) }
}
