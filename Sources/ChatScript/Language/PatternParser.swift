import ChatClientCore
import ChatWire

/// Parses patterns: what is expected.
struct PatternParser {
    let scanner: Scanner
    private var values: ValueParser { ValueParser(scanner: scanner) }

    /// - Parameter depth: how many patterns this one is in.
    func pattern(depth: Int = 0) throws(ScriptProblem) -> Pattern {
        scanner.skipBlanks()
        guard depth < 100 else { throw scanner.problem("patterns stand more than 100 deep") }
        let pattern = try basicPattern(depth)
        // Inside brackets, `as` on the next line is probably a mistake: only spaces of this line are skipped.
        let mark = scanner.mark
        scanner.skipBlanks()
        guard scanner.peekWord() == "as", scanner.line == mark.line else {
            scanner.reset(to: mark)
            return pattern
        }
        _ = scanner.word()
        return .captured(pattern, as: try scanner.name("as"))
    }

    /// A status: a pattern, or `2xx`.
    func status() throws(ScriptProblem) -> Pattern {
        scanner.skipBlanks()
        if let digit = scanner.peek?.wholeNumberValue, scanner.peek(1) == "x", scanner.peek(2) == "x" {
            scanner.advance(3)
            return .oneOf(
                (0..<100).map { .equal(.literal(.integer(Int64(digit * 100 + $0)))) })
        }
        return try pattern()
    }

    private func basicPattern(_ depth: Int) throws(ScriptProblem) -> Pattern {
        switch scanner.peek {
        case "{":
            return .object(try memberPatterns(depth), isExact: false)
        case "[":
            return try listPattern(depth)
        case "/":
            return try expressionPattern()
        default:
            if values.isAtValue { return .equal(try values.expression()) }
            return try wordPattern(depth)
        }
    }

    private func memberPatterns(_ depth: Int) throws(ScriptProblem) -> [Pattern.Member] {
        try values.members { (key) throws(ScriptProblem) in
            .init(key: key, pattern: try pattern(depth: depth + 1))
        }
    }

    private func listPattern(_ depth: Int) throws(ScriptProblem) -> Pattern {
        var isOpen = false
        let elements = try values.list { () throws(ScriptProblem) -> Pattern? in
            if isOpen { throw scanner.problem("nothing can come after ...") }
            if scanner.take("...") {
                isOpen = true
                return nil
            }
            return try pattern(depth: depth + 1)
        }
        return .list(elements.compactMap(\.self), isOpen: isOpen)
    }

    private func expressionPattern() throws(ScriptProblem) -> Pattern {
        let position = scanner.position
        scanner.advance()
        var source = ""
        while true {
            guard let character = scanner.peek else {
                throw scanner.problem("the expression has no closing '/'", at: position)
            }
            scanner.advance()
            if character == "/" { break }
            if character == "\\", scanner.peek == "/" {
                source.append("/")
                scanner.advance()
            } else {
                source.append(character)
            }
        }
        do throws(RegularExpression.Invalid) {
            return .expression(try RegularExpression(source))
        } catch {
            throw scanner.problem("no regular expression: \(error.reason)", at: position)
        }
    }

    private static let words = [
        "exactly", "unordered", "contains", "each", "not", "one of", "at least", "at most", "length",
    ]

    private func wordPattern(_ depth: Int) throws(ScriptProblem) -> Pattern {
        let position = scanner.position
        let word = scanner.word()
        if let kind = Pattern.Kind(rawValue: word) { return .kind(kind) }
        switch word {
        case "exactly":
            scanner.skipBlanks()
            guard scanner.peek == "{" else { throw scanner.problem("after exactly comes '{'") }
            return .object(try memberPatterns(depth), isExact: true)
        case "unordered":
            scanner.skipBlanks()
            guard scanner.peek == "[" else { throw scanner.problem("after unordered comes '['") }
            return .unordered(try values.list { () throws(ScriptProblem) in try pattern(depth: depth + 1) })
        case "contains": return .contains(try pattern(depth: depth + 1))
        case "each": return .each(try pattern(depth: depth + 1))
        case "not": return .not(try pattern(depth: depth + 1))
        case "length": return .length(try pattern(depth: depth + 1))
        case "one":
            try scanner.keyword("of")
            scanner.skipBlanks()
            guard scanner.peek == "(" else { throw scanner.problem("after one of comes '('") }
            return .oneOf(
                try values.sequence("(", ")") { () throws(ScriptProblem) in try pattern(depth: depth + 1) })
        case "at":
            scanner.skipBlanks()
            switch scanner.word() {
            case "least": return .atLeast(try values.expression())
            case "most": return .atMost(try values.expression())
            default: throw scanner.problem("after at comes least or most", at: position)
            }
        case "": throw scanner.problem("a pattern is missing here", at: position)
        default:
            let known = Pattern.Kind.allCases.map(\.rawValue) + Self.words + ["true", "false", "null"]
            throw scanner.problem(
                "'\(word)' is no pattern; texts stand in quotes", at: position,
                suggestion: Spelling.nearest(to: word, among: known, limit: 1).first)
        }
    }
}
