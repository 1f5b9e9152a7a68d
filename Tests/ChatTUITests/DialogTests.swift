import ChatClientCore
import ChatNet
import ChatWire
import Testing

@testable import ChatTUI

struct DialogTests {
    // MARK: The switcher

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
        for command in SlashCommand.allCases { #expect(text.contains("/" + command.names(.english)[0])) }
    }

    @Test func helpScrollsToItsEndAndNotBeyond() {
        var state = Fixtures.chat(60, 16)
        state.press("f1")
        for _ in 0..<30 { state.press("pagedown") }
        #expect(state.dialog == .help(scroll: HelpDialog.scrollMax(state)))
        #expect(state.text.contains("//…"))
        for _ in 0...HelpDialog.scrollMax(state) { state.press("up") }
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
