/// The settings as text, from flags, then the environment, then the `.env` file; the first that has a key
/// wins.
///
/// Empty values count as absent, as `PORT=` in a template does.
public struct ServerSettings: Sendable {
    /// One setting found, with words for where it was found.
    public struct Found: Equatable, Sendable {
        public let text: String
        public let source: String
    }

    private let flags: [String: String]
    private let environment: [String: String]
    private let file: EnvironmentFile
    private let filePath: String

    /// - Parameter flags: values from the command line, by the name of the setting that they override.
    public init(
        flags: [String: String] = [:], environment: [String: String] = [:],
        file: EnvironmentFile = EnvironmentFile(), filePath: String = ".env"
    ) {
        self.flags = flags
        self.environment = environment
        self.file = file
        self.filePath = filePath
    }

    /// The value of `key` and where it stands.
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

    /// The value of an environment variable that is never read from the file, as `HOME`.
    public func environmentVariable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }
}
