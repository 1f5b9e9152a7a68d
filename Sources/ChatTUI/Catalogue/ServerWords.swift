import ChatWire

extension Catalogue {
    /// What the server says, in this language where its words are known.
    func serverWords(_ text: String) -> String {
        if let refusal = Refusal(message: text) { return words(for: refusal) }
        if let problem = RequestProblem(rawValue: text) { return words(for: problem) }
        // A fault of the server, with details that are not translated.
        let start = RequestProblem.serverError.message + ": "
        guard text.hasPrefix(start) else { return text }
        return words(for: .serverError) + ": " + text.dropFirst(start.count)
    }
}

extension CommandCatalogue {
    /// What the server says, as one harmless line, in this language where its words are known.
    package func serverLine(_ text: String) -> CleanLine { CleanLine(screen.serverWords(text)) }
}
