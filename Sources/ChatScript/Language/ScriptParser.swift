import ChatClientCore

/// Parses a text into scenarios. Pure; mychat-script(5) has the grammar.
public struct ScriptParser {
    private let scanner: Scanner
    private var steps: StepParser
    private var values: ValueParser { ValueParser(scanner: scanner) }

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
        steps = StepParser(scanner: scanner)
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
                try scanner.endOfLine()
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
            header = Header(feature: try values.quoted("the feature's name"))
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
            let step = try steps.step()
            if isInFinally { current?.finally.append(step) } else { current?.steps.append(step) }
        }
    }

    private mutating func scenario(at position: SourcePosition) throws(ScriptProblem) {
        _ = scanner.word()
        let title = try values.quoted("the scenario's title")
        finishScenario()
        groupHasScenarios = true
        steps = StepParser(scanner: scanner)
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
            let timeout = try scanner.duration()
            if current != nil { current?.timeout = timeout } else { header.timeout = timeout }
        }
    }

    private func tags() throws(ScriptProblem) -> [String] {
        var tags: [String] = []
        scanner.skipBlanks()
        while scanner.peek != nil {
            tags.append(try scanner.name("tags"))
            scanner.skipBlanks()
        }
        guard !tags.isEmpty else { throw scanner.problem("after tags come words") }
        return tags
    }

    private func needs() throws(ScriptProblem) -> [Requirement] {
        var needs: [Requirement] = []
        repeat {
            scanner.skipBlanks()
            if scanner.peek == "$" {
                needs.append(.variable(try values.reference().name))
                continue
            }
            let word = try scanner.name("needs")
            switch word {
            case "loopback": needs.append(.loopback)
            case "no":
                scanner.skipBlanks()
                needs.append(.capability(try scanner.name("no"), false))
            default: needs.append(.capability(word, true))
            }
            scanner.skipBlanks()
        } while scanner.take(",")
        return needs
    }
}
