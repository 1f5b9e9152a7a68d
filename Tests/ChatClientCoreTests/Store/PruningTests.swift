import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct PruningTests {
    /// A hundred read messages with Bia, one every minute, ids 1 to 100.
    private func store() throws -> ChatStore {
        let store = try ChatStore(inMemoryFor: ana)
        for number in 1...100 {
            var message = Message.sample(Int64(number), "m\(number)", isRead: true)
            message.createdAt = Timestamp(seconds: 60 * Int64(number))
            try store.live(message)
        }
        _ = try store.page(
            (1...100).map { id in
                var message = Message.sample(Int64(id), "m\(id)", isRead: true)
                message.createdAt = Timestamp(seconds: 60 * Int64(id))
                return message
            }, limit: 200, known: 0)
        return store
    }

    private func pruneAll(_ store: ChatStore, _ time: Timestamp?, keeping kept: Int, step: Int = 7) throws {
        while try store.pruning.prune(olderThan: time, keepingNewest: kept, limit: step) == step {}
    }

    @Test func whatIsOldGoesAndLeavesAGap() throws {
        let store = try store()
        try store.indexAll()
        try pruneAll(store, Timestamp(seconds: 60 * 31), keeping: 50)
        #expect(try store.rows().map(\.content).first == "m31")
        #expect(try store.rows().count == 70)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 31)])
        #expect(try store.timeline.page(with: bia, .newest, limit: 100).mayFetchOlder)
        try store.indexAll()
        #expect(try store.isIndexSound())
        // The server returns them again.
        _ = try store.page((11...30).map { .sample(Int64($0), isRead: true) }, limit: 20, before: 31)
        #expect(try store.rows().count == 90)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 11)])
    }

    @Test func theNewestUnreadAndUnsentStay() throws {
        let store = try store()
        try store.enter("por enviar", "t1")
        try pruneAll(store, nil, keeping: 50)
        #expect(try store.rows().map(\.content) == (51...100).map { "m\($0)" } + ["por enviar"])
        try store.live(.sample(101, "nova"))
        for number in 102...200 { try store.live(.sample(Int64(number), from: ana, to: bia, isRead: true)) }
        try pruneAll(store, nil, keeping: 50)
        #expect(try store.rows().first?.content == "nova")
        #expect(try store.unread() == 1)
    }

    @Test func aConversationIsForgottenToItsLastSentMessage() throws {
        let store = try store()
        try store.live(.sample(500, from: caio, to: ana, "fica"))
        try store.enter("por enviar", "t1")
        try store.conversations.setDraft("rascunho", for: bia)
        while try store.pruning.prune(olderThan: nil, of: bia, keepingNewest: 0, limit: 30) == 30 {}
        #expect(try store.rows().map(\.content) == ["por enviar"])
        #expect(try store.rows(caio).count == 1)
        #expect(try store.conversations.draft(for: bia) == "rascunho")
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 101)])
        try store.live(.sample(501, "de volta"))
        #expect(try store.rows().map(\.content) == ["de volta", "por enviar"])
    }

    @Test func aGapInsideIsJoinedWithTheOneAtTheBeginning() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.page((10...12).map { .sample(Int64($0), isRead: true) }, limit: 3)
        _ = try store.page((40...42).map { .sample(Int64($0), isRead: true) }, limit: 3, known: 12)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 10), Gap(after: 12, before: 40)])
        #expect(try store.pruning.prune(olderThan: nil, keepingNewest: 3, limit: 100) == 3)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 40)])
    }

    @Test func theProgramWithTheLinkPrunesALittleAtATime() throws {
        let store = try ChatStore(inMemoryFor: ana)
        for number in 1...600 { try store.live(.sample(Int64(number), isRead: true)) }
        let harness = try EngineHarness(store: store, cacheLimits: CacheLimits(keep: .seconds(1)))
        harness.pass(100)
        #expect(try store.maintenance.contents().messages == 600)
        harness.connect()
        harness.pass(29)
        #expect(try store.maintenance.contents().messages == 600)
        harness.pass(1)
        #expect(try store.maintenance.contents().messages == 400)
        for _ in 0..<5 { harness.pass(0.2) }
        #expect(try store.maintenance.contents().messages == CachePruning.prunedNever)
    }

    @Test func aLimitOfBytesTakesTheOldest() throws {
        let store = try ChatStore(inMemoryFor: ana)
        for number in 1...300 {
            try store.live(.sample(Int64(number), from: number % 2 == 0 ? bia : caio, isRead: true))
        }
        let harness = try EngineHarness(store: store, cacheLimits: CacheLimits(bytesMax: 1))
        harness.connect()
        for _ in 0..<5 { harness.pass(30) }
        #expect(try store.rows(bia).count == CachePruning.prunedNever)
        #expect(try store.rows(caio).count == CachePruning.prunedNever)
        #expect(try store.maintenance.bytesHeld() > 0)
    }

    @Test func onlyTheNewestDeletionsAreRemembered() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply((1...30).map { .deleted(MessageID($0)) })
        try store.deletions.pruneTombstones(keeping: 10)
        let kept = try store.database.rows("SELECT server_id FROM tombstones ORDER BY 1") { $0.int64(0) }
        #expect(kept == Array(21...30))
        try store.deletions.pruneTombstones(keeping: 10)
        #expect(try store.database.rows("SELECT 1 FROM tombstones") { $0.int64(0) }.count == 10)
    }

    @Test func aSoundCacheHasNoProblems() throws {
        let store = try store()
        try store.enter("por enviar", "t1")
        try store.indexAll()
        #expect(try store.maintenance.problems() == [])
        #expect(
            try store.maintenance.contents()
                == CacheMaintenance.Contents(messages: 101, conversations: 1, unsent: 1, drafts: 0))
        try store.database.run("UPDATE messages SET server_id = 9999 WHERE server_id IS NULL")
        #expect(try store.maintenance.problems().count == 1)
    }
}
