import ChatClientCore
import ChatWire

/// Looks for people on the server and puts them in the list.
struct PeopleFinder: Hashable, Sendable {
    var query = LineEditor()
    var selection = 0
    /// The query that was asked last, and the answer to it.
    private(set) var asked: String?
    private(set) var results: [Person] = []
    private(set) var isSearching = false
    private(set) var problem: String?
    /// When the query is asked: after a pause in typing.
    private(set) var askAt: MonotonicInstant?

    static let queryLengthMin = 2
    private static let askDelay: Duration = .milliseconds(250)

    init() {}

    /// A finder that asks for this at once, if it is long enough.
    init(_ query: String, at instant: MonotonicInstant) {
        self.query = LineEditor(query)
        queryChanged(at: instant)
        if askAt != nil { askAt = instant }
    }

    mutating func handle(_ key: Key, _ command: Command?, _ context: ScreenContext) -> DialogAction {
        let before = query.text
        switch command {
        case .accept: return accept(context)
        case .up: selection = max(0, selection - 1)
        case .down, .switchPane: selection = min(max(0, results.count - 1), selection + 1)
        case .edit(let edit):
            query.apply(edit)
            if query.text != before { queryChanged(at: context.instant) }
        default:
            guard let text = key.typedText else { break }
            query.insert(text)
            queryChanged(at: context.instant)
        }
        return .stay()
    }

    /// Asks at once when the answer shown is to another query; else opens the person's conversation, or adds them.
    private mutating func accept(_ context: ScreenContext) -> DialogAction {
        guard asked == query.text, !isSearching else {
            askAt = context.instant
            return .stay(askIfDue(at: context.instant))
        }
        guard results.indices.contains(selection) else { return .stay() }
        let person = results[selection]
        if context.conversation(with: person.id) != nil { return .show(person.id) }
        return .stay([.addContact(person.id, name: person.name)])
    }

    mutating func queryChanged(at instant: MonotonicInstant) {
        problem = nil
        let length = query.text.unicodeScalars.count { !$0.properties.isWhitespace }
        askAt = length >= Self.queryLengthMin ? instant + Self.askDelay : nil
        if askAt == nil {
            results = []
            asked = nil
            isSearching = false
        }
    }

    mutating func askIfDue(at instant: MonotonicInstant) -> [Effect] {
        guard let askAt, instant >= askAt else { return [] }
        self.askAt = nil
        guard query.text != asked else { return [] }
        asked = query.text
        isSearching = true
        return [.findPeople(query.text)]
    }

    mutating func take(_ people: [Person], for query: String) {
        guard asked == query else { return }
        results = people
        selection = 0
        isSearching = false
    }

    mutating func take(problem words: String, for query: String) {
        guard asked == query else { return }
        isSearching = false
        results = []
        asked = nil
        problem = words
    }
}
