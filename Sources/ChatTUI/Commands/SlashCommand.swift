import ChatClientCore

/// Where commands are written after a slash.
enum CommandScreen: Hashable, Sendable, CaseIterable {
    case full, plain
}

/// A command that is written after a slash, on either screen.
///
/// Each has a row in the table below, which says what it does on each screen: a command that one screen forgets does not
/// compile. The catalogues have its names and its explanation. Completion, help, hints and plain mode's list are made
/// from the table.
enum SlashCommand: Hashable, Sendable, CaseIterable {
    case help, keys
    // Going somewhere
    case goTo, next, search, date, unread, end, older
    // People
    case find, rename, remove, deleteConversation
    // Messages
    case edit, copy, delete, outbox, retry, discard, gap
    // The list
    case conversations, list, pin, mute
    // The program
    case status, typing, profile, reconnect, signOut, quit

    /// What may follow a command.
    enum Argument: Hashable, Sendable, CaseIterable {
        case person, words, day, query, newName, width, profile, onOrOff
    }

    /// What a command does on the full screen.
    enum Full: Sendable {
        typealias Action = @Sendable (inout ChatScreen, String, inout ScreenContext) -> [Effect]
        /// The same as the command of a key; nothing may follow it.
        case key(Command)
        /// Its own action, which the key begins too where one is named.
        case run(key: Command? = nil, Action)
        /// It is a command of plain mode only.
        case elsewhere
    }

    /// What a command does in plain mode.
    enum Plain: Sendable {
        case run(@Sendable (inout PlainState, String) -> PlainOutput)
        /// It acts on the open conversation; without one, plain mode says so.
        case onOpen(@Sendable (PlainState, PlainConversation, Conversation, String) -> PlainOutput)
        /// It is a command of the full screen only.
        case elsewhere
    }

    /// A row of the table.
    struct Entry: Sendable {
        /// What follows the command; nil for nothing.
        var argument: Argument?
        /// Whatever follows is the beginning of a message.
        var takesDraft = false
        var full: Full
        var plain: Plain

        /// The command of a key that does the same.
        var key: Command? {
            switch full {
            case .key(let key): key
            case .run(let key, _): key
            case .elsewhere: nil
            }
        }

        func isOn(_ screen: CommandScreen) -> Bool {
            switch (screen, full, plain) {
            case (.full, .elsewhere, _), (.plain, _, .elsewhere): false
            default: true
            }
        }
    }

    var entry: Entry {
        switch self {
        case .help:
            Entry(full: .key(.help), plain: .run { state, _ in PlainOutput(lines: state.wording.help) })
        case .keys: Entry(full: .run { screen, _, _ in screen.tryKeys() }, plain: .elsewhere)
        case .goTo:
            Entry(
                argument: .person,
                full: .run(key: .switcher) { screen, name, context in
                    screen.panes.goTo(name, opening: &screen.dialog, &context)
                },
                plain: .run { $0.goTo($1) })
        case .next: Entry(full: .key(.nextUnread), plain: .run { state, _ in state.showNextUnread() })
        case .search:
            Entry(
                argument: .words,
                full: .run(key: .search) { screen, words, _ in
                    screen.panes.beginSearch(words, isEverywhere: false, opening: &screen.dialog)
                }, plain: .run { $0.search($1) })
        case .date:
            Entry(
                argument: .day, full: .run { $0.panes.open?.goToDate($1, &$2) ?? [] },
                plain: .run { $0.goToDate($1) })
        case .unread: Entry(full: .key(.message(.unreadLine)), plain: .run { state, _ in state.sayUnread() })
        case .end: Entry(full: .key(.scrollToEnd), plain: .run { state, _ in state.sayEnd() })
        case .older: Entry(full: .elsewhere, plain: .run { state, _ in state.showOlder() })
        case .find:
            Entry(
                argument: .query,
                full: .run(key: .findPeople) { screen, query, context in
                    screen.panes.beginFinding(query, opening: &screen.dialog, context)
                },
                plain: .run { $0.find($1) })
        case .rename:
            Entry(
                argument: .newName, full: .run { $0.panes.open?.rename($1, &$2) ?? [] },
                plain: .onOpen { state, _, conversation, name in state.wording.rename(conversation, to: name)
                })
        case .remove:
            Entry(
                full: .run { screen, _, context in screen.ask(Question.Subject.removeContact, context) },
                plain: .onOpen { state, _, conversation, _ in state.wording.askToRemove(conversation) })
        case .deleteConversation:
            Entry(
                full: .run { screen, _, context in screen.ask(Question.Subject.deleteConversation, context) },
                plain: .onOpen { state, _, conversation, _ in state.wording.askToDelete(conversation) })
        case .edit:
            Entry(
                takesDraft: true,
                full: .run(key: .externalEditor) { screen, text, _ in
                    screen.panes.open?.editExternally(text) ?? []
                }, plain: .elsewhere)
        case .copy: Entry(full: .run { screen, _, context in screen.copyNewest(&context) }, plain: .elsewhere)
        case .delete:
            Entry(
                full: .run { screen, _, context in
                    screen.panes.deleteNewest(opening: &screen.dialog, &context)
                }, plain: .onOpen { state, open, _, _ in state.wording.deleteNewest(in: open.window) })
        case .outbox: Entry(full: .key(.outbox), plain: .run { _, _ in PlainOutput(effects: [.loadOutbox]) })
        case .retry:
            Entry(
                full: .run { screen, _, context in context.take(context.model.retry(screen.waiting)) },
                plain: .run { state, _ in PlainOutput(state.model.retry(state.waiting)) })
        case .discard:
            Entry(
                full: .run { screen, _, context in context.take(context.model.discard(screen.waiting)) },
                plain: .run { state, _ in PlainOutput(state.model.discard(state.waiting)) })
        case .gap: Entry(full: .key(.message(.fillGap)), plain: .run { state, _ in state.fillGap() })
        case .conversations:
            Entry(full: .elsewhere, plain: .run { state, _ in PlainOutput(lines: state.printList()) })
        case .list:
            Entry(
                argument: .width,
                full: .run(key: .toggleList) { $2.arrangeList($1, hasOpen: $0.panes.open != nil) },
                plain: .elsewhere)
        case .pin:
            Entry(
                full: .key(.togglePinned),
                plain: .onOpen { state, _, conversation, _ in
                    PlainOutput(state.model.togglePinned(conversation))
                })
        case .mute:
            Entry(
                full: .key(.toggleMuted),
                plain: .onOpen { state, _, conversation, _ in
                    PlainOutput(state.model.toggleMuted(conversation))
                })
        case .status:
            Entry(full: .elsewhere, plain: .run { state, _ in PlainOutput(lines: state.wording.status) })
        case .typing: Entry(argument: .onOrOff, full: .elsewhere, plain: .run { $0.announceTyping($1) })
        case .profile: Entry(argument: .profile, full: .run { $0.switchProfile($1, &$2) }, plain: .elsewhere)
        case .reconnect:
            Entry(full: .key(.reconnect), plain: .run { _, _ in PlainOutput(effects: [.reconnect]) })
        case .signOut:
            Entry(
                full: .run { screen, _, _ in screen.panes.close() + [.open(nil), .signOut] },
                plain: .run { _, _ in PlainOutput(effects: [.open(nil), .signOut]) })
        case .quit:
            Entry(
                full: .run(key: .quit) { screen, _, context in screen.leave(.quit, &context) },
                plain: .run { state, _ in state.leave(.quit) })
        }
    }

    var takesWords: Bool { entry.argument != nil || entry.takesDraft }

    /// The commands of a screen, in the order of help.
    static func all(on screen: CommandScreen) -> [SlashCommand] {
        allCases.filter { $0.entry.isOn(screen) }
    }

    /// Its names, the one that help shows first; every language's names work in every language.
    func names(_ language: Language) -> [String] {
        language.andOthers.flatMap { $0.catalogue().words(for: self).names }
    }

    /// The command that the name means on a screen; on the other one it may mean another.
    init?(name: String, on screen: CommandScreen) {
        let wanted = name.lowercased()
        let found = Self.all(on: screen).first { $0.names(.english).contains(wanted) }
        guard let found else { return nil }
        self = found
    }

    /// The name that was probably meant.
    static func suggestion(for name: String, on screen: CommandScreen, _ language: Language) -> String? {
        Spelling.nearest(to: name, among: all(on: screen).flatMap { $0.names(language) }, limit: 1).first
    }
}

/// What a line behind a slash means.
enum SlashLine: Hashable, Sendable {
    case command(SlashCommand, argument: String)
    case mistake(Mistake)

    enum Mistake: Hashable, Sendable {
        case unknown(name: String, suggestion: String?)
        /// A command of the other screen.
        case elsewhere
        /// Something follows a command that takes nothing: it may be a text that begins like a command.
        case takesNothing(name: String)
    }

    /// Reads the line without its slash.
    init(_ line: String, on screen: CommandScreen, _ language: Language) {
        let words = line.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == " " || $0 == "\n" })
        let name = words.first.map(String.init) ?? ""
        let argument = words.count > 1 ? String(words[1]).trimmed : ""
        guard !name.isEmpty, let command = SlashCommand(name: name, on: screen) else {
            let isElsewhere = CommandScreen.allCases.contains { SlashCommand(name: name, on: $0) != nil }
            let suggestion = SlashCommand.suggestion(for: name, on: screen, language)
            self = .mistake(isElsewhere ? .elsewhere : .unknown(name: name, suggestion: suggestion))
            return
        }
        let isWhole = argument.isEmpty || command.takesWords
        self = isWhole ? .command(command, argument: argument) : .mistake(.takesNothing(name: name))
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
