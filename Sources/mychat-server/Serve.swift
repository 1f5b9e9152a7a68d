import ArgumentParser
import ChatServerLite
import ChatServerSQLite
import Glibc
import Logging

/// `mychat-server serve`
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve until a signal stops it (the default).")

    @Option(help: "The address to listen on (HOST; 127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on, 0 for any (PORT; 5000).")
    var port: String?

    @Option(
        help: "Where to listen instead: http://HOST:PORT, https://HOST:PORT, unix:PATH; repeatable (LISTEN).")
    var listen: [String] = []

    @Option(help: "A PEM file with the certificate for TLS (TLS_CERT_FILE).", completion: .file())
    var tlsCert: String?

    @Option(help: "A PEM file with the key of that certificate (TLS_KEY_FILE).", completion: .file())
    var tlsKey: String?

    @Option(help: "The SQLite file (CONN_URL=sqlite:PATH).", completion: .file())
    var database: String?

    @Option(help: "A file of settings (.env in the working directory, if it is there).", completion: .file())
    var envFile: String?

    @Option(help: "bcrypt's cost for new passwords, 4 to 31 (BCRYPT_COST; 12).")
    var bcryptCost: String?

    @Flag(help: "Push also to addresses that are not public, and over http (PUSH_ALLOW_PRIVATE).")
    var pushAllowPrivate = false

    @Option(help: "Whose behaviour: original plays the real API as it is, without extensions (COMPAT; off).")
    var compat: String?

    @Option(help: "Who may create an account: open, invite or closed (REGISTRATION; open).")
    var registration: String?

    @Option(help: "A file for the audit log (AUDIT_LOG; none).", completion: .file())
    var auditLog: String?

    @Option(
        name: .customLong("trusted-proxy"),
        help: "An address or network whose word on a client's address counts; repeatable (TRUSTED_PROXIES).")
    var trustedProxies: [String] = []

    @Option(help: "normal is faster, but a loss of power may take the last messages (DURABILITY; full).")
    var durability: String?

    @Option(help: "An address for metrics alone, HOST:PORT (METRICS_LISTEN).")
    var metrics: String?

    @Flag(help: "Log each request.")
    var debug = false

    func run() throws {
        try CommandFailure.exiting {
            let environment = ProcessEnvironment.all
            var logger = Logger(label: "mychat-server") { _ in StandardErrorLog() }
            let settings = try ServerSettings.load(
                flags: flags, environment: environment, file: envFile, logger: logger)
            let configuration = try ServerConfiguration(
                settings: settings, databasePath: DatabasePath.find(in: settings),
                handedSockets: HandedSocket.all(environment: environment), logger: logger)
            let level = configuration.isDebugging ? Logger.Level.debug : .info
            logger = Logger(label: "mychat-server") { [format = configuration.logFormat] _ in
                StandardErrorLog(level: level, format: format)
            }
            try ServerProcess.run(
                storage: SQLiteStorageProvider(), logger: logger,
                manager: ServiceManager(environment: environment), prepare: { configuration }
            ) { server in
                for url in server.urls { StandardOutput.line("mychat-server listening on \(url)") }
            }
        }
    }

    /// The settings that the flags set.
    private var flags: [String: String] {
        var flags: [String: String] = [:]
        flags["HOST"] = host
        flags["PORT"] = port
        flags["LISTEN"] = listen.isEmpty ? nil : listen.joined(separator: " ")
        flags["TLS_CERT_FILE"] = tlsCert
        flags["TLS_KEY_FILE"] = tlsKey
        flags["BCRYPT_COST"] = bcryptCost
        flags["CONN_URL"] = database.map { "sqlite:" + $0 }
        flags["PUSH_ALLOW_PRIVATE"] = pushAllowPrivate ? "1" : nil
        flags["COMPAT"] = compat
        flags["AUDIT_LOG"] = auditLog
        flags["TRUSTED_PROXIES"] = trustedProxies.isEmpty ? nil : trustedProxies.joined(separator: ",")
        flags["DURABILITY"] = durability
        flags["REGISTRATION"] = registration
        flags["METRICS_LISTEN"] = metrics
        flags["FLASK_DEBUG"] = debug ? "True" : nil
        return flags
    }
}
