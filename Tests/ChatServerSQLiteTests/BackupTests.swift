import ChatSQLite
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// A backup replaces a newer database, or the database is created anew. Existing clients must be able to
/// notice.
@Suite struct BackupTests {
    /// A directory with the database in one place and the mark in another.
    private struct Place {
        let directory: String

        var database: String { directory + "/data/chat.db" }
        var mark: String { directory + "/state/of the server/chat.mark" }

        /// Runs `body` on the store and closes the store.
        func open<Result: Sendable>(_ body: (StoreFixture) async throws -> Result) async throws -> Result {
            let store = try StorageKind.sqlite.open(at: database) { $0.markPath = mark }
            let fixture = StoreFixture(
                store: store, ana: Person(id: UserID(1), name: "Ana"),
                bia: Person(id: UserID(2), name: "Bia"))
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(fixture))
            } catch {
                result = .failure(error)
            }
            await store.close()
            return try result.get()
        }

        func copy(to name: String) throws {
            try FileManager.default.copyItem(atPath: directory + "/data", toPath: directory + "/" + name)
        }

        func putBack(_ name: String) throws {
            try FileManager.default.removeItem(atPath: directory + "/data")
            try FileManager.default.copyItem(atPath: directory + "/" + name, toPath: directory + "/data")
        }
    }

    private func run(_ body: (Place) async throws -> Void) async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(
            atPath: directory + "/data", withIntermediateDirectories: true)
        let place = Place(directory: directory)
        try await place.open { fixture in
            for name in ["Ana", "Bia"] {
                _ = try await fixture.store.perform(
                    RegisterUser(name: name, email: "\(name)@x", passwordHash: "h"))
            }
            _ = try await fixture.send("um", from: fixture.ana, to: fixture.bia)
        }
        try await body(place)
    }

    @Test func aReopenedDatabaseKeepsItsEpoch() async throws {
        try await run { place in
            let before = try await place.open { $0.store.epoch }
            let (epoch, id) = try await place.open { fixture in
                (fixture.store.epoch, try await fixture.send("dois", from: fixture.ana, to: fixture.bia))
            }
            #expect(epoch == before)
            #expect(id.message.id == MessageID(2))
            #expect(try await place.open { $0.store.epoch } == before)
        }
    }

    @Test func aRestoredBackupGetsANewEpochAndReusesNoID() async throws {
        try await run { place in
            let before = try await place.open { $0.store.epoch }
            try place.copy(to: "backup")
            let cursor = try await place.open { fixture in
                for text in ["dois", "três"] {
                    _ = try await fixture.send(text, from: fixture.ana, to: fixture.bia)
                }
                return try await fixture.changes(of: fixture.ana)["cursor"]?.stringValue
            }
            try place.putBack("backup")
            try await place.open { fixture in
                #expect(fixture.store.epoch != before)
                let answer = try await fixture.changes(of: fixture.ana, since: cursor)
                #expect(answer["reset"] == true)
                #expect(answer["epoch"]?.stringValue == String(fixture.store.epoch, radix: 16))
                #expect(answer["newest_id"] == 3)
                let fresh = try await fixture.send("outra", from: fixture.ana, to: fixture.bia)
                #expect(fresh.message.id == MessageID(4))
            }
        }
    }

    /// A backup restored a second time contains the epoch of the first database, which some clients still
    /// know. It must get a new epoch again.
    @Test func aBackupRestoredTwiceGetsTwoEpochs() async throws {
        try await run { place in
            var seen: Set<Int64> = [try await place.open { $0.store.epoch }]
            try place.copy(to: "backup")
            for round in 2...3 {
                try await place.open { fixture in
                    _ = try await fixture.send("x", from: fixture.ana, to: fixture.bia)
                }
                try place.putBack("backup")
                seen.insert(try await place.open { $0.store.epoch })
                #expect(seen.count == round)
            }
        }
    }

    @Test func aRecreatedDatabaseHasItsOwnEpoch() async throws {
        try await run { place in
            let before = try await place.open { $0.store.epoch }
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: place.database + suffix)
            }
            #expect(try await place.open { $0.store.epoch } != before)
        }
    }

    /// A killed server leaves a mark that is not ahead of its committed data.
    @Test func aMarkIsNeverAheadOfTheDatabase() async throws {
        try await run { place in
            let before = try await place.open { fixture in
                for number in 0..<50 {
                    _ = try await fixture.send("\(number)", from: fixture.ana, to: fixture.bia)
                }
                // A copy of the files now, with the write-ahead log, is what a kill leaves.
                try place.copy(to: "killed")
                return fixture.store.epoch
            }
            try place.putBack("killed")
            #expect(try await place.open { $0.store.epoch } == before)
        }
    }

    @Test func anInvalidOrUnwritableMarkBlocksNothing() async throws {
        try await run { place in
            let before = try await place.open { $0.store.epoch }
            try Data("nothing of the kind".utf8).write(to: URL(fileURLWithPath: place.mark))
            #expect(try await place.open { $0.store.epoch } == before)
            try FileManager.default.removeItem(atPath: place.mark)
            try FileManager.default.createDirectory(atPath: place.mark, withIntermediateDirectories: false)
            #expect(try await place.open { $0.store.epoch } == before)
        }
    }

    @Test func aCursorBeyondTheEndIsReportedAsAhead() async throws {
        try await run { place in
            try await place.open { fixture in
                let text = try await fixture.changes(of: fixture.ana)["cursor"]?.stringValue
                let cursor = try #require(SyncCursor(text ?? ""))
                let ahead = SyncCursor(epoch: cursor.epoch, sequence: cursor.sequence + 1)
                let answer = try await fixture.changes(of: fixture.ana, since: ahead.text)
                #expect(answer["reset"] == true)
                #expect(answer["ahead"] == true)
                let foreign = SyncCursor(epoch: cursor.epoch ^ 1, sequence: 1)
                #expect(try await fixture.changes(of: fixture.ana, since: foreign.text)["ahead"] == nil)
            }
        }
    }

    /// The server announces its epoch with its capabilities. The real server has neither.
    @Test(arguments: [ServerBehaviour.extended, .original])
    func theServerAnnouncesItsEpoch(behaviour: ServerBehaviour) async throws {
        try await TestServer.run(configure: { $0.behaviour = behaviour }) { server in
            let root = try server.http().get("/").json
            #expect((root?["epoch"]?.stringValue != nil) == (behaviour == .extended))
        }
    }

    /// A token whose user had the same id in a database that is gone gives no access, by REST or by socket.
    @Test(arguments: [ServerBehaviour.extended, .original])
    func aTokenOfAFormerAccountIsRefused(behaviour: ServerBehaviour) async throws {
        try await TestServer.run(configure: { $0.behaviour = behaviour }) { server in
            let ana = try server.register("Ana")
            let http = try server.http()
            #expect(try http.get("/api/auth/me", token: ana.token).status == 200)
            let former = server.signer.token(
                for: ana.id, now: Timestamp(seconds: Int64(Date().timeIntervalSince1970) - 60))
            let isRefused = behaviour == .extended
            #expect(try http.get("/api/auth/me", token: former).status == (isRefused ? 401 : 200))
            let socket = try SocketTestClient(port: server.server.port)
            #expect(try socket.next().hasPrefix("0{"))
            try socket.send(#"40{"token":"\#(former)"}"#)
            #expect(try socket.next().hasPrefix(isRefused ? "41" : "40"))
        }
    }
}
