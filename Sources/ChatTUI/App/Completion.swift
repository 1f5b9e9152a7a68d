import ChatClientCore
import ChatWire

/// What the word before the composer's cursor may become.
struct CompletionList: Hashable, Sendable {
    struct Item: Hashable, Sendable {
        /// What takes the place of the word.
        var text: String
        /// What the list shows, and behind it, in faint letters, why.
        var label: String
        var detail: String
    }

    var items: [Item]
    /// How many clusters before the cursor the chosen item replaces.
    var replaced: Int
}

/// Where the person is in the list; it counts only while the text is the one that it was made for.
struct CompletionCursor: Hashable, Sendable {
    var before: String
    /// nil until the arrows were used: then Enter takes the item, before it sends the text.
    var index: Int?
    var isDismissed = false
    /// Names are offered only when Tab asks for them.
    var wantsNames = false
}

extension OpenConversation {
    /// The cursor for the text as it is now.
    var completionCursor: CompletionCursor {
        get {
            let before = editor.before
            if let cursor = keptCompletionCursor, cursor.before == before { return cursor }
            return CompletionCursor(before: before)
        }
        set { keptCompletionCursor = newValue }
    }
}

extension AppState {
    static let completionsMax = 40

    /// The list over the composer; nil when there is nothing to complete or Esc closed it.
    var completions: CompletionList? {
        guard stage == .chat, dialog == nil, pane == .conversation, let open, open.chosen == nil,
            !open.completionCursor.isDismissed
        else { return nil }
        let before = open.editor.before
        let list =
            open.isCommand && !before.isEmpty
            ? commandCompletions(before) : emojiCompletions(before)
        if let list { return list }
        return open.completionCursor.wantsNames ? nameCompletions(before) : nil
    }

    /// Commands, and the names that follow some of them.
    private func commandCompletions(_ before: String) -> CompletionList? {
        guard let space = before.firstIndex(of: " ") else {
            return Self.list(commandItems(String(before.dropFirst())), replacing: before.count)
        }
        let name = String(before[before.index(after: before.startIndex)..<space])
        let typed = before[before.index(after: space)...]
        let command = SlashCommand(name: name, on: .full)
        if command == .profile {
            let names = (profiles ?? []).filter { $0 != profile && $0.hasPrefix(typed) }
            let items = names.map { CompletionList.Item(text: $0, label: $0, detail: "") }
            return Self.list(items, replacing: typed.count)
        }
        guard command == .goTo else { return nil }
        let items = peopleItems(matching: String(typed)) { $0.name }
        return Self.list(items, replacing: typed.count)
    }

    private func commandItems(_ begun: String) -> [CompletionList.Item] {
        let wanted = begun.lowercased()
        guard !wanted.contains(where: \.isWhitespace) else { return [] }
        let items = SlashCommand.all(on: .full).compactMap { command -> CompletionList.Item? in
            let names = command.names(strings.language)
            guard let name = names.first(where: { $0.hasPrefix(wanted) }) else { return nil }
            let argument = strings.argument(of: command)
            return CompletionList.Item(
                text: "/" + name + (argument == nil ? "" : " "),
                label: "/" + name + (argument.map { " " + $0 } ?? ""),
                detail: strings.words(for: command).help)
        }
        // What is already the name of a command stands first: Enter runs it.
        let isWhole = { (item: CompletionList.Item) in item.text.dropFirst().prefix { $0 != " " } == wanted }
        return items.filter(isWhole) + items.filter { !isWhole($0) }
    }

    /// `:name`, from two letters on.
    private func emojiCompletions(_ before: String) -> CompletionList? {
        guard let begun = Self.emojiBegun(before), begun.count >= 2 else { return nil }
        let found = EmojiNames.matches(String(begun), strings.language)
        let items = found.prefix(Self.completionsMax).map {
            CompletionList.Item(text: $0.emoji, label: $0.emoji + " :" + $0.name + ":", detail: "")
        }
        return Self.list(items, replacing: begun.count + 1)
    }

    /// What stands behind the last colon, if that begins a word and the rest could be a name.
    static func emojiBegun(_ before: String) -> Substring? {
        guard let colon = before.lastIndex(of: ":") else { return nil }
        let begun = before[before.index(after: colon)...]
        let isBound =
            colon == before.startIndex
            || !(before[before.index(before: colon)].isLetter || before[before.index(before: colon)].isNumber)
        guard isBound, begun.allSatisfy({ $0.isLetter || $0.isNumber || "_+-".contains($0) }) else {
            return nil
        }
        return begun
    }

    /// First names of the people in the list, for the word before the cursor.
    private func nameCompletions(_ before: String) -> CompletionList? {
        let word = Self.lastWord(before)
        guard word.count >= 2 else { return nil }
        let items = peopleItems(matching: String(word)) { Self.firstName($0.name) + " " }
        return Self.list(items, replacing: word.count)
    }

    static func lastWord(_ before: String) -> Substring {
        before.suffix(while: { $0.isLetter || $0.isNumber || $0 == "-" })
    }

    private static func firstName(_ name: String) -> String {
        Sanitizer.line(name).split(separator: " ").first.map(String.init) ?? name
    }

    private func peopleItems(
        matching typed: String, text: (Conversation) -> String
    ) -> [CompletionList.Item] {
        let wanted = Fuzzy.folded(typed)
        let found = conversations.filter { conversation in
            let words = Sanitizer.line(conversation.name).split(separator: " ").map {
                Fuzzy.folded(String($0))
            }
            return Fuzzy.folded(conversation.name).starts(with: wanted)
                || words.contains { $0.starts(with: wanted) }
        }
        // Strangers call themselves what they like: they come behind all contacts.
        return (found.filter(\.isContact) + found.filter { !$0.isContact }).map {
            CompletionList.Item(text: text($0), label: displayName(of: $0.peer), detail: $0.email ?? "")
        }
    }

    private static func list(_ items: [CompletionList.Item], replacing count: Int) -> CompletionList? {
        items.isEmpty ? nil : CompletionList(items: Array(items.prefix(completionsMax)), replaced: count)
    }

    // MARK: Keys

    /// Keys while the list is shown; nil for those that go on to the composer.
    mutating func handleCompletion(_ command: Command) -> [Effect]? {
        guard let list = completions, var cursor = open?.completionCursor else { return nil }
        let last = list.items.count - 1
        switch command {
        case .up: cursor.index = max(0, (cursor.index ?? 1) - 1)
        case .down: cursor.index = min(last, cursor.index.map { $0 + 1 } ?? min(1, last))
        case .pageUp: cursor.index = 0
        case .pageDown: cursor.index = last
        case .cancel: cursor.isDismissed = true
        case .switchPane: return take(list.items[min(last, cursor.index ?? 0)], of: list)
        case .accept:
            guard let index = cursor.index else { return nil }
            let effects = take(list.items[min(last, index)], of: list)
            // A command that is complete now is run by the same Enter.
            let text = open?.editor.text ?? ""
            return open?.isCommand == true && !text.hasSuffix(" ") ? effects + enter() : effects
        default: return nil
        }
        open?.completionCursor = cursor
        return []
    }

    /// The item that was clicked.
    mutating func takeCompletion(_ index: Int) -> [Effect] {
        guard let list = completions, list.items.indices.contains(index) else { return [] }
        return take(list.items[index], of: list)
    }

    private mutating func take(_ item: CompletionList.Item, of list: CompletionList) -> [Effect] {
        open?.editor.replaceBackward(list.replaced, with: item.text)
        return editorChanged()
    }

    /// Tab behind a word: a name if there is one, a list if there are several; false otherwise.
    mutating func completeName() -> Bool {
        guard pane == .conversation, let opened = open, opened.chosen == nil,
            opened.editor.after.first.map({ !$0.isLetter }) ?? true
        else { return false }
        var cursor = opened.completionCursor
        cursor.wantsNames = true
        open?.completionCursor = cursor
        guard let list = completions else {
            open?.keptCompletionCursor = nil
            return false
        }
        if list.items.count == 1 { open?.editor.replaceBackward(list.replaced, with: list.items[0].text) }
        return true
    }

    /// The closing colon of a `:name:` turns it into its emoji.
    mutating func replaceNamedEmoji() {
        guard let before = open?.editor.before, before.hasSuffix(":"),
            let begun = Self.emojiBegun(String(before.dropLast())), begun.count >= 2,
            let emoji = EmojiNames.named(String(begun), strings.language)
        else { return }
        open?.editor.replaceBackward(begun.count + 2, with: emoji)
    }
}

extension String {
    /// The longest ending of characters that all fulfil a condition.
    fileprivate func suffix(while isMember: (Character) -> Bool) -> Substring {
        var start = endIndex
        while start > startIndex, isMember(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
