import ChatSQLite
import ChatWire
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// The change log does not grow without limit.
@Suite struct ChangeRetentionTests {
    /// Every entry counts towards the limit. A client whose cursor is below the floor starts over. A client at
    /// or above the floor loses nothing.
    @Test func excessEntriesArePruned() async throws {
        try await StoreFixture.run { fixture in
            // There are more users than one piece looks at, and one user has more entries than one piece
            // deletes.
            let users = await fixture.performAll(
                (0..<PruningPiece.usersMax + 20).map {
                    RegisterUser(name: "U", email: "u\($0)@x", passwordHash: "h")
                })
            _ = await fixture.performAll(
                try users.map {
                    try SendMessage(from: fixture.ana, to: $0.id, content: "oi", tempID: nil)
                })
            let early = try await fixture.changes(of: fixture.ana, limit: 5)["cursor"]?.stringValue
            let late = try await fixture.lateCursor()
            _ = await fixture.performAll(
                try (0..<PruningPiece.entriesMax).map {
                    try SendMessage(from: fixture.ana, to: fixture.bia.id, content: "\($0)", tempID: nil)
                })
            let before = try await fixture.changes(of: fixture.bia, since: late, limit: 1000)

            await fixture.prune(ChangeRetention(entries: 1500))
            #expect(try await fixture.entryCount() == 1500)
            #expect(try await fixture.changes(of: fixture.ana, since: early)["reset"] == true)
            #expect(try await fixture.changes(of: fixture.ana, since: late)["reset"] == true)
            // Without a cursor the sync returns everything that is kept.
            let kept = try await fixture.changes(of: fixture.bia, limit: 1000)
            #expect(kept["changes"]?.arrayValue?.count == 750)
            #expect(kept["changes"]?.arrayValue?.last == before["changes"]?.arrayValue?.last)
            // A cursor above the floor works as if nothing had been pruned.
            let next = try await fixture.changes(of: fixture.bia, limit: 10)["cursor"]?.stringValue
            let rest = try await fixture.changes(of: fixture.bia, since: next, limit: 1000)
            #expect(rest["changes"]?.arrayValue?.count == 740)
            // The messages themselves are all there.
            #expect(try await fixture.conversation(ConversationPage(limit: 5000)).count == 1000)
        }
    }

    @Test func oldEntriesArePruned() async throws {
        try await StoreFixture.run { fixture in
            let week = ChangeRetention(age: .seconds(7 * 86_400))
            _ = try await fixture.send("old", from: fixture.ana, to: fixture.bia)
            let old = try await fixture.changes(of: fixture.ana)["cursor"]?.stringValue
            await fixture.prune(week)
            // The entry was recorded just now, so it is not old.
            #expect(try await fixture.changes(of: fixture.ana)["changes"]?.arrayValue?.count == 1)
            try await fixture.store.perform(AgeChangeLog(days: 8))
            _ = try await fixture.send("new", from: fixture.ana, to: fixture.bia)
            await fixture.prune(week)
            // The cursor is exactly at the floor, so it has seen everything that was pruned.
            let news = try await fixture.changes(of: fixture.ana, since: old)["changes"]?.arrayValue
            #expect(news?.map { $0["message"]?["content"] } == ["new"])
            #expect(try await fixture.entryCount() == 2)
            try await fixture.store.perform(AgeChangeLog(days: 8))
            await fixture.prune(week)
            #expect(try await fixture.changes(of: fixture.ana, since: old)["reset"] == true)
            #expect(try await fixture.entryCount() == 0)
            await fixture.prune(ChangeRetention(age: nil))
            #expect(try await fixture.changes(of: fixture.ana)["changes"]?.arrayValue == [])
        }
    }

    /// By REST, with the server's own timer.
    @Test func theServerPrunesByItself() async throws {
        try await TestServer.run { configuration in
            configuration.changeRetention = ChangeRetention(age: .zero)
            configuration.limits.pruningInterval = .milliseconds(20)
        } _: { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let http = try server.http()
            let cursor = try http.get("/api/sync", token: ana.token).json?["data"]?["cursor"]?.stringValue
            for text in ["1", "2"] {
                let answer = try http.post(
                    "/api/messages/send",
                    ["receiver_id": .integer(bia.id.rawValue), "content": .string(text)],
                    token: ana.token)
                #expect(answer.status == 201)
            }
            var data: JSONValue?
            repeat {
                data = try http.get("/api/sync?cursor=\(cursor ?? "")", token: ana.token).json?["data"]
            } while data?["reset"] != true
            #expect(data?["changes"] == nil && data?["ahead"] == nil)
        }
    }
}

/// Makes all recorded positions of the log older.
private struct AgeChangeLog: StoreCommand {
    let days: Int

    func apply(in transaction: any StorageTransaction) throws {
        try transaction.database.run(
            "UPDATE change_marks SET at = at - ?", days * 24 * 3600 * 1_000_000)
    }
}

extension StoreFixture {
    /// Performs commands together, and returns the outcomes of those that were not refused, in order.
    fileprivate func performAll<Command: StoreCommand>(_ commands: [Command]) async -> [Command.Outcome] {
        await withTaskGroup(of: (Int, Command.Outcome?).self) { group in
            for (index, command) in commands.enumerated() {
                group.addTask { (index, try? await store.perform(command)) }
            }
            var outcomes: [Int: Command.Outcome] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return commands.indices.compactMap { outcomes[$0] }
        }
    }

    fileprivate func prune(_ retention: ChangeRetention) async {
        await withCheckedContinuation { done in
            store.pruneChanges(retention) { done.resume() }
        }
    }

    fileprivate func entryCount() async throws -> Int? {
        try await store.read { view in
            try view.database.first("SELECT count(*) FROM changes") {
                (row: Statement) throws(SQLiteError) in row.int(0)
            }
        }
    }

    /// A cursor at the end of the log.
    fileprivate func lateCursor() async throws -> String? {
        try await changes(of: ana, limit: 1000)["cursor"]?.stringValue
    }
}
