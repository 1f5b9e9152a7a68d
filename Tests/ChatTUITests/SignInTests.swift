import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

struct SignInTests {
    private func signIn(_ columns: Int = 80, _ rows: Int = 24) -> Box<AppState> {
        let state = Box(Fixtures.state(columns, rows))
        state.update(.started(account: nil, link: .signedOut, outbox: OutboxSummary()))
        return state
    }

    @Test func signingIn() {
        let state = signIn()
        state.press("\"ana@exemplo.com")
        #expect(state.press("enter") == [])
        #expect(state.press("\"segredo", "enter") == [.signIn(email: "ana@exemplo.com", password: "segredo")])
        #expect(state.press("enter", "\"x") == [])
        #expect(!state.value.text.contains("segredo"))
        #expect(state.update(.signedIn(Fixtures.account)) == [.loadConversations])
        #expect(state.update(.conversationsLoaded([])) == [.connect])
        #expect(state.value.stage == .chat)
    }

    @Test func refusalsAreShownInTheServersWords() {
        let state = signIn()
        state.press("\"a@b.c", "tab", "\"errada1", "enter")
        state.update(.signInRefused(.refused(status: 400, message: "Email ou senha inválidos")))
        #expect(state.value.text.contains("Email ou senha inválidos"))
        #expect(state.press("\"y", "enter") == [.signIn(email: "a@b.c", password: "errada1y")])
    }

    @Test func registering() {
        let state = signIn()
        state.press("f2", "\"Ana Lima", "tab", "\"ana@exemplo.com", "down", "\"segredo")
        #expect(
            state.press("enter") == [
                .register(name: "Ana Lima", email: "ana@exemplo.com", password: "segredo")
            ])
    }

    @Test func emptyFieldsAreAskedFor() {
        let state = signIn()
        #expect(state.press("enter") == [])
        #expect(state.value.text.contains("fill in"))
        #expect(state.press("f2", "enter", "enter") == [])
    }

    @Test func fieldsGoRoundBothWays() {
        let state = signIn()
        state.press("shift-tab", "\"p", "tab", "\"e", "up", "\"q")
        guard case .signIn(let form) = state.value.stage else {
            Issue.record("no form")
            return
        }
        #expect(form.email.text == "e" && form.password.text == "pq")
    }

    @Test func aPasteIsOneLine() {
        let state = signIn()
        state.update(.input(.paste("ana@exemplo.com\n")))
        #expect(state.press("tab", "\"s", "enter") == [.signIn(email: "ana@exemplo.com", password: "s")])
    }

    @Test func leaving() {
        #expect(signIn().press("ctrl-q").last == .finish)
        #expect(signIn().press("ctrl-c", "ctrl-c").last == .finish)
    }

    @Test(arguments: [(80, 24), (30, 6), (20, 5), (10, 2), (1, 1)])
    func theFieldInUseIsAlwaysInView(_ columns: Int, _ rows: Int) {
        let state = signIn(columns, rows)
        state.press("tab", "\"s")
        #expect(AppView.render(state.value).cursor != nil)
    }
}
