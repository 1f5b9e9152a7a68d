import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// (state, events) → (state, effects) of the conversation on screen.
struct ConversationUpdateTests {
    private func chat(_ columns: Int = 80, _ rows: Int = 24) -> Box<AppState> {
        Box(Fixtures.chat(columns, rows))
    }

    // MARK: Starting

    @Test func theCacheIsShownBeforeTheNetworkIsBegun() {
        let state = Box(Fixtures.state())
        #expect(
            state.update(
                .started(
                    account: Fixtures.account, link: .offline(reason: .notStarted, nextTry: nil),
                    outbox: OutboxSummary())) == [.loadConversations])
        #expect(!state.value.isReadyToShow)
        #expect(
            state.update(.conversationsLoaded(Fixtures.conversations)) == [
                .show(Fixtures.bia),
                .loadTimeline(Fixtures.bia, limit: TimelinePane.pageRows, withDraft: true),
            ])
        #expect(!state.value.isReadyToShow)
        #expect(state.update(.timelineLoaded(Fixtures.timeline(unread: 0), draft: "")) == [.connect])
        #expect(state.value.isReadyToShow)
        #expect(state.update(.timelineLoaded(Fixtures.timeline(unread: 0), draft: nil)) == [])
    }

    @Test func aNarrowTerminalBeginsWithTheList() {
        let state = Box(Fixtures.state(40, 20))
        state.update(.started(account: Fixtures.account, link: .connecting, outbox: OutboxSummary()))
        #expect(state.update(.conversationsLoaded(Fixtures.conversations)) == [.connect])
        #expect(state.value.open == nil)
        #expect(state.value.text.contains("Caio Rocha"))
        #expect(state.press("enter").first == .open(Fixtures.bia))
        #expect(state.press("tab") == [.show(Fixtures.bia)])
        #expect(state.value.pane == .list)
    }

    // MARK: Loading

    @Test func howeverManyChangesOneLoadIsInFlight() {
        let state = chat()
        let load = Effect.loadTimeline(Fixtures.bia, limit: TimelinePane.pageRows, withDraft: false)
        #expect(state.update(.change(.timeline(Fixtures.bia))) == [load])
        #expect(state.update(.change(.timeline(Fixtures.bia))) == [])
        #expect(state.update(.change(.timeline(Fixtures.bia))) == [])
        #expect(state.update(.timelineLoaded(Fixtures.timeline(), draft: nil)) == [load])
        #expect(state.update(.timelineLoaded(Fixtures.timeline(), draft: nil)) == [])
        #expect(state.update(.change(.timeline(Fixtures.caio))) == [])
        #expect(state.update(.change(.presence(Fixtures.caio))) == [.loadConversations])
        #expect(state.update(.change(.typing(Fixtures.caio, true))) == [])
        #expect(state.update(.conversationsLoaded(Fixtures.conversations)) == [.loadConversations])
    }

    @Test func theServerIsAskedForOlderMessagesAtTheVeryTop() {
        let state = chat(80, 24)
        let rows = (1..<60).map { Fixtures.row($0, from: Fixtures.bia, "n\($0)", at: Fixtures.at(13, 0)) }
        state.update(
            .timelineLoaded(
                Timeline(peer: Fixtures.bia, rows: rows, hasOlder: false, mayFetchOlder: true), draft: nil))
        #expect(state.press("pageup") == [])
        #expect(state.press("ctrl-home") == [.fetchOlder(Fixtures.bia)])
        #expect(state.value.text.contains("fetching older messages"))
        #expect(state.press("ctrl-up") == [])
        #expect(state.update(.olderFetched(Fixtures.bia, foundMore: false)) == [])
        #expect(state.value.text.contains("begins here"))
    }

    // MARK: Reading

    @Test func whoIsNoContactIsSaidAndAddedByAnEmptyAdd() {
        let state = chat()
        let stranger = Conversation(
            peer: Fixtures.bia, name: "Bia Souza", presence: .unknown, isContact: false)
        state.update(.conversationsLoaded([stranger]))
        #expect(state.value.text.contains("not in your contacts · /add"))
        #expect(state.press("\"/add", "enter").contains(.addContact(Fixtures.bia, name: "Bia Souza")))
    }

    @Test func howToComeBackIsSaidUntilOneIsBack() {
        let state = chat(120, 24)
        state.update(.change(.link(.inUseElsewhere)))
        state.update(.change(.notice(.inUseElsewhere)))
        #expect(state.value.text.contains("Ctrl-R takes it back"))
        #expect(state.press("ctrl-r") == [.reconnect])
        state.update(.change(.link(.connecting)))
        state.update(.change(.link(.online)))
        #expect(!state.value.text.contains("Ctrl-R"))
    }

    @Test func aListThatHidesTheConversationReadsNothing() {
        let state = chat(40, 20)
        #expect(state.press("tab") == [.show(Fixtures.bia)])
        #expect(state.value.pane == .list)
        let rows = Fixtures.rows + [Fixtures.row(40, from: Fixtures.bia, "nova", at: Fixtures.at(14, 6))]
        #expect(
            state.update(
                .timelineLoaded(
                    Timeline(
                        peer: Fixtures.bia, rows: rows, hasOlder: false, unread: 1, firstUnread: RowID(40)),
                    draft: nil))
                == [])
        #expect(
            state.press("tab") == [.open(Fixtures.bia), .markRead(Fixtures.bia, upTo: MessageID(40))])
    }

    @Test func theUnreadLineStaysPut() {
        let state = chat()
        #expect(state.value.open?.unreadMark == .init(row: RowID(6), count: 2, isSeen: true))
        state.update(.timelineLoaded(Fixtures.timeline(unread: 0), draft: nil))
        #expect(state.value.open?.unreadMark?.row == RowID(6))
        #expect(state.value.text.contains(" 2 new "))
        state.press("\"oi", "enter")
        #expect(state.value.open?.unreadMark?.row == RowID(6))
        state.update(.input(.focus(false)))
        let rows = Fixtures.rows + [Fixtures.row(50, from: Fixtures.bia, "nova", at: Fixtures.at(14, 6))]
        state.update(
            .timelineLoaded(
                Timeline(peer: Fixtures.bia, rows: rows, hasOlder: false, unread: 1, firstUnread: RowID(50)),
                draft: nil))
        #expect(state.value.open?.unreadMark == .init(row: RowID(50), count: 1, isSeen: false))
    }

    // MARK: Writing

    @Test func enterSendsAndEmptiesTheComposer() {
        let state = chat()
        #expect(state.press("\"oi 😀", "enter").last == .send("oi 😀", to: Fixtures.bia))
        #expect(state.value.open?.editor.isEmpty == true)
        #expect(state.press("enter") == [])
        #expect(state.press("\"  ", "enter") == [])
    }

    @Test func aMessageThatCouldNotBeStoredComesBack() {
        let state = chat()
        state.press("\"importante", "enter")
        state.update(.sendRefused("importante", to: Fixtures.bia, .file(path: "/disco", code: 28)))
        #expect(state.value.open?.editor.text == "importante")
        #expect(state.value.text.contains("/disco"))
        state.press("\"!")
        state.update(.sendRefused("outra", to: Fixtures.bia, .notSignedIn))
        #expect(state.value.open?.editor.text == "outra\nimportante!")
        #expect(
            state.update(.sendRefused("de antes", to: Fixtures.caio, .notSignedIn)).contains(
                .saveDraft("de antes", for: Fixtures.caio)))
    }

    @Test func tooLongAMessageStaysInTheComposer() {
        let state = chat()
        state.update(.input(.paste(String(repeating: "a", count: 5001))))
        #expect(state.value.text.contains("5,001/5,000"))
        #expect(state.press("enter") == [])
        #expect(state.value.open?.editor.scalarCount == 5001)
        #expect(
            state.press("backspace", "enter").contains(
                .send(String(repeating: "a", count: 5000), to: Fixtures.bia)))
    }

    @Test func typingIsToldAndTakenBack() {
        let state = chat()
        #expect(state.press("\"o") == [.typing(true, to: Fixtures.bia)])
        #expect(state.press("backspace") == [.typing(false, to: Fixtures.bia)])
        #expect(state.press("\"/he") == [])
        #expect(state.press("left") == [])
    }

    @Test func draftsAreSavedWhileTypingAndWhenLeaving() {
        let state = chat()
        state.press("\"meio")
        #expect(state.wait(.milliseconds(100)) == [])
        state.press("\" di")
        #expect(state.wait(.milliseconds(500)) == [.saveDraft("meio di", for: Fixtures.bia)])
        #expect(state.wait(.seconds(1)) == [])
        state.press("\"to")
        let effects = state.press("alt-2")
        #expect(
            effects.prefix(3) == [
                .typing(false, to: Fixtures.bia), .saveDraft("meio dito", for: Fixtures.bia),
                .open(Fixtures.caio),
            ])
        state.press("alt-1")
        state.update(.timelineLoaded(Fixtures.timeline(), draft: "meio dito"))
        #expect(state.value.open?.editor.text == "meio dito")
        #expect(state.value.text.contains("meio dito"))
    }

    @Test func aDraftNeverReplacesWhatIsBeingTyped() {
        let state = chat()
        state.press("alt-2", "\"já")
        state.update(
            .timelineLoaded(Timeline(peer: Fixtures.caio, rows: [], hasOlder: false), draft: "antigo"))
        #expect(state.value.open?.editor.text == "já")
    }

    @Test func anAltEnterThatTheLineCutIsALineBreak() {
        let state = chat()
        state.press("\"half a thought", "escape")
        state.value.context.model.instant = state.value.instant + .milliseconds(300)
        #expect(!state.press("enter").contains { if case .send = $0 { true } else { false } })
        #expect(state.value.open?.editor.text == "half a thought\n")
        // Later, or behind another key, or after an ESC that closed something, Enter sends.
        state.press("escape")
        state.value.context.model.instant = state.value.instant + .milliseconds(400)
        #expect(state.press("enter").last == .send("half a thought\n", to: Fixtures.bia))
        state.press("\"um", "escape", "\"a")
        #expect(state.press("enter").last == .send("uma", to: Fixtures.bia))
        state.press("\"dois", "f1", "escape")
        #expect(state.press("enter").last == .send("dois", to: Fixtures.bia))
    }

    @Test func inANarrowTerminalACutAltEnterStaysInTheText() {
        let state = chat(40, 20)
        state.press("\"half", "escape")
        #expect(!state.press("enter").contains { if case .send = $0 { true } else { false } })
        #expect(state.value.open?.editor.text == "half\n" && state.value.pane == .conversation)
    }

    @Test func pastedLinesStayInTheComposer() {
        let state = chat()
        #expect(state.update(.input(.paste("um\ndois\n/quit"))) == [.typing(true, to: Fixtures.bia)])
        #expect(state.value.open?.editor.text == "um\ndois\n/quit")
        #expect(state.value.leaving == nil)
    }

    @Test func upBringsBackWhatWasSent() {
        let state = chat()
        state.press("\"um", "enter", "\"dois", "enter", "up")
        #expect(state.value.open?.editor.text == "dois")
        state.press("up")
        #expect(state.value.open?.editor.text == "um")
        state.press("up", "down", "down")
        #expect(state.value.open?.editor.isEmpty == true)
        state.press("\"novo", "up")
        #expect(state.value.open?.editor.text == "novo")
    }

    // MARK: Moving

    @Test func switching() {
        let state = chat()
        #expect(state.press("alt-3").contains(.open(Fixtures.davi)))
        #expect(state.press("alt-9") == [])
        #expect(state.press("alt-up").contains(.open(Fixtures.caio)))
        #expect(state.press("alt-down", "alt-down").contains(.open(Fixtures.emma)))
        #expect(state.press("alt-down") == [])
        #expect(state.press("alt-a").contains(.open(Fixtures.bia)))
        #expect(state.press("alt-a").contains(.open(Fixtures.davi)))
        state.update(.conversationsLoaded([Fixtures.conversations[1]]))
        #expect(state.press("alt-a") == [])
        #expect(state.value.notice?.text == "Nothing unread.")
    }

    @Test func theListHasAKeyboardOfItsOwn() {
        let state = chat()
        state.press("tab", "down", "down")
        #expect(state.value.listCursor == Fixtures.davi)
        #expect(state.value.open?.peer == Fixtures.bia)
        #expect(state.press("enter").contains(.open(Fixtures.davi)))
        #expect(state.value.pane == .conversation)
        state.press("tab", "\"x")
        #expect(state.value.open?.editor.text == "x")
        #expect(state.value.pane == .conversation)
    }

    @Test func scrollingStaysWhereItIsWhileMessagesArrive() {
        let state = chat()
        let many = (1..<70).map {
            Fixtures.row($0, from: Fixtures.bia, "linha \($0)", at: Fixtures.at(13, Int($0) % 60))
        }
        state.update(.timelineLoaded(Timeline(peer: Fixtures.bia, rows: many, hasOlder: false), draft: nil))
        state.press("pageup")
        let before = state.value.lines[3..<18]
        let more =
            many
            + (70..<75).map { Fixtures.row($0, from: Fixtures.bia, "nova \($0)", at: Fixtures.at(14, 0)) }
        state.update(
            .timelineLoaded(Timeline(peer: Fixtures.bia, rows: more, hasOlder: false, unread: 5), draft: nil))
        #expect(state.value.lines[3..<18] == before)
        #expect(state.value.text.contains("↓ 5 new messages"))
        state.press("escape")
        #expect(state.value.open?.scroll == .end)
        #expect(state.value.text.contains("nova 74"))
    }

    // MARK: Leaving

    @Test func quittingSavesAndSaysWhatStays() {
        let state = chat()
        state.press("\"meio")
        #expect(
            state.press("ctrl-q") == [
                .typing(false, to: Fixtures.bia), .saveDraft("meio", for: Fixtures.bia), .open(nil), .finish,
            ])
        #expect(state.press("ctrl-q", "\"x") == [])
        let effects = state.update(.finished(OutboxSummary(queued: 2, failed: 1)))
        #expect(effects == [.leave(TerminalExit(reason: .quit, unsent: 2, waiting: 1))])
        let exit = TerminalExit(reason: .quit, unsent: 2, waiting: 1)
        #expect(exit.message(in: .english)?.contains("2 messages stay queued") == true)
        #expect(exit.message(in: .brazilianPortuguese)?.contains("2 mensagens ficam") == true)
        #expect(TerminalExit(reason: .quit).message(in: .english) == nil)
    }

    @Test func aCacheThatDoesNotAnswerHoldsNobody() {
        let state = chat()
        state.press("ctrl-q")
        #expect(state.wait(.milliseconds(500)) == [])
        #expect(
            state.wait(.milliseconds(600)) == [.leave(TerminalExit(reason: .quit, unsent: 1, waiting: 1))])
    }

    @Test func ctrlCQuitsTheSecondTime() {
        let state = chat()
        #expect(state.press("ctrl-c") == [])
        #expect(state.value.notice?.text.contains("1 queued") == true)
        state.wait(.seconds(4))
        #expect(state.press("ctrl-c") == [])
        #expect(state.press("ctrl-c").last == .finish)
    }

    @Test func signalsAndALostTerminalEndTheProgram() {
        let state = chat()
        #expect(state.update(.signal(15)).last == .finish)
        #expect(state.update(.finished(OutboxSummary())) == [.leave(TerminalExit(reason: .signal(15)))])
        #expect(TerminalExit(reason: .signal(15)).code == 143)
        #expect(TerminalExit(reason: .terminalLost).code == 129)
    }

    // MARK: The link

    @Test func theSecondsToTheNextTryCountDown() {
        let state = chat()
        state.update(
            .change(.link(.offline(reason: .silence, nextTry: state.value.instant + .milliseconds(2500)))))
        #expect(state.value.text.contains("next try in 3 s"))
        #expect(state.value.nextDeadline == state.value.instant + .seconds(1))
        state.wait(.seconds(1))
        #expect(state.value.text.contains("next try in 2 s"))
        state.wait(.seconds(2))
        #expect(state.value.text.contains("trying…"))
        #expect(state.press("ctrl-r") == [.reconnect])
    }

    /// News stand in the list; a warning that is being read stands nowhere else.
    @Test func newsDoNotTakeThePlaceOfAWarning() {
        var state = Fixtures.chat(50, 20)
        func receive() {
            let person = Person(id: Fixtures.caio, name: "Caio")
            _ = state.update(
                .change(
                    .notice(
                        .received(
                            from: person, row: RowID(90), content: String(repeating: "palavra ", count: 20),
                            isOpen: false))))
        }
        receive()
        #expect(state.text.contains("Caio Rocha: palavra") && state.notice?.kind == .news)
        // However long they are, they take no room of the conversation.
        #expect(!state.lines.dropLast().contains { $0.contains("palavra palavra") })
        state.press("\"/nada", "enter")
        receive()
        #expect(state.notice?.kind == .warning)
    }

    @Test func noticesGoByThemselves() {
        let state = chat()
        let person = Person(id: Fixtures.davi, name: "Davi Alves")
        state.update(
            .change(
                .notice(.received(from: person, row: RowID(1), content: "oi\u{1B}[2J\nali", isOpen: false))))
        #expect(state.value.text.contains("Davi Alves: oi␛[2J␤ali"))
        #expect(state.value.nextDeadline == state.value.notice?.until)
        state.wait(.seconds(10))
        #expect(state.value.notice == nil)
    }

    @Test func aLostSessionAsksToSignInAgain() {
        let state = chat()
        state.press("\"meio")
        let effects = state.update(.change(.account(nil)))
        #expect(effects.contains(.saveDraft("meio", for: Fixtures.bia)) && effects.contains(.open(nil)))
        guard case .signIn(let form) = state.value.stage else {
            Issue.record("not on the sign-in screen")
            return
        }
        #expect(form.email.text == "ana@exemplo.com" && form.field == .password)
    }

    @Test(arguments: [
        (ChatNotice.signInAgain, "Your session has ended"),
        (.sessionEnded, "This session was ended from elsewhere"),
    ])
    func anEndedSessionSaysThatNothingIsLost(notice: ChatNotice, words: String) {
        let state = chat()
        #expect(state.update(.change(.notice(notice))) == [.open(nil)])
        #expect(state.value.text.contains("nothing is lost") && state.value.text.contains(words))
        #expect(state.update(.change(.account(nil))) == [])
        #expect(state.press("\"segredo", "enter") == [.signIn(email: "ana@exemplo.com", password: "segredo")])
        #expect(state.update(.signedIn(Fixtures.account)) == [.rememberServer, .loadConversations])
        #expect(state.update(.conversationsLoaded(Fixtures.conversations)).first == .show(Fixtures.bia))
    }
}
