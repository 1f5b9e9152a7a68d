import ChatWire
import Foundation
import Logging

@testable import ChatServerLite
@testable import ChatServerSQLite

/// A store with two users, in its own directory.
struct StoreFixture {
    let store: any Storage
    let ana: Person
    let bia: Person

    static func run(
        on kind: StorageKind = .sqlite, _ body: (StoreFixture) async throws -> Void
    ) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await run(on: kind, at: directory + "/chat.db", body)
    }

    /// The same with a database at the caller's path.
    static func run(
        on kind: StorageKind = .sqlite, at path: String, lookInterval: Duration = .seconds(1),
        logger: Logger = .quiet,
        _ body: (StoreFixture) async throws -> Void
    ) async throws {
        let store = try kind.open(at: path) {
            $0.lookInterval = lookInterval
            $0.logger = logger
        }
        let result: Result<Void, any Error>
        do {
            let ana = try await store.perform(RegisterUser(name: "Ana", email: "ana@x", passwordHash: "h"))
            let bia = try await store.perform(RegisterUser(name: "Bia", email: "bia@x", passwordHash: "h"))
            result = .success(
                try await body(
                    StoreFixture(
                        store: store, ana: Person(id: ana.id, name: "Ana"),
                        bia: Person(id: bia.id, name: "Bia"))))
        } catch {
            result = .failure(error)
        }
        await store.close()
        try result.get()
    }

    func send(_ text: String, from sender: Person, to receiver: Person, _ tempID: String? = nil) async throws
        -> SendMessage.Outcome
    {
        try await store.perform(
            try SendMessage(
                from: sender, to: receiver.id, content: text, tempID: tempID.map { TempID($0) }))
    }

    func conversation(_ page: ConversationPage = ConversationPage(limit: 50)) async throws -> [Message] {
        let pair = UserPair(ana.id, bia.id)
        return try await store.read { view in
            try view.conversation(pair, page)
        }
    }

    func changes(of user: Person, since cursor: String? = nil, limit: Int = 500) async throws -> JSONValue {
        let owner = User(id: user.id, name: user.name, email: "")
        let page = try await store.read { view in
            try SyncPage.read(for: owner, since: cursor, limit: limit, view)
        }
        var writer = JSONWriter()
        page.write(to: &writer)
        return try JSONValue(parsing: writer.bytes)
    }
}

extension Storage {
    /// Performs a command and waits for its commit.
    func perform<Command: StoreCommand>(_ command: Command) async throws(StoreError) -> Command.Outcome {
        let result: Result<Command.Outcome, StoreError> = await withCheckedContinuation { continuation in
            submit(command) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}
