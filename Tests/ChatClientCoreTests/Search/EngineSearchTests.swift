import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct EngineSearchTests {
    private func search(
        _ harness: EngineHarness, _ text: String, with peer: UserID? = nil, after cursor: SearchCursor? = nil,
        limit: Int = 50, order: SearchOrder = .newest
    ) throws -> SearchPage {
        try harness.engine.view.search(text, with: peer, after: cursor, limit: limit, order: order)
    }

    @Test func theProgramWithTheLinkMakesTheIndexInSteps() throws {
        let harness = try EngineHarness()
        for id in 1...1200 { try harness.store.live(.sample(Int64(id), "palavra \(id)")) }
        harness.pass(5)
        #expect(try harness.store.searchIndex.waitingCount() == 1200)
        #expect(try search(harness, "palavra").hits.count == 50)
        harness.connect()
        #expect(try harness.store.searchIndex.waitingCount() == 1200)
        harness.pass(1)
        #expect(try harness.store.searchIndex.waitingCount() == 700)
        harness.pass(0.05)
        harness.pass(0.05)
        #expect(try harness.store.searchIndex.waitingCount() == 0)
        harness.receive(.newMessage(.sample(2000, "novidade")))
        #expect(try search(harness, "novi").hits.map(\.row.content) == ["novidade"])
        harness.pass(1)
        #expect(try harness.store.searchIndex.waitingCount() == 0)
        #expect(try search(harness, "novi").hits.map(\.row.content) == ["novidade"])
    }

    @Test func theIndexIsNoNewsForOtherPrograms() throws {
        let harness = try EngineHarness()
        try harness.store.live(.sample(1))
        let others = harness.store.database.totalChanges - harness.store.searchIndex.quietChanges
        try harness.store.indexAll()
        #expect(harness.store.database.totalChanges - harness.store.searchIndex.quietChanges == others)
    }

    @Test func whatTheIndexLacksIsSaid() throws {
        let harness = try EngineHarness()
        for id in 1...2500 { try harness.store.live(.sample(Int64(id), "n\(id)")) }
        let page = try search(harness, "n1")
        #expect(page.unsearched == 500)
        #expect(page.hits.first?.row.messageID == MessageID(1999))
        try harness.store.indexAll()
        #expect(try search(harness, "n1").unsearched == 0)
    }

    @Test func hitsSayWhereAndWho() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.contact(.sample(bia, "Bia"))])
        try harness.store.live(.sample(1, from: ana, to: bia, "Até amanhã"))
        try harness.store.live(.sample(2, from: caio, "amanhã não"))
        let page = try search(harness, "amanha")
        #expect(page.hits.map(\.peer) == [caio, bia])
        #expect(page.hits.map(\.peerName) == ["#3", "Bia"])
        #expect(page.hits.map(\.matches) == [[0..<7], [5..<12]])
        #expect(page.hits.map(\.row.state) == [.received, .sent])
        #expect(page.next == nil)
        #expect(try search(harness, "amanha", with: bia).hits.map(\.peer) == [bia])
        #expect(try search(harness, "...") == SearchPage(hits: []))
    }

    @Test func pagesFollowEachOther() throws {
        let harness = try EngineHarness()
        for id in 1...25 { try harness.store.live(.sample(Int64(id), "palavra \(id)")) }
        try harness.store.indexAll()
        for order in [SearchOrder.newest, .best] {
            var ids: [Int64?] = []
            var cursor: SearchCursor?
            repeat {
                let page = try search(harness, "palav", after: cursor, limit: 10, order: order)
                ids += page.hits.map { $0.row.messageID?.rawValue }
                cursor = page.next
            } while cursor != nil
            #expect(ids == (1...25).reversed().map { $0 })
        }
    }

    @Test func theBestComeFirst() throws {
        let harness = try EngineHarness()
        let texts = [
            "casa azul", "casamento azulado de uma prima distante", "uma casa muito grande e azul",
            "casa azul com um jardim e uma porta", "azul casaco",
        ]
        for (index, text) in texts.enumerated() { try harness.store.live(.sample(Int64(index + 1), text)) }
        let best = try search(harness, "casa azul", order: .best).hits.map(\.row.content)
        #expect(best == [texts[0], texts[3], texts[2]])
        #expect(try search(harness, "azul casa", order: .best).hits.first?.row.content == texts[0])
    }
}
