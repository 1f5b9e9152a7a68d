import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// The composer as a value: what a text is, where its draft is, and what the other side is told of the typing.
struct ComposerTests {
    private let start = MonotonicInstant(nanoseconds: 0)

    private func composer(typing text: String) -> Composer {
        var composer = Composer(peer: Fixtures.bia)
        for character in text { composer.insert(String(character), isTyped: true, .english) }
        return composer
    }

    // MARK: What Enter does

    @Test(
        "What was typed",
        arguments: [
            ("", Submission.nothing), ("  \n ", .nothing), ("olá", .message("olá")),
            ("/list", .command("list")),
            ("/", .command("")), ("//list", .message("/list")), ("///", .message("//")),
            ("a /list", .message("a /list")), (" /list", .message(" /list")), ("/a\nb", .message("/a\nb")),
        ])
    func typed(text: String, expected: Submission) {
        #expect(composer(typing: text).submission == expected)
    }

    @Test(
        "What was pasted, or came from the editor program, is text",
        arguments: [
            ("/list", Submission.message("/list")), ("//list", .message("//list")), ("olá", .message("olá")),
        ])
    func pasted(text: String, expected: Submission) {
        var composer = Composer(peer: Fixtures.bia)
        composer.insert(text, isTyped: false, .english)
        #expect(composer.submission == expected)
        composer = Composer(peer: Fixtures.bia)
        composer.replace(withText: text)
        #expect(composer.submission == expected)
    }

    @Test func aSlashPutBeforeATextMakesItACommandOnlyWhenTyped() {
        var composer = composer(typing: "list")
        composer.editor.moveToStart()
        composer.insert("/", isTyped: true, .english)
        #expect(composer.submission == .command("list"))
        composer = self.composer(typing: "list")
        composer.editor.moveToStart()
        composer.insert("/", isTyped: false, .english)
        #expect(composer.submission == .message("/list"))
    }

    @Test func theLengthCountsCodePoints() {
        var composer = Composer(peer: Fixtures.bia)
        composer.insert(String(repeating: "é", count: 5000), isTyped: false, .english)
        #expect(composer.submission == .message(String(repeating: "é", count: 5000)))
        composer.insert("é", isTyped: false, .english)
        #expect(composer.submission == .tooLong)
    }

    @Test func aPasteThatIsFarTooLongIsCut() {
        let composer = composer(typing: "ab")
        let limit = ChatModel.messageLengthMax
        let small = String(repeating: "x", count: 2 * limit - 2)
        #expect(composer.fitting(small) == small, "a little too long can still be shortened by hand")
        #expect(composer.fitting(small + "x").count == limit - 2)
        var full = Composer(peer: Fixtures.bia)
        full.insert(String(repeating: "y", count: limit + 10), isTyped: false, .english)
        #expect(full.fitting(small) == "")
    }

    // MARK: Emoji

    @Test(
        arguments: [
            ("a :smile:", "a 😀"), (":heart:", "❤️"), (":x:", ":x:"), ("a:smile:", "a:smile:"),
            (":nosuchname:", ":nosuchname:"), ("::", "::"),
        ])
    func aNameBetweenColonsBecomesItsEmoji(text: String, expected: String) {
        #expect(composer(typing: text).editor.text == expected)
    }

    // MARK: Drafts

    @Test func aDraftIsSavedAfterAPauseAndOnce() {
        var composer = composer(typing: "olá")
        _ = composer.changed(at: start)
        #expect(composer.draftDeadline == start + Composer.draftDelay)
        composer.insert("!", isTyped: true, .english)
        _ = composer.changed(at: start + .milliseconds(400))
        #expect(composer.draftDeadline == start + Composer.draftDelay, "the first change counts")
        #expect(composer.saveDraftIfDue(at: start + .milliseconds(499)) == [])
        #expect(
            composer.saveDraftIfDue(at: start + .milliseconds(500)) == [.saveDraft("olá!", for: Fixtures.bia)]
        )
        #expect(composer.draftDeadline == nil)
        #expect(composer.saveDraftIfDue(at: start + .seconds(9)) == [])
        #expect(composer.closing.contains(.typing(false, to: Fixtures.bia)))
        #expect(!composer.closing.contains(.saveDraft("olá!", for: Fixtures.bia)), "it is saved")
    }

    @Test func aDraftThatIsAgainAsItWasIsNotSaved() {
        var composer = Composer(peer: Fixtures.bia)
        composer.restore(draft: "a")
        composer.insert("b", isTyped: true, .english)
        _ = composer.changed(at: start)
        composer.editor.deleteBackward()
        _ = composer.changed(at: start)
        #expect(composer.saveDraftIfDue(at: start + .seconds(1)) == [])
    }

    @Test func anUnsavedDraftIsSavedOnLeaving() {
        var composer = composer(typing: "meia")
        _ = composer.changed(at: start)
        #expect(
            composer.closing == [.typing(false, to: Fixtures.bia), .saveDraft("meia", for: Fixtures.bia)])
        #expect(Composer(peer: Fixtures.bia).closing == [])
    }

    @Test(
        "A draft comes back as what it was",
        arguments: ["olá", "/list", "//texto"])
    func drafts(text: String) {
        var composer = composer(typing: text)
        let before = composer.submission
        _ = composer.changed(at: start)
        guard case .saveDraft(let draft, _)? = composer.saveDraftIfDue(at: start + .seconds(1)).first else {
            Issue.record("not saved")
            return
        }
        var later = Composer(peer: Fixtures.bia)
        later.restore(draft: draft)
        #expect(later.submission == before)
    }

    @Test func aPastedSlashSurvivesItsDraft() {
        var composer = Composer(peer: Fixtures.bia)
        composer.insert("/etc/passwd", isTyped: false, .english)
        _ = composer.changed(at: start)
        #expect(
            composer.saveDraftIfDue(at: start + .seconds(1)) == [
                .saveDraft("//etc/passwd", for: Fixtures.bia)
            ])
        var later = Composer(peer: Fixtures.bia)
        later.restore(draft: "//etc/passwd")
        #expect(later.submission == .message("/etc/passwd"))
    }

    // MARK: Typing

    @Test func typingIsToldWhileAMessageIsWritten() {
        let (typing, stopped) = (
            [Effect.typing(true, to: Fixtures.bia)], [Effect.typing(false, to: Fixtures.bia)]
        )
        var composer = composer(typing: " ")
        #expect(composer.changed(at: start) == [], "white space is no message")
        composer.insert("a", isTyped: true, .english)
        #expect(composer.changed(at: start) == typing)
        composer.insert("b", isTyped: true, .english)
        #expect(composer.changed(at: start) == typing, "for every key")
        composer.editor.clear()
        #expect(composer.changed(at: start) == stopped)
        #expect(composer.changed(at: start) == [])
        var command = self.composer(typing: "/list")
        #expect(command.changed(at: start) == [], "commands are nobody's business")
    }

    @Test func sendingEndsTheTypingWithoutAWord() {
        var composer = composer(typing: "olá")
        _ = composer.changed(at: start)
        composer.empty()
        #expect(composer.closing == [])
        #expect(composer.draftDeadline == nil)
        #expect(composer.submission == .nothing)
    }

    @Test func aCommandLeavesNoDraftBehind() {
        var composer = composer(typing: "/list")
        _ = composer.changed(at: start)
        _ = composer.saveDraftIfDue(at: start + .seconds(1))
        #expect(composer.emptyOfCommand() == [.saveDraft("", for: Fixtures.bia)])
        var quick = self.composer(typing: "/list")
        #expect(quick.emptyOfCommand() == [])
    }

    // MARK: The history

    @Test func textsThatWereSentComeBack() {
        var composer = Composer(peer: Fixtures.bia)
        let history = ["um", "/list", "//texto"]
        #expect(composer.recall(1, from: history) == false, "nothing is newer than now")
        #expect(composer.recall(-1, from: history) == true)
        #expect(composer.submission == .message("/texto"))
        #expect(composer.recall(-1, from: history) == true)
        #expect(composer.submission == .command("list"))
        #expect(composer.recall(-1, from: history) == true)
        #expect(composer.submission == .message("um"))
        #expect(composer.recall(-1, from: history) == false, "that was the first")
        #expect(composer.recall(1, from: history) == true)
        #expect(composer.recall(1, from: history) == true)
        #expect(composer.recall(1, from: history) == true)
        #expect(composer.editor.isEmpty)
    }

    @Test func whatWasBegunIsNotReplacedByTheHistory() {
        var composer = composer(typing: "meia frase")
        #expect(composer.recall(-1, from: ["um"]) == false)
        #expect(composer.editor.text == "meia frase")
        var recalled = Composer(peer: Fixtures.bia)
        #expect(recalled.recall(-1, from: ["um", "dois"]) == true)
        recalled.insert("!", isTyped: true, .english)
        #expect(recalled.recall(-1, from: ["um", "dois"]) == false, "a changed text is one's own")
    }

    // MARK: Texts that come back

    @Test(
        arguments: [
            ("", "olá", "olá"), ("depois", "olá", "olá\ndepois"), ("", "/tmp", "//tmp"),
            ("/x", "/tmp", "//tmp\n/x"),
        ])
    func aRefusedTextIsPutBeforeWhatIsThere(present: String, text: String, expected: String) {
        var composer = composer(typing: present)
        composer.putBack(text)
        #expect(composer.editor.text == expected)
        #expect(composer.editor.after == "", "the cursor is at the end")
    }

    @Test func aTextPutBackIsSentAsItWas() {
        for text in ["olá", "/tmp", "//x"] {
            var composer = Composer(peer: Fixtures.bia)
            composer.putBack(text)
            #expect(composer.submission == .message(text))
        }
    }

    // MARK: Changing a message

    private func row(_ state: RowState, _ content: String = "antigo") -> TimelineRow {
        Fixtures.row(8, from: Fixtures.me, content, at: Fixtures.at(14, 0), state)
    }

    @Test(arguments: [(RowState.queued, false), (.failed, true), (.held, true)])
    func aWaitingMessageIsChanged(state: RowState, sendsAgain: Bool) {
        var composer = composer(typing: "rascunho")
        composer.beginChanging(row(state), TempID("t8"))
        #expect(composer.editor.text == "antigo")
        let edited = EditedMessage(tempID: TempID("t8"), sendsAgain: sendsAgain, setAside: "rascunho")
        #expect(composer.edited == edited)
        composer.insert("!", isTyped: true, .english)
        #expect(composer.submission == .change(edited, to: "antigo!"))
        #expect(composer.changed(at: start) == [], "the other side learns nothing of it")
        composer.editor.clear()
        #expect(composer.submission == .emptyChange)
        #expect(composer.stopChanging(at: start) == [.typing(true, to: Fixtures.bia)])
        #expect(composer.submission == .message("rascunho"))
        #expect(composer.stopChanging(at: start) == [])
    }

    @Test func aChangedMessageMayBeginWithASlash() {
        var composer = Composer(peer: Fixtures.bia)
        composer.beginChanging(row(.queued, "/etc"), TempID("t8"))
        guard case .change(_, to: "/etc") = composer.submission else {
            Issue.record("\(composer.submission)")
            return
        }
    }

    @Test func theDraftOutlivesAChange() {
        var composer = composer(typing: "/list")
        composer.beginChanging(row(.queued), TempID("t8"))
        #expect(composer.closing == [.saveDraft("/list", for: Fixtures.bia)])
        _ = composer.stopChanging(at: start)
        #expect(composer.submission == .command("list"))
    }

    // MARK: Completing

    @Test(
        "Keys in the list of completions",
        arguments: [
            (Command.down, nil, 1), (.down, 0, 1), (.down, 2, 2), (.up, nil, 0), (.up, 2, 1), (.up, 0, 0),
            (.pageUp, 2, 0), (.pageDown, 0, 2),
        ] as [(Command, Int?, Int)])
    func moves(command: Command, before: Int?, after: Int) {
        var composer = composer(typing: "/p")
        composer.completionCursor.index = before
        #expect(composer.complete(command, from: Self.list) == .moved)
        #expect(composer.completionCursor.index == after)
        composer.insert("x", isTyped: true, .english)
        #expect(composer.completionCursor.index == nil, "another text begins anew")
    }

    private static let list = CompletionList(
        items: ["pin", "profile", "plain"].map { CompletionList.Item(text: $0, label: $0, detail: "") },
        replaced: 1)

    @Test func tabTakesTheFirstAndEnterOnlyWhatWasChosen() {
        var composer = composer(typing: "/p")
        #expect(composer.complete(.accept, from: Self.list) == nil, "Enter goes on to the composer")
        #expect(composer.complete(.edit(.left), from: Self.list) == nil)
        #expect(composer.complete(.switchPane, from: Self.list) == .taken(runs: false))
        #expect(composer.editor.text == "/pin")
        composer = self.composer(typing: "/p")
        composer.completionCursor.index = 2
        #expect(composer.complete(.accept, from: Self.list) == .taken(runs: true))
        #expect(composer.editor.text == "/plain")
        composer = self.composer(typing: "/p")
        #expect(composer.complete(.cancel, from: Self.list) == .moved)
        #expect(composer.completionCursor.isDismissed)
    }
}
