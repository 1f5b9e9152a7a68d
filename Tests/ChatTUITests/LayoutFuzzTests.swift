import ChatClientCore
import ChatWire
import TestSupport
import Testing

@testable import ChatTUI

/// Any size, any text, any keys: no trap, and every row as wide as the terminal.
struct LayoutFuzzTests {
    private static let keys = [
        "enter", "tab", "shift-tab", "escape", "up", "down", "left", "right", "pageup", "pagedown", "ctrl-up",
        "ctrl-down", "ctrl-home",
        "ctrl-end", "f1", "f2", "ctrl-k", "ctrl-n", "alt-1", "alt-2", "alt-9", "alt-a", "alt-up", "alt-down",
        "alt-enter", "backspace",
        "ctrl-w", "ctrl-u", "ctrl-y", "ctrl-_", "ctrl-l", "ctrl-c", "alt-<", "alt->", "home", "end", "delete",
        "ctrl-t",
    ]

    private func check(_ state: AppState, _ seed: UInt64) {
        let screen = AppView.render(state)
        for row in 0..<screen.size.rows {
            let columns = screen.row(row).reduce(0) { $0 + Int($1.width) }
            #expect(columns == screen.size.columns, "seed \(seed), row \(row)")
        }
        if let cursor = screen.cursor {
            #expect(0..<max(1, screen.size.columns) ~= cursor.column, "seed \(seed)")
            #expect(0..<max(1, screen.size.rows) ~= cursor.row, "seed \(seed)")
        }
    }

    private func rows(_ generator: inout SeededGenerator) -> [TimelineRow] {
        let states: [RowState] = [.queued, .sending, .unknown, .sent, .delivered, .read, .failed, .held]
        return (0..<Int.random(in: 0...30, using: &generator)).map { number in
            let isMine = Bool.random(using: &generator)
            return Fixtures.row(
                Int64(number), from: isMine ? Fixtures.me : Fixtures.bia,
                generator.text(clusters: Int.random(in: 0...60, using: &generator)),
                at: Fixtures.at(
                    Int.random(in: 0...23, using: &generator), 0,
                    daysAgo: Int.random(in: 0...3, using: &generator)),
                isMine ? states.randomElement(using: &generator) : .received,
                failure: generator.text(clusters: 5),
                isGapAbove: Int.random(in: 0..<9, using: &generator) == 0)
        }
    }

    private func conversations(_ generator: inout SeededGenerator) -> [Conversation] {
        (1...Int.random(in: 1...12, using: &generator)).map { number in
            Conversation(
                peer: UserID(Int64(number) + 1), name: generator.text(clusters: 6),
                preview: generator.text(clusters: 30),
                previewIsMine: Bool.random(using: &generator), previewState: .read,
                lastTime: Fixtures.at(3, 3, daysAgo: number),
                unread: Int.random(in: -1...2000, using: &generator), presence: .online,
                isTyping: number == 2,
                draft: number == 3 ? generator.text(clusters: 9) : nil)
        }
    }

    @Test(arguments: UInt64(0)..<80)
    func anything(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var state = Fixtures.state(
            Int.random(in: 0...130, using: &generator), Int.random(in: 0...40, using: &generator),
            Bool.random(using: &generator) ? .english : .brazilianPortuguese, ascii: seed % 5 == 0)
        let account = seed % 7 == 0 ? nil : Fixtures.account
        _ = state.update(.started(account: account, link: .online, outbox: OutboxSummary(queued: 1)))
        check(state, seed)
        if account != nil {
            _ = state.update(.conversationsLoaded(conversations(&generator)))
            check(state, seed)
        }
        for _ in 0..<40 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                _ = state.update(
                    .resized(
                        Size(
                            columns: Int.random(in: 0...90, using: &generator),
                            rows: Int.random(in: 0...30, using: &generator))))
            case 1:
                if let peer = state.open?.peer {
                    let loaded = rows(&generator)
                    _ = state.update(
                        .timelineLoaded(
                            Timeline(
                                peer: peer, rows: loaded, hasOlder: Bool.random(using: &generator),
                                mayFetchOlder: true,
                                unread: 2, firstUnread: loaded.randomElement(using: &generator)?.id),
                            draft: nil))
                }
            case 2: _ = state.update(.input(.paste(generator.text(clusters: 12))))
            case 3:
                _ = state.press("\"" + ["a", "世", "/", "😀", " "][Int.random(in: 0..<5, using: &generator)])
            default: _ = state.press(Self.keys.randomElement(using: &generator) ?? "enter")
            }
            if state.leaving != nil { return }
            check(state, seed)
        }
    }

    @Test func everySizeShowsEveryView() {
        for columns in [0, 1, 2, 3, 5, 8, 13, 21, 24, 64] {
            for rows in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18] {
                var state = Fixtures.chat(columns, rows)
                check(state, 0)
                for keys in ["f1", "escape", "ctrl-k", "escape", "ctrl-n", "escape", "tab", "pageup"] {
                    state.press(keys)
                    check(state, 0)
                }
            }
        }
    }

    /// In 20x5 one can still read, write and see how it goes.
    @Test func aTinyTerminalIsUsable() {
        var state = Fixtures.chat(20, 5)
        state.press("\"oi")
        #expect(state.lines[3].contains("oi"))
        #expect(AppView.render(state).cursor?.row == 3)
        #expect(state.text.contains("vai"))
    }
}
