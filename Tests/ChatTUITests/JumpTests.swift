import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// Dates, the unread line, the end, gaps, and windows in a long conversation.
struct JumpTests {
    /// Answers the loads of a conversation of many messages, as the cache would.
    private struct Archive {
        var count: Int64

        func row(_ id: Int64) -> TimelineRow {
            Fixtures.row(
                id, from: id % 3 == 0 ? Fixtures.me : Fixtures.bia, "n\(id)",
                at: Timestamp(seconds: 1_700_000_000 + id * 60))
        }

        func timeline(_ range: ClosedRange<Int64>) -> Timeline {
            let range = max(1, range.lowerBound)...min(count, range.upperBound)
            return Timeline(
                peer: Fixtures.bia, rows: range.map { row($0) }, hasOlder: range.lowerBound > 1,
                hasNewer: range.upperBound < count)
        }

        /// Carries effects out until there are none; how many rows were loaded at most.
        func answer(_ effects: [Effect], _ state: inout AppState) {
            var queue = effects
            while !queue.isEmpty {
                switch queue.removeFirst() {
                case .loadTimeline(_, let limit, _):
                    queue += state.update(
                        .timelineLoaded(timeline(count - Int64(limit) + 1...count), draft: nil))
                case .loadWindow(let peer, .around(let row), let limit):
                    let half = Int64(limit) / 2
                    queue += state.update(
                        .windowLoaded(peer, timeline(row.rawValue - half...row.rawValue + half)))
                case .loadWindow(let peer, .start, let limit):
                    queue += state.update(.windowLoaded(peer, timeline(1...Int64(limit))))
                default: break
                }
            }
        }

        func opened() -> AppState {
            var state = Fixtures.chat()
            answer([.loadTimeline(Fixtures.bia, limit: 80, withDraft: false)], &state)
            return state
        }
    }

    private let archive = Archive(count: 1_000_000)

    /// The numbers of the messages in view.
    private func shown(_ state: AppState) -> [Int64] {
        state.lines.compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("n") && Int64($0.dropFirst()) != nil }
                .flatMap { Int64($0.dropFirst()) }
        }
    }

    @Test func scrollingThroughAMillionKeepsAWindowInMemory() {
        var state = archive.opened()
        var lowest = shown(state).min() ?? 0
        for _ in 0..<200 {
            archive.answer(state.press("pageup"), &state)
            let view = shown(state)
            #expect(view == Array((view.first ?? 0)...(view.last ?? 0)))
            // Pages join without a hole.
            #expect(view.max() ?? 0 >= lowest - 1 && view.min() ?? 0 < lowest)
            lowest = view.min() ?? 0
            #expect(state.open?.rows.count ?? 0 <= TimelinePane.windowRows + 1)
        }
        for _ in 0..<220 { archive.answer(state.press("pagedown"), &state) }
        #expect(shown(state).last == 1_000_000 && state.open?.scroll == .end)
        archive.answer(state.update(.change(.timeline(Fixtures.bia))), &state)
        #expect(state.open?.rows.count == TimelinePane.pageRows)
    }

    @Test func theEndsAreOneKeyAway() {
        var state = archive.opened()
        archive.answer(state.press("home"), &state)
        #expect(shown(state).first == 1 && state.text.contains("begins here"))
        #expect(state.open?.window.hasNewer == true && state.text.contains("newer messages"))
        archive.answer(state.press("end"), &state)
        #expect(shown(state).last == 1_000_000)
        archive.answer(state.press("alt-m", "g"), &state)
        #expect(state.open?.chosen?.row == RowID(1))
        archive.answer(state.press("G"), &state)
        #expect(state.open?.chosen?.row == RowID(1_000_000) && shown(state).last == 1_000_000)
    }

    @Test func atTheEndOfAWindowNothingIsReadOrSkipped() {
        var state = archive.opened()
        archive.answer(state.press("home"), &state)
        for _ in 0..<40 {
            let before = shown(state)
            archive.answer(state.press("pagedown"), &state)
            #expect(shown(state).first ?? 0 <= (before.last ?? 0) + 1)
        }
        #expect(state.open?.scroll != .end)
    }

    @Test func statesOfRowsFarFromTheEndAreFollowed() {
        var state = archive.opened()
        for _ in 0..<20 { archive.answer(state.press("pageup"), &state) }
        let middle = shown(state).last ?? 0
        let effects = state.update(.change(.timeline(Fixtures.bia)))
        #expect(effects == [.loadWindow(Fixtures.bia, .around(RowID(middle)), limit: 400)])
        let view = shown(state)
        archive.answer(effects, &state)
        #expect(shown(state) == view)
    }

    @Test func aRowThatIsGoneLeadsToTheEnd() {
        var state = archive.opened()
        for _ in 0..<20 { archive.answer(state.press("pageup"), &state) }
        let effects = state.update(.change(.timeline(Fixtures.bia)))
        #expect(!effects.isEmpty)
        archive.answer(state.update(.windowLoaded(Fixtures.bia, nil)), &state)
        #expect(state.open?.scroll == .end && shown(state).last == 1_000_000)
    }

    // MARK: Dates

    @Test func aDateIsLookedUpAndShown() {
        var state = archive.opened()
        let midnight = Timestamp(microseconds: 1_704_067_200_000_000)
        #expect(state.press("\"/date 2024-01-01", "enter").contains(.locate(Fixtures.bia, at: midnight)))
        archive.answer(state.update(.located(Fixtures.bia, RowID(67_787))), &state)
        #expect(state.open?.chosen?.row == RowID(67_787) && shown(state).contains(67_787))
        #expect(shown(state).contains(67_786))
        #expect(state.update(.located(Fixtures.bia, nil)).isEmpty)
        #expect(state.notice?.text == "No messages there.")
    }

    @Test func whatIsNoDateIsExplained() {
        var state = archive.opened()
        #expect(
            !state.press("\"/date blah", "enter").contains { if case .locate = $0 { true } else { false } })
        #expect(state.notice?.text.contains("2026-10-01") == true)
    }

    // MARK: The unread line

    @Test func theUnreadLineIsFoundWhereItIsNotLoaded() {
        var state = Fixtures.chat()
        state.press("alt-3")
        let rows = (901...980).map { Fixtures.row($0, from: Fixtures.davi, "n\($0)", at: Fixtures.at(9, 0)) }
        let effects = state.update(
            .timelineLoaded(
                Timeline(
                    peer: Fixtures.davi, rows: rows, hasOlder: true, unread: 200, firstUnread: RowID(781)),
                draft: ""))
        #expect(effects == [.loadWindow(Fixtures.davi, .around(RowID(781)), limit: 400)])
        let window = (581...980).map {
            Fixtures.row($0, from: Fixtures.davi, "n\($0)", at: Fixtures.at(9, 0))
        }
        let read = state.update(
            .windowLoaded(
                Fixtures.davi,
                Timeline(
                    peer: Fixtures.davi, rows: window, hasOlder: true, unread: 200, firstUnread: RowID(781))))
        #expect(state.text.contains("n781") && state.text.contains("200 new"))
        guard case .markRead(Fixtures.davi, let last?) = read.first else {
            Issue.record("\(read)")
            return
        }
        #expect(last > MessageID(781) && last < MessageID(800))
    }

    @Test func withoutAnythingUnreadItSaysSo() {
        var state = archive.opened()
        state.press("escape")
        _ = state.update(.unreadLocated(Fixtures.bia, nil, count: 0))
        #expect(state.notice?.text == "Nothing unread.")
    }

    // MARK: Gaps

    private func withGap() -> AppState {
        var state = Fixtures.chat()
        var rows = Fixtures.rows
        rows[3] = Fixtures.row(
            4, from: Fixtures.me, "Tudo!", at: Fixtures.at(14, 2), .delivered, isGapAbove: true)
        _ = state.update(.timelineLoaded(Fixtures.timeline(rows, unread: 0), draft: nil))
        return state
    }

    @Test func aGapIsExplainedAndFilled() {
        var state = withGap()
        #expect(state.text.contains("messages may be missing here · /gap fetches them"))
        #expect(state.press("\"/gap", "enter").contains(.fillGap(RowID(4), Fixtures.bia)))
        #expect(state.text.contains("fetching older messages"))
        #expect(state.press("\"/gap", "enter").allSatisfy { if case .fillGap = $0 { false } else { true } })
        _ = state.update(.gapFilled(Fixtures.bia, .timeout))
        #expect(state.open?.window.gapBeingFilled == nil && state.notice?.kind == .error)
        #expect(state.press("alt-m", "f") == [.fillGap(RowID(4), Fixtures.bia)])
    }

    @Test func offlineAGapWaits() {
        var state = withGap()
        _ = state.update(.change(.link(.offline(reason: .silence, nextTry: nil))))
        #expect(state.press("alt-m", "f").isEmpty && state.notice?.kind == .warning)
    }

    @Test func withoutAGapItSaysSo() {
        var state = Fixtures.chat()
        #expect(state.press("alt-m", "f").isEmpty && state.notice?.text == "Nothing is missing here.")
    }

    // MARK: The head

    @Test func aBrandNewConversationHasNoOlderMessages() {
        var state = Fixtures.chat()
        let row = Fixtures.row(1, from: Fixtures.me, "primeira", at: Fixtures.at(14, 4), .queued)
        _ = state.update(
            .timelineLoaded(
                Timeline(peer: Fixtures.bia, rows: [row], hasOlder: false, mayFetchOlder: true), draft: nil))
        #expect(!state.text.contains("older messages") && !state.text.contains("begins here"))
    }
}
