import ArgumentParser
import ChatServerLite
import ChatServerSQLite
import Logging

/// Which server a command is for.
struct AdministrationPlace: ParsableArguments {
    @Option(help: "The SQLite file of the server (CONN_URL=sqlite:PATH).", completion: .file())
    var database: String?

    @Option(help: "A file of settings (.env in the working directory, if it is there).", completion: .file())
    var envFile: String?

    /// Runs a command on the running server, or on the database where none runs. Errors become one line and status 1.
    func administrate(_ body: (Administration) throws -> Void) throws {
        try CommandFailure.exiting {
            let logger = Logger(label: "mychat-server") { _ in StandardErrorLog(level: .warning) }
            let settings = try DatabasePlace.settings(database: database, envFile: envFile, logger: logger)
            let administration = Administration(
                try AdministrationConfiguration(
                    settings: settings, databasePath: try DatabasePath.locate(in: settings)),
                storage: SQLiteStorageProvider(), logger: logger)
            defer { administration.close() }
            try body(administration)
        }
    }
}
