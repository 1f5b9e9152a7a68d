/// The positions of the keys and values of a TOML document.
///
/// The TOML parser keeps no positions of valid content, but a message about a misspelt key needs its line. This
/// scanner walks over the same text; where that is not TOML it finds fewer positions, and nothing worse happens.
///
/// The scanner also runs before the parser, because some common mistakes make the parser end the whole program (by an
/// assertion that release builds keep): a table header without a name, an unmatched brace in a list, a date that
/// becomes invalid half-way. ``fault`` is the first of them.
struct TOMLPositions {
    /// A mistake that the parser must not see.
    struct Fault: Hashable {
        var position: TextPosition
        var message: String
    }

    /// The position of the last part of a key, by its whole path (`["profiles", "work", "server"]`).
    private(set) var keys: [[String]: TextPosition] = [:]
    /// The position of the value's first character, by the path of its key.
    private(set) var values: [[String]: TextPosition] = [:]
    /// The first mistake of these kinds.
    private(set) var fault: Fault?

    init(of text: String) {
        var scanner = Scanner(text: text)
        scanner.scanDocument()
        keys = scanner.keys
        values = scanner.values
        fault = scanner.fault
    }
}

extension TOMLPositions {
    /// Scans the scalars and records positions.
    private struct Scanner {
        /// The deepest nesting of lists and inline tables, which bounds the recursion.
        private static let depthMax = 32

        private let scalars: [Unicode.Scalar]
        private var index = 0
        private var position = TextPosition(line: 1, column: 1)
        private(set) var keys: [[String]: TextPosition] = [:]
        private(set) var values: [[String]: TextPosition] = [:]
        private(set) var fault: Fault?

        private mutating func note(_ message: String, at place: TextPosition? = nil) {
            fault = fault ?? Fault(position: place ?? position, message: message)
        }

        init(text: String) {
            scalars = Array(text.unicodeScalars)
            // Editors on Windows write a byte order mark first; the parser does not handle it.
            if scalars.first == "\u{FEFF}" { index = 1 }
        }

        private var current: Unicode.Scalar? {
            index < scalars.count ? scalars[index] : nil
        }

        private func peek(_ offset: Int) -> Unicode.Scalar? {
            index + offset < scalars.count ? scalars[index + offset] : nil
        }

        private mutating func advance(_ count: Int = 1) {
            for _ in 0..<count {
                guard let scalar = current else { return }
                index += 1
                if scalar == "\n" {
                    position.line += 1
                    position.column = 1
                } else {
                    position.column += 1
                }
            }
        }

        private mutating func skipSpaces() {
            while current == " " || current == "\t" { advance() }
        }

        /// Spaces, line ends and comments between two members.
        private mutating func skipFiller() {
            while let scalar = current {
                switch scalar {
                case " ", "\t", "\r", "\n": advance()
                case "#": skipLine()
                default: return
                }
            }
        }

        private mutating func skipLine() {
            while let scalar = current, scalar != "\n" { advance() }
        }

        mutating func scanDocument() {
            var table: [String] = []
            while true {
                skipFiller()
                guard let scalar = current else { return }
                if scalar == "[" {
                    advance(peek(1) == "[" ? 2 : 1)
                    skipSpaces()
                    if !isAtKey { note("a table needs a name: [name]") }
                    table = scanKey(under: []) ?? []
                    skipLine()
                } else {
                    scanMember(under: table, depth: 0)
                }
            }
        }

        /// `key = value`; always advances, whatever is here.
        private mutating func scanMember(under table: [String], depth: Int) {
            guard let path = scanKey(under: table) else { return skipLine() }
            skipSpaces()
            guard current == "=" else { return skipLine() }
            advance()
            skipSpaces()
            values[path] = values[path] ?? position
            skipValue(at: path, depth: depth)
        }

        /// A dotted key; records each of its parts. Nil when there is no key here.
        private mutating func scanKey(under table: [String]) -> [String]? {
            var path = table
            while true {
                skipSpaces()
                let start = position
                guard let part = scanKeyPart() else { return nil }
                path.append(part)
                keys[path] = keys[path] ?? start
                skipSpaces()
                guard current == "." else { return path }
                advance()
            }
        }

        private var isAtKey: Bool {
            current.map { Self.isBare($0) || $0 == "\"" || $0 == "'" } ?? false
        }

        private mutating func scanKeyPart() -> String? {
            if let quote = current, quote == "\"" || quote == "'" { return scanQuotedKey(quote) }
            var part = String.UnicodeScalarView()
            while let scalar = current, Self.isBare(scalar) {
                part.append(scalar)
                advance()
            }
            return part.isEmpty ? nil : String(part)
        }

        /// Escapes stay as written: no schema has such a key, and the message shows the text of the file.
        private mutating func scanQuotedKey(_ quote: Unicode.Scalar) -> String? {
            var part = String.UnicodeScalarView()
            advance()
            while let scalar = current, scalar != quote {
                if scalar == "\n" { return nil }
                if scalar == "\\", quote == "\"", let next = peek(1) {
                    part.append(scalar)
                    part.append(next)
                    advance(2)
                    continue
                }
                part.append(scalar)
                advance()
            }
            advance()
            return String(part)
        }

        private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
            default: false
            }
        }

        private mutating func skipValue(at path: [String], depth: Int) {
            switch current {
            case "\"", "'": skipString()
            case "[" where depth < Self.depthMax: skipArray(at: path, depth: depth + 1)
            case "{" where depth < Self.depthMax: scanInlineTable(at: path, depth: depth + 1)
            case "[", "{":
                note("lists and tables are nested too deeply")
                skipLine()
            default: skipScalarValue()
            }
        }

        private mutating func skipScalarValue() {
            let (start, place) = (index, position)
            while let scalar = current, !",]}#\r\n".unicodeScalars.contains(scalar) { advance() }
            var value = scalars[start..<index]
            while value.last == " " || value.last == "\t" { value.removeLast() }
            if !TOMLScalar.isWellFormed(value) {
                let message =
                    value.isEmpty ? "a value is missing" : "this is no value; a text stands in quotes"
                note(message, at: place)
            }
        }

        private mutating func skipString() {
            guard let quote = current else { return }
            if peek(1) == quote, peek(2) == quote { return skipMultilineString(quote) }
            advance()
            while let scalar = current, scalar != quote, scalar != "\n" {
                advance(scalar == "\\" && quote == "\"" ? 2 : 1)
            }
            advance()
        }

        private mutating func skipMultilineString(_ quote: Unicode.Scalar) {
            advance(3)
            while let scalar = current {
                if scalar == quote, peek(1) == quote, peek(2) == quote {
                    advance(3)
                    // Up to two more quotes may belong to the text itself.
                    while current == quote { advance() }
                    return
                }
                advance(scalar == "\\" && quote == "\"" ? 2 : 1)
            }
        }

        private mutating func skipArray(at path: [String], depth: Int) {
            advance()
            while true {
                skipFiller()
                switch current {
                case nil: return
                case "]": return advance()
                case ",": advance()
                case "}":
                    note("expected a value or ']', not '}'")
                    advance()
                default:
                    let before = index
                    skipValue(at: path, depth: depth)
                    if index == before { advance() }
                }
            }
        }

        private mutating func scanInlineTable(at path: [String], depth: Int) {
            advance()
            while true {
                skipFiller()
                switch current {
                case nil: return
                case "}": return advance()
                case ",": advance()
                default:
                    let before = index
                    scanMember(under: path, depth: depth)
                    if index == before { advance() }
                }
            }
        }
    }
}
