import ChatNet
import ChatServerLite
import ChatServerSQLite
import ChatWire
import Foundation
import Logging
import Testing

@testable import ChatScript

/// A new directory for one test, removed with its owner.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "mychat-script-tests-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension Logger {
    static var quiet: Logger { Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() } }
}

/// A real server on loopback, and scenarios played against it.
struct Stage {
    let directory: TemporaryDirectory
    let server: ChatServer

    init(_ behaviour: ServerBehaviour = .extended) async throws {
        directory = try TemporaryDirectory()
        var configuration = ServerConfiguration(
            databasePath: directory.path + "/server.db", tokenSecret: Array(repeating: 7, count: 32))
        configuration.port = 0
        configuration.bcryptCost = 4
        configuration.push.allowsPrivateEndpoints = true
        configuration.behaviour = behaviour
        server = try await ChatServer.start(configuration, storage: SQLiteStorageProvider(), logger: .quiet)
    }

    func settings() throws -> RunSettings {
        var settings = RunSettings(
            server: try ServerURL("http://127.0.0.1:\(server.port)"), net: NetConfiguration(),
            directory: directory.path + "/run", logger: .quiet)
        settings.timeout = .milliseconds(900)
        settings.keepsGoing = true
        return settings
    }

    /// Plays the scenarios of a text.
    func play(
        _ text: String, adjusting adjust: (inout RunSettings) -> Void = { _ in }
    ) async throws -> [ScenarioResult] {
        var settings = try settings()
        adjust(&settings)
        let runner = ScriptRunner(settings: settings)
        let information = try await runner.serverInformation()
        let capabilities = Set((information?.capabilities ?? []).map(\.rawValue))
        return await runner.run(try scenarios(text), capabilities: capabilities) { _ in }
    }

    func stop() async { await server.stop(patience: .milliseconds(100)) }
}

func scenarios(_ text: String) throws(ScriptProblem) -> [Scenario] {
    try ScriptParser.parse(text, path: "test.scenario")
}

/// The one action of a scenario's last step.
func action(_ step: String, people: String = "Ana, Bia") throws -> Action {
    let parsed = try scenarios("scenario \"x\"\n    people \(people)\n    \(step)\n")
    return try #require(parsed.first?.steps.last).action
}

/// The mismatch of a value with a pattern; nil when it fits.
func mismatch(_ json: String?, _ pattern: String, _ variables: [String: JSONValue] = [:]) throws -> String? {
    guard case .check(_, let pattern) = try action("check 1 is \(pattern)") else {
        throw ScriptProblem(path: "", position: .init(line: 1, column: 1), message: "no check", line: "")
    }
    var scope = Scope()
    for (name, value) in variables { scope[name] = value }
    var matcher = Matcher(scope)
    return try matcher.mismatch(json.map { try JSONValue(parsing: $0) }, pattern)?.text
}
