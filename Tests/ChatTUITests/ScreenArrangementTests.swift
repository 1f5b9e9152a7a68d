import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// The list hidden, shown and resized.
struct ScreenArrangementTests {
    @Test func theListIsHiddenAndShownAndThatIsKept() {
        var state = Fixtures.chat(100, 24)
        let hidden = state.press("alt-l")
        #expect(state.layout.list.isEmpty && state.layout.timeline.columns == 100)
        #expect(hidden.contains(.keepPreferences(state.preferences)))
        #expect(state.preferences.isListHidden)
        // Hidden, it takes turns with the conversation.
        state.press("tab")
        #expect(state.layout.list.columns == 100)
        state.press("tab", "alt-l")
        #expect(!state.layout.list.isEmpty && !state.layout.timeline.isEmpty)
    }

    @Test func theListIsResizedWithinReason() {
        var state = Fixtures.chat(100, 24)
        let before = state.layout.list.columns
        state.press("alt-.")
        #expect(state.layout.list.columns == before + 2)
        for _ in 0..<50 { state.press("alt-.") }
        #expect(state.layout.list.columns == 60)
        for _ in 0..<50 { state.press("alt-,") }
        #expect(state.layout.list.columns == 16)
        // A step back is a step, however often the end was run against.
        state.press("alt-.")
        #expect(state.layout.list.columns == 18)
        // In a smaller terminal the conversation keeps its room.
        for _ in 0..<50 { state.press("alt-.") }
        _ = state.update(.resized(Size(columns: 70, rows: 24)))
        #expect(state.layout.list.columns == 30)
    }

    @Test func theCommandDoesTheSame() {
        var state = Fixtures.chat(100, 24)
        state.press("\"/list 20", "enter")
        #expect(state.layout.list.columns == 20)
        state.press("\"/list 999", "enter")
        #expect(state.notice?.kind == .warning)
        #expect(state.layout.list.columns == 20)
        // What was refused is still in the composer.
        state.press("ctrl-u", "\"/lista", "enter")
        #expect(state.layout.list.isEmpty)
    }

    @Test func preferencesAreReadAsWritten() {
        var preferences = ScreenPreferences()
        #expect(ScreenPreferences(text: preferences.text) == preferences)
        preferences.isListHidden = true
        preferences.listColumns = 31
        #expect(ScreenPreferences(text: preferences.text) == preferences)
        for nonsense in [
            "", "list", "list-columns -3\n", "list-columns 99999999999999999999\nfoo bar", "\u{0}",
        ] {
            #expect(ScreenPreferences(text: nonsense) == .standard)
        }
    }

    /// The conversation under the list's cursor is meant, or else the open one.
    @Test func conversationsArePinnedAndMuted() {
        var state = Fixtures.chat()
        #expect(state.press("alt-p").contains(.pin(true, Fixtures.bia)))
        #expect(state.press("tab", "down", "alt-s").contains(.mute(true, Fixtures.caio)))
        _ = state.update(
            .conversationsLoaded([
                Conversation(peer: Fixtures.bia, name: "Bia Souza", isPinned: true, isMuted: true)
            ]))
        #expect(
            state.text.contains("Bia Souza " + state.context.symbols.pinned + state.context.symbols.muted))
        state.press("tab", "\"/fixar", "enter")
        #expect(state.notice?.text.contains("Bia Souza") == true)
        #expect(state.press("\"/mute", "enter").contains(.mute(false, Fixtures.bia)))
    }
}
