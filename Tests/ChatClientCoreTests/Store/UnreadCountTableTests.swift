import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// The two numbers of unread messages: those that are shown, and those of them that the cache lacks.
@Suite struct UnreadCountTableTests {
    private let store: ChatStore
    private var table: UnreadCountTable { store.unreadCounts }

    init() throws {
        store = try ChatStore(inMemoryFor: ana)
        try store.conversations.ensure(bia)
    }

    private func counts() throws -> [Int] {
        let counts = try table.counts(of: bia)
        return [counts.all, counts.notCached]
    }

    /// Stores a count of the server.
    @discardableResult
    private func set(
        _ count: Int, unsettled: Set<UserID> = [], untold: Set<UserID> = []
    ) throws -> StoreEffects {
        var effects = StoreEffects()
        try table.set(
            count == 0 ? [:] : [bia: count], unsettled: unsettled, untold: untold, &effects)
        return effects
    }

    @Test func aCountWithoutMessagesIsOfWhatTheCacheLacks() throws {
        let effects = try set(3)
        #expect(try counts() == [3, 3])
        #expect(effects.timelines == [bia])
        #expect(try set(3).timelines == [])
    }

    @Test func aLateMessageWasCountedAlready() throws {
        try set(2)
        try table.add(bia, isLate: true)
        #expect(try counts() == [2, 1])
        try table.add(bia, isLate: true)
        try table.add(bia, isLate: true)
        #expect(try counts() == [3, 0])
    }

    @Test func aLiveMessageIsCounted() throws {
        try set(2)
        try table.add(bia, isLate: false)
        #expect(try counts() == [3, 2])
    }

    @Test func whatTheServerLeftOutIsNotSubtractedAgain() throws {
        for id in [1, 2, 3] as [Int64] { try store.live(.sample(id)) }
        try set(1)
        #expect(try counts() == [1, -2])
        // Two of the three are read for the server: they are not among the one.
        try table.remove(2, bia)
        #expect(try counts() == [1, 0])
        try table.remove(1, bia)
        #expect(try counts() == [0, 0])
    }

    @Test func aSmallerCountReadsNothingAndNoneReadsAll() throws {
        for id in [1, 2] as [Int64] { try store.live(.sample(id)) }
        try set(1)
        #expect(try table.shown(of: bia).count == 1)
        #expect(try store.rows().map(\.id).firstIndex(of: table.shown(of: bia).first ?? RowID(0)) == 1)
        try set(0)
        #expect(try counts() == [0, 0])
        #expect(try table.newest() == [:])
    }

    @Test func anUnsettledCountOnlyRises() throws {
        for id in [1, 2] as [Int64] { try store.live(.sample(id)) }
        try set(1, unsettled: [bia])
        #expect(try counts() == [2, 0])
        try set(4, unsettled: [bia])
        #expect(try counts() == [4, 2])
    }

    @Test func aCountStaysWhileItsMarkIsReported() throws {
        try set(2)
        try set(0, untold: [bia])
        #expect(try counts() == [2, 2])
    }

    @Test func anImpossibleCountIsBounded() throws {
        try set(.max)
        #expect(try counts() == [1_000_000_000, 1_000_000_000])
        try set(-5)
        #expect(try counts() == [0, 0])
    }

    @Test func somethingIsUnseenWhileACountIsOff() throws {
        #expect(try !table.hasUnseen(bia))
        try set(1)
        #expect(try table.hasUnseen(bia))
        #expect(try !table.hasUnseen(caio))
    }
}
