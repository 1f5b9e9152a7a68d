import ArgumentParser
import ChatServerLite
import ChatServerSQLite
import Logging

/// `mychat-server backup`
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy the database to a new file, also while a server writes to it.",
        discussion: """
            The copy holds everything that was confirmed when the command began, is checked, and has mode 0600. The \
            secrets beside the database are not in it: copy the files .jwt-secret and .vapid-key once.
            """)

    @Argument(help: "The file to write. It must not exist.", completion: .file())
    var file: String

    @OptionGroup var place: DatabasePlace

    func run() throws {
        try CommandFailure.exiting {
            try DatabaseBackup.write(try place.path(), to: file)
            try place.record("backup")
            StandardOutput.line("The backup is in \(file).")
        }
    }
}

/// `mychat-server restore`
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a backup in the place of the database, while no server uses it.",
        discussion: """
            The backup is checked first. What was in its place stays beside it, under another name. Clients notice the \
            older database and show what it lacks as no longer confirmed.
            """)

    @Argument(help: "The backup. It stays as it is.", completion: .file())
    var file: String

    @OptionGroup var place: DatabasePlace

    func run() throws {
        try CommandFailure.exiting {
            let path = try place.path()
            let former = try DatabaseBackup.restore(file, to: path)
            try place.record("restore")
            StandardOutput.line("The database \(path) is restored from \(file).")
            if let former { StandardOutput.line("The former database is in \(former).") }
        }
    }
}

/// Where a command finds the database.
struct DatabasePlace: ParsableArguments {
    @Option(help: "The SQLite file (CONN_URL=sqlite:PATH).", completion: .file())
    var database: String?

    @Option(help: "A file of settings (.env in the working directory, if it is there).", completion: .file())
    var envFile: String?

    func path() throws -> String {
        let logger = Logger(label: "mychat-server") { _ in StandardErrorLog(level: .warning) }
        return try DatabasePath.locate(
            in: try Self.settings(database: database, envFile: envFile, logger: logger))
    }

    /// Records an act in the audit log of the settings, if there is one.
    func record(_ act: String) throws {
        let logger = Logger(label: "mychat-server") { _ in StandardErrorLog(level: .warning) }
        let settings = try Self.settings(database: database, envFile: envFile, logger: logger)
        try AdministrationConfiguration(
            settings: settings, databasePath: try DatabasePath.locate(in: settings)
        ).record(act, logger: logger)
    }

    /// The settings that a server would have.
    static func settings(
        database: String?, envFile: String?, logger: Logger
    ) throws(ConfigurationError) -> ServerSettings {
        var flags: [String: String] = [:]
        flags["CONN_URL"] = database.map { "sqlite:" + $0 }
        return try ServerSettings.load(
            flags: flags, environment: ProcessEnvironment.all, file: envFile, logger: logger)
    }
}
