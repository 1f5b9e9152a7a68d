import ChatServerLite
import ChatServerSQLite
import Foundation
import Logging
import Testing

@testable import ChatCommand

/// A server inside the test's process, on its own port.
///
/// It also has its own loopback address, so that no other process gets its port while it is stopped.
struct TestServer {
    let host: String
    let server: ChatServer
    let directory: ScratchDirectory

    var url: String { server.url }

    init(
        host: String? = nil, port: Int = 0, directory: ScratchDirectory? = nil,
        behaviour: ServerBehaviour = .extended
    ) async throws {
        self.host =
            host ?? "127.\(Int.random(in: 1...254)).\(Int.random(in: 0...255)).\(Int.random(in: 1...254))"
        let directory = try directory ?? ScratchDirectory()
        self.directory = directory
        var configuration = ServerConfiguration(
            databasePath: directory.path + "/server.db", tokenSecret: Array(repeating: 7, count: 32))
        configuration.host = self.host
        configuration.port = port
        configuration.bcryptCost = 4
        configuration.behaviour = behaviour
        server = try await ChatServer.start(
            configuration, storage: SQLiteStorageProvider(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// A person with their own home directory.
struct Person {
    let home: ScratchDirectory
    let server: String

    init(_ name: String, _ email: String, at server: String) async throws {
        home = try ScratchDirectory()
        self.server = server
        let run = await Run.mychat(
            "register", email, "--name", name, "--password-stdin", "--server", server, in: home,
            input: MemoryInput("secret-\(name)\n"))
        try #require(run.status == 0, "\(run.error)")
    }

    /// Runs a command; the server is remembered from the registration.
    func mychat(
        _ arguments: String..., input: String = "", answers: [String] = [],
        environment: [String: String] = [:]
    ) async -> Run {
        let output = MemoryOutput()
        let runner = CommandRunner(
            environment: home.environment.merging(environment) { $1 },
            input: MemoryInput(input, answers: answers), output: output)
        let status = await runner.run(arguments)
        return Run(status: status, output: output.standardOutput, error: output.standardError)
    }
}
