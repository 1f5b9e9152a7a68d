import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

struct SlashCommandTests {
    private func run(_ line: String) -> (effects: [Effect], state: AppState) {
        var state = Fixtures.chat()
        let effects = state.press("\"" + line, "enter")
        return (effects, state)
    }

    @Test func namesOfBothLanguagesWorkAndAreDistinct() {
        var seen: Set<String> = []
        for command in SlashCommand.allCases {
            for name in command.names(.english) {
                #expect(SlashCommand(name: name.uppercased()) == command)
                #expect(seen.insert(name).inserted)
            }
        }
    }

    @Test(arguments: ["/nada", "/", "/ quit", "/etc/passwd", "/quite"])
    func whatIsUnknownIsNeverSent(_ line: String) {
        let (effects, state) = run(line)
        #expect(!effects.contains { if case .send = $0 { true } else { false } })
        #expect(state.leaving == nil)
        #expect(state.open?.editor.text == line)
        #expect(state.notice?.kind == .warning)
    }

    @Test func twoSlashesSendOne() {
        #expect(run("//etc/passwd").effects.last == .send("/etc/passwd", to: Fixtures.bia))
    }

    @Test func commands() {
        #expect(run("/quit").effects.last == .finish)
        #expect(run("/sair").effects.last == .finish)
        #expect(run("/help").state.dialog == .help(scroll: 0))
        #expect(run("/goto emm").effects.contains(.open(Fixtures.emma)))
        #expect(run("/goto ninguém-assim").state.notice?.kind == .warning)
        #expect(run("/next").effects.contains(.open(Fixtures.davi)))
        #expect(run("/reconnect").effects.last == .reconnect)
        #expect(run("/signout").effects.last == .signOut)
        #expect(run("/retry").effects.last == .retry([TempID("t8")]))
        #expect(run("/discard").effects.last == .discard([TempID("t8")]))
        #expect(run("/add  rosa ").effects.last == .findPeople("rosa"))
        #expect(run("/quit").state.open == nil)
    }

    @Test func aCommandLeavesNoDraftBehind() {
        var state = Fixtures.chat()
        state.press("\"/hel")
        #expect(state.wait(.seconds(1)) == [.saveDraft("/hel", for: Fixtures.bia)])
        #expect(state.press("\"p", "enter").first == .saveDraft("", for: Fixtures.bia))
        #expect(state.open?.editor.isEmpty == true)
    }

    @Test func tabCompletes() {
        var state = Fixtures.chat()
        state.press("\"/go")
        #expect(state.text.contains("/goto"))
        state.press("tab")
        #expect(state.open?.editor.text == "/goto ")
        #expect(state.pane == .conversation)
        state.press("ctrl-u", "\"oi", "tab")
        #expect(state.pane == .list)
    }
}
