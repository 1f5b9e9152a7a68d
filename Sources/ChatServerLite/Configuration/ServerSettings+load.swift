extension ServerSettings {
    /// Reads the settings of a process.
    ///
    /// - Parameter file: a file that must exist; without one, `.env` in the working directory is read if it
    ///   is there.
    public static func load(
        flags: [String: String], environment: [String: String], file: String?
    ) throws(ConfigurationError) -> ServerSettings {
        let path = file ?? ".env"
        let contents: [UInt8]?
        do {
            contents = try PrivateFile.read(path, sharing: .reading)
        } catch {
            throw .unreadableFile(path: path, reason: error.reason)
        }
        guard let contents else {
            if file != nil { throw .unreadableFile(path: path, reason: "there is no such file") }
            return ServerSettings(flags: flags, environment: environment)
        }
        do {
            let parsed = try EnvironmentFile(parsing: contents)
            return ServerSettings(flags: flags, environment: environment, file: parsed, filePath: path)
        } catch {
            throw .malformedFile(path: path, reason: error)
        }
    }
}
