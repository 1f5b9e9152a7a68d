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

    @Test(arguments: SlashCommand.all(on: .full), Language.allCases)
    func whatTakesNothingRefusesWords(_ command: SlashCommand, _ language: Language) {
        var state = Fixtures.chat(80, 24, language)
        guard state.strings.argument(of: command) == nil, command != .edit else { return }
        let name = command.names(language)[0]
        let line = "/\(name) of the story, see you"
        state.press("\"" + line)
        let before = state.open
        #expect(state.press("enter").isEmpty)
        #expect(state.open?.editor == before?.editor && state.dialog == nil && state.leaving == nil)
        let expected =
            switch language {
            case .english: "/\(name) takes nothing; // sends it as text."
            case .brazilianPortuguese: "/\(name) não leva nada; com // vai como texto."
            case .spanish: "/\(name) no lleva nada; con // va como texto."
            }
        #expect(state.notice?.text == expected)
    }

    @Test(arguments: ["/goto ninguém-assim", "/date blah", "/list 4000", "/profile a/b"])
    func wordsThatCannotBeUsedStay(_ line: String) {
        let (_, state) = run(line)
        #expect(state.open?.editor.text == line && state.open?.composer.isCommand == true)
        #expect(state.notice?.kind == .warning)
    }

    // MARK: Text that nobody typed

    @Test(arguments: [
        "/quit", "/quit\nline two\nline three", "/sair", "/delete-conversation", "/signout\n", "/goto bia",
        "//etc",
    ])
    func whatIsPastedIsText(_ text: String) {
        var state = Fixtures.chat()
        _ = state.update(.input(.paste(text)))
        #expect(state.completions == nil)
        #expect(state.wait(.seconds(1)).contains(.saveDraft("/" + text, for: Fixtures.bia)))
        #expect(state.press("enter").last == .send(text, to: Fixtures.bia))
        #expect(state.leaving == nil && state.dialog == nil)
        // What comes back into the composer is still text.
        state.press("up")
        #expect(state.press("enter").last == .send(text, to: Fixtures.bia))
    }

    @Test func whatComesFromTheEditorOrALongPasteIsText() {
        var state = Fixtures.chat()
        _ = state.update(.editedExternally(.saved("/quit")))
        #expect(state.press("enter").contains(.send("/quit", to: Fixtures.bia)))
        let long = "/quit\n" + String(repeating: "x\n", count: 20)
        _ = state.update(.input(.paste(long)))
        #expect(state.text.contains("Paste 21 lines?"))
        state.press("y")
        #expect(state.press("enter").last == .send(long, to: Fixtures.bia))
    }

    @Test func aKeptDraftIsWhatItWas() {
        var state = Fixtures.chat()
        _ = state.update(.input(.paste("/quit")))
        guard
            case .saveDraft(let draft, _)? = state.press("alt-2").first(where: {
                if case .saveDraft = $0 { true } else { false }
            })
        else {
            Issue.record("no draft")
            return
        }
        _ = state.update(
            .timelineLoaded(Timeline(peer: Fixtures.caio, rows: [], hasOlder: false), draft: draft))
        #expect(state.press("enter").last == .send("/quit", to: Fixtures.caio))
    }

    @Test func aTypedSlashBeginsACommandOfOneLine() {
        var state = Fixtures.chat()
        state.press("\"/")
        _ = state.update(.input(.paste("help")))
        state.press("enter")
        #expect(state.dialog == .help(scroll: 0))
        state.press("escape", "\"/quit", "alt-enter", "\"and more")
        #expect(state.press("enter").last == .send("/quit\nand more", to: Fixtures.bia))
        _ = state.update(.input(.paste("quit")))
        state.press("home", "\"/")
        #expect(state.press("enter").last == .finish)
    }

    @Test func aSlashThatDeletingUncoversIsText() {
        var state = Fixtures.chat()
        _ = state.update(.input(.paste("x /quit")))
        state.press("home", "delete", "delete")
        #expect(state.press("enter").last == .send("/quit", to: Fixtures.bia))
    }

    @Test func aPasteFarLongerThanAMessageIsCut() {
        var state = Fixtures.chat()
        state.press("\"abc")
        _ = state.update(.input(.paste(String(repeating: "x", count: 1 << 20))))
        #expect(state.open?.editor.scalarCount == ChatModel.messageLengthMax)
        #expect(state.notice?.text.contains("cut") == true)
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
