import ChatClientCore
import ChatServerLite
import ChatServerSQLite
import ChatWire
import Foundation
import Glibc
import Logging

@testable import ChatTUI

/// A real client with a cache of its own; at its server, or at an address where nothing listens.
final class Desk: Sendable {
    let home: String
    let client: ChatClient
    private let server: ChatServer?

    private init(home: String, client: ChatClient, server: ChatServer?) {
        self.home = home
        self.client = client
        self.server = server
    }

    deinit { try? FileManager.default.removeItem(atPath: home) }

    /// Without a server, and with nobody signed in.
    static func alone() throws -> Desk {
        let home = try newHome()
        return Desk(home: home, client: try client(at: "http://127.0.0.1:1", in: home), server: nil)
    }

    /// With a server of its own, where nobody is signed in.
    static func withServer() async throws -> Desk {
        let home = try newHome()
        var configuration = ServerConfiguration(
            databasePath: home + "/server.db", tokenSecret: Array(repeating: 7, count: 32))
        configuration.host = "127.0.0.1"
        configuration.port = 0
        configuration.bcryptCost = 4
        let server = try await ChatServer.start(
            configuration, storage: SQLiteStorageProvider(), logger: silent)
        return Desk(
            home: home, client: try client(at: "http://127.0.0.1:\(server.port)", in: home), server: server)
    }

    /// Ana is signed in, and Bia has an account.
    static func ofAna() async throws -> (desk: Desk, bia: UserID) {
        let desk = try await withServer()
        let bia = try await desk.another(named: "Bia Souza", "bia@exemplo.com").account?.user.id
        try await desk.client.register(name: "Ana Lima", email: "ana@exemplo.com", password: "segredo1")
        guard let bia else { throw ChatError.notSignedIn }
        return (desk, bia)
    }

    /// The client of somebody else on the same server.
    func another(named name: String, _ email: String) async throws -> ChatClient {
        let address = client.configuration.server.description
        let other = try Self.client(at: address, in: home + "/" + email)
        try await other.register(name: name, email: email, password: "segredo2")
        return other
    }

    func stop() async {
        await client.disconnect()
        await server?.stop(patience: .milliseconds(200))
    }

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func newHome() throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    private static func client(at address: String, in home: String) throws -> ChatClient {
        try ChatClient(
            configuration: ClientConfiguration(
                server: try ServerURL(address), directories: ClientDirectories(root: home), logger: silent))
    }
}

/// Returns once the descriptor can be read, without holding a thread that tasks run on.
func readable(_ descriptor: Int32) async {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while poll(&entry, 1, -1) < 0, errno == EINTR {}
            continuation.resume()
        }
    }
}
