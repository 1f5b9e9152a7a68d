/// The person's own key bindings, from the configuration.
public struct KeyBindings: Hashable, Sendable {
    /// What is wrong with a binding.
    public enum Problem: Error, Hashable, Sendable {
        /// There is no such command; the nearest names may help.
        case unknownCommand(String)
        /// No key has this name.
        case unknownKey(String)
        /// The key is a letter, which is typed.
        case types(String)
        /// The key has been bound to another command.
        case taken(key: String, by: String)
    }

    /// A key while a message is chosen, or otherwise: the two kinds of bindings do not conflict.
    private struct Place: Hashable {
        var key: Key
        var isChosen: Bool
    }

    private var keys: [Command: [Key]] = [:]
    private var owners: [Place: Command] = [:]

    public init() {}

    /// The names of all commands that keys can be bound to, in the order of help.
    public static var commandNames: [String] { Keymap.standard.bindings.map(\.command.name) }

    /// Binds keys to a command in place of those it has; no keys at all leave it without any. A key that
    /// another command has by default is taken from it.
    public mutating func bind(_ commandName: String, to keyNames: [String]) throws(Problem) {
        guard let command = Command(name: commandName) else { throw .unknownCommand(commandName) }
        var found: [Key] = []
        for name in keyNames {
            guard let key = Key(named: name) else { throw .unknownKey(name) }
            if case .character = key.code, key.modifiers.isSubset(of: .shift), !command.isForChosen {
                throw .types(name)
            }
            let place = Place(key: key, isChosen: command.isForChosen)
            if let owner = owners[place], owner != command { throw .taken(key: name, by: owner.name) }
            found.append(key)
        }
        keys[command] = found
        for key in found { owners[Place(key: key, isChosen: command.isForChosen)] = command }
    }

    func applied(to standard: Keymap) -> Keymap {
        guard !keys.isEmpty else { return standard }
        return Keymap(
            standard.bindings.map { binding in
                var binding = binding
                let isChosen = binding.command.isForChosen
                binding.keys =
                    keys[binding.command]
                    ?? binding.keys.filter { owners[Place(key: $0, isChosen: isChosen)] == nil }
                return binding
            })
    }
}

extension Command {
    /// True for what keys do while a message is chosen: letters are free there.
    var isForChosen: Bool {
        if case .message = self { return true }
        return false
    }

    /// The name in configuration files.
    var name: String {
        switch self {
        case .help: "help"
        case .quit: "quit"
        case .interrupt: "interrupt"
        case .suspend: "suspend"
        case .redraw: "redraw"
        case .reconnect: "reconnect"
        case .switcher: "go-to"
        case .findPeople: "find-people"
        case .outbox: "outbox"
        case .nextUnread: "next-unread"
        case .previousConversation: "previous-conversation"
        case .nextConversation: "next-conversation"
        case .conversation(let number): "conversation-\(number)"
        case .switchPane: "switch-pane"
        case .toggleList: "toggle-list"
        case .widenList: "widen-list"
        case .narrowList: "narrow-list"
        case .togglePinned: "toggle-pinned"
        case .toggleMuted: "toggle-muted"
        case .pageUp: "page-up"
        case .pageDown: "page-down"
        case .lineUp: "line-up"
        case .lineDown: "line-down"
        case .scrollToStart: "scroll-to-start"
        case .scrollToEnd: "scroll-to-end"
        case .search: "search"
        case .searchAll: "search-all"
        case .chooseMessage: "choose-message"
        case .message(let command): "message-" + command.name
        case .up: "up"
        case .down: "down"
        case .accept: "accept"
        case .cancel: "cancel"
        case .newline: "newline"
        case .externalEditor: "external-editor"
        case .prefix: "prefix"
        case .edit(let edit): edit.name
        }
    }

    /// Any command that keys are bound to by default.
    init?(name: String) {
        guard let command = Keymap.standard.bindings.first(where: { $0.command.name == name })?.command else {
            return nil
        }
        self = command
    }
}

extension Command.Edit {
    fileprivate var name: String {
        switch self {
        case .left: "left"
        case .right: "right"
        case .wordLeft: "word-left"
        case .wordRight: "word-right"
        case .lineStart: "line-start"
        case .lineEnd: "line-end"
        case .textStart: "text-start"
        case .textEnd: "text-end"
        case .deleteBackward: "delete-backward"
        case .deleteForward: "delete-forward"
        case .killToEnd: "cut-to-end"
        case .killToStart: "cut-to-start"
        case .killWordBackward: "cut-word-backward"
        case .killWordForward: "cut-word-forward"
        case .killToSpace: "cut-to-space"
        case .yank: "paste-cut"
        case .yankEarlier: "paste-earlier-cut"
        case .transpose: "transpose"
        case .undo: "undo"
        case .redo: "redo"
        }
    }
}

extension MessageCommand {
    fileprivate var name: String {
        switch self {
        case .previous: "previous"
        case .next: "next"
        case .pageUp: "page-up"
        case .pageDown: "page-down"
        case .first: "first"
        case .last: "last"
        case .previousDay: "previous-day"
        case .nextDay: "next-day"
        case .copy: "copy"
        case .quote: "quote"
        case .openLink: "open-link"
        case .details: "details"
        case .delete: "delete"
        case .retry: "retry"
        case .edit: "edit"
        case .sendAsNew: "send-as-new"
        case .search: "search"
        case .nextHit: "next-hit"
        case .previousHit: "previous-hit"
        case .unreadLine: "unread-line"
        case .fillGap: "fill-gap"
        case .leave: "leave"
        }
    }
}
