import ChatClientCore

/// A command that is written in the composer after a slash.
enum SlashCommand: Hashable, Sendable, CaseIterable {
    case help, keys
    // Going somewhere
    case goTo, next, search, date, unread, end
    // People
    case find, rename, remove, deleteConversation
    // Messages
    case edit, copy, delete, outbox, retry, discard, gap
    // The list
    case list, pin, mute
    // The program
    case profile, reconnect, signOut, quit

    /// What may follow a command.
    enum Argument: Hashable, Sendable {
        case person, words, day, query, newName, width, profile
    }

    /// nil for commands that nothing follows.
    var argument: Argument? {
        switch self {
        case .goTo: .person
        case .search: .words
        case .date: .day
        case .find: .query
        case .rename: .newName
        case .list: .width
        case .profile: .profile
        case .help, .keys, .next, .unread, .end, .remove, .deleteConversation, .edit, .copy, .delete, .outbox,
            .retry, .discard, .gap, .pin, .mute, .reconnect, .signOut, .quit:
            nil
        }
    }

    /// Its names, the one that help shows first; every language's names work in every language.
    func names(_ language: Language) -> [String] {
        language.andOthers.flatMap { $0.catalogue().words(for: self).names }
    }

    init?(name: String) {
        let wanted = name.lowercased()
        guard let command = Self.allCases.first(where: { $0.names(.english).contains(wanted) }) else {
            return nil
        }
        self = command
    }

    /// The name that was probably meant.
    static func suggestion(for name: String, _ language: Language) -> String? {
        Spelling.nearest(to: name, among: allCases.flatMap { $0.names(language) }, limit: 1).first
    }
}
