import ArgumentParser
import ChatServerLite
import ChatServerSQLite
import Logging

/// `mychat-server check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look whether a server could run with these settings, and say what to do.",
        discussion: """
            It looks at the settings, the database, the keys, the addresses, the clock and the limit of open \
            files, and makes nothing. The status is 1 when something is wrong, else 0. A server may be running.
            """)

    @Option(help: "The address to listen on (HOST; 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on (PORT; 5000).")
    var port: String?

    @Option(help: "The SQLite file (CONN_URL=sqlite:PATH).", completion: .file())
    var database: String?

    @Option(help: "A file of settings (.env in the working directory, if it is there).", completion: .file())
    var envFile: String?

    @Option(help: "An address for metrics alone, HOST:PORT (METRICS_LISTEN).")
    var metrics: String?

    @Flag(help: "Print one line of JSON.")
    var json = false

    @Flag(help: "Let a warning count as wrong.")
    var strict = false

    func run() throws {
        let report = report()
        StandardOutput.line(json ? report.json : report.text)
        guard report.state < (strict ? .warning : .wrong) else { throw ExitCode(1) }
    }

    private func report() -> CheckReport {
        var flags: [String: String] = [:]
        flags["HOST"] = host
        flags["PORT"] = port
        flags["CONN_URL"] = database.map { "sqlite:" + $0 }
        flags["METRICS_LISTEN"] = metrics
        do throws(ConfigurationError) {
            let settings = try ServerSettings.load(
                flags: flags, environment: ProcessEnvironment.all, file: envFile,
                logger: Logger(label: "mychat-server") { _ in StandardErrorLog(level: .warning) })
            return ServerCheck(
                settings: settings, databasePath: try DatabasePath.locate(in: settings),
                inspect: DatabaseCheck.inspect
            ).run()
        } catch {
            return CheckReport(lines: [CheckLine(.settings, .wrong, "\(error)")])
        }
    }
}
