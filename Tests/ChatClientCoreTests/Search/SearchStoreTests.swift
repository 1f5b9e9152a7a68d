import ChatSQLite
import ChatWire
import TestSupport
import Testing

@testable import ChatClientCore

extension ChatStore {
    func indexAll() throws { while try searchIndex.extend(limit: 7) {} }

    /// The server ids of the results, newest first, page by page.
    func ids(_ text: String, with peer: UserID? = nil, pages limit: Int = 1000) throws -> [Int64?] {
        let query = try #require(SearchQuery(text))
        var ids: [Int64?] = []
        var position: Int64?
        repeat {
            let result = try search.page(query, with: peer, below: position, limit: limit)
            ids += result.found.map { $0.row.messageID?.rawValue }
            position = result.next
        } while position != nil
        return ids
    }

    /// Whether the index holds exactly the sent messages up to its mark.
    func isIndexSound() throws -> Bool {
        let wanted = try database.rows(
            """
            SELECT server_id FROM messages WHERE server_id IS NOT NULL
                AND row_id <= (SELECT value FROM meta WHERE key = 'search_indexed_to') ORDER BY server_id DESC
            """
        ) { $0.int64(0) }
        // The conversations' words are in every message.
        let held = try database.rows(
            "SELECT rowid FROM message_search WHERE message_search MATCH ? ORDER BY rowid DESC",
            "\"\u{F5D0}\"*"
        ) { $0.int64(0) }
        return wanted == held
    }
}

@Suite struct SearchStoreTests {
    @Test(arguments: StoreKind.allCases) func theNewestComeFirstIndexedOrNot(_ kind: StoreKind) throws {
        try kind.run { store in
            try store.live(.sample(5, "a reunião é amanhã"))
            try store.live(.sample(3, from: ana, to: caio, "Reuniões não"))
            try store.live(.sample(9, "sem assunto"))
            // In the order of ids, not of arrival.
            for _ in 0..<2 {
                #expect(try store.ids("reuniao") == [5])
                #expect(try store.ids("REUNI") == [5, 3])
                #expect(try store.ids("reuni", with: caio) == [3])
                #expect(try store.ids("reuni", with: ana) == [])
                #expect(try store.ids("amanha é reun") == [5])
                #expect(try store.ids("a") == [9, 5])
                #expect(try store.ids("s", pages: 1) == [9])
                try store.indexAll()
                #expect(try store.isIndexSound())
            }
        }
    }

    @Test func unsentRowsAreFoundFirst() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(5, "café"))
        try store.enter("Café quente", "t1")
        try store.enter("café frio", "t2")
        try store.outbox.setAttempted(TempID("t2"), above: MessageID(5))
        #expect(try store.outbox.discard(TempID("t2")) == .whenKnown(bia))
        try store.indexAll()
        #expect(try store.ids("cafe") == [nil, 5])
        #expect(try store.ids("cafe", pages: 1) == [nil, 5])
        #expect(try store.ids("cafe", with: caio) == [])
        // Its mark has passed the row: the row is added when it gets its id.
        _ = try store.apply([
            .message(.sample(8, from: ana, to: bia, "Café quente"), from: .confirmation(TempID("t1")))
        ])
        #expect(try store.ids("quente") == [8])
        try store.indexAll()
        #expect(try store.ids("quente") == [8])
        #expect(try store.isIndexSound())
    }

    @Test func whatIsDeletedLeavesTheIndex() throws {
        let store = try ChatStore(inMemoryFor: ana)
        for id in 1...40 { try store.live(.sample(Int64(id), "palavra \(id)")) }
        try store.indexAll()
        _ = try store.apply([.deleted(MessageID(7)), .deleted(MessageID(40))])
        #expect(try store.ids("palavra").count == 38)
        #expect(try store.ids("40") == [])
        try store.indexAll()
        #expect(try store.isIndexSound())
        _ = try store.apply([.conversationDeleted(bia, upTo: nil)])
        #expect(try store.ids("palavra") == [])
        try store.live(.sample(41, "palavra 41"))
        try store.indexAll()
        #expect(try store.isIndexSound())
        #expect(try store.ids("palavra") == [41])
        #expect(try store.database.rows("SELECT 1 FROM search_removals") { $0.bool(0) } == [])
    }

    @Test func anIndexOfAnotherTextIsNotBelieved() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(1, "verdade"))
        try store.indexAll()
        try store.database.run(
            "INSERT INTO message_search (rowid, words) VALUES (1, 'mentira'), (77, 'mentira')")
        #expect(try store.ids("mentira") == [])
        #expect(try store.ids("verdade") == [1])
    }

    @Test func aDamagedIndexIsMadeAnew() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(1, "verdade"))
        try store.indexAll()
        try store.searchIndex.reset()
        #expect(try store.ids("verdade") == [1])
        try store.indexAll()
        #expect(try store.isIndexSound())
        #expect(try store.ids("verdade") == [1])
    }

    @Test func noTextIsAnError() throws {
        let store = try ChatStore(inMemoryFor: ana)
        try store.live(.sample(1, "a \"b\" c* AND 日本 👍 (x)"))
        try store.indexAll()
        for text in [
            "\"", "*", "a*", "a AND", "OR b", "NEAR(a b", "a^", "words:a", "-a", "'", "\\", "\0", "日", "👍",
            "\u{F5D0}2",
            "()", "{a b}:c", String(repeating: "(", count: 600), String(repeating: "x ", count: 9000),
        ] {
            guard let query = SearchQuery(text) else { continue }
            #expect(throws: Never.self) { try store.search.page(query, with: nil, below: nil, limit: 5) }
        }
        #expect(try store.ids("本") == [1])
        #expect(try store.ids("👍🏿") == [1])
    }

    /// The index finds the same messages as reading every message, whatever happens to them in between.
    @Test(arguments: 0..<6) func theIndexAgreesWithReadingAll(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let store = try ChatStore(inMemoryFor: ana)
        let vocabulary = [
            "ação", "acao", "acaso", "a", "as", "mesa", "mesmo", "mestre", "日本", "語", "é", "👍", "x1",
        ]
        func text() -> String {
            (0..<Int.random(in: 1...6, using: &random)).map { _ in
                vocabulary.randomElement(using: &random) ?? ""
            }.joined(separator: " ")
        }
        var id: Int64 = 1000
        for step in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: _ = try store.apply([.deleted(MessageID(Int64.random(in: 1000...id, using: &random)))])
            case 1: try store.enter(text(), "s\(seed)-\(step)", to: Bool.random(using: &random) ? bia : caio)
            case 2:
                guard let entry = try store.outbox.entries().randomElement(using: &random) else { continue }
                id += 1
                let content = try #require(try store.outbox.content(of: entry.tempID))
                _ = try store.apply([
                    .message(
                        .sample(id, from: ana, to: entry.peer, content, tempID: entry.tempID),
                        from: .confirmation(entry.tempID))
                ])
            case 3: _ = try store.searchIndex.extend(limit: Int.random(in: 1...30, using: &random))
            case 4 where step % 97 == 0: _ = try store.apply([.conversationDeleted(caio, upTo: nil)])
            default:
                id += Int64.random(in: 1...3, using: &random)
                let peer = Bool.random(using: &random) ? bia : caio
                // Older ones arrive late, like pages of history.
                let number = Bool.random(using: &random) ? id : id - 500
                try store.live(.sample(number, from: peer, to: ana, text()))
            }
        }
        for query in [
            "a", "ac", "aca", "acao", "mes", "mesa", "mest", "as mes", "本", "語 a", "👍", "x", "\"a as\"",
            "e x1",
        ] {
            let parsed = try #require(SearchQuery(query), "seed \(seed)")
            for peer in [nil, bia, caio] {
                let all = try [bia, caio].filter { peer == nil || $0 == peer }.flatMap { try store.rows($0) }
                let wanted = all.filter { !parsed.match(SearchWord.all(of: $0.content)).isEmpty }
                    .sorted { $0.position > $1.position }.map { $0.messageID?.rawValue }
                #expect(try store.ids(query, with: peer, pages: 9) == wanted, "seed \(seed): \(query)")
            }
        }
        try store.indexAll()
        #expect(try store.isIndexSound(), "seed \(seed)")
    }
}
