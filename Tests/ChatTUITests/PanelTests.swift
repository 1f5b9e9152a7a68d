import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// The dialogs and the first screen as values: this key leads to that state and that action.
struct PanelTests {
    private let context = Fixtures.chat().context

    private func command(_ name: String) -> Command? {
        Key(named: name).flatMap { Keymap.standard.command(for: $0) }
    }

    // MARK: Signing in

    private func form(
        server: String = "https://a.exemplo", changes: Bool = false, draft: SignInDraft = SignInDraft()
    ) -> SignInForm {
        SignInForm(server: server, changesServer: changes, draft: draft)
    }

    private func press(_ form: inout SignInForm, _ names: String...) -> Bool {
        names.map { name in
            guard let key = Key(named: name) else { return false }
            return form.handle(key, Keymap.standard.command(for: key))
        }.contains(true)
    }

    @Test(
        "The keyboard goes to the first field that is empty",
        arguments: [
            (false, SignInDraft(), SignInForm.Field.email), (true, SignInDraft(), .email),
            (false, SignInDraft(email: "a@b"), .password), (false, SignInDraft(email: " "), .email),
            (false, SignInDraft(email: "a@b", password: "x"), .password),
            (false, SignInDraft(isNewAccount: true), .name),
            (false, SignInDraft(isNewAccount: true, name: "Ana"), .email),
        ])
    func firstField(changes: Bool, draft: SignInDraft, expected: SignInForm.Field) {
        #expect(form(changes: changes, draft: draft).field == expected)
        #expect(form(changes: changes, draft: draft).draft == draft, "nothing is lost")
    }

    @Test func anEmptyServerIsTheFirstField() {
        #expect(form(server: "", changes: true).field == .server)
        #expect(form(server: "", changes: false).field == .email, "it cannot be changed here")
    }

    @Test func theFieldsAreARing() {
        var form = form(changes: true)
        #expect(form.fields == [.server, .email, .password])
        var seen: [SignInForm.Field] = []
        for _ in 0..<4 {
            seen.append(form.field)
            #expect(!press(&form, "tab"))
        }
        #expect(seen == [.email, .password, .server, .email])
        #expect(!press(&form, "shift-tab", "up"))
        #expect(form.field == .server)
        #expect(!press(&form, "f2"))
        #expect(form.fields == [.server, .name, .email, .password])
        #expect(form.field == .name)
        #expect(!press(&form, "f2"))
        #expect(form.mode == .signIn && form.field == .email)
    }

    @Test func keysWriteIntoTheFieldThatHasTheKeyboard() {
        var form = form()
        #expect(!press(&form, "a", "@", "b", "tab", "x", "y", "backspace"))
        #expect(form.email.text == "a@b")
        #expect(form.password.text == "x")
        #expect(press(&form, "enter"))
    }

    @Test func whatIsMissingIsShownBeforeAnythingIsAsked() {
        let strings = Language.english.catalogue()
        var form = form()
        #expect(form.submit(to: "https://a.exemplo", strings) == nil)
        #expect(form.problem == "Please fill in every field.")
        #expect(!form.isWorking)
        form.email = LineEditor("a@b")
        #expect(form.submit(to: "https://a.exemplo", strings) == nil)
        #expect(form.field == .password, "the keyboard goes to what is missing")
        #expect(form.problem == nil)
        form.password = LineEditor("segredo")
        #expect(
            form.submit(to: "https://a.exemplo", strings) == .here(.signIn(email: "a@b", password: "segredo"))
        )
        #expect(form.isWorking)
        #expect(!press(&form, "x", "f2", "enter"), "no key while it works")
        #expect(form.password.text == "segredo")
        form.refuse("não")
        #expect(!form.isWorking)
        #expect(form.problem == "não")
        #expect(!press(&form, "x"))
        #expect(form.problem == nil, "typing answers the problem")
    }

    @Test func aNewAccountIsRegistered() {
        var form = form(
            draft: SignInDraft(isNewAccount: true, name: "Ana", email: "a@b", password: "segredo"))
        #expect(
            form.submit(to: "https://a.exemplo", Language.english.catalogue())
                == .here(.register(name: "Ana", email: "a@b", password: "segredo")))
    }

    @Test(
        "The server that is written decides",
        arguments: [
            ("https://a.exemplo", false), ("a.exemplo", false), ("https://b.exemplo", true),
            ("https://a.exemplo:8443", true),
        ])
    func servers(text: String, isElsewhere: Bool) throws {
        var form = form(
            server: text, changes: true, draft: SignInDraft(email: "a@b", password: "segredo"))
        let present = try ServerURL("https://a.exemplo").description
        let submission = form.submit(to: present, Language.english.catalogue())
        if isElsewhere {
            #expect(submission == .elsewhere(try ServerURL(text)))
        } else {
            #expect(submission == .here(.signIn(email: "a@b", password: "segredo")))
        }
    }

    @Test func whatIsNoServerIsSaid() {
        var form = form(server: "ftp://x", changes: true, draft: SignInDraft(email: "a@b", password: "p"))
        #expect(form.submit(to: "https://a.exemplo", Language.english.catalogue()) == nil)
        #expect(form.field == .server)
        #expect(form.problem?.isEmpty == false)
        #expect(!form.isWorking)
    }

    @Test func aDraftSaysNothingOfItself() {
        let draft = SignInDraft(isNewAccount: true, name: "Ana", email: "a@b", password: "segredo")
        #expect("\(draft)" == "a new account")
        #expect("\(SignInDraft(email: "a@b", password: "segredo"))" == "an account")
    }

    // MARK: The outbox

    private func entries(_ ids: Int64...) -> [OutboxPanel.Entry] {
        ids.map {
            .init(
                peer: Fixtures.bia,
                row: Fixtures.row($0, from: Fixtures.me, "m\($0)", at: Fixtures.at(14, 0), .failed))
        }
    }

    private func press(_ panel: inout OutboxPanel, _ name: String) -> DialogAction {
        guard let key = Key(named: name) else { return .stay() }
        return panel.handle(key, Keymap.standard.command(for: key), context)
    }

    @Test func theSelectionStaysOnItsMessage() {
        var panel = OutboxPanel()
        #expect(panel.selected == nil)
        panel.take(entries(1, 2, 3))
        panel.selection = 1
        panel.take(entries(0, 1, 2))
        #expect(panel.selected?.row.id == RowID(2))
        panel.take(entries(0, 1))
        #expect(panel.selection == 1, "its message is gone: the place stays")
        panel.take(entries(7))
        #expect(panel.selection == 0)
        panel.take([])
        #expect(panel.selected == nil && panel.selection == 0)
    }

    @Test func keysOfTheOutbox() {
        var panel = OutboxPanel()
        panel.take(entries(1, 2, 3))
        #expect(press(&panel, "down") == .stay())
        #expect(panel.selection == 1)
        #expect(press(&panel, "pagedown") == .stay())
        #expect(panel.selection == 2)
        #expect(press(&panel, "down") == .stay())
        #expect(panel.selection == 2, "the last one")
        #expect(press(&panel, "pageup") == .stay())
        #expect(panel.selection == 0)
        #expect(press(&panel, "up") == .stay())
        #expect(press(&panel, "enter") == .showMessage(Fixtures.bia, RowID(1)))
        var empty = OutboxPanel()
        #expect(press(&empty, "enter") == .stay())
        #expect(press(&empty, "down") == .stay())
        #expect(empty.selection == 0)
    }

    @Test func lettersDecideAboutTheSelectedMessage() {
        for command in [MessageCommand.retry, .delete, .copy, .edit] {
            guard let key = Keymap.standard.key(for: .message(command)) else { continue }
            var panel = OutboxPanel()
            panel.take(entries(1, 2))
            panel.selection = 1
            #expect(
                panel.handle(key, Keymap.standard.command(for: key), context)
                    == .perform(command, entries(2)[0]), "\(command)")
        }
    }

    // MARK: Questions

    private static let subjects: [(Question.Subject, [Question.Answer], Int)] = [
        (.deleteMessage(Fixtures.rows[0]), [.no, .yes], 0), (.openLink("https://a.b"), [.no, .yes], 1),
        (.paste("a\nb", lines: 2), [.no, .yes, .oneLine], 0),
        (.held(2), [.look, .sendAll, .discardAll, .no], 0),
        (.heldFromFormerServer(2), [.look, .sendAll, .discardAll, .no], 0),
        (.removeContact(Fixtures.bia, name: "Bia"), [.no, .yes], 0),
        (.deleteConversation(Fixtures.bia, name: "Bia"), [.no, .yes], 0),
    ]

    @Test(arguments: subjects)
    func everyQuestionBeginsHarmlessly(
        subject: Question.Subject, answers: [Question.Answer], selection: Int
    ) throws {
        let question = Question(subject)
        #expect(question.answers == answers)
        #expect(question.selection == selection)
        let enter = try #require(Key(named: "enter"))
        var asked = question
        #expect(asked.handle(enter, .accept, context) == .answer(subject, answers[selection]))
        // Right to the end, and left to the beginning.
        for _ in 0..<5 { #expect(asked.handle(enter, .down, context) == .stay()) }
        #expect(asked.selection == answers.count - 1)
        for _ in 0..<5 { #expect(asked.handle(enter, .edit(.left), context) == .stay()) }
        #expect(asked.selection == 0)
    }

    @Test(arguments: subjects)
    func lettersAnswerOnlyWhatWasAskedFor(
        subject: Question.Subject, answers: [Question.Answer], selection: Int
    ) {
        for answer in [Question.Answer.yes, .no, .oneLine] {
            let letter = context.strings.letter(of: answer)
            for text in [letter, letter.uppercased()] {
                var question = Question(subject)
                let action = question.handle(.character(Character(text)), nil, context)
                let answers = question.takesLetters && question.answers.contains(answer)
                #expect(action == (answers ? .answer(subject, answer) : .stay()), "\(subject) \(text)")
            }
        }
    }

    @Test func whatFollowsFromAnAnswer() {
        let row = Fixtures.rows[0]
        var offline = context
        offline.model.link = .connecting
        let cases: [(Question.Subject, Question.Answer, ScreenContext, CommandReply?)] = [
            (
                .deleteMessage(row), .yes, context,
                CommandReply(text: context.strings.deleted, effects: [.delete(row.id)])
            ),
            (
                .deleteMessage(row), .yes, offline,
                CommandReply(text: context.strings.deletedLater, effects: [.delete(row.id)])
            ),
            (.openLink("https://a.b"), .yes, context, CommandReply(effects: [.openLink("https://a.b")])),
            (
                .removeContact(Fixtures.bia, name: "Bia"), .yes, context,
                CommandReply(text: context.strings.removed("Bia"), effects: [.removeContact(Fixtures.bia)])
            ),
            (
                .deleteConversation(Fixtures.bia, name: "Bia"), .yes, offline,
                CommandReply(
                    text: context.strings.deletedLater, effects: [.deleteConversation(Fixtures.bia)])
            ),
            (.held(1), .sendAll, context, CommandReply(effects: [.sendHeld])),
            (.heldFromFormerServer(1), .discardAll, context, CommandReply(effects: [.discardHeld])),
            (.held(1), .look, context, nil), (.held(1), .no, context, nil),
            (.paste("a", lines: 1), .yes, context, nil),
        ]
        for (subject, answer, context, expected) in cases {
            #expect(subject.reply(to: answer, context) == expected, "\(subject) \(answer)")
        }
    }

    @Test func oneOfSeveralLinksIsOpened() {
        var picker = LinkPicker(links: ["https://a", "https://b"])
        #expect(picker.handle(.up) == .stay())
        #expect(picker.handle(.down) == .stay())
        #expect(picker.handle(.switchPane) == .stay())
        #expect(picker.selection == 1)
        #expect(picker.handle(.accept) == .close([.openLink("https://b")]))
        #expect(picker.handle(nil) == .stay())
    }

    // MARK: Finding people

    private let start = MonotonicInstant(nanoseconds: 0)

    private func finder(_ query: String) -> PeopleFinder {
        var finder = PeopleFinder()
        finder.query = LineEditor(query)
        finder.queryChanged(at: start)
        return finder
    }

    @Test(arguments: [("", false), ("a", false), (" a ", false), ("a b", true), ("ab", true), ("é🙂", true)])
    func aQueryNeedsTwoSigns(query: String, isAsked: Bool) {
        var finder = finder(query)
        #expect((finder.askAt != nil) == isAsked)
        #expect(finder.askIfDue(at: start + .milliseconds(249)) == [])
        #expect(finder.askIfDue(at: start + .milliseconds(250)) == (isAsked ? [.findPeople(query)] : []))
        #expect(finder.askIfDue(at: start + .seconds(9)) == [], "once")
    }

    @Test func onlyTheAnswerToTheLastQueryCounts() {
        var finder = finder("bia")
        _ = finder.askIfDue(at: start + .seconds(1))
        #expect(finder.isSearching)
        finder.take([Person(id: Fixtures.caio, name: "Caio")], for: "ca")
        #expect(finder.results == [] && finder.isSearching)
        finder.take(problem: "não", for: "ca")
        #expect(finder.problem == nil)
        finder.take([Person(id: Fixtures.bia, name: "Bia")], for: "bia")
        #expect(finder.results.map(\.name) == ["Bia"])
        #expect(!finder.isSearching)
        finder.query = LineEditor("b")
        finder.queryChanged(at: start)
        #expect(finder.results == [], "too short now")
    }

    @Test func aQueryThatFailedCanBeAskedAgain() {
        var finder = finder("bia")
        _ = finder.askIfDue(at: start + .seconds(1))
        finder.take(problem: "sem rede", for: "bia")
        #expect(finder.problem == "sem rede")
        finder.queryChanged(at: start)
        #expect(finder.problem == nil)
        #expect(finder.askIfDue(at: start + .seconds(1)) == [.findPeople("bia")])
    }

    @Test func enterOpensWhoIsKnownAndAddsWhoIsNot() throws {
        let enter = try #require(Key(named: "enter"))
        var finder = finder("so")
        #expect(finder.handle(enter, .accept, context) == .stay([.findPeople("so")]), "at once")
        #expect(finder.handle(enter, .accept, context) == .stay(), "it waits for the answer")
        finder.take(
            [Person(id: Fixtures.bia, name: "Bia"), Person(id: UserID(77), name: "Sofia")], for: "so")
        #expect(finder.handle(enter, .accept, context) == .show(Fixtures.bia))
        #expect(finder.handle(enter, .down, context) == .stay())
        #expect(finder.handle(enter, .down, context) == .stay())
        #expect(
            finder.handle(enter, .accept, context) == .stay([.addContact(UserID(77), name: "Sofia")]))
    }

    @Test func aFinderWithAQueryAsksAtOnce() {
        var finder = PeopleFinder("bia", at: start)
        #expect(finder.askIfDue(at: start) == [.findPeople("bia")])
        var short = PeopleFinder("b", at: start)
        #expect(short.askIfDue(at: start + .seconds(9)) == [])
    }
}
