/// Reads a script character by character and keeps track of the position. All parsers of a script share one scanner.
final class Scanner {
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

    /// A place to return to after a look ahead.
    struct Mark {
        let line: Int
        let column: Int
    }

    var mark: Mark { Mark(line: line, column: column) }

    func reset(to mark: Mark) {
        line = mark.line
        column = mark.column
    }

    func advance(_ count: Int = 1) { column += count }

    /// Whether this text is at the current position.
    func looks(at text: String) -> Bool {
        guard line < lines.count else { return false }
        return lines[line][min(column, lines[line].count)...].starts(with: text)
    }

    /// Consumes the text if it is at the current position.
    func take(_ text: String) -> Bool {
        guard looks(at: text) else { return false }
        column += text.count
        return true
    }

    /// Skips spaces and comments; inside brackets also line ends.
    func skipBlanks() {
        while line < lines.count {
            skipWithinLine()
            guard peek == nil, depth > 0, line + 1 < lines.count else { return }
            nextLine()
        }
    }

    private func skipWithinLine() {
        while let character = peek, character == " " || character == "\t" { column += 1 }
        guard peek == "#", column == 0 || lines[line][column - 1] == " " || lines[line][column - 1] == "\t"
        else {
            return
        }
        column = lines[line].count
    }

    func nextLine() {
        line += 1
        column = 0
    }

    /// At the end of a line: continues on the next line if that begins with something that cannot begin a step.
    func continueLine() -> Bool {
        skipBlanks()
        guard peek == nil else { return true }
        let mark = mark
        nextFilledLine()
        guard
            looks(at: "->") || peek == "{" || peek == "[" || ["with", "without"].contains(peekWord())
        else {
            reset(to: mark)
            return false
        }
        return true
    }

    /// Moves to the beginning of the next line that has more than blanks, or to the end.
    func nextFilledLine() {
        repeat {
            nextLine()
            skipBlanks()
        } while !isAtEnd && peek == nil
    }

    /// Consumes `->`, also at the beginning of the next line.
    func takeArrow() -> Bool {
        guard continueLine(), take("->") else { return false }
        skipBlanks()
        return true
    }

    /// Consumes the characters up to a space.
    func run() -> String {
        var text = ""
        while let character = peek, character != " ", character != "\t" {
            text.append(character)
            column += 1
        }
        return text
    }

    /// Consumes a word of letters, digits, `_` and `-`; empty when there is none.
    func word() -> String {
        var text = ""
        while let character = peek, Self.isWord(character) {
            // `->` is not part of a word.
            if character == "-", peek(1) == ">" { break }
            text.append(character)
            column += 1
        }
        return text
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "-"
    }

    /// The next word, without consuming it.
    func peekWord() -> String {
        let mark = mark
        defer { reset(to: mark) }
        return word()
    }

    // MARK: Words and times

    /// Consumes a name.
    ///
    /// - Parameter after: the word before it, for the message when there is none.
    func name(_ after: String) throws(ScriptProblem) -> String {
        skipBlanks()
        let word = word()
        guard !word.isEmpty else { throw problem("after \(after) a name is missing") }
        return word
    }

    /// Consumes a word that is required here.
    func keyword(_ expected: String) throws(ScriptProblem) {
        skipBlanks()
        let position = position
        guard word() == expected else { throw problem("'\(expected)' is missing here", at: position) }
    }

    /// Consumes the word if it is at the current position.
    func take(word expected: String) -> Bool {
        skipBlanks()
        let mark = mark
        if word() == expected { return true }
        reset(to: mark)
        return false
    }

    /// Consumes a time: `300ms`, `2s`, `1.5s`.
    func duration() throws(ScriptProblem) -> Duration {
        skipBlanks()
        let position = position
        var digits = ""
        while let character = peek, character.isASCII, character.isNumber || character == "." {
            digits.append(character)
            advance()
        }
        let unit = word()
        // No scenario waits for more than a day.
        guard let number = Double(digits), number >= 0, number <= 86_400_000, unit == "ms" || unit == "s"
        else {
            throw problem("a time is written 300ms, 2s or 1.5s", at: position)
        }
        return .microseconds(Int64(number * (unit == "s" ? 1_000_000 : 1000)))
    }

    /// Requires the rest of the line to be empty.
    func endOfLine() throws(ScriptProblem) {
        skipBlanks()
        guard peek == nil else {
            let position = position
            throw problem("'\(run())' is too much on this line", at: position)
        }
    }

    // MARK: Texts and problems

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

    /// A mistake in the script, at a position or here.
    func problem(
        _ message: String, at position: SourcePosition? = nil, suggestion: String? = nil
    ) -> ScriptProblem {
        let place = position ?? self.position
        let line = place.line <= lines.count ? String(lines[place.line - 1]) : ""
        return ScriptProblem(
            path: path, position: place, message: message, suggestion: suggestion, line: line)
    }
}
