import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// Moving among the messages, and what the keys do to the chosen one.
struct ChosenMessageTests {
    private func chosen(_ state: AppState) -> Int64? { state.open?.chosen?.row.rawValue }

    @Test func beginsWithWhatWaitsForThePerson() {
        var state = Fixtures.chat()
        #expect(state.press("alt-m").isEmpty)
        #expect(chosen(state) == 8)
        state = Fixtures.chat()
        _ = state.update(
            .timelineLoaded(Fixtures.timeline(Array(Fixtures.rows[..<7]), unread: 0), draft: nil))
        state.press("shift-up")
        #expect(chosen(state) == 7)
    }

    @Test func movesByMessageDayAndEnds() {
        var state = Fixtures.chat()
        state.press("alt-m", "up")
        #expect(chosen(state) == 7)
        state.press("k", "j", "down")
        #expect(chosen(state) == 8)
        state.press("[")
        #expect(chosen(state) == 2)
        state.press("[")
        #expect(chosen(state) == 1)
        state.press("]")
        #expect(chosen(state) == 2)
        state.press("home")
        #expect(chosen(state) == 1)
        state.press("up")
        #expect(chosen(state) == 1)
        state.press("G")
        #expect(chosen(state) == 9)
        state.press("pageup")
        #expect(chosen(state) ?? 9 < 9)
    }

    @Test func belowTheLastMessageIsTheComposer() {
        var state = Fixtures.chat()
        state.press("alt-m", "end", "down")
        #expect(state.open?.chosen == nil && state.open?.scroll == .end)
    }

    @Test func lettersAreKeysWhileChoosingAndTextAfterwards() {
        var state = Fixtures.chat()
        state.press("alt-m", "z")
        #expect(state.open?.editor.text == "")
        state.press("escape", "z")
        #expect(state.open?.chosen == nil && state.open?.editor.text == "z")
    }

    @Test func theChosenRowStaysInView() {
        var state = Fixtures.chat(42, 16)
        state.press("alt-m", "home")
        #expect(state.text.contains("Bom dia"))
        state.press("end")
        #expect(state.text.contains("este ainda vai"))
    }

    @Test func theCursorStaysOnItsMessageAndMovesOnWhenThatGoes() {
        var state = Fixtures.chat()
        state.press("alt-m", "up", "up")
        #expect(chosen(state) == 6)
        let more = Fixtures.rows + [Fixtures.row(20, from: Fixtures.bia, "mais uma", at: Fixtures.at(14, 6))]
        _ = state.update(.timelineLoaded(Fixtures.timeline(more, unread: 0), draft: nil))
        #expect(chosen(state) == 6)
        let fewer = more.filter { $0.id != RowID(6) }
        _ = state.update(.timelineLoaded(Fixtures.timeline(fewer, unread: 0), draft: nil))
        #expect(chosen(state) == 7)
    }

    // MARK: Keys

    @Test func copyGivesTheTextToTheTerminal() {
        var state = Fixtures.chat()
        #expect(state.press("alt-m", "home", "c") == [.copy("Bom dia, Bia!")])
        _ = state.update(.copied(.refused))
        #expect(state.notice?.kind == .warning)
    }

    /// Nobody learns whether a terminal took a copy: what is said is what was done, and what to set.
    @Test func noCopyIsClaimedThatNobodyCanKnowOf() {
        var state = Fixtures.chat()
        let said: [(CopyOutcome, String)] = [
            (.inTmuxBuffer, "tmux's buffer"), (.handedOver(.tmux), "set -s set-clipboard on"),
            (.handedOver(.screen), "OSC 52"), (.handedOver(.terminal), "OSC 52"),
        ]
        for (outcome, words) in said {
            _ = state.update(.copied(outcome))
            #expect(state.notice?.text.contains(words) == true)
            #expect(state.notice?.text.contains("Copied") == false)
        }
    }

    @Test func quoteBeginsAnAnswer() {
        var state = Fixtures.chat()
        state.press("\"sim")
        state.press("alt-m", "[", "down", "q")
        #expect(state.open?.editor.text == "> Vi o servidor novo 😀\n> e ficou muito bom\nsim")
        #expect(state.open?.chosen == nil)
    }

    @Test func longQuotesAreCut() {
        let long = (1...30).map { "linha \($0)" }.joined(separator: "\n")
        #expect(Quote.of(long).split(separator: "\n").count == 11)
        #expect(Quote.of("a\n\nb") == "> a\n> \n> b\n")
    }

    @Test func deletingASentMessageAsks() {
        var state = Fixtures.chat()
        #expect(state.press("alt-m", "home", "d").isEmpty)
        #expect(state.text.contains("deleted for both sides"))
        // The harmless answer is the one that Enter gives.
        #expect(state.press("enter").isEmpty && state.dialog == nil)
        #expect(state.press("delete", "y") == [.delete(RowID(1))])
        #expect(state.notice?.text == "Deleted for both sides.")
    }

    @Test func deletingOfflineSaysWhenItHappens() {
        var state = Fixtures.chat(80, 24, .brazilianPortuguese)
        _ = state.update(.change(.link(.offline(reason: .silence, nextTry: nil))))
        #expect(state.press("alt-m", "home", "d", "s") == [.delete(RowID(1))])
        #expect(state.notice?.text.contains("quando a conexão voltar") == true)
    }

    @Test func messagesOfOthersStay() {
        var state = Fixtures.chat()
        #expect(state.press("alt-m", "home", "down", "d").isEmpty)
        #expect(state.dialog == nil && state.notice?.text == "Only your own messages can be deleted.")
    }

    @Test func droppedTextComesBackWithYank() {
        var state = Fixtures.chat()
        #expect(state.press("alt-m", "d") == [.discard([TempID("t8")])])
        state.press("escape", "ctrl-y")
        #expect(state.open?.editor.text == "texto que não foi")
    }

    @Test func whatWaitsCanGoAgain() {
        var state = Fixtures.chat()
        #expect(state.press("alt-m", "r") == [.retry([TempID("t8")])])
        #expect(state.press("s") == [.sendAsNew(TempID("t8"))])
        // A queued one goes at once; what was sent does not go again.
        #expect(state.press("end", "r") == [.retry([TempID("t9")])])
        #expect(state.press("home", "r").isEmpty)
        #expect(state.press("s").isEmpty)
    }

    @Test func linksAreShownBeforeTheyAreOpened() {
        var state = Fixtures.chat()
        state.press("alt-m", "up")
        #expect(state.press("o").isEmpty)
        let link = "https://exemplo.com/relatorio/2026/novembro/primeira-versao.pdf"
        #expect(state.dialog == .question(Question(.openLink(link))))
        #expect(state.press("enter") == [.openLink(link)])
        _ = state.update(.linkOpened(false))
        #expect(state.notice?.kind == .warning)
        #expect(state.press("up", "o").isEmpty)
        #expect(state.notice?.text == "No link in this message.")
    }

    @Test func ofSeveralLinksOneIsChosen() {
        var state = Fixtures.chat()
        let row = Fixtures.row(
            7, from: Fixtures.bia, "http://a.example (https://b.example/x)", at: Fixtures.at(14, 4))
        _ = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
        state.press("alt-m", "o", "down")
        #expect(state.text.contains("https://b.example/x"))
        #expect(state.press("enter") == [.openLink("https://b.example/x")])
    }

    @Test func linksOfOtherKindsAreNotOpened() {
        #expect(RichText.links(in: "file:///etc/passwd javascript:alert(1) ftp://x.y/ mailto:a@b").isEmpty)
        #expect(!Browser.open("file:///etc/passwd", environment: [:]))
    }

    @Test func detailsTellStateAndIDs() {
        var state = Fixtures.chat()
        state.press("alt-m", "i")
        #expect(
            state.text.contains("refused by the server") && state.text.contains("A mensagem é muito longa"))
        state.press("escape", "home", "enter")
        #expect(state.text.contains("•✓✓  read") && state.text.contains("13 characters"))
    }

    // MARK: Changing an unsent message

    @Test func editingBringsTheTextAndKeepsTheDraft() {
        var state = Fixtures.chat()
        state.press("\"rascunho")
        state.press("alt-m", "e")
        #expect(state.open?.editor.text == "texto que não foi")
        #expect(state.text.contains("editing an unsent message"))
        state.press("\"!")
        let effects = state.press("enter")
        #expect(
            effects.contains(
                .edit(TempID("t8"), "texto que não foi!", to: Fixtures.bia, sendsAgain: true)))
        #expect(state.open?.editor.text == "rascunho" && state.open?.edited == nil)
    }

    @Test func theChangedTextIsNoDraft() {
        var state = Fixtures.chat()
        state.press("alt-m", "e", "\"?")
        #expect(!state.wait(.seconds(2)).contains { if case .saveDraft = $0 { true } else { false } })
        #expect(!state.press("alt-2").contains { if case .saveDraft = $0 { true } else { false } })
    }

    @Test func escapeLeavesTheMessageAsItWas() {
        var state = Fixtures.chat()
        state.press("\"a", "alt-m", "end", "e", "\"x", "escape")
        #expect(state.open?.editor.text == "a" && state.open?.edited == nil)
    }

    @Test func anEmptyEditIsNotSent() {
        var state = Fixtures.chat()
        state.press("alt-m", "e", "ctrl-u")
        #expect(!state.press("enter").contains { if case .edit = $0 { true } else { false } })
        #expect(state.open?.edited != nil)
    }

    @Test func aRefusedEditKeepsItsText() {
        var state = Fixtures.chat()
        state.press("\"antes")
        _ = state.update(
            .sendRefused("mudada", to: Fixtures.bia, .invalid(.alreadyOnItsWay(TempID("t9")))))
        #expect(state.open?.editor.text == "mudada\nantes")
    }

    @Test func sentMessagesAreNotEdited() {
        var state = Fixtures.chat()
        state.press("alt-m", "home", "e")
        #expect(state.open?.edited == nil && state.notice?.text.contains("q quotes it") == true)
    }
}
