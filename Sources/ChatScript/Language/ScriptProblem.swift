/// A mistake in a script: where it is, what it is, and what may have been meant.
public struct ScriptProblem: Error, Hashable, Sendable {
    public var path: String
    public var position: SourcePosition
    /// A clause that goes on from the place: "there is no step 'conects'".
    public var message: String
    public var suggestion: String?
    /// The line on which it is, without its end.
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
    /// Place and message, the line, and a caret below it.
    public var description: String {
        let advice = suggestion.map { "; did you mean '\($0)'?" } ?? ""
        // Tabs stay tabs, so that the caret stands where the eye looks.
        let margin = line.prefix(position.column - 1).map { $0 == "\t" ? "\t" : " " as Character }
        return """
            \(path):\(position): \(message)\(advice)
            \(line)
            \(String(margin))^
            """
    }
}
