import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// What is told to be read, and where a conversation with news opens.
struct ReadingTests {
    /// What Bia wrote, one line each, numbered from 101.
    private func rows(_ ids: ClosedRange<Int64>) -> [TimelineRow] {
        ids.map { Fixtures.row($0, from: Fixtures.bia, "n\($0)", at: Fixtures.at(13, 0)) }
    }

    private func timeline(_ ids: ClosedRange<Int64>, unread: Int, hasNewer: Bool = false) -> Timeline {
        Timeline(
            peer: Fixtures.bia, rows: rows(ids), hasOlder: false, hasNewer: hasNewer, unread: unread,
            firstUnread: unread > 0 ? RowID(ids.upperBound - Int64(unread) + 1) : nil)
    }

    /// The program has started, and nobody has touched it.
    private func started(_ rows: Int = 24, unread: Int = 60) -> Box<AppState> {
        let state = Box(Fixtures.state(80, rows))
        state.update(.started(account: Fixtures.account, link: .online, outbox: OutboxSummary()))
        state.update(.conversationsLoaded(Fixtures.conversations))
        state.update(.timelineLoaded(timeline(81...160, unread: unread), draft: ""))
        return state
    }

    private func marked(_ effects: [Effect]) -> [Int64?] {
        effects.compactMap { effect -> Int64?? in
            if case .markRead(_, let id) = effect { .some(id?.rawValue) } else { nil }
        }
    }

    // MARK: Starting

    @Test func beforeTheFirstKeyNothingIsTold() {
        for unread in [1, 60] {
            let state = started(unread: unread)
            #expect(marked(state.wait(.seconds(60))).isEmpty)
            #expect(marked(state.update(.input(.focus(true)))).isEmpty)
            #expect(marked(state.update(.resized(Size(columns: 80, rows: 90)))).isEmpty)
            #expect(
                marked(state.update(.timelineLoaded(timeline(81...161, unread: unread + 1), draft: nil)))
                    .isEmpty)
            #expect(marked(state.press("ctrl-q")).isEmpty)
        }
    }

    @Test func aConversationOpensAtItsFirstUnreadMessage() {
        let state = started()
        #expect(state.value.text.contains(" 60 new ") && state.value.text.contains("n101"))
        #expect(!state.value.text.contains("n160"))
        // What came in view is read with the first key, and not what lies below.
        let first = marked(state.press("left"))
        #expect(first.count == 1 && first[0].map { $0 > 101 && $0 < 130 } == true)
        // The rest is read as the person gets there.
        var last = first[0] ?? 0
        for _ in 0..<4 {
            let next = marked(state.press("pagedown"))
            guard let id = next.last ?? nil else { continue }
            #expect(id > last)
            last = id
        }
        #expect(last == 160 && state.value.open?.unreadMark?.isSeen == true)
    }

    @Test func theFirstKeyCountsForWhatWasInViewBefore() {
        let state = started()
        let first = marked(state.press("pagedown"))
        let whole = marked(started().press("left")).last ?? nil
        #expect(first.count == 1 && first[0] ?? 0 > (whole ?? 0) + 10, "\(first) \(whole ?? 0)")
    }

    @Test func aKeyThatLeadsAwayReadsNothing() {
        for key in ["ctrl-k", "alt-2", "f1", "ctrl-q", "alt-down"] {
            #expect(marked(started().press(key)).isEmpty, "\(key)")
        }
        let state = started()
        #expect(marked(state.press("ctrl-k")).isEmpty)
        #expect(!marked(state.press("escape")).isEmpty)
    }

    @Test func whatWasSkippedStaysUnread() {
        let state = started()
        let seen = marked(state.press("left")).last ?? nil
        #expect(marked(state.press("ctrl-end")).isEmpty && state.value.text.contains("n160"))
        // Going back up through it reads it all.
        var last = seen
        for _ in 0..<4 { last = marked(state.press("pageup")).last ?? last }
        #expect(last == 160)
    }

    @Test func theUnreadLineStaysInViewWhenTheTerminalIsResized() {
        let state = started(70)
        #expect(state.value.text.contains(" 60 new ") && state.value.text.contains("n160"))
        state.update(.resized(Size(columns: 80, rows: 24)))
        #expect(state.value.text.contains(" 60 new "))
        for size in [Size(columns: 30, rows: 10), Size(columns: 60, rows: 12), Size(columns: 80, rows: 24)] {
            state.update(.resized(size))
            #expect(state.value.text.contains("60"), "\(size)")
        }
        state.press("pagedown")
        let place = state.value.open?.scroll
        state.update(.resized(Size(columns: 80, rows: 20)))
        #expect(state.value.open?.scroll == place)
    }

    @Test func aMessageLongerThanTheViewIsReadAtItsEnd() {
        let state = Box(Fixtures.state(80, 24))
        state.update(.started(account: Fixtures.account, link: .online, outbox: OutboxSummary()))
        state.update(.conversationsLoaded(Fixtures.conversations))
        let text = (1...60).map { "line \($0)" }.joined(separator: "\n")
        let row = Fixtures.row(7, from: Fixtures.bia, text, at: Fixtures.at(13, 0))
        state.update(
            .timelineLoaded(
                Timeline(peer: Fixtures.bia, rows: [row], hasOlder: false, unread: 1, firstUnread: RowID(7)),
                draft: ""))
        #expect(state.value.text.contains("line 1 ") && state.value.text.contains(" 1 new "))
        #expect(marked(state.press("pagedown", "pagedown")).isEmpty)
        #expect(marked(state.press("pagedown", "pagedown")) == [7])
    }

    // MARK: Being there

    @Test func messagesAreReadWhenTheyAreInViewAndTheTerminalHasTheKeyboard() {
        let state = Box(Fixtures.chat())
        func arrive(_ id: Int64) -> [Effect] {
            let rows = Fixtures.rows.dropLast(2) + rows(id...id)
            return state.update(
                .timelineLoaded(
                    Timeline(
                        peer: Fixtures.bia, rows: Array(rows), hasOlder: false, unread: 1,
                        firstUnread: RowID(id)),
                    draft: nil))
        }
        #expect(arrive(30) == [.markRead(Fixtures.bia, upTo: MessageID(30))])
        #expect(arrive(30) == [])
        #expect(state.update(.input(.focus(false))) == [.show(Fixtures.bia)])
        #expect(arrive(31) == [])
        #expect(
            state.update(.input(.focus(true))) == [
                .open(Fixtures.bia), .markRead(Fixtures.bia, upTo: MessageID(31)),
            ])
        state.press("f1")
        #expect(arrive(33) == [])
        #expect(state.press("escape") == [.markRead(Fixtures.bia, upTo: MessageID(33))])
    }

    @Test func aKeyIsTheSurestSignOfFocus() {
        let state = Box(Fixtures.chat())
        state.update(.input(.focus(false)))
        let news = Timeline(
            peer: Fixtures.bia, rows: Fixtures.rows.dropLast(2) + rows(30...30), hasOlder: false, unread: 1,
            firstUnread: RowID(30))
        #expect(marked(state.update(.timelineLoaded(news, draft: nil))).isEmpty)
        #expect(marked(state.press("\"o")) == [30])
        // The terminal's word about focus was wrong once: silence counts as where nothing is told.
        #expect(!state.value.alerts.tellsFocus && state.value.context.attention.hasFocus)
        state.update(.input(.focus(false)))
        #expect(state.value.alerts.tellsFocus && !state.value.context.attention.hasFocus)
    }

    @Test func whereTheTerminalTellsNothingItIsLeftAloneAfterAWhile() {
        let state = Box(Fixtures.chat())
        func arrive(_ id: Int64) -> [Effect] {
            state.update(
                .timelineLoaded(
                    Timeline(
                        peer: Fixtures.bia, rows: Fixtures.rows + rows(id...id), hasOlder: false, unread: 1,
                        firstUnread: RowID(id)),
                    draft: nil))
        }
        state.value.context.model.instant =
            state.value.context.attention.lastKey + Attention.watchedAfterKey - .seconds(1)
        #expect(marked(arrive(40)) == [40])
        state.value.context.model.instant = state.value.instant + .seconds(1)
        #expect(arrive(41) == [.show(Fixtures.bia)])
        #expect(state.value.open?.unreadMark?.row == RowID(41))
        #expect(state.press("left") == [.open(Fixtures.bia), .markRead(Fixtures.bia, upTo: MessageID(41))])
    }

    @Test func backFromTheEditorAKeyIsAwaited() {
        let state = Box(Fixtures.chat())
        state.update(.editedExternally(.saved("texto")))
        let news = Timeline(
            peer: Fixtures.bia, rows: rows(81...160), hasOlder: true, unread: 60, firstUnread: RowID(101))
        #expect(marked(state.update(.timelineLoaded(news, draft: nil))).isEmpty)
        #expect(state.value.text.contains(" 60 new "))
        let first = marked(state.press("left")).last ?? nil
        #expect(first.map { $0 > 101 && $0 < 130 } == true)
    }

    @Test func moreThanAViewAtOnceIsLedToFromTheTop() {
        let state = Box(Fixtures.chat())
        let news = Timeline(
            peer: Fixtures.bia, rows: Fixtures.rows.dropLast(2) + rows(101...160), hasOlder: false,
            unread: 60,
            firstUnread: RowID(101))
        let read = marked(state.update(.timelineLoaded(news, draft: nil)))
        #expect(state.value.text.contains(" 60 new ") && read.count == 1 && (read[0] ?? 160) < 130)
        // Who goes to the end stays there.
        state.press("ctrl-end")
        let more = Timeline(
            peer: Fixtures.bia, rows: Fixtures.rows.dropLast(2) + rows(101...161), hasOlder: false,
            unread: 61,
            firstUnread: RowID(101))
        state.update(.timelineLoaded(more, draft: nil))
        #expect(state.value.open?.scroll == .end && state.value.text.contains("n161"))
    }

    @Test func aJumpIntoTheMiddleReadsOnlyWhatFollowsWhatWasRead() {
        let state = started()
        state.press("left")
        state.update(.located(Fixtures.bia, RowID(140)))
        #expect(state.value.text.contains("n140"))
        #expect(state.value.open?.markedRow.map { $0 < RowID(130) } == true)
    }

    // MARK: A server that marks all on fetching

    @Test func nothingIsFetchedForAConversationThatNobodyOpened() {
        let state = started(unread: 0)
        #expect(!state.wait(.seconds(10)).contains(.open(Fixtures.bia)))
        #expect(state.press("left") == [.open(Fixtures.bia)])
        #expect(!started().press("ctrl-k").contains(.markRead(Fixtures.bia)))
    }

    @Test func whatCameWithTheFetchedPageHasItsLine() {
        let state = Box(Fixtures.chat())
        state.press("alt-3")
        func load(_ ids: ClosedRange<Int64>, unread: Int) {
            let rows = ids.map { Fixtures.row($0, from: Fixtures.davi, "n\($0)", at: Fixtures.at(13, 0)) }
            state.update(
                .timelineLoaded(
                    Timeline(peer: Fixtures.davi, rows: rows, hasOlder: false, unread: unread), draft: ""))
        }
        load(81...100, unread: 60)
        #expect(!state.value.text.contains(" new "))
        load(81...160, unread: 0)
        #expect(state.value.text.contains(" 60 new ") && state.value.text.contains("n101"))
    }
}
