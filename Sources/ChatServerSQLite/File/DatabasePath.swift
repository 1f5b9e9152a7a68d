import ChatServerLite

/// Where the settings say that the database is.
package enum DatabasePath {
    /// The path in `CONN_URL`, or the default path in the user's data directory. Its directory is created when it is
    /// missing.
    ///
    /// - Throws: `storageUnsupported` when the settings ask for another kind of database.
    package static func find(in settings: ServerSettings) throws(ConfigurationError) -> String {
        let path = try locate(in: settings)
        let directory = PrivateFile.parent(of: path)
        do {
            try PrivateFile.createDirectory(directory)
        } catch {
            throw .unusablePath(path: directory, reason: error.reason)
        }
        return path
    }

    /// The same without creating anything.
    package static func locate(in settings: ServerSettings) throws(ConfigurationError) -> String {
        if let named = try configured(settings) { return named }
        return try standard(settings)
    }

    private static func configured(_ settings: ServerSettings) throws(ConfigurationError) -> String? {
        guard let found = settings.find("CONN_URL") else {
            if let host = settings.find("DB_HOST") { throw mySQL("DB_HOST", host) }
            return nil
        }
        let scheme = found.text.prefix { $0 != ":" }.lowercased()
        if scheme.hasPrefix("mysql") { throw mySQL("CONN_URL", found) }
        guard scheme == "sqlite", found.text.contains(":") else {
            throw invalid(found, "only sqlite:PATH is supported")
        }
        var path = String(found.text.dropFirst("sqlite:".count))
        if path.hasPrefix("//") { path = String(path.dropFirst(2)) }
        guard !path.isEmpty, !path.contains(":memory:"), !path.unicodeScalars.contains("\0") else {
            throw invalid(found, "name a file, as sqlite:/var/lib/mychat/mychat.db")
        }
        return path
    }

    private static func standard(_ settings: ServerSettings) throws(ConfigurationError) -> String {
        if let directory = settings.environmentVariable("XDG_DATA_HOME"), directory.hasPrefix("/") {
            return directory + "/mychat-server/mychat.db"
        }
        guard let home = settings.environmentVariable("HOME") else { throw .noDataDirectory }
        return home + "/.local/share/mychat-server/mychat.db"
    }

    private static func mySQL(_ setting: String, _ found: ServerSettings.Found) -> ConfigurationError {
        .storageUnsupported(
            setting: setting, source: found.source,
            reason: """
                asks for MySQL, which this server does not support yet; set CONN_URL=sqlite:PATH or leave both out
                """)
    }

    private static func invalid(_ found: ServerSettings.Found, _ reason: String) -> ConfigurationError {
        .invalidValue(setting: "CONN_URL", source: found.source, reason: reason)
    }
}
