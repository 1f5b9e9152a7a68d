import ChatClientCore
import ChatWire

/// Goes to a conversation by a few letters of its name.
struct Switcher: Hashable, Sendable {
    var query = LineEditor()
    var selection = 0

    /// The conversations that match, best first; without a query those with unread messages first.
    func matches(in conversations: [Conversation]) -> [Conversation] {
        let query = Fuzzy.folded(self.query.text)
        guard !query.isEmpty else {
            return conversations.filter { $0.unread > 0 } + conversations.filter { $0.unread <= 0 }
        }
        let scored = conversations.enumerated().compactMap {
            index, conversation -> (Int, Int, Conversation)? in
            let byName = Fuzzy.score(query, in: Fuzzy.folded(conversation.name))
            // Letters in order are found in nearly every address, so there it must begin with them.
            let address = Fuzzy.folded(conversation.email ?? "")
            let byAddress = address.starts(with: query) ? query.count : nil
            return [byName, byAddress].compactMap(\.self).max().map { ($0, index, conversation) }
        }
        return scored.sorted { ($1.0, $0.1) < ($0.0, $1.1) }.map(\.2)
    }
}

/// Looks for people on the server and puts them in the list.
struct PeopleFinder: Hashable, Sendable {
    var query = LineEditor()
    var selection = 0
    /// What was asked last, and the answer to it.
    var asked: String?
    var results: [Person] = []
    var isSearching = false
    var problem: String?
    /// When the query is asked: a pause in typing.
    var askAt: MonotonicInstant?

    static let queryLengthMin = 2
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
