import ArgumentParser
import ChatServerLite
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

    func run() throws {
        try CommandFailure.exiting {
            let environment = ProcessEnvironment.all
            var temporary: TemporaryDirectory?
            defer { temporary?.remove() }
            let logger = Logger(label: "mychat-server") { _ in StandardErrorLog(level: .warning) }
            try ServerProcess.run(
                logger: logger, endsWithInput: exitWithStdin,
                prepare: {
                    // Signals end the process in order from here on: nothing stays behind.
                    if directory == nil { temporary = try TemporaryDirectory(environment: environment) }
                    return try prepare(in: directory ?? temporary?.path ?? ".")
                },
                ready: { report($0) }, abandon: { temporary?.remove() })
        }
    }

    private func prepare(in directory: String) throws -> ServerConfiguration {
        // Settings of the person's own server have no place here.
        let settings = ServerSettings(flags: [
            "PORT": port, "CONN_URL": "sqlite:\(directory)/mychat.db", "BCRYPT_COST": "4",
            "PUSH_ALLOW_PRIVATE": "1",
        ])
        let configuration = try ServerConfiguration(settings: settings)
        try DemoSeed.fill(path: configuration.databasePath)
        return configuration
    }

    private func report(_ server: ChatServer) {
        StandardOutput.line(
            readyJson
                ? DemoReport.json(url: server.url)
                : DemoReport.text(url: server.url, program: Self.clientProgram))
    }

    /// The client beside this program, called in the same way.
    private static var clientProgram: String {
        let name = CommandLine.arguments.first ?? ""
        guard let slash = name.lastIndex(of: "/") else { return "mychat" }
        return String(name[...slash]) + "mychat"
    }
}
