import Testing

@testable import ChatTUI

struct KeyBindingsTests {
    private func bindings(_ pairs: (String, [String])...) throws(KeyBindings.Problem) -> KeyBindings {
        var bindings = KeyBindings()
        for (command, keys) in pairs { try bindings.bind(command, to: keys) }
        return bindings
    }

    @Test func aKeyTakenFromACommandIsTakenAway() throws {
        let keymap = try bindings(("next-unread", ["ctrl-n", "f5"]), ("find-people", ["alt-n"]))
            .applied(to: .standard)
        #expect(keymap.command(for: Key(.function(5))) == .nextUnread)
        #expect(keymap.command(for: .character("n", .control)) == .nextUnread)
        #expect(keymap.command(for: .character("n", .alt)) == .findPeople)
        // What it had before is free.
        #expect(keymap.command(for: .character("a", .alt)) == nil)
        #expect(keymap.key(for: .findPeople)?.displayName == "Alt-N")
    }

    @Test func aDefaultGivesWayToTheOwnBinding() throws {
        let keymap = try bindings(("toggle-list", ["tab", "alt-1"])).applied(to: .standard)
        #expect(keymap.command(for: Key(.tab)) == .toggleList)
        #expect(keymap.command(for: Key(.tab, .shift)) == .switchPane)
        #expect(keymap.command(for: .character("1", .alt)) == .toggleList)
    }

    /// While a message is chosen, letters are free, and its keys take nothing from the others.
    @Test func theKeysOfChosenMessagesAreTheirOwn() throws {
        let keymap = try bindings(("message-copy", ["x", "ctrl-k"])).applied(to: .standard)
        #expect(keymap.messageCommand(for: .character("x")) == .copy)
        #expect(keymap.messageCommand(for: .character("c")) == nil)
        #expect(keymap.command(for: .character("k", .control)) == .switcher)
    }

    @Test func noKeysLeaveACommandWithoutAny() throws {
        let keymap = try bindings(("suspend", [])).applied(to: .standard)
        #expect(keymap.command(for: .character("z", .control)) == nil)
        #expect(keymap.key(for: .suspend) == nil)
    }

    @Test func mistakesAreNamed() {
        #expect(throws: KeyBindings.Problem.unknownCommand("nxt-unread")) {
            try bindings(("nxt-unread", ["f5"]))
        }
        #expect(throws: KeyBindings.Problem.unknownKey("ctrl-foo")) { try bindings(("quit", ["ctrl-foo"])) }
        #expect(throws: KeyBindings.Problem.types("q")) { try bindings(("quit", ["q"])) }
        #expect(throws: KeyBindings.Problem.taken(key: "F5", by: "quit")) {
            try bindings(("quit", ["f5"]), ("help", ["F5"]))
        }
    }

    /// Names are unique, can be written in TOML without quotes, and lead back to their command.
    @Test func everyCommandHasAName() {
        let names = KeyBindings.commandNames
        #expect(Set(names).count == names.count)
        for binding in Keymap.standard.bindings {
            #expect(Command(name: binding.command.name) == binding.command)
            #expect(binding.command.name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
        }
    }

    /// No key does two things, and every key's name is read back.
    @Test func theStandardKeymapIsWhole() {
        var seen: Set<[String]> = []
        for binding in Keymap.standard.bindings {
            #expect(!binding.keys.isEmpty, "\(binding.command)")
            for key in binding.keys {
                let place = [key.name, "\(binding.command.isForChosen)"]
                #expect(seen.insert(place).inserted, "\(key) is bound twice")
                #expect(Key(named: key.name) == key)
            }
        }
    }

    /// What hints and notices say is pressed is what is bound.
    @Test func hintsFollowTheKeymap() throws {
        var state = Fixtures.chat(120, 40)
        state.context.model.keymap = try bindings(
            ("message-retry", ["x"]), ("message-edit", []), ("message-next-hit", ["f3"]), ("cancel", ["f9"]),
            ("accept", ["f10"]), ("paste-cut", ["f8"]), ("interrupt", ["f7"]), ("search", ["f6"]),
            ("message-search", []), ("message-quote", ["Q"])
        ).applied(to: .standard)
        #expect(state.context.decisionHints == ["x retry", "d drop", "s as new"])
        #expect(state.context.decisionHints(isChosen: true) == ["x retry  d drop  s as new"])
        #expect(state.context.hitHint(2, of: "9+") == "hit 2 of 9+ · F3 next, N previous")
        #expect(state.context.closesHint + state.context.opensHint == ["F9 closes", "F10 opens"])
        #expect(state.context.noSearchYet == "Search first: F6.")
        state.press("f7")
        #expect(state.notice?.text.contains("F7 again quits") == true)
        state.press("alt-o")
        #expect(state.text.contains("F9 closes") && !state.text.contains("Esc"))
    }

    @Test func withoutAKeyThereIsNoHint() throws {
        var state = Fixtures.chat()
        state.context.model.keymap = try bindings(
            ("message-next-hit", []), ("message-previous-hit", []), ("search", []), ("message-search", []),
            ("choose-message", [])
        ).applied(to: .standard)
        #expect(state.context.hitHint(1, of: "3") == "hit 1 of 3")
        #expect(state.context.noSearchYet == "Search first: /search.")
        #expect(state.context.decisionHints(isChosen: false) == [])
    }

    @Test func helpFollowsTheKeymap() throws {
        var state = Fixtures.chat(120, 80)
        state.context.model.keymap = try bindings(("next-unread", ["f5"]), ("suspend", [])).applied(
            to: .standard)
        state.press("f1")
        #expect(state.text.contains("F5"))
        #expect(!state.text.contains("Alt-A"))
        #expect(!state.text.contains("Ctrl-Z"))
    }

    @Test func fixedKeysInTextsAreThoseThatAreBound() throws {
        var state = Fixtures.chat(100, 60)
        state.context.model.keymap = try bindings(
            ("up", ["alt-1"]), ("down", ["f4"]), ("cancel", ["f9"])
        ).applied(to: .standard)
        #expect(state.context.arrows == "Alt-1 F4")
        state.press("f1")
        #expect(state.text.contains("Alt-2 … Alt-9"))
        state.press("f9", "\"/keys", "enter")
        #expect(state.text.contains("F9 F9 closes"))
        state.press("escape", "escape", "f9")
        #expect(state.dialog != nil)
        state.press("f9")
        #expect(state.dialog == nil)
    }
}
