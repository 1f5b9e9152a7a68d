import Logging

extension ServerSettings {
    /// Loads the settings of a process.
    ///
    /// - Parameters:
    ///   - file: a file that must exist; nil reads `.env` in the working directory if there is one.
    ///   - logger: gets a warning when others could change the file.
    public static func load(
        flags: [String: String], environment: [String: String], file: String?, logger: Logger
    ) throws(ConfigurationError) -> ServerSettings {
        let path = file ?? ".env"
        let contents: [UInt8]?
        do {
            contents = try PrivateFile.read(path, sharing: .reading, logger: logger)
        } catch {
            throw .unreadableFile(path: path, reason: error.reason)
        }
        guard let contents else {
            if file != nil { throw .unreadableFile(path: path, reason: "there is no such file") }
            return ServerSettings(flags: flags, environment: environment)
        }
        do {
            let parsed = try EnvironmentFile(parsing: contents)
            if Self.secrets.contains(where: { parsed[$0]?.value.isEmpty == false }) {
                PrivateFile.warnWhereOthersRead(path, logger)
            }
            return ServerSettings(flags: flags, environment: environment, file: parsed, filePath: path)
        } catch {
            throw .malformedFile(path: path, reason: error)
        }
    }

    private static let secrets = [
        "JWT_SECRET_KEY", "VAPID_PRIVATE_KEY", "VAPID_PRIVATE_KEY_BASE64", "METRICS_TOKEN",
    ]
}
