import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// Databases of every released version are migrated with all their data.
@Suite struct SchemaTests {
    /// `MYCHAT_SCHEMAS=write` creates the file of a new version; see fixtures/schemas/README.md.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MYCHAT_SCHEMAS"] == "write"))
    func writeMissingFixtures() throws {
        for version in SchemaFixture.versions { try SchemaFixture.write(version) }
    }

    @Test(arguments: SchemaFixture.versions)
    func everyVersionIsMigrated(version: Int) async throws {
        try await inCopy(of: version) { path in
            let store = try StorageKind.sqlite.open(at: path)
            let result: Result<Void, any Error>
            do {
                result = .success(try await check(store, writtenBy: version))
            } catch {
                result = .failure(error)
            }
            await store.close()
            try result.get()
            let database = try Database(path: path)
            #expect(try Migrator.version(of: database) == StoreMigrations.all.count)
            #expect(try database.quickCheck() == [])
            let broken = try database.rows("PRAGMA foreign_key_check") { $0.string(0) }
            #expect(broken == [])
        }
    }

    private func inCopy(of version: Int, _ body: (String) async throws -> Void) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/chat.db"
        try FileManager.default.copyItem(atPath: SchemaFixture.path(version), toPath: path)
        try await body(path)
    }

    private func check(_ store: any Storage, writtenBy version: Int) async throws {
        let fixture = StoreFixture(
            store: store, ana: Person(id: UserID(1), name: "Ana Lima"),
            bia: Person(id: UserID(2), name: "Bia Souza"))
        let old = try await fixture.conversation()
        let texts = ["Olá, Bia!", "Olá! 😀", "Até já"] + (version >= 5 ? ["Até!"] : [])
        #expect(old.map(\.content) == texts.reversed())
        #expect(old.last?.status == .read)
        #expect(old.suffix(2).first?.status == .delivered)
        let account = try await store.read { view in
            try view.account(email: "ana@exemplo.com")?.passwordHash
        }
        #expect(PasswordHash.verify("secret1", against: try #require(account)))
        let found = try await store.search(for: UserID(2)) { view in
            try view.people(matching: "ÁNA", besides: UserID(2)).map(\.id)
        }
        #expect(found == [UserID(1)])
        let contacts = try await store.read { view in
            try view.contacts(of: UserID(1), in: .exact)
        }
        #expect(contacts.map(\.name) == ["Bia ❤️"])
        #expect(contacts.first?.unreadCount == (version >= 5 ? 2 : 1))

        let invitation = try await store.read { view in try view.invitation([0, 255]) }
        #expect(invitation?.usesLeft == (version >= 7 ? 3 : nil))

        let states = try await store.read { view in
            try [UserID(1), UserID(3)].map { try view.accountRecord($0)?.state }
        }
        let disabled = AccountRecord.State.disabled(since: Timestamp(microseconds: 1_795_333_751_000_000))
        #expect(states == [.active, version >= 8 ? disabled : nil])

        let then = Timestamp(seconds: 1_795_333_750)
        let sessions = try await store.read { view in try view.sessions(of: UserID(1), at: then) }
        #expect(sessions.map(\.id) == (version >= 9 ? [SessionID(11)] : []))
        let ended = try await store.read { view in try view.endedSessions(at: then) }
        #expect(ended.map(\.id) == (version >= 9 ? [SessionID(12)] : []))
        let start = try await store.read { view in try view.tokenStart(of: UserID(2)) }
        #expect(start?.seconds == (version >= 9 ? 1_795_333_745 : nil))

        // An earlier temp_id is still known, and the id of a deleted message is not reused.
        let replay = try await fixture.send("Olá, Bia!", from: fixture.ana, to: fixture.bia, "t1")
        #expect(replay.isReplay && replay.message.id == MessageID(1))
        let fresh = try await fixture.send("Nova", from: fixture.bia, to: fixture.ana)
        #expect(fresh.message.id > MessageID(version >= 5 ? 5 : 4))

        // The log continues where it was.
        let before = version >= 5 ? 13 : 11
        let changes = try await fixture.changes(of: fixture.ana)
        let numbers = try #require(changes["changes"]?.arrayValue).compactMap { $0["seq"]?.integerValue }
        #expect(numbers == [1, 2, 5, 7, 8, 10] + (version >= 5 ? [13] : []) + [Int64(before + 2)])
        let epoch = version >= 2 ? "cafebabe" : nil
        let cursor = try #require(changes["cursor"]?.stringValue)
        #expect(epoch == nil || cursor == "\(epoch ?? "").\(before + 2)")
        let pushes = try await store.read { view in
            try view.subscriptions(of: UserID(2)).count
        }
        #expect(pushes == 1)
    }

    @Test func aNewerSchemaIsRefusedWithAdvice() async throws {
        try await inCopy(of: StoreMigrations.all.count) { path in
            let newer = StoreMigrations.all.count + 1
            try Database(path: path).execute("PRAGMA user_version=\(newer)")
            let program = try ServerProgram(
                ["--port", "0", "--database", path], directory: (path as NSString).deletingLastPathComponent)
            let end = program.end()
            #expect(end.status == 1)
            #expect(
                end.errors.contains(
                    "was written by a newer version (schema \(newer), this program knows \(newer - 1))"))
            #expect(end.errors.contains("use that version, or another file"))
        }
    }
}
