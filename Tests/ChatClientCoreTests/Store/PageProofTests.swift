import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// Absence is proved, never assumed: what pages remove from the cache, and what they do not.
@Suite struct PageProofTests {
    private func store(_ ids: ClosedRange<Int64> = 1...6) throws -> ChatStore {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply(ids.map { .message(.sample($0), from: .live) })
        return store
    }

    private func samples(_ ids: some Sequence<Int64>) -> [Message] { ids.map { .sample($0) } }

    private func listed(_ message: Message?, known: Int64 = 1000) -> ListedNewest {
        ListedNewest(content: message?.content, time: message?.createdAt, knownAtRequest: MessageID(known))
    }

    /// The original server answers like this when one of its own queries fails.
    @Test func anEmptyPageTakesNothingOutOfTheCache() throws {
        let store = try store()
        for _ in 0..<5 { _ = try store.page([]) }
        _ = try store.page([], listed: listed(.sample(6)))
        _ = try store.page([], peek: false, leftOut: 1, listed: listed(nil))
        #expect(try store.ids() == Array(1...6))
        #expect(try store.gaps.fetchState(of: bia).contiguousTo == nil)
        #expect(try store.timeline.page(with: bia, before: nil, limit: 10).mayFetchOlder)
    }

    @Test func anEmptyPageAndAListWithoutALastMessageEmptyAConversation() throws {
        let store = try store()
        try store.enter("fica", "t1")
        // 6 arrived after the list was requested.
        _ = try store.page([], listed: listed(nil, known: 5))
        #expect(try store.ids() == Array(1...6))
        _ = try store.page([], listed: listed(nil))
        #expect(try store.rows().map(\.content) == ["fica"])
        #expect(try !store.timeline.page(with: bia, before: nil, limit: 10).mayFetchOlder)
    }

    @Test func aPageOfThePastTakesNothingOutOfTheCache() throws {
        let store = try store()
        let effects = try store.page(samples(1...4), peek: false)
        #expect(effects.proof?.isTrusted == false)
        _ = try store.page(samples(1...4), listed: listed(.sample(6)))
        #expect(try store.ids() == Array(1...6))
        // A page that does not show them does not mark them as read.
        #expect(try store.unread() == 6)
        // The list agrees: they were deleted.
        _ = try store.page(samples(1...4), listed: listed(.sample(4)))
        #expect(try store.ids() == Array(1...4))
    }

    @Test func aShortPageTakesNothingOutBelowIt() throws {
        let store = try store()
        for _ in 0..<3 { _ = try store.page(samples(5...6), listed: listed(.sample(6))) }
        #expect(try store.ids() == Array(1...6))
    }

    @Test func aPageWithHolesTakesNothingOut() throws {
        let store = try store()
        _ = try store.page(samples([1, 2, 6]), leftOut: 3, listed: listed(.sample(6)))
        #expect(try store.ids() == Array(1...6))
        _ = try store.page(samples([1, 2, 6]))
        #expect(try store.ids() == [1, 2, 6])
    }

    /// Where messages are ordered by whole seconds, a page that is cut inside a second shows any part of it.
    @Test func theSecondInWhichAPageIsCutIsNotProved() throws {
        let store = try ChatStore(inMemoryFor: ana)
        func message(_ id: Int64, _ second: Int64) -> Message {
            var message = Message.sample(id)
            message.createdAt = Timestamp(seconds: second)
            return message
        }
        let all = (1...6).map { message($0, 100) } + (7...9).map { message($0, 101) }
        _ = try store.apply(all.map { .message($0, from: .live) })
        _ = try store.page([all[1], all[4]] + all[6...8], limit: 5, isOrderedByID: false)
        #expect(try store.ids() == Array(1...9))
        // A cold cache has a gap where anything of that second may be missing.
        let cold = try ChatStore(inMemoryFor: ana)
        _ = try cold.page([all[1], all[4]] + all[6...8], limit: 5, isOrderedByID: false)
        #expect(try cold.gaps.edges(of: bia) == [Gap(after: 0, before: 7)])
        // Above that second absence counts.
        _ = try store.page([all[4], all[6], all[8]], limit: 3, isOrderedByID: false)
        #expect(try store.ids() == [1, 2, 3, 4, 5, 6, 7, 9])
        // A page within one second proves nothing at all.
        _ = try cold.page([all[6], all[8]], limit: 2, isOrderedByID: false)
        #expect(try cold.ids() == [2, 5, 7, 8, 9])
    }

    @Test func whatAPageShowsAgainIsNotDeleted() throws {
        let store = try store()
        _ = try store.page(samples([1, 2, 6]))
        #expect(try store.ids() == [1, 2, 6])
        _ = try store.apply([.deleted(MessageID(4))])
        _ = try store.page(samples(1...6))
        // An event reported that 4 was deleted.
        #expect(try store.ids() == [1, 2, 3, 5, 6])
    }

    /// The state left by a version of this program that believed empty pages.
    @Test func aCacheThatWasEmptiedBecomesWholeAgain() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.page([], listed: listed(nil))
        try store.database.run("UPDATE conversations SET contiguous_to = 120")
        for id in 1...120 as ClosedRange<Int64> {
            try store.database.run("INSERT INTO tombstones (server_id, is_doubtful) VALUES (?, 1)", id)
        }
        #expect(try !store.timeline.page(with: bia, before: nil, limit: 10).mayFetchOlder)
        _ = try store.page(samples(71...120))
        #expect(try store.ids() == Array(71...120))
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 71)])
    }

    @Test func aConversationBeginsWhereTwoPagesEnd() throws {
        let store = try ChatStore(inMemoryFor: ana)
        func mayHaveOlder() throws -> Bool {
            try store.timeline.page(with: bia, before: nil, limit: 100).mayFetchOlder
        }
        _ = try store.page(samples(14...16))
        #expect(try mayHaveOlder())
        _ = try store.page(samples(11...16))
        #expect(try mayHaveOlder())
        // Nothing speaks for it, and nothing against it.
        _ = try store.page([])
        _ = try store.page(samples(11...17), limit: 200)
        #expect(try !mayHaveOlder())
        // A page disproves it.
        _ = try store.page(samples(5...17))
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 5)])
    }

    @Test func aPageThatWasNotAskedForProvesNothing() throws {
        let store = try store(11...16)
        _ = try store.page(samples(14...16), limit: 3)
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 14)])
        // A server that does not know the parameter answers a request for what is below 15 with its newest page.
        for _ in 0..<3 { _ = try store.page(samples([14, 16]), limit: 3, before: 15) }
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 0, before: 14)])
        #expect(try store.ids() == Array(11...16))
    }

    /// Messages below a page that others deleted on a server that announces nothing.
    @Test func whatIsBelowPagesThatGoOnEndingThereIsGone() throws {
        let store = try store()
        func page(at second: Int64, listed: ListedNewest?) throws {
            _ = try store.apply([
                .page(
                    ConversationPage(
                        peer: bia, messages: samples([6, 5]), limit: 50, before: nil,
                        knownAtRequest: MessageID(6), isPeek: true, listed: listed,
                        answeredAt: Timestamp(seconds: second)))
            ])
        }
        try page(at: 1000, listed: listed(.sample(6)))
        try page(at: 1059, listed: listed(.sample(6)))
        #expect(try store.ids() == Array(1...6))
        // The list must confirm that the page is complete at its other end.
        try page(at: 1060, listed: nil)
        #expect(try store.ids() == Array(1...6))
        // After the clock was set back, the wait starts over.
        try page(at: 900, listed: listed(.sample(6)))
        try page(at: 950, listed: listed(.sample(6)))
        #expect(try store.ids() == Array(1...6))
        try page(at: 960, listed: listed(.sample(6)))
        #expect(try store.ids() == [5, 6])
        #expect(try !store.timeline.page(with: bia, before: nil, limit: 10).mayFetchOlder)
        // A page that shows it restores it.
        _ = try store.page(samples(1...6))
        #expect(try store.ids() == Array(1...6))
    }
}
