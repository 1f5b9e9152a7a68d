import ChatServerLite
import ChatServerSQLite
import ChatWire
import Logging

@testable import ChatClientCore

/// A real server on loopback. It can be stopped and started again on the same port with the same data.
///
/// It has its own loopback address, so that no other process gets its port while it is stopped.
actor TestServer {
    private let host = "127.\(Int.random(in: 1...254)).\(Int.random(in: 0...255)).\(Int.random(in: 1...254))"
    private let directory: TemporaryDirectory
    private let capabilities: [Capability]
    private let allowsPrivatePushes: Bool
    private var server: ChatServer?
    private var port = 0

    init(
        capabilities: [Capability] = ServerBehaviour.extended.capabilities, allowsPrivatePushes: Bool = false
    ) async throws {
        directory = try TemporaryDirectory()
        self.capabilities = capabilities
        self.allowsPrivatePushes = allowsPrivatePushes
        try await start()
    }

    func start() async throws {
        var configuration = ServerConfiguration(
            databasePath: directory.path + "/server.db", tokenSecret: Array(repeating: 7, count: 32))
        configuration.host = host
        configuration.port = port
        configuration.bcryptCost = 4
        configuration.push.allowsPrivateEndpoints = allowsPrivatePushes
        configuration.behaviour = ServerBehaviour(capabilities: capabilities)
        let server = try await ChatServer.start(
            configuration, storage: SQLiteStorageProvider(),
            logger: Logger(label: "server") { _ in SwiftLogNoOpLogHandler() })
        port = server.port
        self.server = server
    }

    /// A proxy in front of it.
    func proxy(_ rule: FilteringProxy.Rule) throws -> FilteringProxy {
        try FilteringProxy(to: port, at: host, rule)
    }

    func stop() async {
        await server?.stop(patience: .milliseconds(200))
        server = nil
    }

    /// A client with its own files, or with those of another client.
    func client(
        in home: TemporaryDirectory,
        signInAgain: (@Sendable (User) async -> ClientConfiguration.SignInSecret?)? = nil
    ) throws -> ChatClient {
        try ChatClient(
            configuration: ClientConfiguration(
                server: ServerURL("http://\(host):\(port)"), directories: ClientDirectories(root: home.path),
                signInAgain: signInAgain,
                logger: Logger(label: "client") { _ in SwiftLogNoOpLogHandler() }))
    }
}

struct TimeIsUp: Error {}

extension ChatClient {
    /// Waits until `condition` holds; checks it after each change.
    func wait(
        _ condition: @escaping @Sendable (isolated ChatClient) throws -> Bool
    ) async throws {
        let changes = changes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                if try await condition(self) { return }
                for await _ in changes where try await condition(self) { return }
                throw CancellationError()
            }
            // Only so that a failing test ends.
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                throw TimeIsUp()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    func states(with peer: UserID) throws -> [RowState] {
        try timeline(with: peer, limit: 100).rows.map(\.state)
    }

    func contents(with peer: UserID) throws -> [String] {
        try timeline(with: peer, limit: 100).rows.map(\.content)
    }
}
