/// A program of the person that prints a secret: `pass show mychat`.
public struct ExternalCommand: Hashable, Sendable {
    /// The program and its arguments; never empty.
    public let arguments: [String]

    /// A command as a list of words, run directly. Nil when there are none.
    public init?(arguments: [String]) {
        guard let program = arguments.first, !program.isEmpty else { return nil }
        self.arguments = arguments
    }

    /// A command as one line, for the shell. Nil when it is blank.
    public init?(line: String) {
        guard line.contains(where: { !$0.isWhitespace }) else { return nil }
        arguments = ["/bin/sh", "-c", line]
    }
}
