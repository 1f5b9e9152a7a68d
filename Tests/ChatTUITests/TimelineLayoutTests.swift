import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

struct TimelineLayoutTests {
    private func state(rows count: Int, height: Int) -> (state: AppState, area: Rect) {
        var state = Fixtures.chat(80, 24)
        let rows = (0..<count).map { number in
            Fixtures.row(
                Int64(number), from: number % 3 == 0 ? Fixtures.me : Fixtures.bia,
                String(repeating: "palavra ", count: number % 17 + 1),
                at: Fixtures.at(number % 24, 0, daysAgo: (count - number) / 24))
        }
        _ = state.update(
            .timelineLoaded(Timeline(peer: Fixtures.bia, rows: rows, hasOlder: false), draft: nil))
        return (state, Rect(column: 0, row: 0, columns: 60, rows: height))
    }

    /// Going up line by line and down again shows every line once, in order.
    @Test func scrollingByLinesMissesNothing() {
        var (state, area) = state(rows: 40, height: 7)
        var windows: [[TimelineLine]] = []
        while windows.count < 2000, let view = TimelineLayout(state, in: area) {
            windows.append(view.visible())
            let next = view.scrolled(up: 1)
            if next == state.open?.scroll { break }
            state.open?.scroll = next
        }
        for (lower, upper) in zip(windows, windows.dropFirst()) {
            #expect(Array(upper.dropFirst()) == Array(lower.dropLast()))
        }
        #expect(windows.count > 40)
        #expect(windows.last?.first == .note("the conversation begins here"))
        for window in windows.reversed().dropFirst() {
            guard let view = TimelineLayout(state, in: area) else { return }
            state.open?.scroll = view.scrolled(up: -1)
            #expect(TimelineLayout(state, in: area)?.visible() == window)
        }
        #expect(state.open?.scroll == .end)
    }

    @Test func pagesGoAsFarAsLines() {
        for step in [2, 3, 7, 50] {
            var (state, area) = state(rows: 30, height: 9)
            var paged = state
            for _ in 0..<4 {
                guard let one = TimelineLayout(paged, in: area) else { return }
                paged.open?.scroll = one.scrolled(up: step)
                for _ in 0..<step {
                    guard let view = TimelineLayout(state, in: area) else { return }
                    state.open?.scroll = view.scrolled(up: 1)
                }
                #expect(paged.open?.scroll == state.open?.scroll)
            }
        }
    }

    @Test func theBeginningFillsTheView() {
        let (state, area) = state(rows: 30, height: 9)
        var atStart = state
        atStart.open?.scroll = TimelineLayout(state, in: area)?.atStart() ?? .end
        let lines = TimelineLayout(atStart, in: area)?.visible() ?? []
        #expect(lines.count == 9)
        #expect(lines.first == .note("the conversation begins here"))
        #expect(TimelineLayout(atStart, in: area)?.isNearStart(rows: 0) == true)
        #expect(TimelineLayout(state, in: area)?.isNearStart(rows: 2) == false)
    }

    @Test func fewMessagesDoNotScroll() {
        let (state, area) = state(rows: 2, height: 20)
        #expect(TimelineLayout(state, in: area)?.scrolled(up: 5) == .end)
        #expect(TimelineLayout(state, in: area)?.atStart() == .end)
    }

    @Test func groupsDaysAndMarks() {
        let state = Fixtures.chat(80, 40)
        let lines = TimelineLayout(state, in: Rect(column: 0, row: 0, columns: 55, rows: 40))?.visible() ?? []
        let days = lines.filter { if case .day = $0 { true } else { false } }
        #expect(days.count == 2)
        let names = lines.compactMap { line -> Int? in
            guard case .text(let row, _, _, _, true, _) = line else { return nil }
            return row
        }
        #expect(names == [0, 1, 3, 5, 7])
        let failures = lines.filter { if case .failure = $0 { true } else { false } }
        #expect(!failures.isEmpty)
    }

    @Test func everyStateHasAShapeOfItsOwn() {
        for symbols in [Symbols.unicode, .ascii] {
            var state = Fixtures.chat()
            state.context.symbols = symbols
            let shapes = [RowState.queued, .sent, .delivered, .read, .failed, .held].compactMap {
                StatusMark.of($0, state.context)?.0
            }
            #expect(Set(shapes).count == 6)
            #expect(shapes.allSatisfy { TextWidth.of($0) <= TimelineLayout.statusColumns })
            #expect(StatusMark.of(.received, state.context) == nil)
        }
        #expect(
            [Symbols.ascii.online, Symbols.ascii.queued, Symbols.ascii.read].allSatisfy {
                $0.utf8.count == $0.count
            })
    }
}
