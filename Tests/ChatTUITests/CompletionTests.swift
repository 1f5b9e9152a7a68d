import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// Completing commands, names and emoji in the composer.
struct CompletionTests {
    private func typing(_ text: String, _ language: Language = .english) -> AppState {
        var state = Fixtures.chat(80, 24, language)
        state.press("\"" + text)
        return state
    }

    private func text(_ state: AppState) -> String? { state.open?.editor.text }

    // MARK: Commands

    @Test func anExactNameComesFirstInWhateverLanguage() {
        #expect(EmojiNames.matches("heart", .brazilianPortuguese).first?.name == "heart")
        #expect(EmojiNames.matches("heart", .english).first?.name == "heart")
    }

    @Test func aSlashListsEveryCommandWithItsExplanation() {
        let state = typing("/")
        #expect(state.completions?.items.count == SlashCommand.all(on: .full).count)
        #expect(state.text.contains("/help") && state.text.contains("keys and commands"))
        #expect(typing("/", .brazilianPortuguese).text.contains("teclas e comandos"))
    }

    @Test func typingNarrowsTheList() {
        #expect(typing("/re").completions?.items.map(\.label).contains("/rename new name") == true)
        #expect(typing("/xyz").completions == nil)
        #expect(typing("//he").completions == nil)
        #expect(typing("he/").completions == nil)
    }

    @Test func arrowsChooseAndEnterRunsWhatNeedsNoArgument() {
        var state = typing("/re")
        state.press("down", "down", "up")
        let chosen = state.completions?.items[state.open?.composer.completionCursor.index ?? 0].label
        #expect(chosen == "/remove")
        state.press("enter")
        #expect(state.dialog == .question(Question(.removeContact(Fixtures.bia, name: "Bia Souza"))))
    }

    @Test func enterCompletesWhatNeedsAnArgument() {
        var state = typing("/got")
        state.press("down", "enter")
        #expect(text(state) == "/goto ")
        #expect(state.completions?.items.count == 4)
        state.press("\"em", "tab")
        #expect(text(state) == "/goto Emma Clarke-Featherstonehaugh of Upper Wimbledon")
        #expect(state.press("enter").contains(.open(Fixtures.emma)))
    }

    @Test func escapeClosesTheListUntilTheTextChanges() {
        var state = typing("/he")
        state.press("escape")
        #expect(state.completions == nil && text(state) == "/he")
        state.press("\"l")
        #expect(state.completions != nil)
    }

    @Test func suggestionsForWhatIsMisspelt() {
        var state = typing("/serch abc")
        state.press("enter")
        #expect(state.notice?.text.contains("Did you mean /search?") == true)
        #expect(text(state) == "/serch abc")
        #expect(SlashCommand.suggestion(for: "ajua", on: .full, .brazilianPortuguese) == "ajuda")
        #expect(SlashCommand.suggestion(for: "", on: .full, .english) == nil)
        #expect(SlashCommand.suggestion(for: "etc/passwd", on: .full, .english) == nil)
    }

    // MARK: Emoji

    @Test func namesOfBothLanguagesAreFound() {
        #expect(EmojiNames.named("thumbsup", .english) == "👍")
        #expect(EmojiNames.named("joia", .english) == "👍")
        #expect(EmojiNames.named("coração", .brazilianPortuguese) == "❤️")
        #expect(EmojiNames.named("bug", .brazilianPortuguese) == "🐛")
        // Where both languages have a name, the person's own goes first.
        #expect(EmojiNames.named("legal", .brazilianPortuguese) == "😎")
        #expect(EmojiNames.named("nada_disso", .english) == nil)
    }

    @Test(arguments: Language.allCases)
    func everyEmojiHasANameInEveryLanguage(_ language: Language) {
        let entries = EmojiNames.entries(language)
        #expect(entries.count > 300)
        #expect(entries.map(\.emoji) == EmojiNames.entries(.english).map(\.emoji))
        #expect(Set(entries.map(\.emoji)).count == entries.count)
        for entry in entries {
            #expect(entry.emoji.count == 1 && TextWidth.of(entry.emoji) == 2, "\(entry.emoji)")
            // Names are looked for without accents.
            let isPlain = entry.names.joined().utf8.allSatisfy { byte in
                "abcdefghijklmnopqrstuvwxyz0123456789_+-".utf8.contains(byte)
            }
            #expect(isPlain && !entry.names.contains(""), "\(entry.names)")
        }
    }

    @Test func tabPutsTheEmojiInPlaceOfItsName() {
        var state = typing("oi :sor", .brazilianPortuguese)
        #expect(state.completions?.items.first?.text == "😀")
        state.press("tab")
        #expect(text(state) == "oi 😀")
    }

    @Test func enterSendsUnlessTheArrowsWereUsed() {
        var state = typing("nota :de")
        #expect(state.completions != nil)
        #expect(state.press("enter").last == .send("nota :de", to: Fixtures.bia))
        state = typing("oi :heart")
        state.press("down", "up")
        #expect(!state.press("enter").contains { if case .send = $0 { true } else { false } })
        #expect(text(state) == "oi ❤️")
    }

    @Test func theClosingColonReplacesAnExactName() {
        #expect(text(typing("oi :heart:")) == "oi ❤️")
        #expect(text(typing("oi :heartt:")) == "oi :heartt:")
        #expect(text(typing("às 10:30:15")) == "às 10:30:15")
        #expect(text(typing("a:heart:")) == "a:heart:")
    }

    @Test func undoTakesTheEmojiBack() {
        var state = typing("oi :heart:")
        state.press("ctrl-_")
        #expect(text(state) == "oi :heart:")
        state.press("alt-_")
        #expect(text(state) == "oi ❤️")
    }

    @Test func theCommandThatStandsThereIsOfferedFirst() {
        #expect(typing("/delete").completions?.items.map(\.text) == ["/delete", "/delete-conversation"])
        #expect(typing("/delete-").completions?.items.map(\.text) == ["/delete-conversation"])
    }

    // MARK: Names

    @Test func tabCompletesANameAndElseChangesThePane() {
        var state = typing("oi dav")
        state.press("tab")
        #expect(text(state) == "oi Davi " && state.pane == .conversation)
        state = typing("xyz")
        state.press("tab")
        #expect(state.pane == .list)
    }

    @Test func severalNamesMakeAList() {
        var state = typing("oi so")
        let people = Fixtures.conversations + [Conversation(peer: UserID(7), name: "Sofia Reis")]
        _ = state.update(.conversationsLoaded(people))
        state.press("tab")
        #expect(state.completions?.items.count == 2 && text(state) == "oi so")
        state.press("down", "tab")
        #expect(text(state) == "oi Sofia ")
    }
}
