/// Which key does what, in the order in which help shows it.
struct Keymap: Hashable, Sendable {
    /// Commands that belong together in help.
    enum Section: Hashable, Sendable, CaseIterable {
        case everywhere
        case conversations
        case messages
        /// What letters do while a message is chosen.
        case chosen
        case writing
    }

    struct Binding: Hashable, Sendable {
        var section: Section
        var command: Command
        var keys: [Key]
    }

    private(set) var bindings: [Binding]
    private var commands: [Key: Command] = [:]
    /// The keys that count only while a message is chosen; there they go before the others.
    private var chosenCommands: [Key: MessageCommand] = [:]

    init(_ bindings: [Binding]) {
        self.bindings = bindings
        for binding in bindings {
            if case .message(let command) = binding.command {
                for key in binding.keys where chosenCommands[key] == nil { chosenCommands[key] = command }
            } else {
                for key in binding.keys where commands[key] == nil { commands[key] = binding.command }
            }
        }
        for (number, key) in Self.numberKeys where commands[key] == nil {
            commands[key] = .conversation(number)
        }
    }

    /// The keys that open a conversation by its place in the list, where they are not bound to other commands.
    private static let numberKeys = (1...9).map { ($0, Key.character(Character("\($0)"), .alt)) }

    /// Those of the number keys that count.
    var boundNumberKeys: [Key] {
        Self.numberKeys.filter { number, key in commands[key] == .conversation(number) }.map(\.1)
    }

    /// What keys do as the second of a pair, after the prefix: as in Emacs and readline.
    static let pairs: [(key: Key, command: Command)] = [
        (.character("e", .control), .externalEditor), (.character("u", .control), .edit(.undo)),
    ]

    func commandOfPair(_ key: Key) -> Command? { Self.pairs.first { $0.key == key }?.command }

    func command(for key: Key) -> Command? { commands[key] }

    /// What a key does to the chosen message.
    func messageCommand(for key: Key) -> MessageCommand? { chosenCommands[key] }

    /// The first key bound to a command, for hints.
    func key(for command: Command) -> Key? { bindings.first { $0.command == command }?.keys.first }

    /// For screens without keys.
    static let none = Keymap([])

    static let standard = Keymap([
        bind(.everywhere, .help, "f1"),
        bind(.everywhere, .switcher, "ctrl-k"),
        bind(.everywhere, .findPeople, "ctrl-n"),
        bind(.everywhere, .outbox, "alt-o"),
        bind(.everywhere, .reconnect, "ctrl-r"),
        bind(.everywhere, .redraw, "ctrl-l"),
        bind(.everywhere, .suspend, "ctrl-z"),
        bind(.everywhere, .quit, "ctrl-q"),
        bind(.everywhere, .interrupt, "ctrl-c"),
        bind(.conversations, .nextUnread, "alt-a", "alt-A"),
        bind(.conversations, .previousConversation, "alt-up", "ctrl-p"),
        bind(.conversations, .nextConversation, "alt-down", "ctrl-o"),
        bind(.conversations, .switchPane, "tab", "shift-tab"),
        bind(.conversations, .toggleList, "alt-l"),
        bind(.conversations, .widenList, "alt-."),
        bind(.conversations, .narrowList, "alt-,"),
        bind(.conversations, .togglePinned, "alt-p"),
        bind(.conversations, .toggleMuted, "alt-s"),
        bind(.messages, .pageUp, "pageup"),
        bind(.messages, .pageDown, "pagedown"),
        bind(.messages, .lineUp, "ctrl-up"),
        bind(.messages, .lineDown, "ctrl-down", "shift-down"),
        bind(.messages, .scrollToStart, "ctrl-home", "alt-<"),
        bind(.messages, .scrollToEnd, "ctrl-end", "alt->"),
        bind(.messages, .search, "ctrl-s"),
        bind(.messages, .searchAll, "alt-/"),
        bind(.messages, .chooseMessage, "alt-m", "shift-up"),
        bind(.chosen, .message(.previous), "up", "k"),
        bind(.chosen, .message(.next), "down", "j"),
        bind(.chosen, .message(.pageUp), "pageup"),
        bind(.chosen, .message(.pageDown), "pagedown"),
        bind(.chosen, .message(.first), "home", "g"),
        bind(.chosen, .message(.last), "end", "G"),
        bind(.chosen, .message(.previousDay), "["),
        bind(.chosen, .message(.nextDay), "]"),
        bind(.chosen, .message(.copy), "c", "y"),
        bind(.chosen, .message(.quote), "q", ">"),
        bind(.chosen, .message(.openLink), "o"),
        bind(.chosen, .message(.details), "i", "enter"),
        bind(.chosen, .message(.delete), "d", "delete"),
        bind(.chosen, .message(.retry), "r"),
        bind(.chosen, .message(.edit), "e"),
        bind(.chosen, .message(.sendAsNew), "s"),
        bind(.chosen, .message(.search), "/"),
        bind(.chosen, .message(.nextHit), "n"),
        bind(.chosen, .message(.previousHit), "N"),
        bind(.chosen, .message(.unreadLine), "u"),
        bind(.chosen, .message(.fillGap), "f"),
        bind(.chosen, .message(.leave), "escape", "ctrl-g"),
        bind(.writing, .accept, "enter"),
        bind(.writing, .newline, "alt-enter", "ctrl-j", "shift-enter"),
        bind(.writing, .externalEditor, "alt-e"),
        bind(.writing, .prefix, "ctrl-x"),
        bind(.writing, .cancel, "escape", "ctrl-g"),
        bind(.writing, .up, "up"),
        bind(.writing, .down, "down"),
        bind(.writing, .edit(.left), "left", "ctrl-b"),
        bind(.writing, .edit(.right), "right", "ctrl-f"),
        bind(.writing, .edit(.wordLeft), "alt-b", "ctrl-left", "alt-left"),
        bind(.writing, .edit(.wordRight), "alt-f", "ctrl-right", "alt-right"),
        bind(.writing, .edit(.lineStart), "ctrl-a", "home"),
        bind(.writing, .edit(.lineEnd), "ctrl-e", "end"),
        bind(.writing, .edit(.deleteBackward), "backspace", "ctrl-h"),
        bind(.writing, .edit(.deleteForward), "delete", "ctrl-d"),
        bind(.writing, .edit(.killWordBackward), "alt-backspace"),
        bind(.writing, .edit(.killToSpace), "ctrl-w"),
        bind(.writing, .edit(.killWordForward), "alt-d"),
        bind(.writing, .edit(.killToStart), "ctrl-u"),
        bind(.writing, .edit(.killToEnd), "alt-k"),
        bind(.writing, .edit(.yank), "ctrl-y"),
        bind(.writing, .edit(.yankEarlier), "alt-y"),
        bind(.writing, .edit(.transpose), "ctrl-t"),
        bind(.writing, .edit(.undo), "ctrl-_", "alt-u"),
        bind(.writing, .edit(.redo), "alt-_"),
    ])

    private static func bind(_ section: Section, _ command: Command, _ names: String...) -> Binding {
        Binding(section: section, command: command, keys: names.compactMap(Key.init(named:)))
    }
}

extension Key {
    /// The key as help writes it: `Ctrl-K`, `Alt-Enter`, `F1`.
    var displayName: String {
        var text = ""
        if modifiers.contains(.control) { text += "Ctrl-" }
        if modifiers.contains(.alt) { text += "Alt-" }
        if modifiers.contains(.shift) { text += "Shift-" }
        return text + codeName
    }

    /// The key as a hint writes it: `^K`.
    var hintName: String {
        if modifiers == .control, case .character(let character) = code {
            return "^" + character.uppercased()
        }
        return displayName
    }

    private var codeName: String {
        switch code {
        case .character(" "): "Space"
        case .character(let character): modifiers.isEmpty ? String(character) : character.uppercased()
        case .enter: "Enter"
        case .tab: "Tab"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .escape: "Esc"
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        }
    }
}
