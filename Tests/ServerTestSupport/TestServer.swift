import ChatWire
import Foundation
import Logging
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite

/// A real server in this process, on a free port of the loopback address, with its own database.
final class TestServer: Sendable {
    let server: ChatServer
    let directory: String
    let signer: TokenSigner
    let limits: ServerLimits

    static let secret = Array("a secret of the tests, long enough for HMAC".utf8)

    private init(
        _ server: ChatServer, _ directory: String, _ signer: TokenSigner, _ limits: ServerLimits
    ) {
        self.limits = limits
        self.server = server
        self.directory = directory
        self.signer = signer
    }

    /// Runs `body` with a server, and stops the server in any case.
    static func run(
        secret: [UInt8] = secret, configure: (inout ServerConfiguration) -> Void = { _ in },
        logger: Logger = .quiet, storage: any StorageProvider = SQLiteStorageProvider(),
        node: Node = .alone(), clock: LimitClock = .system,
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let directory = try makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var configuration = ServerConfiguration(databasePath: directory + "/chat.db", tokenSecret: secret)
        configuration.port = 0
        configuration.bcryptCost = 4
        configure(&configuration)
        let server = try await ChatServer.start(
            configuration, storage: storage, node: node, logger: logger, clock: clock)
        let signer = TokenSigner(
            algorithm: configuration.tokenAlgorithm, secret: secret, lifetime: configuration.tokenLifetime)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(TestServer(server, directory, signer, configuration.limits)))
        } catch {
            result = .failure(error)
        }
        await server.stop(patience: .seconds(2))
        try result.get()
    }

    static func makeDirectory() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/server-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Opens an HTTP connection.
    func http() throws -> HTTPTestClient { try HTTPTestClient(port: server.port) }

    /// Creates an account; returns it with a token.
    func register(_ name: String, password: String = "secret1") throws -> Account {
        let email =
            "\(name.lowercased().filter(\.isLetter)).\(UUID().uuidString.prefix(8).lowercased())@ex.com"
        let answer = try http().post(
            "/api/auth/register",
            ["name": .string(name), "email": .string(email), "password": .string(password)])
        let user = try #require(answer.json?["data"]?["user"])
        return Account(
            id: UserID(try #require(user["id"]?.integerValue)), name: name, email: email,
            token: try #require(answer.json?["data"]?["token"]?.stringValue))
    }

    /// Opens a realtime connection and signs in.
    func socket(_ account: Account) throws -> SocketTestClient {
        let client = try SocketTestClient(port: server.port)
        try client.signIn(account.token)
        return client
    }
}

/// A user for tests.
struct Account: Sendable {
    let id: UserID
    let name: String
    let email: String
    let token: String
}
