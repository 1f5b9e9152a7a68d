import ChatClientCore
import ChatWire

// Patterns: what is expected.
extension ScriptParser {
    mutating func pattern() throws(ScriptProblem) -> Pattern {
        scanner.skipBlanks()
        guard nesting < 100 else { throw scanner.problem("patterns stand more than 100 deep") }
        nesting += 1
        defer { nesting -= 1 }
        let pattern = try basicPattern()
        // Inside brackets, `as` on the next line is probably a mistake: only spaces of this line are skipped.
        var ahead = scanner
        ahead.skipBlanks()
        guard ahead.peekWord() == "as", ahead.line == scanner.line else { return pattern }
        scanner = ahead
        _ = scanner.word()
        return .captured(pattern, as: try name("as"))
    }

    private mutating func basicPattern() throws(ScriptProblem) -> Pattern {
        switch scanner.peek {
        case "{":
            return .object(try memberPatterns(), isExact: false)
        case "[":
            return try listPattern()
        case "/":
            return try expressionPattern()
        default:
            if isAtValue { return .equal(try expression()) }
            return try wordPattern()
        }
    }

    private mutating func memberPatterns() throws(ScriptProblem) -> [Pattern.Member] {
        try members { (parser, key) throws(ScriptProblem) in
            .init(key: key, pattern: try parser.pattern())
        }
    }

    private mutating func listPattern() throws(ScriptProblem) -> Pattern {
        var isOpen = false
        let elements = try list { (parser) throws(ScriptProblem) -> Pattern? in
            if isOpen { throw parser.scanner.problem("nothing can come after ...") }
            if parser.scanner.take("...") {
                isOpen = true
                return nil
            }
            return try parser.pattern()
        }
        return .list(elements.compactMap(\.self), isOpen: isOpen)
    }

    private mutating func expressionPattern() throws(ScriptProblem) -> Pattern {
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

    private mutating func wordPattern() throws(ScriptProblem) -> Pattern {
        let position = scanner.position
        let word = scanner.word()
        if let kind = Pattern.Kind(rawValue: word) { return .kind(kind) }
        switch word {
        case "exactly":
            scanner.skipBlanks()
            guard scanner.peek == "{" else { throw scanner.problem("after exactly comes '{'") }
            return .object(try memberPatterns(), isExact: true)
        case "unordered":
            scanner.skipBlanks()
            guard scanner.peek == "[" else { throw scanner.problem("after unordered comes '['") }
            return .unordered(try list { (parser) throws(ScriptProblem) in try parser.pattern() })
        case "contains": return .contains(try pattern())
        case "each": return .each(try pattern())
        case "not": return .not(try pattern())
        case "length": return .length(try pattern())
        case "one":
            try keyword("of")
            scanner.skipBlanks()
            guard scanner.peek == "(" else { throw scanner.problem("after one of comes '('") }
            return .oneOf(try sequence("(", ")") { (parser) throws(ScriptProblem) in try parser.pattern() })
        case "at":
            scanner.skipBlanks()
            switch scanner.word() {
            case "least": return .atLeast(try expression())
            case "most": return .atMost(try expression())
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
