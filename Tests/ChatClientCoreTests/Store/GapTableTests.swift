import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// What pages and the stream of changes prove about the completeness of a conversation, without messages.
@Suite struct GapTableTests {
    private let store: ChatStore
    private var gaps: GapTable { store.gaps }

    init() throws {
        store = try ChatStore(inMemoryFor: ana)
        try store.conversations.ensure(bia)
    }

    private func edges() throws -> [[Int64]] { try gaps.edges(of: bia).map { [$0.after, $0.before] } }

    private func end() throws -> MessageID? { try gaps.completeness(of: bia).end }

    @Test func nothingIsKnownOfANewConversation() throws {
        #expect(try gaps.completeness(of: bia) == Completeness(end: nil, gaps: []))
        #expect(try gaps.mayFetchOlder(of: bia, gaps: []))
        #expect(try gaps.shortEnd(of: bia).at == nil)
    }

    @Test func aPageThatReachesTheBeginningLeavesNoGap() throws {
        try gaps.cover(bia, lowest: 0, below: nil, newest: 9)
        #expect(try edges() == [])
        #expect(try end() == MessageID(9))
        #expect(try !gaps.mayFetchOlder(of: bia, gaps: []))
    }

    @Test func olderPagesShortenAGapUntilItIsClosed() throws {
        try gaps.cover(bia, lowest: 80, below: nil, newest: 99)
        #expect(try edges() == [[0, 80]])
        try gaps.cover(bia, lowest: 60, below: 80, newest: nil)
        #expect(try edges() == [[0, 60]])
        try gaps.cover(bia, lowest: 0, below: 60, newest: nil)
        #expect(try edges() == [])
    }

    @Test func aPageInsideAGapSplitsIt() throws {
        try gaps.cover(bia, lowest: 100, below: nil, newest: 120)
        try gaps.cover(bia, lowest: 40, below: 60, newest: nil)
        #expect(try edges() == [[0, 40], [60, 100]])
    }

    @Test func newsBeyondAPageLeaveOneGapBehindTheEnd() throws {
        try gaps.cover(bia, lowest: 0, below: nil, newest: 10)
        try gaps.cover(bia, lowest: 30, below: nil, newest: 40)
        #expect(try edges() == [[10, 30]])
        try gaps.cover(bia, lowest: 50, below: nil, newest: 60)
        #expect(try edges() == [[10, 30], [40, 50]])
        #expect(try end() == MessageID(60))
    }

    @Test func noGapIsMadeWhereNoIDFits() throws {
        try gaps.cover(bia, lowest: 0, below: nil, newest: 10)
        try gaps.cover(bia, lowest: 11, below: nil, newest: 12)
        #expect(try edges() == [])
    }

    @Test func aPageThatProvesNothingOpensAGapAfterTheEnd() throws {
        try gaps.open(of: bia, before: [20, 21])
        #expect(try edges() == [])
        try gaps.cover(bia, lowest: 0, below: nil, newest: 10)
        try gaps.open(of: bia, before: [20, 21])
        #expect(try edges() == [[10, 20]])
        #expect(try end() == MessageID(10))
    }

    @Test func aRefutedClaimOpensEverythingBelow() throws {
        try gaps.cover(bia, lowest: 0, below: nil, newest: 99)
        try gaps.open(of: bia, below: 50)
        #expect(try edges() == [[0, 50]])
    }

    @Test func aStreamExtendsTheEndAndSkipsNothing() throws {
        try gaps.cover(bia, lowest: 0, below: nil, newest: 10)
        var effects = StoreEffects()
        for id in [11, 15, 13] { try gaps.stream(bia, to: MessageID(Int64(id)), &effects) }
        #expect(try end() == MessageID(10))
        try gaps.endStream(of: bia, &effects)
        #expect(try end() == MessageID(15))
        #expect(try edges() == [])
        #expect(effects.timelines == [])
    }

    @Test(arguments: [(30, [[10, 30]]), (11, []), (8, [])] as [(Int64, [[Int64]])])
    func aStreamThatStartsOverShowsWhatItSkipped(_ next: Int64, _ left: [[Int64]]) throws {
        try gaps.cover(bia, lowest: 0, below: nil, newest: 10)
        try store.meta.set(.cursor, to: "c1")
        try gaps.forgetCursor()
        #expect(try store.meta.text(.cursor) == nil)
        #expect(try edges() == [[10, 11]])
        var effects = StoreEffects()
        try gaps.stream(bia, to: MessageID(next), &effects)
        try gaps.endStream(of: bia, &effects)
        #expect(try edges() == left)
        #expect(try end() == MessageID(max(10, next)))
        #expect(effects.timelines == [bia])
    }

    @Test func aStreamSaysNothingOfAnUnknownConversation() throws {
        var effects = StoreEffects()
        try gaps.stream(bia, to: MessageID(5), &effects)
        try gaps.endStream(of: bia, &effects)
        #expect(try end() == nil)
    }

    @Test func aStreamOfEverythingClosesAllGapsUpToItsEnd() throws {
        try store.conversations.ensure(caio)
        try gaps.cover(bia, lowest: 20, below: nil, newest: 30)
        #expect(try gaps.close(upTo: MessageID(30)) == [bia, caio])
        #expect(try edges() == [])
        #expect(try gaps.completeness(of: caio).end == MessageID(0))
        #expect(try gaps.close(upTo: MessageID(30)) == [])
    }

    @Test func aClaimCoversWhatIsInsideItAndInNoGap() {
        let claim = Completeness(end: MessageID(50), gaps: [Gap(after: 10, before: 20)])
        let covered = [5, 10, 11, 19, 20, 50, 51].filter { claim.covers(MessageID($0)) }
        #expect(covered == [5, 10, 20, 50])
        #expect(!Completeness(end: nil, gaps: []).covers(MessageID(1)))
    }

    @Test func whereShortPagesEndIsRemembered() throws {
        try gaps.setShortEnd(MessageID(7), Timestamp(seconds: 3), of: bia)
        let short = try gaps.shortEnd(of: bia)
        #expect(short.at == MessageID(7))
        #expect(short.since == Timestamp(seconds: 3))
        try gaps.setShortEnd(nil, nil, of: bia)
        #expect(try gaps.shortEnd(of: bia).at == nil)
    }
}
