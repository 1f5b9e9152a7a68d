import ChatClientCore
import ChatWire
import Testing

@testable import ChatTUI

/// Every key of every command: in this state, it leads to that state and these effects.
struct KeyCommandTests {
    struct Case: Sendable {
        let command: Command
        let state: @Sendable () -> AppState
        let holds: @Sendable (_ before: AppState, _ after: AppState, _ effects: [Effect]) -> Bool
    }

    /// A case that begins at Ana's desk, with `keys` pressed before.
    private static func on(
        _ command: Command, rows: Int = 24, after keys: String...,
        holds: @escaping @Sendable (AppState, AppState, [Effect]) -> Bool
    ) -> Case {
        Case(
            command: command,
            state: {
                var state = Fixtures.chat(100, rows)
                for key in keys { state.press(key) }
                return state
            }, holds: holds)
    }

    /// A case in which the composer has a text, `|` being the cursor, and then another one.
    private static func edit(_ edit: Command.Edit, _ before: String, _ after: String) -> Case {
        Case(
            command: .edit(edit),
            state: {
                var state = Fixtures.chat(100, 24)
                let parts = before.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
                state.open?.editor = LineEditor(parts[0])
                let end = state.open?.editor.before.count ?? 0
                state.open?.editor = LineEditor(parts.joined())
                state.open?.editor.move(to: end)
                return state
            },
            holds: { _, state, _ in
                guard let editor = state.open?.editor else { return false }
                return editor.before + "|" + editor.after == after
            })
    }

    // MARK: The keymap's commands

    @Test(arguments: Keymap.standard.bindings.map(\.command))
    func everyKeyOfACommandDoesWhatItSays(_ command: Command) throws {
        let cases = Self.cases.filter { $0.command == command }
        try #require(!cases.isEmpty, "no case says what \(command.name) does")
        let binding = try #require(Keymap.standard.bindings.first { $0.command == command })
        for (number, example) in cases.enumerated() {
            for key in binding.keys {
                let before = example.state()
                var after = before
                let effects = after.update(.input(.key(key)))
                #expect(
                    example.holds(before, after, effects),
                    "\(command.name), case \(number), \(key.name): \(effects)\n\(after.text)")
            }
        }
    }

    @Test func theCasesNameNothingElse() {
        let commands = Set(Keymap.standard.bindings.map(\.command))
        #expect(Self.cases.allSatisfy { commands.contains($0.command) })
    }

    @Test(arguments: 1...9)
    func altAndADigitOpenTheConversationOfThatPlace(number: Int) {
        var state = Fixtures.chat(100, 24)
        let conversations = state.conversations
        state.press("alt-\(number)")
        let expected = number <= conversations.count ? conversations[number - 1].peer : Fixtures.bia
        #expect(state.open?.peer == expected)
    }

    private static let cases = everywhere + conversations + messages + chosen + writing

    private static let everywhere = [
        on(.help) { _, state, _ in state.dialog == .help(scroll: 0) },
        on(.help, after: "f1") { _, state, _ in state.dialog == nil },
        on(.switcher) { _, state, _ in state.dialog == .switcher(Switcher()) },
        on(.findPeople) { _, state, _ in state.dialog == .find(PeopleFinder()) },
        on(.outbox) { _, state, effects in effects == [.loadOutbox] && state.dialog == .outbox(OutboxPanel())
        },
        on(.reconnect) { _, _, effects in effects == [.reconnect] },
        on(.redraw) { _, _, effects in effects == [.redraw] },
        on(.redraw, after: "f1") { _, state, effects in effects == [.redraw] && state.dialog != nil },
        on(.suspend) { _, _, effects in effects == [.suspend, .show(Fixtures.bia)] },
        on(.quit) { _, state, effects in state.leaving == .quit && effects.last == .finish },
        on(.quit, after: "\"meio texto") { _, state, effects in
            state.leaving == .quit && effects.contains(.saveDraft("meio texto", for: Fixtures.bia))
        },
        on(.interrupt) { _, state, effects in
            state.leaving == nil && state.context.departure.interruptDeadline != nil && effects == []
        },
        on(.interrupt, after: "ctrl-c") { _, state, effects in
            state.leaving == .quit && effects.last == .finish
        },
    ]

    private static let conversations = [
        on(.nextUnread) { _, state, _ in state.open?.peer == Fixtures.davi },
        on(.nextUnread, after: "alt-3") { _, state, _ in state.open?.peer == Fixtures.bia },
        on(.previousConversation) { _, state, _ in state.open?.peer == Fixtures.bia },
        on(.previousConversation, after: "alt-3") { _, state, _ in state.open?.peer == Fixtures.caio },
        on(.nextConversation) { _, state, effects in
            state.open?.peer == Fixtures.caio && effects.contains(.open(Fixtures.caio))
        },
        on(.nextConversation, after: "alt-4") { _, state, _ in state.open?.peer == Fixtures.emma },
        on(.switchPane) { _, state, _ in state.pane == .list && state.listCursor == Fixtures.bia },
        on(.switchPane, after: "tab") { _, state, _ in state.pane == .conversation },
        on(.toggleList) { _, state, _ in state.preferences.isListHidden && state.layout.list.isEmpty },
        on(.toggleList, after: "alt-l") { _, state, _ in !state.preferences.isListHidden },
        on(.widenList) { before, state, _ in state.layout.list.columns == before.layout.list.columns + 2 },
        on(.widenList, after: "alt-l") { _, state, _ in !state.preferences.isListHidden },
        on(.narrowList) { before, state, _ in state.layout.list.columns == before.layout.list.columns - 2 },
        on(.togglePinned) { _, _, effects in effects == [.pin(true, Fixtures.bia)] },
        on(.togglePinned, after: "tab", "down") { _, _, effects in effects == [.pin(true, Fixtures.caio)] },
        on(.toggleMuted) { _, _, effects in effects == [.mute(true, Fixtures.bia)] },
    ]

    private static let messages = [
        on(.pageUp, rows: 12) { _, state, _ in state.open?.scroll != .end },
        on(.pageDown, rows: 12, after: "pageup") { _, state, _ in state.open?.scroll == .end },
        on(.lineUp, rows: 12) { _, state, _ in state.open?.scroll != .end },
        on(.lineDown, rows: 12, after: "ctrl-up") { _, state, _ in state.open?.scroll == .end },
        on(.scrollToStart, rows: 12) { _, state, _ in state.text.contains("the conversation begins here") },
        on(.scrollToEnd, rows: 12, after: "ctrl-home") { _, state, _ in state.open?.scroll == .end },
        on(.search) { _, state, _ in isSearch(state.dialog, in: Fixtures.bia) },
        on(.searchAll) { _, state, _ in isSearch(state.dialog, in: nil) },
        on(.chooseMessage) { _, state, _ in state.open?.chosen?.row == RowID(8) },
        on(.chooseMessage, after: "alt-m") { _, state, _ in state.open?.chosen?.row == RowID(7) },
    ]

    private static func isSearch(_ dialog: Dialog?, in peer: UserID?) -> Bool {
        guard case .search(let panel) = dialog else { return false }
        return panel.peer == peer
    }

    private static func chosen(
        _ command: MessageCommand, after keys: String...,
        holds: @escaping @Sendable (AppState, AppState, [Effect]) -> Bool
    ) -> Case {
        Case(
            command: .message(command),
            state: {
                var state = Fixtures.chat(100, 24)
                state.press("alt-m")
                for key in keys { state.press(key) }
                return state
            }, holds: holds)
    }

    private static func isOn(_ row: Int64) -> @Sendable (AppState, AppState, [Effect]) -> Bool {
        { _, state, _ in state.open?.chosen?.row == RowID(row) }
    }

    /// The first message that is chosen is the one that was refused, the eighth of nine.
    private static let chosen = [
        chosen(.previous, holds: isOn(7)),
        chosen(.next, holds: isOn(9)),
        chosen(.next, after: "down") { _, state, _ in state.open?.chosen == nil },
        chosen(.pageUp) { _, state, _ in (state.open?.chosen?.row.rawValue ?? 9) < 8 },
        chosen(.pageDown, after: "home") { _, state, _ in (state.open?.chosen?.row.rawValue ?? 0) > 1 },
        chosen(.first, holds: isOn(1)),
        chosen(.last, after: "home", holds: isOn(9)),
        chosen(.previousDay, holds: isOn(2)),
        chosen(.previousDay, after: "[", holds: isOn(1)),
        chosen(.nextDay, after: "home", holds: isOn(2)),
        chosen(.copy) { _, _, effects in effects == [.copy("texto que não foi")] },
        chosen(.quote, after: "home") { _, state, _ in
            state.open?.editor.text == "> Bom dia, Bia!\n" && state.open?.chosen == nil
        },
        chosen(.openLink, after: "up") { _, state, _ in
            guard case .question(let question) = state.dialog, case .openLink(let link) = question.subject
            else { return false }
            return link.hasPrefix("https://exemplo.com/")
        },
        chosen(.openLink, after: "home") { _, state, _ in state.dialog == nil && state.notice != nil },
        chosen(.details) { _, state, _ in state.dialog == .details(Fixtures.rows[7]) },
        chosen(.delete) { _, _, effects in effects == [.discard([TempID("t8")])] },
        chosen(.delete, after: "home") { _, state, effects in
            effects == [] && state.dialog == .question(Question(.deleteMessage(Fixtures.rows[0])))
        },
        chosen(.delete, after: "up") { _, state, effects in effects == [] && state.notice?.kind == .warning },
        chosen(.retry) { _, _, effects in effects == [.retry([TempID("t8")])] },
        chosen(.retry, after: "home") { _, state, effects in effects == [] && state.notice != nil },
        chosen(.edit) { _, state, _ in
            state.open?.edited?.tempID == TempID("t8") && state.open?.editor.text == "texto que não foi"
        },
        chosen(.edit, after: "home") { _, state, _ in state.open?.edited == nil && state.notice != nil },
        chosen(.sendAsNew) { _, _, effects in effects == [.sendAsNew(TempID("t8"))] },
        chosen(.search) { _, state, _ in isSearch(state.dialog, in: Fixtures.bia) },
        chosen(.nextHit) { _, state, _ in state.notice?.text == state.context.noSearchYet },
        chosen(.previousHit) { _, state, _ in state.notice?.text == state.context.noSearchYet },
        chosen(.unreadLine) { _, state, _ in state.open?.chosen == nil && state.text.contains("2 new") },
        chosen(.fillGap) { _, state, effects in effects == [] && state.notice?.text == state.strings.noGap },
        Case(
            command: .message(.fillGap),
            state: {
                var state = Fixtures.chat(100, 24)
                let row = Fixtures.row(
                    9, from: Fixtures.bia, "depois", at: Fixtures.at(14, 4), isGapAbove: true)
                _ = state.update(.timelineLoaded(Fixtures.timeline([row], unread: 0), draft: nil))
                state.press("alt-m")
                return state
            }, holds: { _, _, effects in effects == [.fillGap(RowID(9), Fixtures.bia)] }),
        chosen(.leave) { _, state, _ in state.open?.chosen == nil },
    ]

    private static let writing =
        [
            on(.accept, after: "\"oi") { _, state, effects in
                effects == [.send("oi", to: Fixtures.bia)] && state.open?.editor.isEmpty == true
            },
            on(.accept) { _, _, effects in effects == [] },
            on(.newline, after: "\"oi") { _, state, _ in state.open?.editor.text == "oi\n" },
            on(.externalEditor, after: "\"oi") { _, _, effects in effects == [.editExternally("oi")] },
            on(.prefix) { _, state, _ in state.chat.keys.isAfterPrefix },
            on(.cancel, after: "ctrl-up") { _, state, _ in state.open?.scroll == .end },
            on(.cancel, after: "f1") { _, state, _ in state.dialog == nil },
            on(.cancel, after: "tab") { _, state, _ in state.pane == .conversation },
            on(.cancel, after: "alt-m", "e") { _, state, _ in state.open?.edited == nil },
            on(.up, after: "\"um", "enter") { _, state, _ in state.open?.editor.text == "um" },
            on(.up, after: "tab", "down") { _, state, _ in state.listCursor == Fixtures.bia },
            on(.down, after: "\"um", "enter", "up") { _, state, _ in state.open?.editor.text == "" },
            on(.down, after: "tab") { _, state, _ in state.listCursor == Fixtures.caio },
        ] + edits

    private static let edits = [
        edit(.left, "ol😀|á", "ol|😀á"), edit(.left, "|olá", "|olá"),
        edit(.right, "ol|👍🏽á", "ol👍🏽|á"), edit(.right, "olá|", "olá|"),
        edit(.wordLeft, "um dois|", "um |dois"), edit(.wordRight, "um| dois", "um dois|"),
        edit(.lineStart, "um\ndo|is", "um\n|dois"), edit(.lineEnd, "u|m\ndois", "um|\ndois"),
        edit(.deleteBackward, "e\u{301}|", "|"), edit(.deleteBackward, "|a", "|a"),
        edit(.deleteForward, "|👨‍👩‍👧a", "|a"), edit(.deleteForward, "a|", "a|"),
        edit(.killWordBackward, "um dois|!", "um |!"), edit(.killToSpace, "um dois-três|", "um |"),
        edit(.killWordForward, "um |dois três", "um | três"), edit(.killToStart, "um\ndo|is", "um\n|is"),
        edit(.killToEnd, "u|m\ndois", "u|\ndois"), edit(.transpose, "ab|", "ba|"),
        on(.edit(.yank), after: "\"um dois", "ctrl-w") { _, state, _ in state.open?.editor.text == "um dois"
        },
        on(.edit(.yankEarlier), after: "\"um", "ctrl-w", "\"a", "ctrl-u", "ctrl-y") { _, state, _ in
            state.open?.editor.text == "um"
        },
        on(.edit(.undo), after: "\"um", "ctrl-w") { _, state, _ in state.open?.editor.text == "um" },
        on(.edit(.redo), after: "\"um", "ctrl-w", "ctrl-_") { _, state, _ in state.open?.editor.text == "" },
    ]

    // MARK: The commands behind a slash

    struct SlashCase: Sendable {
        let command: SlashCommand
        var argument = ""
        var after: [String] = []
        let holds: @Sendable (AppState, [Effect]) -> Bool
    }

    @Test(arguments: SlashCommand.all(on: .full))
    func everyNameOfASlashCommandDoesWhatItSays(_ command: SlashCommand) throws {
        let cases = Self.slashCases.filter { $0.command == command }
        try #require(!cases.isEmpty, "no case says what /\(command.names(.english)[0]) does")
        for example in cases {
            for name in command.names(.english) {
                var state = Fixtures.chat(100, 24)
                state.chat.profiles.known = ["default", "trabalho"]
                for key in example.after { state.press(key) }
                state.press("\"/" + name + (example.argument.isEmpty ? "" : " " + example.argument))
                // What has been completed on the way is not to be chosen by Enter.
                let effects = state.press("enter")
                #expect(
                    example.holds(state, effects), "/\(name) \(example.argument): \(effects)\n\(state.text)")
                #expect(!effects.contains { if case .send = $0 { true } else { false } })
                // Only words that could not be used stay.
                #expect(state.open?.editor.isEmpty ?? true || state.notice?.kind == .warning)
            }
        }
    }

    private static let slashCases = [
        SlashCase(command: .help) { state, _ in state.dialog == .help(scroll: 0) },
        SlashCase(command: .keys) { state, _ in state.dialog == .keys(KeyTrial()) },
        SlashCase(command: .goTo) { state, _ in state.dialog == .switcher(Switcher()) },
        SlashCase(command: .goTo, argument: "davi") { state, _ in state.open?.peer == Fixtures.davi },
        SlashCase(command: .goTo, argument: "zzz") { state, _ in state.notice?.kind == .warning },
        SlashCase(command: .next) { state, _ in state.open?.peer == Fixtures.davi },
        SlashCase(command: .search, argument: "servidor") { state, effects in
            effects.contains(.search(SearchQuestion(text: "servidor", peer: Fixtures.bia), after: nil))
        },
        SlashCase(command: .date, argument: "2026-11-20") { _, effects in
            effects.contains(.locate(Fixtures.bia, at: Fixtures.at(0, 0, daysAgo: 2)))
        },
        SlashCase(command: .date, argument: "blá") { state, _ in state.notice?.kind == .warning },
        SlashCase(command: .unread) { state, _ in state.text.contains("2 new") },
        SlashCase(command: .end, after: ["ctrl-home"]) { state, _ in state.open?.scroll == .end },
        SlashCase(command: .find) { state, _ in state.dialog == .find(PeopleFinder()) },
        SlashCase(command: .find, argument: "rosa") { _, effects in effects.contains(.findPeople("rosa")) },
        SlashCase(command: .rename, argument: "Bibi") { _, effects in
            effects.contains(.rename(Fixtures.bia, to: "Bibi"))
        },
        SlashCase(command: .remove) { state, _ in
            state.dialog == .question(Question(.removeContact(Fixtures.bia, name: "Bia Souza")))
        },
        SlashCase(command: .deleteConversation) { state, _ in
            state.dialog == .question(Question(.deleteConversation(Fixtures.bia, name: "Bia Souza")))
        },
        SlashCase(command: .edit) { _, effects in effects.contains(.editExternally("")) },
        SlashCase(command: .edit, argument: "assim") { _, effects in
            effects.contains(.editExternally("assim"))
        },
        SlashCase(command: .copy) { _, effects in effects == [.copy(Fixtures.rows[6].content)] },
        SlashCase(command: .delete) { _, effects in effects == [.discard([TempID("t9")])] },
        SlashCase(command: .outbox) { state, effects in
            effects == [.loadOutbox] && state.dialog == .outbox(OutboxPanel())
        },
        SlashCase(command: .retry) { _, effects in effects == [.retry([TempID("t8")])] },
        SlashCase(command: .discard) { _, effects in effects == [.discard([TempID("t8")])] },
        SlashCase(command: .gap) { state, effects in
            effects == [] && state.notice?.text == state.strings.noGap
        },
        SlashCase(command: .list) { state, _ in state.preferences.isListHidden },
        SlashCase(command: .list, argument: "40") { state, _ in state.layout.list.columns == 40 },
        SlashCase(command: .list, argument: "x") { state, _ in state.notice?.kind == .warning },
        SlashCase(command: .pin) { _, effects in effects == [.pin(true, Fixtures.bia)] },
        SlashCase(command: .mute) { _, effects in effects == [.mute(true, Fixtures.bia)] },
        SlashCase(command: .profile) { state, _ in state.notice?.text.contains("trabalho") == true },
        SlashCase(command: .profile, argument: "trabalho") { state, _ in state.leaving == .profile("trabalho")
        },
        SlashCase(command: .profile, argument: "../x") { state, _ in state.leaving == nil },
        SlashCase(command: .reconnect) { _, effects in effects == [.reconnect] },
        SlashCase(command: .signOut) { _, effects in effects.suffix(2) == [.open(nil), .signOut] },
        SlashCase(command: .quit) { state, effects in state.leaving == .quit && effects.last == .finish },
    ]

    // MARK: Trying keys

    @Test func triedKeysDoNothingElse() {
        var state = Fixtures.chat(100, 24)
        state.press("\"/keys", "enter")
        for key in ["ctrl-q", "ctrl-c", "ctrl-z", "f1", "x", "escape"] { #expect(state.press(key) == []) }
        #expect(state.leaving == nil && state.open?.editor.isEmpty == true)
        #expect(state.text.contains("ctrl-q") && state.text.contains("quit; what is queued"))
        // A second Escape is meant.
        #expect(state.press("escape") == [] && state.dialog == nil)
    }

    @Test func whatIsSentIsNotDoneByAnUnknownCommand() {
        var state = Fixtures.chat(100, 24)
        #expect(state.press("\"/nada", "enter").allSatisfy { if case .typing = $0 { true } else { false } })
        #expect(state.open?.editor.text == "/nada" && state.notice?.kind == .warning)
        state.press("ctrl-u")
        #expect(state.press("\"//nada", "enter").last == .send("/nada", to: Fixtures.bia))
    }
}
