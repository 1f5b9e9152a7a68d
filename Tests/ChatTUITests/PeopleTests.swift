import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// Renaming and removing people, deleting conversations, changing profiles.
struct PeopleTests {
    private func run(_ line: String, _ state: inout AppState) -> [Effect] {
        state.press("\"" + line, "enter")
    }

    @Test func aPersonGetsAnotherName() {
        var state = Fixtures.chat()
        #expect(run("/rename Bia do trabalho", &state).contains(.rename(Fixtures.bia, to: "Bia do trabalho")))
        #expect(run("/rename", &state).allSatisfy { if case .rename = $0 { false } else { true } })
        #expect(state.open?.editor.text == "/rename Bia Souza")
        let long = String(repeating: "x", count: 101)
        state.press("ctrl-u", "\"/rename ")
        _ = state.update(.input(.paste(long)))
        #expect(state.press("enter").allSatisfy { if case .rename = $0 { false } else { true } })
        #expect(state.notice?.kind == .warning)
    }

    @Test func removingAsksAndSaysThatTheMessagesStay() {
        var state = Fixtures.chat()
        _ = run("/remove", &state)
        #expect(state.text.contains("Bia Souza") && state.text.contains("The messages stay."))
        #expect(state.press("n").isEmpty)
        _ = run("/remover", &state)
        #expect(state.press("y") == [.removeContact(Fixtures.bia)])
    }

    @Test func deletingAConversationSaysThatItIsForBoth() {
        var state = Fixtures.chat(80, 24, .brazilianPortuguese)
        _ = run("/apagar-conversa", &state)
        #expect(state.text.contains("apagadas para os dois lados"))
        #expect(state.press("enter").isEmpty)
        _ = run("/apagar-conversa", &state)
        #expect(state.press("s") == [.deleteConversation(Fixtures.bia)])
    }

    @Test func theNewestOwnMessageIsDeletedByCommand() {
        var state = Fixtures.chat()
        // What is not sent yet is only dropped; then the newest that was sent is the newest.
        #expect(run("/delete", &state) == [.discard([TempID("t9")])])
        _ = state.update(.timelineLoaded(Fixtures.timeline(Array(Fixtures.rows.dropLast(2))), draft: nil))
        _ = run("/delete", &state)
        #expect(state.text.contains("mando o link já"))
        #expect(state.press("y") == [.delete(RowID(5))])
    }

    @Test func copyingByCommandTakesTheNewestOfTheOther() {
        var state = Fixtures.chat()
        #expect(run("/copy", &state).last == .copy(Fixtures.rows[6].content))
    }

    // MARK: Profiles

    @Test func aProfileIsChangedByLeavingForIt() {
        var state = Fixtures.chat()
        state.chat.profiles.current = "default"
        state.chat.profiles.known = ["default", "work"]
        #expect(run("/profile", &state).isEmpty)
        #expect(state.notice?.text == "This is the profile default. Others: work.")
        state.press("\"/profile ")
        #expect(state.completions?.items.map(\.text) == ["work"])
        state.press("tab")
        #expect(state.press("enter").last == .finish)
        #expect(
            state.update(.finished(OutboxSummary()))
                == [.leave(TerminalExit(reason: .profile("work"), unsent: 0, waiting: 0))])
    }

    @Test func whatCannotBeAProfileIsRefused() {
        var state = Fixtures.chat()
        state.chat.profiles.known = []
        _ = run("/profile ../x", &state)
        #expect(state.leaving == nil && state.notice?.kind == .warning)
        state.chat.profiles.known = nil
        _ = run("/profile work", &state)
        #expect(state.leaving == nil && state.notice?.text == "Profiles cannot be changed here.")
    }
}
