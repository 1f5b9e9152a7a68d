import ChatClientCore
import ChatWire

/// Parses values: JSON with variables, calls, and texts that contain values.
struct ValueParser {
    let scanner: Scanner

    func expression() throws(ScriptProblem) -> Expression {
        scanner.skipBlanks()
        let position = scanner.position
        switch scanner.peek {
        case "\"": return try text()
        case "$": return .reference(try reference())
        case "[": return .array(try list { () throws(ScriptProblem) in try expression() })
        case "{":
            return .object(
                try members { (key) throws(ScriptProblem) in .init(key: key, value: try expression()) })
        case .some(let character) where character == "-" || character.isNumber: return try number()
        case nil: throw scanner.problem("a value is missing")
        default: return try namedValue(at: position)
        }
    }

    /// A value, if one begins here.
    func optionalExpression() throws(ScriptProblem) -> Expression? {
        scanner.skipBlanks()
        return isAtValue ? try expression() : nil
    }

    /// Whether a value can begin here.
    var isAtValue: Bool {
        guard let character = scanner.peek else { return false }
        if character == "\"" || character == "$" || character == "[" || character == "{" { return true }
        if character.isNumber { return true }
        if character == "-" { return scanner.peek(1)?.isNumber == true }
        let word = scanner.peekWord()
        if ["true", "false", "null"].contains(word) { return true }
        // Some functions are patterns too: jwt(…) is a call, a plain jwt is not.
        return Expression.Function(rawValue: word) != nil && scanner.peek(word.count) == "("
    }

    private func namedValue(at position: SourcePosition) throws(ScriptProblem) -> Expression {
        let word = scanner.word()
        switch word {
        case "true": return .literal(true)
        case "false": return .literal(false)
        case "null": return .literal(.null)
        case "": throw scanner.problem("a value is missing here")
        default: break
        }
        guard let function = Expression.Function(rawValue: word) else {
            let known = ["true", "false", "null"] + Expression.Function.allCases.map(\.rawValue)
            throw scanner.problem(
                "'\(word)' is no value; texts stand in quotes, variables begin with $", at: position,
                suggestion: Spelling.nearest(to: word, among: known, limit: 1).first)
        }
        guard scanner.peek == "(" else {
            throw scanner.problem("after \(word) comes a bracket: \(word)(…)")
        }
        let arguments = try sequence("(", ")") { () throws(ScriptProblem) in try expression() }
        guard arguments.count == function.arity else {
            throw scanner.problem(
                "\(word) takes \(function.arity) values, not \(arguments.count)", at: position)
        }
        return .call(function, arguments, position)
    }

    private func number() throws(ScriptProblem) -> Expression {
        let position = scanner.position
        var text = ""
        while let character = scanner.peek, character.isNumber || ".+-eE".contains(character) {
            if character == "-", scanner.peek(1) == ">" { break }
            text.append(character)
            scanner.advance()
        }
        guard let value = try? JSONValue(parsing: text) else {
            throw scanner.problem("'\(text)' is no number", at: position)
        }
        return .literal(value)
    }

    func reference() throws(ScriptProblem) -> Reference {
        let position = scanner.position
        scanner.advance()
        var name = ""
        while let character = scanner.peek, character.isLetter || character.isNumber || character == "_" {
            name.append(character)
            scanner.advance()
        }
        guard !name.isEmpty else { throw scanner.problem("after $ comes the name of a variable") }
        var reference = Reference(name: name, path: [], position: position)
        try path(of: &reference)
        return reference
    }

    private func path(of reference: inout Reference) throws(ScriptProblem) {
        while true {
            if scanner.peek == ".", let next = scanner.peek(1), next.isLetter || next == "_" {
                scanner.advance()
                var key = ""
                while let character = scanner.peek,
                    character.isLetter || character.isNumber || character == "_"
                {
                    key.append(character)
                    scanner.advance()
                }
                reference.path.append(.member(key))
            } else if scanner.peek == "[" {
                scanner.advance()
                if scanner.peek == "$" {
                    reference.path.append(.named(by: try self.reference()))
                } else if scanner.peek == "\"" {
                    reference.path.append(.member(try plainText()))
                } else if let index = Int(scanner.word()) {
                    reference.path.append(.element(index))
                } else {
                    throw scanner.problem("in the brackets stands a number, a variable, or a name in quotes")
                }
                guard scanner.take("]") else { throw scanner.problem("']' is missing") }
            } else {
                return
            }
        }
    }

    // MARK: Texts

    /// A quoted text, such as a title.
    func quoted(_ what: String) throws(ScriptProblem) -> String {
        scanner.skipBlanks()
        guard scanner.peek == "\"" else { throw scanner.problem("\(what) stands in quotes") }
        return try plainText()
    }

    /// A quoted text without values.
    func plainText() throws(ScriptProblem) -> String {
        let position = scanner.position
        switch try text() {
        case .literal(.string(let text)): return text
        default: throw scanner.problem("no values can stand in this text", at: position)
        }
    }

    private func text() throws(ScriptProblem) -> Expression {
        let start = scanner.position
        scanner.advance()
        var text = TextParts()
        while true {
            guard let character = scanner.peek else {
                throw scanner.problem("the text has no closing quote", at: start)
            }
            if character == "\"" {
                scanner.advance()
                break
            } else if character == "\\" {
                text.plain += try escape()
            } else if scanner.looks(at: "${") {
                text.append(try embedded())
            } else {
                text.plain.append(character)
                scanner.advance()
            }
        }
        return text.expression
    }

    /// A path, quoted or not; `${…}` in it becomes a value.
    func path() throws(ScriptProblem) -> Expression {
        if scanner.peek == "\"" { return try expression() }
        guard scanner.peek == "/" else { throw scanner.problem("a path is missing; it begins with /") }
        var text = TextParts()
        while let character = scanner.peek, character != " ", character != "\t" {
            if scanner.looks(at: "${") {
                text.append(try embedded())
            } else {
                text.plain.append(character)
                scanner.advance()
            }
        }
        return text.expression
    }

    /// `${name.member}`
    func embedded() throws(ScriptProblem) -> Reference {
        let position = scanner.position
        scanner.advance()
        let reference = try reference()
        guard scanner.take("}") else { throw scanner.problem("'}' is missing after '${…'", at: position) }
        return reference
    }

    private func escape() throws(ScriptProblem) -> String {
        let position = scanner.position
        let length = scanner.peek(1) == "u" ? 6 : 2
        var text = ""
        for _ in 0..<length {
            guard let character = scanner.peek else {
                throw scanner.problem("the escape is not complete", at: position)
            }
            text.append(character)
            scanner.advance()
        }
        // A character beyond the first plane consists of two adjacent halves.
        if length == 6, scanner.looks(at: "\\u"), (try? JSONValue(parsing: "\"\(text)\"")) == nil {
            for _ in 0..<6 {
                guard let character = scanner.peek else { break }
                text.append(character)
                scanner.advance()
            }
        }
        // `\$` prevents the insertion of a value; JSON does not know this escape.
        if text == "\\$" { return "$" }
        guard case .string(let unescaped)? = try? JSONValue(parsing: "\"\(text)\"") else {
            throw scanner.problem("'\(text)' is no escape", at: position)
        }
        return unescaped
    }

    // MARK: Brackets

    func list<Element>(
        _ element: () throws(ScriptProblem) -> Element
    ) throws(ScriptProblem) -> [Element] {
        try sequence("[", "]", element)
    }

    /// Elements between brackets, separated by commas or line ends.
    func sequence<Element>(
        _ opening: Character, _ closing: Character,
        _ element: () throws(ScriptProblem) -> Element
    ) throws(ScriptProblem) -> [Element] {
        let start = scanner.position
        try enterBracket(at: start)
        var elements: [Element] = []
        while true {
            scanner.skipBlanks()
            if scanner.peek == closing { break }
            guard !scanner.isAtEnd, scanner.peek != nil else {
                throw scanner.problem("'\(opening)' is not closed", at: start)
            }
            elements.append(try element())
            try separator(before: closing, openedAt: start)
        }
        scanner.advance()
        scanner.depth -= 1
        return elements
    }

    func members<Element>(
        _ element: (String) throws(ScriptProblem) -> Element
    ) throws(ScriptProblem) -> [Element] {
        try sequence("{", "}") { () throws(ScriptProblem) in try element(try key()) }
    }

    private func key() throws(ScriptProblem) -> String {
        let position = scanner.position
        let key = scanner.peek == "\"" ? try plainText() : scanner.word()
        guard !key.isEmpty else { throw scanner.problem("the name of a member is missing", at: position) }
        scanner.skipBlanks()
        guard scanner.take(":") else { throw scanner.problem("':' is missing after '\(key)'") }
        return key
    }

    private func separator(
        before closing: Character, openedAt start: SourcePosition
    ) throws(ScriptProblem) {
        let line = scanner.line
        scanner.skipBlanks()
        if scanner.take(",") { return }
        guard scanner.peek != closing, scanner.line == line else { return }
        guard scanner.peek != nil else { throw scanner.problem("a bracket is not closed", at: start) }
        throw scanner.problem("',' or '\(closing)' is missing")
    }

    /// The deepest nesting of values: the parser is recursive.
    private static let depthMax = 100

    private func enterBracket(at position: SourcePosition) throws(ScriptProblem) {
        guard scanner.depth < Self.depthMax else {
            throw scanner.problem("brackets stand more than \(Self.depthMax) deep", at: position)
        }
        scanner.advance()
        scanner.depth += 1
    }
}

/// The parts of a text while it is read, including its values.
struct TextParts {
    private var parts: [Expression.TextPart] = []
    /// The characters since the last value.
    var plain = ""

    mutating func append(_ reference: Reference) {
        if !plain.isEmpty { parts.append(.plain(plain)) }
        plain = ""
        parts.append(.value(reference))
    }

    /// The whole text as one expression.
    var expression: Expression {
        if parts.isEmpty { return .literal(.string(plain)) }
        return .text(plain.isEmpty ? parts : parts + [.plain(plain)])
    }
}
