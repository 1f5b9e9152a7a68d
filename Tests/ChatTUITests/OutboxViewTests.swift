import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// The outbox on screen, and the question about messages that waited too long.
struct OutboxViewTests {
    static let entries = [
        OutboxPanel.Entry(peer: Fixtures.bia, row: Fixtures.rows[7]),
        OutboxPanel.Entry(peer: Fixtures.bia, row: Fixtures.rows[8]),
        OutboxPanel.Entry(
            peer: Fixtures.caio,
            row: Fixtures.row(40, from: Fixtures.me, "de anteontem", at: Fixtures.at(9, 0, daysAgo: 2), .held)
        ),
    ]

    private func shown() -> AppState {
        var state = Fixtures.chat()
        #expect(state.press("alt-o") == [.loadOutbox])
        _ = state.update(.outboxLoaded(Self.entries))
        return state
    }

    @Test func showsWhomWhatAndWhy() {
        let text = shown().text
        #expect(text.contains("texto que não foi") && text.contains("A mensagem é muito longa"))
        #expect(text.contains("Caio Rocha") && text.contains("held back"))
        #expect(text.contains("queued: it waits to be sent"))
    }

    @Test func keysActOnTheSelectedOne() {
        var state = shown()
        #expect(state.press("r") == [.retry([TempID("t8")])])
        #expect(state.press("s") == [.sendAsNew(TempID("t8"))])
        #expect(state.press("down", "d") == [.discard([TempID("t9")])])
        #expect(state.press("c") == [.copy("este ainda vai")])
        #expect(state.press("k", "r") == [.retry([TempID("t8")])])
    }

    @Test func editOpensTheConversation() {
        var state = shown()
        let effects = state.press("down", "down", "e")
        #expect(effects.contains(.open(Fixtures.caio)))
        #expect(state.dialog == nil && state.open?.editor.text == "de anteontem")
        #expect(state.press("enter").contains { if case .edit = $0 { true } else { false } })
    }

    @Test func enterShowsTheMessageInItsConversation() {
        var state = shown()
        #expect(state.press("down", "enter").isEmpty)
        #expect(state.open?.chosen?.row == RowID(9))
    }

    @Test func changesAreFollowedAndTheSelectionStays() {
        var state = shown()
        state.press("down", "down")
        #expect(state.update(.change(.outbox(OutboxSummary(held: 1)))) == [.loadOutbox])
        _ = state.update(.outboxLoaded([Self.entries[2]]))
        guard case .outbox(let panel) = state.dialog else {
            Issue.record("the outbox was closed")
            return
        }
        #expect(panel.selected?.row.id == RowID(40))
        _ = state.update(.outboxLoaded([]))
        #expect(state.text.contains("Nothing waits to be sent."))
    }

    // MARK: Held messages

    @Test func heldMessagesAskOnceWhenThePersonIsNotWriting() {
        var state = Fixtures.chat()
        state.press("\"meio de uma frase")
        _ = state.update(.change(.outbox(OutboxSummary(held: 2))))
        _ = state.update(.change(.notice(.held(count: 2))))
        state.wait(.seconds(5))
        #expect(state.dialog == nil)
        state.press("ctrl-u")
        state.wait(.seconds(1))
        #expect(state.dialog == nil)
        state.wait(.seconds(2))
        #expect(state.dialog == .question(Question(.held(2))))
        // Letters on their way to a message answer nothing.
        #expect(state.press("s", "y", "n").isEmpty && state.dialog != nil)
        #expect(state.press("down", "enter") == [.sendHeld])
        state.wait(.seconds(60))
        #expect(state.dialog == nil)
    }

    @Test func theFirstAnswerOnlyLooks() {
        var state = Fixtures.chat(80, 24, .brazilianPortuguese)
        _ = state.update(.change(.outbox(OutboxSummary(held: 1))))
        _ = state.update(.change(.notice(.held(count: 1))))
        state.wait(.seconds(3))
        #expect(state.text.contains("ver quais são"))
        #expect(state.press("enter") == [.loadOutbox])
    }

    @Test func droppingAllIsAnAnswerToo() {
        var state = Fixtures.chat()
        _ = state.update(.change(.outbox(OutboxSummary(held: 1))))
        _ = state.update(.change(.notice(.held(count: 1))))
        state.wait(.seconds(3))
        #expect(state.press("down", "down", "enter") == [.discardHeld])
    }

    @Test func offlineNothingIsAsked() {
        var state = Fixtures.chat()
        _ = state.update(.change(.link(.offline(reason: .silence, nextTry: nil))))
        _ = state.update(.change(.outbox(OutboxSummary(held: 1))))
        _ = state.update(.change(.notice(.held(count: 1))))
        state.wait(.seconds(30))
        #expect(state.dialog == nil)
        _ = state.update(.change(.link(.online)))
        state.wait(.seconds(1))
        #expect(state.dialog == .question(Question(.held(1))))
    }
}
