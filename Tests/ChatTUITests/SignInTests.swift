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
        #expect(state.update(.signedIn(Fixtures.account)) == [.rememberServer, .loadConversations])
        #expect(state.update(.conversationsLoaded([])) == [.connect])
        #expect(state.value.stage == .chat)
    }

    @Test func refusalsAreShownInTheReadersLanguage() {
        let state = signIn()
        state.press("\"a@b.c", "tab", "\"errada1", "enter")
        state.update(.signInRefused(.refused(status: 400, message: "Email ou senha inválidos")))
        #expect(state.value.text.contains("Wrong email or password"))
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

    /// The field appears when the server wants an invitation, and what was entered stays.
    @Test func anInvitationIsAskedForWhenTheServerWantsOne() {
        let state = signIn()
        state.press("f2", "\"Ana", "tab", "\"a@b.c", "tab", "\"segredo", "enter")
        #expect(!state.value.text.contains("Invitation  "))
        state.update(.signInRefused(.refused(status: 400, message: Refusal.invitationMissing.message)))
        #expect(state.value.text.contains("This server creates accounts by invitation only"))
        #expect(form(state)?.fields == [.name, .email, .password, .invitation])
        #expect(form(state)?.field == .invitation)
        #expect(
            state.press("\"c0de", "enter") == [
                .register(name: "Ana", email: "a@b.c", password: "segredo", invitation: "c0de")
            ])
        state.update(.signInRefused(.refused(status: 400, message: Refusal.invitationInvalid.message)))
        #expect(form(state)?.field == .invitation && form(state)?.invitation.text == "c0de")
        #expect(form(state)?.draft.invitation == "c0de")
        state.press("f2")
        #expect(form(state)?.fields == [.email, .password])
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

    // MARK: Another server

    private func anywhere(_ draft: SignInDraft = SignInDraft()) -> (Box<AppState>, [Effect]) {
        var fixture = Fixtures.state()
        fixture.changesServer = true
        fixture.signInDraft = draft
        let state = Box(fixture)
        let effects = state.update(.started(account: nil, link: .signedOut, outbox: OutboxSummary()))
        return (state, effects)
    }

    private func form(_ state: Box<AppState>) -> SignInForm? {
        guard case .signIn(let form) = state.value.stage else { return nil }
        return form
    }

    @Test func theServerIsAFieldAboveTheOthers() {
        let (state, _) = anywhere()
        #expect(form(state)?.field == .email)
        state.press("up")
        #expect(form(state)?.field == .server && form(state)?.server.text == "https://chat.exemplo.com")
        #expect(
            state.press("tab", "\"a@b.c", "enter", "\"segredo", "enter") == [
                .signIn(email: "a@b.c", password: "segredo")
            ])
    }

    @Test(arguments: ["HTTPS://chat.exemplo.com:443/", " chat.exemplo.com "])
    func theSameServerInOtherWordsIsTheSame(_ text: String) {
        let (state, _) = anywhere()
        state.press("\"a@b.c", "tab", "\"segredo", "tab", "ctrl-u", "\"\(text)")
        #expect(state.press("enter") == [.signIn(email: "a@b.c", password: "segredo")])
    }

    @Test func anotherServerIsGoneToWithWhatWasSaid() throws {
        let (state, _) = anywhere()
        state.press("f2", "\"Ana", "tab", "\"a@b.c", "tab", "\"segredo", "tab", "ctrl-u", "\"localhost:5099")
        #expect(state.press("enter").last == .finish)
        let draft = SignInDraft(isNewAccount: true, name: "Ana", email: "a@b.c", password: "segredo")
        let end = TerminalExit(reason: .server(try ServerURL("localhost:5099"), draft))
        #expect(state.update(.finished(OutboxSummary())) == [.leave(end)])
        #expect(!"\(end)".contains("segredo"))

        // The next client signs in with it at once, and says the server's refusal.
        let (next, effects) = anywhere(draft)
        #expect(effects == [.register(name: "Ana", email: "a@b.c", password: "segredo")])
        next.update(.signInRefused(.refused(status: 400, message: "Email já cadastrado")))
        #expect(next.value.text.contains("This email address has an account already"))
        #expect(form(next)?.draft == draft)
    }

    @Test func whatIsNoAddressIsSaidWhereItIsTyped() {
        let (state, _) = anywhere()
        state.press("\"a@b.c", "tab", "\"segredo", "tab", "ctrl-u", "\"http://a b")
        #expect(state.press("enter") == [])
        #expect(state.value.text.contains("'a b' is not a host name"))
        #expect(form(state)?.field == .server)
    }

    @Test func aKnownEmailOnlyWaitsForThePassword() {
        let (state, effects) = anywhere(SignInDraft(email: "a@b.c"))
        #expect(effects == [] && form(state)?.field == .password)
    }
}
