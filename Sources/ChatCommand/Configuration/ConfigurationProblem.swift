/// One thing wrong with a configuration file, and where.
public struct ConfigurationProblem: Error, Hashable, Sendable {
    /// What is wrong. The texts of `description` are made from these facts.
    public enum Kind: Hashable, Sendable {
        /// Not TOML; the parser's own words.
        case syntax(String)
        /// The file holds bytes that are not UTF-8, or a NUL.
        case notText
        /// A key that nothing reads, and the known one most like it, if any comes near.
        case unknownKey(String, suggestion: String?)
        /// A value of another type than the key takes.
        case wrongType(key: String, expected: String, found: String)
        /// A value of the right type that means nothing here, and what would.
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

    /// What is wrong, without the place.
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
    /// It was asked for by name, or exists, but cannot be read: the path and the system's reason.
    case unreadable(path: String, reason: String)
    /// It is longer than a configuration file can be.
    case tooLarge(path: String, limit: Int)
    /// It was read; everything that is wrong with it, in the order of the file. Never empty.
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
