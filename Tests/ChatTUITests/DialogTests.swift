import ChatClientCore
import ChatNet
import ChatWire
import Testing

@testable import ChatTUI

struct DialogTests {
    // MARK: Questions

    /// Whatever the size, all of a question and its answers can be read.
    @Test(arguments: Language.allCases)
    func aQuestionIsNeverCut(_ language: Language) {
        let name = "Emma Clarke-Featherstonehaugh of Upper Wimbledon"
        let long = String(repeating: "uma linha comprida ", count: 40)
        let subjects: [Question.Subject] = [
            .deleteMessage(Fixtures.row(5, from: Fixtures.me, long, at: Fixtures.at(9, 0))),
            .openLink("https://exemplo.com/" + String(repeating: "a/", count: 60)), .paste(long, lines: 201),
            .held(1), .held(12), .heldFromFormerServer(3), .removeContact(Fixtures.emma, name: name),
            .deleteConversation(Fixtures.emma, name: name),
        ]
        for subject in subjects {
            for size in [(30, 10), (24, 8), (40, 12), (80, 24), (30, 16)] {
                var state = Fixtures.chat(80, 24, language)
                _ = state.update(.resized(Size(columns: size.0, rows: size.1)))
                state.dialog = .question(Question(subject))
                var shown = words(state)
                for _ in 0..<12 {
                    state.press("pagedown")
                    shown += " " + words(state)
                }
                let seen = Set(shown.split(separator: " "))
                var wanted = state.strings.title(of: subject) + " " + state.strings.explanation(of: subject)
                for answer in Question(subject).answers {
                    wanted += " " + state.strings.answer(answer, to: subject)
                }
                for word in wanted.split(separator: " ") {
                    #expect(seen.contains(word), "\(word) of \(subject) at \(size)\n\(state.text)")
                }
            }
        }
        var state = Fixtures.chat(30, 10, .brazilianPortuguese)
        state.dialog = .question(Question(.deleteConversation(Fixtures.bia, name: "Bia Souza")))
        #expect(words(state).contains("Não dá para desfazer.") && words(state).contains("os dois"))
    }

    /// The words on the screen, whatever lines they stand in.
    private func words(_ state: AppState) -> String {
        state.lines.joined(separator: " ").split { " │╭╮╰╯─".contains($0) }.joined(separator: " ")
    }

    @Test func whatWasSaidOfTheDiskGoesWhenItIsOver() {
        for over in [ChatChange.link(.online), .outbox(OutboxSummary())] {
            var state = Fixtures.chat()
            state.context.say(state.strings.storageFailed, .error, for: .seconds(15))
            #expect(state.text.contains("Nothing can be written to the disk."))
            _ = state.update(.change(over))
            #expect(!state.text.contains("Nothing can be written to the disk."))
        }
    }

    @Test func helpGoesToItsEnds() {
        var state = Fixtures.chat(80, 12)
        state.press("f1", "end")
        #expect(state.dialog == .help(scroll: HelpDialog.scrollMax(state.context)))
        state.press("home")
        #expect(state.dialog == .help(scroll: 0))
    }

    // MARK: The switcher

    @Test(arguments: ["bia", "Bia", "BÍA", "b", "bi", "bia s", "souza", "so", "bias", "ｂｉａ"])
    func noStrangerTakesTheFirstPlaceInTheSwitcher(_ query: String) {
        let friend = Conversation(peer: UserID(50), name: "Bia Souza", email: "bia@exemplo.com")
        let names = [
            "Bia", "bia", "BIA", "Bía", "B", "Bi", "Bia Souza", "Bia  Souza", "Bia S", "Souza", "So",
            "\u{200B}Bia",
            "Bias", "Віа", "ｂｉａ", "bia@exemplo.com",
        ]
        let strangers = names.enumerated().map { offset, name in
            Conversation(
                peer: UserID(Int64(100 + offset)), name: name, email: "\(query)@x.com", unread: 9,
                isContact: false, isPinned: true)
        }
        var switcher = Switcher()
        switcher.query = LineEditor(query)
        #expect(switcher.matches(in: strangers + [friend]).first?.peer == friend.peer)
        switcher.query = LineEditor("")
        #expect(switcher.matches(in: strangers + [friend]).first?.peer == friend.peer)
    }

    @Test func enterOnAFewLettersOpensTheContact() {
        var state = Fixtures.chat()
        let stranger = Conversation(
            peer: UserID(66), name: "Caio", lastTime: Fixtures.at(14, 4), isContact: false)
        _ = state.update(.conversationsLoaded([stranger] + Fixtures.conversations))
        state.press("ctrl-k", "\"caio")
        #expect(state.text.contains("no contact"))
        #expect(state.press("enter").contains(.open(Fixtures.caio)))
        state.press("alt-1", "\"/goto caio", "enter")
        #expect(state.open?.peer == Fixtures.caio)
    }

    @Test func aGivenNameComesBeforeOneThatAContactChose() {
        let given = Conversation(peer: UserID(70), name: "Bia Lima", isNameGiven: true)
        let chosen = Conversation(peer: UserID(60), name: "Bia")
        var switcher = Switcher()
        switcher.query = LineEditor("bia")
        #expect(switcher.matches(in: [chosen, given]).map(\.peer) == [given.peer, chosen.peer])
        // Who wrote last does not change where the same letters lead.
        let other = Conversation(peer: UserID(80), name: "Bia Melo", isNameGiven: true)
        #expect(switcher.matches(in: [other, given]) == [given, other])
        #expect(switcher.matches(in: [given, other]) == [given, other])
    }

    @Test func theSwitcherGoesToTheBestMatch() {
        let state = Box(Fixtures.chat())
        state.press("ctrl-k", "\"rocha")
        #expect(state.press("enter").contains(.open(Fixtures.caio)))
        #expect(state.value.dialog == nil)
    }

    @Test func withoutAQueryTheUnreadComeFirst() {
        let matches = Switcher().matches(in: Fixtures.conversations)
        #expect(matches.map(\.peer) == [Fixtures.bia, Fixtures.davi, Fixtures.caio, Fixtures.emma])
    }

    @Test func matchingIgnoresCaseAndAccents() {
        let people = ["João Ávila", "Joana Prado", "Ana João"].enumerated().map {
            Conversation(peer: UserID(Int64($0.offset)), name: $0.element)
        }
        var switcher = Switcher()
        switcher.query = LineEditor("joao a")
        #expect(switcher.matches(in: people).map(\.name).first == "João Ávila")
        switcher.query = LineEditor("AVILA")
        #expect(switcher.matches(in: people).map(\.name) == ["João Ávila"])
        switcher.query = LineEditor("zz")
        #expect(switcher.matches(in: people).isEmpty)
    }

    @Test func escapeChangesNothing() {
        let state = Box(Fixtures.chat())
        state.press("ctrl-k", "\"caio", "down")
        #expect(state.press("escape") == [])
        #expect(state.value.dialog == nil && state.value.open?.peer == Fixtures.bia)
        #expect(state.value.open?.editor.isEmpty == true)
        state.press("ctrl-k", "\"zzzz")
        #expect(state.press("enter") == [])
    }

    // MARK: Finding people

    @Test func peopleAreAskedForWhenTypingPauses() {
        let state = Box(Fixtures.chat())
        state.press("ctrl-n", "\"r")
        #expect(state.wait(.seconds(1)) == [])
        state.press("\"o")
        #expect(state.wait(.milliseconds(100)) == [])
        state.press("\"s")
        #expect(state.wait(.milliseconds(300)) == [.findPeople("ros")])
        #expect(state.wait(.seconds(2)) == [])
        let rosa = Person(id: UserID(9), name: "Rosa Prado", email: "rosa@exemplo.com")
        state.update(.peopleFound([Person(id: UserID(8), name: "velha")], query: "ro"))
        #expect(!state.value.text.contains("velha"))
        state.update(.peopleFound([rosa], query: "ros"))
        #expect(state.value.text.contains("rosa@exemplo.com"))
        #expect(state.press("enter") == [.addContact(UserID(9), name: "Rosa Prado")])
        let effects = state.update(.contactAdded(UserID(9), name: "Rosa Prado"))
        #expect(effects.contains(.open(UserID(9))) && effects.contains(.loadConversations))
        #expect(state.value.dialog == nil)
    }

    @Test func somebodyKnownIsOpened() {
        let state = Box(Fixtures.chat())
        state.press("ctrl-n", "\"caio")
        state.wait(.seconds(1))
        state.update(.peopleFound([Person(id: Fixtures.caio, name: "Caio Rocha")], query: "caio"))
        #expect(state.press("enter").contains(.open(Fixtures.caio)))
    }

    @Test func aFailedSearchSaysSoAndCanBeRepeated() {
        let state = Box(Fixtures.chat())
        state.press("ctrl-n", "\"rosa")
        state.wait(.seconds(1))
        state.update(.findFailed(.network(.refused(endpoint: "x:1")), query: "rosa"))
        #expect(state.value.text.contains("connection refused by x:1"))
        #expect(state.press("enter") == [.findPeople("rosa")])
    }

    // MARK: Help

    @Test func helpNamesEveryKeyAndCommand() {
        var state = Fixtures.chat(100, 140)
        state.press("f1")
        let text = state.text
        for binding in state.keymap.bindings {
            #expect(text.contains(state.strings.describe(binding.command)))
            #expect(text.contains(binding.keys[0].displayName))
        }
        for command in SlashCommand.all(on: .full) {
            #expect(text.contains("/" + command.names(.english)[0]))
        }
    }

    @Test func helpScrollsToItsEndAndNotBeyond() {
        var state = Fixtures.chat(60, 16)
        state.press("f1")
        for _ in 0..<30 { state.press("pagedown") }
        #expect(state.dialog == .help(scroll: HelpDialog.scrollMax(state.context)))
        #expect(state.text.contains("//…"))
        for _ in 0...HelpDialog.scrollMax(state.context) { state.press("up") }
        #expect(state.dialog == .help(scroll: 0))
        state.press("f1")
        #expect(state.dialog == nil)
    }
}

struct KeymapTests {
    @Test func everyNameInTheKeymapIsAKeyAndNoKeyHasTwoMeanings() {
        for isChosen in [true, false] {
            let keys = Keymap.standard.bindings.filter { ($0.section == .chosen) == isChosen }.flatMap(\.keys)
            #expect(Set(keys).count == keys.count)
        }
        for binding in Keymap.standard.bindings { #expect(!binding.keys.isEmpty) }
    }

    @Test func names() {
        #expect(Key(named: "Ctrl-Alt-x") == Key(.character("x"), [.control, .alt]))
        #expect(Key(named: "alt--") == .character("-", .alt))
        #expect(Key(named: "F25") == nil && Key(named: "nokey") == nil && Key(named: "") == nil)
        #expect(
            Key(.character("k"), .control).displayName == "Ctrl-K"
                && Key(.character("k"), .control).hintName == "^K")
        #expect(Key(.enter, .alt).displayName == "Alt-Enter" && Key(.function(1)).hintName == "F1")
    }
}
