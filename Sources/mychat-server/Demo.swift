import ArgumentParser
import ChatServerLite
import ChatServerSQLite
import Glibc
import Logging

/// `mychat-server demo`
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a database with a few people and a believable history.",
        discussion: """
            Without --directory everything is in a temporary directory that is removed at the end.
            """)

    @Option(
        help: "Where the database is kept; one that is there already is used as it is.",
        completion: .directory)
    var directory: String?

    @Option(help: "The port to listen on, 0 for any.")
    var port = "0"

    @Flag(help: "Print one line of JSON once it listens, instead of words for people.")
    var readyJson = false

    @Flag(help: "Stop at the end of standard input.")
    var exitWithStdin = false

    private var storage: SQLiteStorageProvider { SQLiteStorageProvider() }

    func run() throws {
        try CommandFailure.exiting {
            let environment = ProcessEnvironment.all
            var temporary: TemporaryDirectory?
            defer { temporary?.remove() }
            let logger = Logger(label: "mychat-server") { _ in StandardErrorLog(level: .warning) }
            var passwords: DemoPasswords?
            try ServerProcess.run(
                storage: storage, logger: logger, endsWithInput: exitWithStdin,
                prepare: {
                    // From here on signals end the process gracefully: nothing stays behind.
                    if directory == nil { temporary = try TemporaryDirectory(environment: environment) }
                    let (configuration, made) = try prepare(in: directory ?? temporary?.path ?? ".", logger)
                    passwords = made
                    return configuration
                },
                ready: { server in
                    if let passwords { report(server, passwords) }
                }, abandon: { temporary?.remove() })
        }
    }

    private func prepare(
        in directory: String, _ logger: Logger
    ) throws -> (ServerConfiguration, DemoPasswords) {
        // The settings of the person's own server do not apply here.
        let settings = ServerSettings(flags: [
            "PORT": port, "CONN_URL": "sqlite:\(directory)/mychat.db", "BCRYPT_COST": "4",
            "PUSH_ALLOW_PRIVATE": "1",
        ])
        var configuration = try ServerConfiguration(
            settings: settings, databasePath: DatabasePath.find(in: settings), logger: logger)
        // No web page in the person's browser may take part, and pushes stay on this machine.
        configuration.allowedOrigins = .none
        configuration.push.isForThisMachine = true
        let passwords = try DemoPasswords(besides: configuration.databasePath, logger: logger)
        try storage.perform(
            DemoSeed(passwords: passwords), in: StorageConfiguration(path: configuration.databasePath))
        return (configuration, passwords)
    }

    private func report(_ server: ChatServer, _ passwords: DemoPasswords) {
        StandardOutput.line(
            readyJson
                ? DemoReport.json(url: server.url, passwords: passwords)
                : DemoReport.text(url: server.url, program: Self.clientProgram, passwords: passwords))
    }

    /// The client beside this program, called in the same way.
    private static var clientProgram: String {
        let name = CommandLine.arguments.first ?? ""
        guard let slash = name.lastIndex(of: "/") else { return "mychat" }
        return String(name[...slash]) + "mychat"
    }
}
