import ChatClientCore

/// Where commands are written after a slash.
enum CommandScreen: Hashable, Sendable, CaseIterable {
    case full, plain
}

/// A command that is written after a slash, on either screen.
///
/// Each has a row in the table below. The catalogues have its names and its explanation, and each screen carries it
/// out in a `switch` that names every case: a new command that one of them forgets does not compile. Completion,
/// help, hints and plain mode's list are made from the table.
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

    /// A row of the table.
    struct Entry: Sendable {
        var screens: Set<CommandScreen> = [.full, .plain]
        /// What follows the command; nil for nothing.
        var argument: Argument?
        /// Whatever follows is the beginning of a message.
        var takesDraft = false
        /// The command of a key that does the same.
        var key: Command?
    }

    var entry: Entry {
        switch self {
        case .help: Entry(key: .help)
        case .keys: Entry(screens: [.full])
        case .goTo: Entry(argument: .person, key: .switcher)
        case .next: Entry(key: .nextUnread)
        case .search: Entry(argument: .words, key: .search)
        case .date: Entry(argument: .day)
        case .unread: Entry(key: .message(.unreadLine))
        case .end: Entry(key: .scrollToEnd)
        case .older: Entry(screens: [.plain])
        case .find: Entry(argument: .query, key: .findPeople)
        case .rename: Entry(argument: .newName)
        case .remove, .deleteConversation: Entry()
        case .edit: Entry(screens: [.full], takesDraft: true, key: .externalEditor)
        case .copy: Entry(screens: [.full])
        case .delete, .retry, .discard: Entry()
        case .outbox: Entry(key: .outbox)
        case .gap: Entry(key: .message(.fillGap))
        case .conversations: Entry(screens: [.plain])
        case .list: Entry(screens: [.full], argument: .width, key: .toggleList)
        case .pin: Entry(key: .togglePinned)
        case .mute: Entry(key: .toggleMuted)
        case .status: Entry(screens: [.plain])
        case .typing: Entry(screens: [.plain], argument: .onOrOff)
        case .profile: Entry(screens: [.full], argument: .profile)
        case .reconnect: Entry(key: .reconnect)
        case .signOut: Entry()
        case .quit: Entry(key: .quit)
        }
    }

    var takesWords: Bool { entry.argument != nil || entry.takesDraft }

    /// The commands of a screen, in the order of help.
    static func all(on screen: CommandScreen) -> [SlashCommand] {
        allCases.filter { $0.entry.screens.contains(screen) }
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
