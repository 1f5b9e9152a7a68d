/// Reads a script character by character and keeps track of the position.
struct Scanner {
    let path: String
    let lines: [[Character]]
    /// Counted from 0.
    private(set) var line = 0
    private(set) var column = 0
    /// How many brackets are open. While any is, line ends count as spaces.
    var depth = 0

    init(path: String, text: String) {
        self.path = path
        // Swift treats a line end of two characters as one Character.
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(Array.init)
    }

    var isAtEnd: Bool { line >= lines.count }

    var position: SourcePosition { SourcePosition(line: line + 1, column: column + 1) }

    /// The character here; nil at the end of the line.
    var peek: Character? {
        line < lines.count && column < lines[line].count ? lines[line][column] : nil
    }

    func peek(_ offset: Int) -> Character? {
        line < lines.count && column + offset < lines[line].count ? lines[line][column + offset] : nil
    }

    mutating func advance(_ count: Int = 1) { column += count }

    /// Whether this text is at the current position.
    func looks(at text: String) -> Bool {
        guard line < lines.count else { return false }
        return lines[line][min(column, lines[line].count)...].starts(with: text)
    }

    /// Consumes the text if it is at the current position.
    mutating func take(_ text: String) -> Bool {
        guard looks(at: text) else { return false }
        column += text.count
        return true
    }

    /// Skips spaces and comments; inside brackets also line ends.
    mutating func skipBlanks() {
        while line < lines.count {
            skipWithinLine()
            guard peek == nil, depth > 0, line + 1 < lines.count else { return }
            nextLine()
        }
    }

    private mutating func skipWithinLine() {
        while let character = peek, character == " " || character == "\t" { column += 1 }
        guard peek == "#", column == 0 || lines[line][column - 1] == " " || lines[line][column - 1] == "\t"
        else {
            return
        }
        column = lines[line].count
    }

    mutating func nextLine() {
        line += 1
        column = 0
    }

    /// At the end of a line: continues on the next line if that begins with something that cannot begin a step.
    mutating func continueLine() -> Bool {
        skipBlanks()
        guard peek == nil else { return true }
        var ahead = self
        repeat {
            ahead.nextLine()
            ahead.skipBlanks()
        } while !ahead.isAtEnd && ahead.peek == nil
        guard
            ahead.looks(at: "->") || ahead.peek == "{" || ahead.peek == "["
                || ["with", "without"].contains(ahead.peekWord())
        else { return false }
        self = ahead
        return true
    }

    /// The characters up to a space.
    mutating func run() -> String {
        var text = ""
        while let character = peek, character != " ", character != "\t" {
            text.append(character)
            column += 1
        }
        return text
    }

    /// A word of letters, digits, `_` and `-`; empty when there is none.
    mutating func word() -> String {
        var text = ""
        while let character = peek, Self.isWord(character) {
            // `->` is not part of a word.
            if character == "-", peek(1) == ">" { break }
            text.append(character)
            column += 1
        }
        return text
    }

    /// The next word, without consuming it.
    func peekWord() -> String {
        var copy = self
        return copy.word()
    }

    static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "-"
    }

    /// The text from a position to the current one, with lines joined.
    func text(from start: SourcePosition) -> String {
        var parts: [String] = []
        for number in (start.line - 1)...min(line, lines.count - 1) {
            let first = number == start.line - 1 ? start.column - 1 : 0
            let last = number == line ? min(column, lines[number].count) : lines[number].count
            parts.append(String(lines[number][min(first, last)..<last]))
        }
        while let last = parts.last, last.allSatisfy(\.isWhitespace) { parts.removeLast() }
        return parts.joined(separator: "\n")
    }

    func problem(
        _ message: String, at position: SourcePosition? = nil, suggestion: String? = nil
    ) -> ScriptProblem {
        let place = position ?? self.position
        let line = place.line <= lines.count ? String(lines[place.line - 1]) : ""
        return ScriptProblem(
            path: path, position: place, message: message, suggestion: suggestion, line: line)
    }
}
