import ChatClientCore
import ChatWire

/// What the word before the composer's cursor can be completed to.
struct CompletionList: Hashable, Sendable {
    struct Item: Hashable, Sendable {
        /// The text that replaces the word.
        var text: String
        /// The text in the list, and an explanation after it in faint letters.
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

/// What the words in the composer can be completed with.
struct CompletionSource {
    let model: ChatModel
    /// The profiles that the person may change to.
    let profiles: [String]

    static let itemsMax = 40

    /// The list over the composer; nil when there is nothing to complete or Esc closed it.
    func list(for composer: Composer) -> CompletionList? {
        let cursor = composer.completionCursor
        guard !cursor.isDismissed else { return nil }
        let before = composer.editor.before
        let list =
            composer.isCommand && !before.isEmpty ? commandCompletions(before) : emojiCompletions(before)
        if let list { return list }
        return cursor.wantsNames ? nameCompletions(before) : nil
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
            let names = profiles.filter { $0.hasPrefix(typed) }
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
            let names = command.names(model.strings.language)
            guard let name = names.first(where: { $0.hasPrefix(wanted) }) else { return nil }
            let argument = model.strings.argument(of: command)
            return CompletionList.Item(
                text: "/" + name + (argument == nil ? "" : " "),
                label: "/" + name + (argument.map { " " + $0 } ?? ""),
                detail: model.strings.words(for: command).help)
        }
        // What is already the name of a command stands first: Enter runs it.
        let isWhole = { (item: CompletionList.Item) in item.text.dropFirst().prefix { $0 != " " } == wanted }
        return items.filter(isWhole) + items.filter { !isWhole($0) }
    }

    /// `:name`, from two letters on.
    private func emojiCompletions(_ before: String) -> CompletionList? {
        guard let begun = Self.emojiBegun(before), begun.count >= 2 else { return nil }
        let found = EmojiNames.matches(String(begun), model.strings.language)
        let items = found.prefix(Self.itemsMax).map {
            CompletionList.Item(text: $0.emoji, label: $0.emoji + " :" + $0.name + ":", detail: "")
        }
        return Self.list(items, replacing: begun.count + 1)
    }

    /// The text after the last colon, if the colon begins a word and the rest could be a name.
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
        let found = model.conversations.filter { conversation in
            let words = Sanitizer.line(conversation.name).split(separator: " ").map {
                Fuzzy.folded(String($0))
            }
            return Fuzzy.folded(conversation.name).starts(with: wanted)
                || words.contains { $0.starts(with: wanted) }
        }
        // Strangers choose their own names: they come after all contacts.
        return (found.filter(\.isContact) + found.filter { !$0.isContact }).map {
            CompletionList.Item(text: text($0), label: model.displayName(of: $0.peer), detail: $0.email ?? "")
        }
    }

    private static func list(_ items: [CompletionList.Item], replacing count: Int) -> CompletionList? {
        items.isEmpty ? nil : CompletionList(items: Array(items.prefix(itemsMax)), replaced: count)
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
