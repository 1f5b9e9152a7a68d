import ChatClientCore
import ChatWire

/// The search: what is asked, what was found, and where the person is in it.
struct SearchPanel: Hashable, Sendable {
    var query = LineEditor()
    /// The conversation that is searched; nil searches all.
    var peer: UserID?
    /// Where Tab goes back to.
    var conversation: UserID?
    var results = SearchResults()
    var selection = 0
    /// What is being asked, and whether it is out of date by now.
    var reload = AppState.Reload.idle
    var isLoadingMore = false
    var problem: String?

    /// What one answer is an answer to.
    var question: SearchQuestion { SearchQuestion(text: query.text, peer: peer) }
}

struct SearchQuestion: Hashable, Sendable {
    var text: String
    var peer: UserID?
}

/// Hits, the newest first, and how to get more of them.
struct SearchResults: Hashable, Sendable {
    var question: SearchQuestion?
    var hits: [SearchHit] = []
    var next: SearchCursor?
    /// Messages whose index is still being made.
    var unsearched = 0

    static let pageHits = 50
}

/// The hits that n and N go through while a message is chosen.
struct SearchTrail: Hashable, Sendable {
    var results: SearchResults
    var index: Int
}

extension AppState {
    /// What stands out in the messages: what was searched for, while one goes from hit to hit.
    var highlight: SearchHighlight? {
        guard let open, open.chosen != nil, let question = searchTrail?.results.question,
            question.peer == nil || question.peer == open.peer
        else { return nil }
        return SearchHighlight(question.text)
    }
}
