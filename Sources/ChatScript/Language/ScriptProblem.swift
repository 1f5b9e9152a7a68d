/// A mistake in a script: its position, what it is, and what was probably meant.
public struct ScriptProblem: Error, Hashable, Sendable {
    public var path: String
    public var position: SourcePosition
    /// A clause that follows the position: "there is no step 'conects'".
    public var message: String
    public var suggestion: String?
    /// The line with the mistake, without its line end.
    public var line: String

    public init(
        path: String, position: SourcePosition, message: String, suggestion: String? = nil, line: String
    ) {
        self.path = path
        self.position = position
        self.message = message
        self.suggestion = suggestion
        self.line = line
    }
}

extension ScriptProblem: CustomStringConvertible {
    /// Position and message, the line, and a caret below it.
    public var description: String {
        let advice = suggestion.map { "; did you mean '\($0)'?" } ?? ""
        // Tabs stay tabs, so that the caret is in the right column.
        let margin = line.prefix(position.column - 1).map { $0 == "\t" ? "\t" : " " as Character }
        return """
            \(path):\(position): \(message)\(advice)
            \(line)
            \(String(margin))^
            """
    }
}
