/// The settings as text. Flags come before the environment, and the environment before the `.env` file.
///
/// Empty values count as absent, such as `PORT=` in a template. Flags are taken as they are.
public struct ServerSettings: Sendable {
    /// The text of a setting and a description of its source.
    public struct Found: Equatable, Sendable {
        public let text: String
        public let source: String
    }

    private let flags: [String: String]
    private let environment: [String: String]
    private let file: EnvironmentFile
    private let filePath: String

    /// - Parameter flags: values from the command line, keyed by the name of the setting that they override.
    public init(
        flags: [String: String] = [:], environment: [String: String] = [:],
        file: EnvironmentFile = EnvironmentFile(), filePath: String = ".env"
    ) {
        self.flags = flags
        self.environment = environment
        self.file = file
        self.filePath = filePath
    }

    /// The value of `key` and its source; nil when no source has the key.
    public func find(_ key: String) -> Found? {
        if let text = flags[key] { return Found(text: text, source: "from the command line") }
        if let text = environment[key], !text.isEmpty {
            return Found(text: text, source: "from the environment")
        }
        if let entry = file[key], !entry.value.isEmpty {
            return Found(text: entry.value, source: "\(filePath), line \(entry.line)")
        }
        return nil
    }

    /// The settings with further flags, which come first.
    func adding(flags more: [String: String]) -> ServerSettings {
        ServerSettings(
            flags: flags.merging(more) { $1 }, environment: environment, file: file, filePath: filePath)
    }

    /// An environment variable that is never read from the file, such as `HOME`; nil when it is empty or
    /// unset.
    public func environmentVariable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }
}
