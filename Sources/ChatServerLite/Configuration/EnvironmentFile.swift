/// The settings of a `.env` file, each with its line number.
///
/// The syntax has `KEY=value`, `export KEY=value`, comments, and quoted values. Single quotes are literal;
/// double quotes have the escapes `\n \r \t \" \\ \$`. A quoted value may span lines, as PEM keys do. An
/// unquoted value ends at ` #`. When a key occurs twice, the last value wins.
public struct EnvironmentFile: Equatable, Sendable {
    /// The value of a setting and the line of its key, counted from 1.
    public struct Entry: Equatable, Sendable {
        public let value: String
        public let line: Int
    }

    /// The syntax error of a line.
    public enum ParseError: Error, Equatable, Sendable {
        case missingEqualsSign(line: Int)
        case invalidKey(line: Int)
        case unterminatedQuote(line: Int)
        case textAfterQuote(line: Int)
        case notUTF8
    }

    public private(set) var entries: [String: Entry] = [:]

    public init() {}

    /// Parses the content of a file.
    public init(parsing bytes: [UInt8]) throws(ParseError) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        var parser = Parser(text)
        while let (key, entry) = try parser.next() { entries[key] = entry }
    }

    public subscript(key: String) -> Entry? { entries[key] }
}

extension EnvironmentFile.ParseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingEqualsSign(let line): "line \(line): expected KEY=value"
        case .invalidKey(let line): "line \(line): a key has only letters, digits and underscores"
        case .unterminatedQuote(let line): "line \(line): the quote that opens here is never closed"
        case .textAfterQuote(let line): "line \(line): unexpected text after the closing quote"
        case .notUTF8: "the file is not UTF-8 text"
        }
    }
}

extension EnvironmentFile {
    private struct Parser {
        private let scalars: [Unicode.Scalar]
        private var position = 0
        private var line = 1

        init(_ text: String) {
            scalars = Array(text.unicodeScalars)
            // Editors on Windows start files with a byte order mark.
            if scalars.first == "\u{FEFF}" { position = 1 }
        }

        mutating func next() throws(ParseError) -> (String, Entry)? {
            skipBlanksAndComments()
            guard position < scalars.count else { return nil }
            let start = line
            let key = try readKey()
            return (key, Entry(value: try readValue(), line: start))
        }

        private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

        private mutating func advance() {
            if current == "\n" { line += 1 }
            position += 1
        }

        private mutating func skipSpaces() {
            while current == " " || current == "\t" || current == "\r" { advance() }
        }

        private mutating func skipToEndOfLine() {
            while let scalar = current, scalar != "\n" { _ = scalar; advance() }
        }

        private mutating func skipBlanksAndComments() {
            while let scalar = current {
                switch scalar {
                case " ", "\t", "\r", "\n": advance()
                case "#": skipToEndOfLine()
                default: return
                }
            }
        }

        private mutating func readKey() throws(ParseError) -> String {
            var words: [String] = [""]
            while let scalar = current, scalar != "=" {
                if scalar == "\n" { throw .missingEqualsSign(line: line) }
                if scalar == " " || scalar == "\t" {
                    if words.last?.isEmpty == false { words.append("") }
                } else {
                    words[words.count - 1].unicodeScalars.append(scalar)
                }
                advance()
            }
            guard current == "=" else { throw .missingEqualsSign(line: line) }
            if words.last?.isEmpty == true { words.removeLast() }
            if words.count == 2, words[0] == "export" { words.removeFirst() }
            guard words.count == 1, Self.isKey(words[0]) else { throw .invalidKey(line: line) }
            advance()
            return words[0]
        }

        private static func isKey(_ text: String) -> Bool {
            guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
            return text.utf8.allSatisfy { byte in
                (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || (0x30...0x39).contains(byte) || byte == 0x5F
            }
        }

        private mutating func readValue() throws(ParseError) -> String {
            skipSpaces()
            if let quote = current, quote == "\"" || quote == "'" { return try readQuoted(quote) }
            return readBare()
        }

        private mutating func readBare() -> String {
            var value = String.UnicodeScalarView()
            var previous: Unicode.Scalar = " "
            while let scalar = current, scalar != "\n" {
                if scalar == "#", previous == " " || previous == "\t" { break }
                value.append(scalar)
                previous = scalar
                advance()
            }
            skipToEndOfLine()
            while let last = value.last, last == " " || last == "\t" || last == "\r" { value.removeLast() }
            return String(value)
        }

        private mutating func readQuoted(_ quote: Unicode.Scalar) throws(ParseError) -> String {
            let opened = line
            advance()
            var value = String.UnicodeScalarView()
            while let scalar = current, scalar != quote {
                advance()
                if scalar == "\\", quote == "\"", let escaped = current {
                    advance()
                    value.append(contentsOf: Self.unescaped(escaped))
                } else {
                    value.append(scalar)
                }
            }
            guard current == quote else { throw .unterminatedQuote(line: opened) }
            advance()
            skipSpaces()
            guard let rest = current, rest != "\n" else { return String(value) }
            guard rest == "#" else { throw .textAfterQuote(line: line) }
            skipToEndOfLine()
            return String(value)
        }

        private static func unescaped(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
            switch scalar {
            case "n": ["\n"]
            case "r": ["\r"]
            case "t": ["\t"]
            case "\"", "\\", "$": [scalar]
            // Unknown escapes stay as they are.
            default: ["\\", scalar]
            }
        }
    }
}
