import ChatClientCore
import TestSupport
import Testing

@testable import ChatTUI

/// What was laid out before is drawn as what is laid out now.
struct MessageTextsTests {
    private let setting = MessageTexts.Setting(width: 20, highlight: nil)

    @Test func holdsWhatItWasGiven() {
        let rows = (1...4).map { number in
            Fixtures.row(Int64(number), from: Fixtures.bia, "texto \(number)", at: Fixtures.at(9, 0))
        }
        var texts = MessageTexts()
        #expect(texts.lines(of: rows[0], setting) == nil)
        texts.add(rows[0...2], setting)
        texts.add(rows[2...3], setting)
        #expect(texts.lines(of: rows[0], setting) == RichText.lines("texto 1", width: 20))
        #expect(texts.lines(of: rows[3], setting) == RichText.lines("texto 4", width: 20))
        texts.keep(rows[1...2])
        #expect(texts.lines(of: rows[0], setting) == nil)
        #expect(texts.lines(of: rows[1], setting) == RichText.lines("texto 2", width: 20))
        #expect(texts.lines(of: rows[3], setting) == nil)
    }

    @Test func anotherTextWidthOrSearchIsAnotherLayout() {
        let row = Fixtures.row(1, from: Fixtures.bia, "um texto e outro", at: Fixtures.at(9, 0))
        let edited = Fixtures.row(1, from: Fixtures.bia, "outro texto", at: Fixtures.at(9, 0))
        let searched = MessageTexts.Setting(width: 20, highlight: SearchHighlight("texto"))
        var texts = MessageTexts()
        texts.add([row], setting)
        #expect(texts.lines(of: edited, setting) == nil)
        #expect(texts.lines(of: row, .init(width: 21, highlight: nil)) == nil)
        #expect(texts.lines(of: row, searched) == nil)
        texts.add([edited], searched)
        #expect(
            texts.lines(of: edited, searched)
                == RichText.lines("outro texto", width: 20, highlight: SearchHighlight("texto")))
    }

    /// Rows come, go and change, the view moves, the terminal is resized, a search begins: the screen is that of a
    /// state that has laid nothing out.
    @Test(arguments: UInt64(0)..<24)
    func theScreenIsTheSameWithout(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var state = Fixtures.chat(80, 24)
        var rows: [TimelineRow] = []
        for step in 0..<40 {
            edit(&rows, step, &generator)
            _ = state.update(
                .timelineLoaded(Timeline(peer: Fixtures.bia, rows: rows, hasOlder: false), draft: nil))
            switch Int.random(in: 0..<8, using: &generator) {
            case 0:
                let size = Size(
                    columns: Int.random(in: 0...120, using: &generator),
                    rows: Int.random(in: 0...40, using: &generator))
                _ = state.update(.resized(size))
            case 1: state.press("pageup")
            case 2: state.press("pagedown")
            case 3: state.press("ctrl-up")
            case 4:
                state.open?.chosen = rows.last.map { ChosenMessage($0) }
                state.open?.timeline.searched = SearchQuestion(text: "palavra")
            case 5: state.open?.chosen = nil
            default: break
            }
            let bare = with(state) { $0.open?.timeline.texts = MessageTexts() }
            if Bool.random(using: &generator) { state.layOutTextsAhead() } else { state.layOutTexts() }
            #expect(AppView.render(state) == AppView.render(bare), "seed \(seed), step \(step)")
            #expect(allInViewAreHeld(state), "seed \(seed), step \(step)")
        }
    }

    private func edit(_ rows: inout [TimelineRow], _ step: Int, _ generator: inout SeededGenerator) {
        for number in 0..<Int.random(in: 0...4, using: &generator) {
            rows.append(row(Int64(step * 10 + number), &generator))
        }
        if !rows.isEmpty, Bool.random(using: &generator) {
            let index = Int.random(in: 0..<rows.count, using: &generator)
            if Bool.random(using: &generator) {
                rows[index] = row(rows[index].id.rawValue, &generator)
            } else {
                rows.remove(at: index)
            }
        }
        if rows.count > 80 { rows.removeFirst(rows.count - 80) }
    }

    private func row(_ id: Int64, _ generator: inout SeededGenerator) -> TimelineRow {
        Fixtures.row(
            id, from: Bool.random(using: &generator) ? Fixtures.me : Fixtures.bia,
            generator.text(clusters: Int.random(in: 0...40, using: &generator)), at: Fixtures.at(9, 0))
    }

    private func allInViewAreHeld(_ state: AppState) -> Bool {
        guard let view = TimelineLayout(state, in: state.layout.timeline), let inView = view.rowsInView()
        else {
            return true
        }
        return view.rows[inView].allSatisfy {
            state.open?.timeline.texts.lines(of: $0, view.textSetting) != nil
        }
    }

    private func with(_ state: AppState, _ change: (inout AppState) -> Void) -> AppState {
        var state = state
        change(&state)
        return state
    }
}
