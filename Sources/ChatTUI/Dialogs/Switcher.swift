import ChatClientCore
import ChatWire

/// Goes to a conversation by a few letters of its name.
struct Switcher: Hashable, Sendable {
    var query = LineEditor()
    var selection = 0

    mutating func handle(_ key: Key, _ command: Command?, _ context: ScreenContext) -> DialogAction {
        let matches = matches(in: context.conversations)
        let before = query.text
        switch command {
        case .accept:
            return matches.indices.contains(selection) ? .show(matches[selection].peer) : .close()
        case .up: selection = max(0, selection - 1)
        case .down, .switcher, .switchPane: selection = min(max(0, matches.count - 1), selection + 1)
        case .edit(let edit):
            query.apply(edit)
            if query.text != before { selection = 0 }
        default:
            guard let text = key.typedText else { break }
            query.insert(text)
            selection = 0
        }
        return .stay()
    }

    /// The conversations that match, best first; without a query those with unread messages first.
    ///
    /// Contacts come before people who only wrote here, whatever names these have chosen. Among contacts, names
    /// that the account gave come before names that people chose, by the rules of `RecipientResolver`.
    func matches(in conversations: [Conversation]) -> [Conversation] {
        let query = Fuzzy.folded(self.query.text)
        guard !query.allSatisfy(\.isWhitespace) else {
            let contacts = conversations.filter(\.isContact)
            let others = conversations.filter { !$0.isContact }
            return [contacts, others].flatMap { people in
                people.filter { $0.unread > 0 } + people.filter { $0.unread <= 0 }
            }
        }
        let key = NameKey(self.query.text)
        let ranked = conversations.compactMap { conversation in
            rank(conversation, query, key).map { ($0, conversation) }
        }
        return ranked.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    /// The sort key, the weightiest part first, smaller numbers first; nil for a conversation that does not match. The
    /// last part cannot be changed by others: the id, not the time of the last message.
    private func rank(_ conversation: Conversation, _ query: [Character], _ key: NameKey) -> [Int]? {
        let byName = Fuzzy.score(query, in: Fuzzy.folded(conversation.name))
        // Letters in order are found in nearly every address, so there it must begin with them.
        let address = Fuzzy.folded(conversation.email ?? "")
        let byAddress = address.starts(with: query) ? query.count : nil
        let match = RecipientResolver.match(key, NameKey(conversation.name), care: .revocable)
        guard match != nil || byName != nil || byAddress != nil else { return nil }
        let group =
            !conversation.isContact ? 3 : match == nil ? 2 : conversation.isNameGiven ? 0 : 1
        let score = [byName, byAddress].compactMap(\.self).max() ?? 0
        return [
            group, match?.rawValue ?? 9, -score, conversation.isPinned ? 0 : 1,
            Int(clamping: conversation.peer.rawValue),
        ]
    }
}

/// Matching by letters in order, as in editors' file switchers.
enum Fuzzy {
    /// Lower case without accents, so that `joao` finds `João`.
    static func folded(_ text: String) -> [Character] { Array(Folding.fold(text)) }

    /// How well the query matches: more for beginnings of words and for runs; nil when it does not.
    static func score(_ query: [Character], in text: [Character]) -> Int? {
        var total = 0
        var position = 0
        var lastMatch = -2
        for character in query where !character.isWhitespace {
            guard let found = text[position...].firstIndex(of: character) else { return nil }
            total += 1
            if found == lastMatch + 1 { total += 3 }
            if found == 0 || !(text[found - 1].isLetter || text[found - 1].isNumber) { total += 5 }
            lastMatch = found
            position = found + 1
        }
        return total - text.count / 16
    }
}
