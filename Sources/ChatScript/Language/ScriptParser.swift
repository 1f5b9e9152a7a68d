import ChatClientCore

/// Parses a text into scenarios. Pure; mychat-script(5) has the grammar.
public struct ScriptParser {
    var scanner: Scanner
    /// The current nesting depth of patterns.
    var nesting = 0
    /// The people in the current scenario.
    var people: Set<String> = []

    private var header = Header()
    private var scenarios: [Scenario] = []
    private var current: Scenario?
    private var isInFinally = false
    private var groupHasScenarios = false

    /// The settings for all scenarios of a group.
    private struct Header {
        var feature = ""
        var tags: [String] = []
        var needs: [Requirement] = []
        var timeout: Duration?
    }

    private init(path: String, text: String) {
        scanner = Scanner(path: path, text: text)
    }

    /// Reads a file.
    ///
    /// - Throws: the first mistake in it.
    public static func parse(_ text: String, path: String) throws(ScriptProblem) -> [Scenario] {
        var parser = ScriptParser(path: path, text: text)
        return try parser.file()
    }

    private mutating func file() throws(ScriptProblem) -> [Scenario] {
        while !scanner.isAtEnd {
            scanner.skipBlanks()
            if scanner.peek != nil {
                try line()
                try endOfLine()
            }
            scanner.nextLine()
        }
        finishScenario()
        return scenarios
    }

    private mutating func line() throws(ScriptProblem) {
        let position = scanner.position
        let word = scanner.peekWord()
        switch word {
        case "feature":
            finishScenario()
            _ = scanner.word()
            header = Header(feature: try quoted("the feature's name"))
            groupHasScenarios = false
        case "scenario": try scenario(at: position)
        case "tags", "needs", "timeout": try metadata(word)
        case "finally":
            _ = scanner.word()
            guard current != nil else { throw scanner.problem("finally stands in a scenario", at: position) }
            isInFinally = true
        default:
            guard current != nil else {
                let known = ["feature", "scenario", "tags", "needs", "timeout"]
                throw scanner.problem(
                    "'\(word.isEmpty ? scanner.run() : word)' cannot stand before the first scenario",
                    at: position, suggestion: Spelling.nearest(to: word, among: known, limit: 1).first)
            }
            let step = try step()
            if isInFinally { current?.finally.append(step) } else { current?.steps.append(step) }
        }
    }

    private mutating func scenario(at position: SourcePosition) throws(ScriptProblem) {
        _ = scanner.word()
        let title = try quoted("the scenario's title")
        finishScenario()
        groupHasScenarios = true
        people = []
        current = Scenario(
            path: scanner.path, title: title, position: position, feature: header.feature, tags: header.tags,
            needs: header.needs, timeout: header.timeout, steps: [], finally: [])
    }

    private mutating func finishScenario() {
        if let current { scenarios.append(current) }
        current = nil
        isInFinally = false
    }

    // MARK: What stands above steps

    private mutating func metadata(_ word: String) throws(ScriptProblem) {
        let position = scanner.position
        if let current, !current.allSteps.isEmpty {
            throw scanner.problem("\(word) stands before the first step", at: position)
        }
        _ = scanner.word()
        switch word {
        case "tags":
            let tags = try tags()
            if current != nil { current?.tags += tags } else { header.tags += tags }
        case "needs":
            let needs = try needs()
            if current != nil { current?.needs += needs } else { header.needs += needs }
        default:
            let timeout = try duration()
            if current != nil { current?.timeout = timeout } else { header.timeout = timeout }
        }
    }

    private mutating func tags() throws(ScriptProblem) -> [String] {
        var tags: [String] = []
        scanner.skipBlanks()
        while scanner.peek != nil {
            tags.append(try name("tags"))
            scanner.skipBlanks()
        }
        guard !tags.isEmpty else { throw scanner.problem("after tags come words") }
        return tags
    }

    private mutating func needs() throws(ScriptProblem) -> [Requirement] {
        var needs: [Requirement] = []
        repeat {
            scanner.skipBlanks()
            if scanner.peek == "$" {
                needs.append(.variable(try reference().name))
                continue
            }
            let word = try name("needs")
            switch word {
            case "loopback": needs.append(.loopback)
            case "no":
                scanner.skipBlanks()
                needs.append(.capability(try name("no"), false))
            default: needs.append(.capability(word, true))
            }
            scanner.skipBlanks()
        } while scanner.take(",")
        return needs
    }

    // MARK: Small things

    /// A quoted text, such as a title.
    mutating func quoted(_ what: String) throws(ScriptProblem) -> String {
        scanner.skipBlanks()
        guard scanner.peek == "\"" else { throw scanner.problem("\(what) stands in quotes") }
        return try plainText()
    }

    /// A word that is not one of our keywords.
    mutating func name(_ after: String) throws(ScriptProblem) -> String {
        scanner.skipBlanks()
        let word = scanner.word()
        guard !word.isEmpty else { throw scanner.problem("after \(after) a name is missing") }
        return word
    }

    /// A word that is required here.
    mutating func keyword(_ word: String) throws(ScriptProblem) {
        scanner.skipBlanks()
        let position = scanner.position
        guard scanner.word() == word else { throw scanner.problem("'\(word)' is missing here", at: position) }
    }

    /// Consumes the word if it is at the current position.
    mutating func take(word: String) -> Bool {
        scanner.skipBlanks()
        guard scanner.peekWord() == word else { return false }
        _ = scanner.word()
        return true
    }

    /// `300ms`, `2s`, `1.5s`
    mutating func duration() throws(ScriptProblem) -> Duration {
        scanner.skipBlanks()
        let position = scanner.position
        var digits = ""
        while let character = scanner.peek, character.isASCII, character.isNumber || character == "." {
            digits.append(character)
            scanner.advance()
        }
        let unit = scanner.word()
        // No scenario waits for more than a day.
        guard let number = Double(digits), number >= 0, number <= 86_400_000, unit == "ms" || unit == "s"
        else {
            throw scanner.problem("a time is written 300ms, 2s or 1.5s", at: position)
        }
        return .microseconds(Int64(number * (unit == "s" ? 1_000_000 : 1000)))
    }

    mutating func endOfLine() throws(ScriptProblem) {
        scanner.skipBlanks()
        guard scanner.peek == nil else {
            let position = scanner.position
            throw scanner.problem("'\(scanner.run())' is too much on this line", at: position)
        }
    }
}
