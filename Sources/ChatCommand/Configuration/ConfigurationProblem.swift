/// One problem in a configuration file, and its position.
public struct ConfigurationProblem: Error, Hashable, Sendable {
    /// The kind of problem; `description` builds its text from it.
    public enum Kind: Hashable, Sendable {
        /// Not TOML; the parser's own words.
        case syntax(String)
        /// The file holds bytes that are not UTF-8, or a NUL.
        case notText
        /// An unknown key, and the most similar known one, if any is similar.
        case unknownKey(String, suggestion: String?)
        /// A value of the wrong type for the key.
        case wrongType(key: String, expected: String, found: String)
        /// A value of the right type that is invalid here, and why.
        case badValue(key: String, reason: String)
    }

    /// The file as the person named it, or `config.toml`.
    public var file: String
    public var position: TextPosition
    public var kind: Kind

    public init(file: String, position: TextPosition, kind: Kind) {
        self.file = file
        self.position = position
        self.kind = kind
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `FILE:LINE:COLUMN: message`, the form that editors and terminals jump to.
    public var description: String {
        "\(file):\(position.line):\(position.column): \(message)"
    }

    /// The problem, without the position.
    public var message: String {
        switch kind {
        case .syntax(let words):
            return words
        case .notText:
            return "this is not a text file in UTF-8"
        case .unknownKey(let key, let suggestion?):
            return "unknown key '\(key)'; did you mean '\(suggestion)'?"
        case .unknownKey(let key, nil):
            return "unknown key '\(key)'"
        case .wrongType(let key, let expected, let found):
            return "'\(key)' takes \(expected), not \(found)"
        case .badValue(let key, let reason):
            return "'\(key)' \(reason)"
        }
    }
}

/// A configuration file that cannot be used.
public enum ConfigurationError: Error, Hashable, Sendable {
    /// The file was named explicitly or exists, but cannot be read: the path and the system's reason.
    case unreadable(path: String, reason: String)
    /// The file is longer than a configuration file can be.
    case tooLarge(path: String, limit: Int)
    /// The file was read; all of its problems, in the order of the file. Never empty.
    case problems([ConfigurationProblem])
}

extension ConfigurationError: CustomStringConvertible {
    /// One line per problem.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            return "\(path): \(reason)"
        case .tooLarge(let path, let limit):
            return "\(path): longer than \(limit) bytes, which no configuration is"
        case .problems(let problems):
            return problems.map(\.description).joined(separator: "\n")
        }
    }
}
