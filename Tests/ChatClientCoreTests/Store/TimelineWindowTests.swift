import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct TimelineWindowTests {
    /// Ten sent messages with every tenth id, a minute apart, and two unsent ones.
    private func store(_ kind: StoreKind = .memory) throws -> ChatStore {
        let store = try ChatStore(inMemoryFor: ana)
        for number in 1...10 {
            var message = Message.sample(Int64(number) * 10, "m\(number)", isRead: number < 7)
            message.createdAt = Timestamp(seconds: 60 * Int64(number))
            try store.live(message)
        }
        try store.enter("a", "t1")
        try store.enter("b", "t2")
        return store
    }

    private func contents(_ timeline: Timeline) -> [String] { timeline.rows.map(\.content) }

    @Test func windowsFollowEachOther() throws {
        let store = try store()
        let newest = try store.timeline.page(with: bia, .newest, limit: 4)
        #expect(contents(newest) == ["m9", "m10", "a", "b"])
        #expect(newest.hasOlder && !newest.hasNewer)
        let before = try store.timeline.page(with: bia, .before(newest.rows[0].position), limit: 3)
        #expect(contents(before) == ["m6", "m7", "m8"])
        #expect(before.hasOlder && before.hasNewer)
        let after = try store.timeline.page(with: bia, .after(before.rows[2].position), limit: 3)
        #expect(contents(after) == ["m9", "m10", "a"])
        #expect(after.hasOlder && after.hasNewer)
        let last = try store.timeline.page(with: bia, .after(after.rows[2].position), limit: 3)
        #expect(contents(last) == ["b"])
        #expect(last.hasOlder && !last.hasNewer)
        let first = try store.timeline.page(
            with: bia, .before(TimelinePosition(sent: MessageID(30))), limit: 9)
        #expect(contents(first) == ["m1", "m2"])
        #expect(!first.hasOlder && first.hasNewer)
        for edge in [Int64.min, .max] {
            let position = TimelinePosition(sent: MessageID(edge))
            #expect(
                try store.timeline.page(with: bia, .before(position), limit: 20).rows.count
                    == (edge > 0 ? 12 : 0))
            #expect(
                try store.timeline.page(with: bia, .after(position), limit: 20).rows.count
                    == (edge < 0 ? 12 : 0))
        }
    }

    @Test func aRowStandsInTheMiddle() throws {
        let store = try store()
        let rows = try store.rows()
        let around = try store.timeline.page(with: bia, .around(rows[4].id), limit: 5)
        #expect(contents(around) == ["m3", "m4", "m5", "m6", "m7"])
        #expect(around.hasOlder && around.hasNewer)
        // Near an end the other side fills the window.
        let end = try store.timeline.page(with: bia, .around(rows[11].id), limit: 5)
        #expect(contents(end) == ["m8", "m9", "m10", "a", "b"])
        #expect(end.hasOlder && !end.hasNewer)
        #expect(try store.timeline.page(with: caio, .around(rows[4].id), limit: 5).rows == [])
        #expect(try store.timeline.page(with: bia, .around(RowID(999)), limit: 5).rows == [])
    }

    @Test func aTimeHasItsRow() throws {
        let store = try store()
        let rows = try store.rows()
        for (seconds, expected) in [(0, 0), (60, 0), (61, 1), (300, 4), (599, 9), (600, 9), (601, 10)] {
            let found = try store.timeline.position(with: bia, at: Timestamp(seconds: Int64(seconds)))
            #expect(found == rows[expected].id, "\(seconds)")
        }
        #expect(try store.timeline.position(with: bia, at: Timestamp(seconds: 9_000_000)) == rows[11].id)
        #expect(try store.timeline.position(with: caio, at: Timestamp(seconds: 0)) == nil)
    }

    @Test func theFirstUnreadIsFound() throws {
        let store = try store()
        #expect(try store.timeline.firstUnread(with: bia) == store.rows()[6].id)
        #expect(try store.timeline.firstUnread(with: caio) == nil)
        _ = try store.readMarks.markRead(bia)
        #expect(try store.timeline.firstUnread(with: bia) == nil)
    }

    @Test func pinnedConversationsStandFirst() throws {
        let store = try store()
        try store.live(.sample(5, from: caio, to: ana, "velha"))
        #expect(try store.conversations.all().map(\.peer) == [bia, caio])
        try store.conversations.setPinned(true, for: caio)
        try store.conversations.setMuted(true, for: bia)
        #expect(try store.conversations.all().map(\.peer) == [caio, bia])
        #expect(try store.conversations.all().map(\.isPinned) == [true, false])
        #expect(try store.conversations.all().map(\.isMuted) == [false, true])
        try store.conversations.setPinned(false, for: caio)
        #expect(try store.conversations.all().map(\.peer) == [bia, caio])
    }
}
