import ChatClientCore
import ChatWire

struct SearchQuestion: Hashable, Sendable {
    var text: String
    /// The conversation that is searched; nil searches all.
    var peer: UserID?
}

/// Hits, the newest first, and how to get more of them.
struct SearchResults: Hashable, Sendable {
    var question: SearchQuestion?
    var hits: [SearchHit] = []
    var next: SearchCursor?
    /// Messages that the index does not hold yet.
    var unsearched = 0

    static let pageHits = 50

    mutating func append(_ page: SearchPage) {
        hits += page.hits
        next = page.next
    }
}

/// The hits that n and N go through while a message is chosen.
struct SearchTrail: Hashable, Sendable {
    var results: SearchResults
    var index: Int
}

/// The search while one types: the question, what was found, and where the person is in it.
struct SearchPanel: Hashable, Sendable {
    var query: LineEditor
    /// The conversation that is searched; nil searches all.
    private(set) var peer: UserID?
    /// The conversation that Tab goes back to.
    let conversation: UserID?
    private(set) var results = SearchResults()
    var selection = 0
    /// The question that is out, and whether it is stale by now.
    private var reload = Reload.idle
    private var isLoadingMore = false
    private(set) var problem: String?

    init(_ text: String = "", in conversation: UserID? = nil, isEverywhere: Bool = true) {
        query = LineEditor(text)
        self.conversation = conversation
        peer = isEverywhere ? nil : conversation
    }

    /// What one answer is an answer to.
    var question: SearchQuestion { SearchQuestion(text: query.text, peer: peer) }

    private var isBlank: Bool { query.text.allSatisfy(\.isWhitespace) }

    mutating func handle(_ key: Key, _ command: Command?, _ context: ScreenContext) -> DialogAction {
        let before = query.text
        let last = max(0, results.hits.count - 1)
        let page = SearchDialog.pageHits(in: context.size)
        switch command {
        case .accept:
            guard results.hits.indices.contains(selection) else { return .stay() }
            return .follow(SearchTrail(results: results, index: selection))
        case .up, .lineUp: selection = max(0, selection - 1)
        case .down, .lineDown: selection = min(last, selection + 1)
        case .pageUp: selection = max(0, selection - page)
        case .pageDown: selection = min(last, selection + page)
        case .switchPane, .search, .searchAll:
            guard conversation != nil else { break }
            peer = peer == nil ? conversation : nil
            return .stay(ask())
        case .edit(let edit):
            query.apply(edit)
            if query.text != before { return .stay(ask()) }
        default:
            guard let text = key.typedText else { break }
            query.insert(text)
            return .stay(ask())
        }
        return .stay(loadMoreIfNear(context))
    }

    /// Asks the question as it is now. One is out at a time; a change meanwhile is asked when its answer is here.
    mutating func ask() -> [Effect] {
        selection = 0
        problem = nil
        guard !isBlank else {
            results = SearchResults()
            return []
        }
        return reload.request() ? [.search(question, after: nil)] : []
    }

    mutating func take(
        _ page: SearchPage, for question: SearchQuestion, _ context: ScreenContext
    ) -> [Effect] {
        let isStale = reload.finish()
        if !isBlank {
            results = SearchResults(
                question: question, hits: page.hits, next: page.next, unsearched: page.unsearched)
            selection = min(selection, max(0, page.hits.count - 1))
        }
        return isStale ? [.search(self.question, after: nil)] : loadMoreIfNear(context)
    }

    mutating func takeMore(_ page: SearchPage, for question: SearchQuestion) {
        isLoadingMore = false
        if results.question == question { results.append(page) }
    }

    mutating func take(problem words: String) -> [Effect] {
        let isStale = reload.finish()
        isLoadingMore = false
        problem = words
        return isStale ? [.search(question, after: nil)] : []
    }

    private mutating func loadMoreIfNear(_ context: ScreenContext) -> [Effect] {
        guard !isLoadingMore, let next = results.next, let asked = results.question,
            selection + SearchDialog.pageHits(in: context.size) >= results.hits.count
        else { return [] }
        isLoadingMore = true
        return [.search(asked, after: next)]
    }
}
