import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// Places in the history: on a cache without a server, and what a real server adds.
@Suite struct ConversationHistoryTests {
    /// Ten messages of Bia, a second apart; the first six are read.
    private func client() async throws -> OfflineClient {
        let offline = try OfflineClient()
        try await offline.client.prepare { store in
            for id in 1...10 {
                _ = try store.live(.sample(Int64(id), "mensagem \(id)", isRead: id <= 6))
            }
            _ = try store.apply([.readByMe(bia, upTo: MessageID(6))])
        }
        return offline
    }

    private func id(_ row: RowID?, _ client: ChatClient) async throws -> Int64? {
        guard let row else { return nil }
        return try await client.timeline(with: bia, around: row, limit: 50).rows
            .first { $0.id == row }?.messageID?.rawValue
    }

    @Test(
        "A time leads to the first message that is not older",
        arguments: [(1_000_001, 1), (1_000_004, 4), (0, 1), (1_000_010, 10), (2_000_000, 10)]
            as [(Int64, Int64)])
    func positions(second: Int64, expected: Int64) async throws {
        let client = try await client().client
        let row = try await client.history.position(with: bia, at: Timestamp(seconds: second))
        #expect(try await id(row, client) == expected)
    }

    @Test func anEmptyConversationHasNoPosition() async throws {
        let client = try await client().client
        #expect(try await client.history.position(with: caio, at: Timestamp(seconds: 0)) == nil)
        #expect(try await client.history.firstUnread(with: caio) == nil)
    }

    @Test func theFirstUnreadMessageMovesWithTheReadMark() async throws {
        let client = try await client().client
        #expect(try await id(client.history.firstUnread(with: bia), client) == 7)
        await client.markRead(bia, upTo: MessageID(8))
        #expect(try await id(client.history.firstUnread(with: bia), client) == 9)
        await client.markRead(bia)
        #expect(try await client.history.firstUnread(with: bia) == nil)
    }

    @Test func aServersIDLeadsToItsRow() async throws {
        let client = try await client().client
        let found = try #require(try await client.history.row(of: MessageID(3)))
        #expect(found.peer == bia)
        #expect(found.row.content == "mensagem 3")
        #expect(try await client.history.row(of: MessageID(11)) == nil)
    }

    @Test func pagesOfTheCacheJoinWithoutOverlap() async throws {
        let client = try await client().client
        let newest = try await client.timeline(with: bia, limit: 4)
        #expect(newest.rows.compactMap(\.messageID?.rawValue) == [7, 8, 9, 10])
        #expect(newest.hasOlder && !newest.hasNewer)
        #expect(newest.unread == 4)
        let before = try await client.timeline(with: bia, before: newest.rows[0].position, limit: 4)
        #expect(before.rows.compactMap(\.messageID?.rawValue) == [3, 4, 5, 6])
        #expect(before.hasOlder && before.hasNewer)
        let after = try await client.timeline(
            with: bia, after: try #require(before.rows.last).position, limit: 2)
        #expect(after.rows.compactMap(\.messageID?.rawValue) == [7, 8])
        let around = try await client.timeline(with: bia, around: newest.rows[0].id, limit: 3)
        #expect(around.rows.contains { $0.id == newest.rows[0].id })
        #expect(around.rows.count == 3)
        #expect(try await client.timeline(with: bia, around: RowID(999), limit: 3).rows == [])
    }

    @Test func aSearchContinuesWhereItsPageEnds() async throws {
        let client = try await client().client
        let first = try await client.history.search("mensagem", limit: 4)
        #expect(first.hits.compactMap(\.row.messageID?.rawValue) == [10, 9, 8, 7])
        let second = try await client.history.search("mensagem", after: first.next, limit: 4)
        #expect(second.hits.compactMap(\.row.messageID?.rawValue) == [6, 5, 4, 3])
        let third = try await client.history.search("mensagem", after: second.next, limit: 4)
        #expect(third.hits.compactMap(\.row.messageID?.rawValue) == [2, 1])
        #expect(third.next == nil)
    }

    @Test func aSearchStaysInItsConversation() async throws {
        let client = try await client().client
        try await client.send("mensagem a Caio", to: caio)
        #expect(try await client.history.search("MENSAGEM", with: caio).hits.map(\.peer) == [caio])
        #expect(try await client.history.search("mensagem").hits.count == 11)
        #expect(try await client.history.search("mensagem").hits.first?.peer == caio, "unsent ones first")
        #expect(try await client.history.search("nada").hits == [])
        #expect(try await client.history.search("  ").hits == [])
    }

    @Test func theBestHitsStandFirst() async throws {
        let client = try OfflineClient().client
        try await client.prepare { store in
            _ = try store.live(.sample(1, "casa"))
            _ = try store.live(.sample(2, "uma casa bem longe daqui e de todos"))
            _ = try store.live(.sample(3, "casamento"))
        }
        let page = try await client.history.search("casa", limit: 2, order: .best)
        #expect(page.hits.compactMap(\.row.messageID?.rawValue) == [1, 2])
        let rest = try await client.history.search("casa", after: page.next, limit: 2, order: .best)
        #expect(rest.hits.compactMap(\.row.messageID?.rawValue) == [3])
        #expect(rest.next == nil)
    }

    @Test func olderMessagesNeedAServer() async throws {
        let client = try await client().client
        await #expect(throws: ChatError.self) { _ = try await client.history.fetchOlder(with: bia) }
        #expect(try await client.texts[bia]?.count == 10, "nothing is lost by asking")
    }

    @Test func withoutAnAccountThereIsNoHistory() async throws {
        let client = try OfflineClient(signedIn: nil).client
        let history = client.history
        await expectNotSignedIn([
            { _ = try await history.position(with: bia, at: Timestamp(seconds: 0)) },
            { _ = try await history.firstUnread(with: bia) }, { _ = try await history.row(of: MessageID(1)) },
            { _ = try await history.search("x") }, { _ = try await history.fetchOlder(with: bia) },
            { try await history.fillGap(RowID(1)) },
        ])
    }

    // MARK: With a server

    /// Ana has sent Bia 120 messages. The client is Bia's, signed in for the first time, and has not connected.
    private func guest(_ capabilities: [Capability], _ home: TemporaryDirectory) async throws -> (
        server: TestServer, client: ChatClient, peer: UserID
    ) {
        let server = try await TestServer(capabilities: capabilities)
        let ana = try await server.client(in: TemporaryDirectory())
        let client = try await server.client(in: home)
        let anaID = try await ana.register(name: "Ana", email: "ana@exemplo.com", password: "segredo1").user
            .id
        let biaID = try await client.register(name: "Bia", email: "bia@exemplo.com", password: "segredo2")
            .user.id
        await ana.connect()
        for number in 1...120 { try await ana.send("m\(number)", to: biaID) }
        try await ana.wait { $0.outboxSummary() == OutboxSummary() }
        await ana.disconnect()
        return (server, client, anaID)
    }

    @Test func olderMessagesComePageByPage() async throws {
        let home = try TemporaryDirectory()
        let (server, client, peer) = try await guest(Capability.allCases, home)
        var counts: [Int] = []
        // What the server can do is not known before there is a link, so the longest page is the second one.
        while try await client.history.fetchOlder(with: peer), counts.count < 10 {
            counts.append(try await client.timeline(with: peer, limit: 500).rows.count)
        }
        // The last page only shows that there is nothing more.
        #expect(counts == [50, 120, 120])
        #expect(
            try await client.timeline(with: peer, limit: 500).rows.map(\.content)
                == (1...120).map { "m\($0)" })
        #expect(try await !client.timeline(with: peer, limit: 500).mayFetchOlder)
        #expect(try await client.history.fetchOlder(with: peer) == false)
        await server.stop()
    }
}
