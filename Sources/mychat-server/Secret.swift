import ArgumentParser
import ChatServerLite
import ChatServerSQLite
import Logging

/// `mychat-server secret`
struct Secret: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change the secret that signs tokens, without signing anybody out.",
        discussion: """
            The newest secret signs new tokens; all of them verify. They are kept beside the database, and a running \
            server reads them again within seconds. JWT_SECRET_KEY is one of them.
            """,
        subcommands: [List.self, Rotate.self, Retire.self], defaultSubcommand: List.self)

    /// Where the secrets are.
    struct Place: ParsableArguments {
        @Option(help: "The SQLite file (CONN_URL=sqlite:PATH).", completion: .file())
        var database: String?

        @Option(
            help: "A file of settings (.env in the working directory, if it is there).", completion: .file())
        var envFile: String?

        func secrets() throws -> TokenSecrets {
            var flags: [String: String] = [:]
            flags["CONN_URL"] = database.map { "sqlite:" + $0 }
            let settings = try ServerSettings.load(
                flags: flags, environment: ProcessEnvironment.all, file: envFile,
                logger: Logger(label: "mychat-server") { _ in StandardErrorLog(level: .warning) })
            return TokenSecrets(settings: settings, databasePath: try DatabasePath.locate(in: settings))
        }
    }

    /// `mychat-server secret list`
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the secrets by their names, the newest first (the default). It shows none.")

        @OptionGroup var place: Place

        @Flag(help: "Print one line of JSON.")
        var json = false

        func run() throws {
            try CommandFailure.exiting {
                let report = try place.secrets().report()
                StandardOutput.line(json ? report.json : report.text)
            }
        }
    }

    /// `mychat-server secret rotate`
    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new secret, which signs from now on; tokens of the others stay valid.")

        @OptionGroup var place: Place

        func run() throws {
            try CommandFailure.exiting {
                let id = try place.secrets().rotate()
                StandardOutput.line("\(id) signs new tokens; the tokens of the other secrets stay valid")
            }
        }
    }

    /// `mychat-server secret retire`
    struct Retire: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a secret. Its tokens are no longer valid, and who has one must sign in again.")

        @OptionGroup var place: Place

        @Argument(help: "The name of the secret, as \"secret list\" shows it.")
        var kid: String

        func run() throws {
            try CommandFailure.exiting {
                try place.secrets().retire(kid)
                StandardOutput.line("\(kid) is gone, and its tokens are no longer valid")
            }
        }
    }
}
