import ChatWire

/// Messages that a search found.
public struct SearchPage: Sendable, Equatable {
    /// The newest first, or the best first with ``SearchOrder/best``.
    public let hits: [SearchHit]
    /// Where the search continues; nil when there is no more. A page may hold fewer hits than requested, even none,
    /// and still have a next page.
    public let next: SearchCursor?
    /// How many messages of the cache were not searched, because their index is still being built: after the first
    /// start with this version, and while a long history arrives.
    public let unsearched: Int

    /// Makes a page. Programs receive pages from ``ChatClient``; tests make them.
    public init(hits: [SearchHit], next: SearchCursor? = nil, unsearched: Int = 0) {
        self.hits = hits
        self.next = next
        self.unsearched = unsearched
    }
}

/// One message that a search found.
public struct SearchHit: Hashable, Sendable {
    /// The other person of its conversation.
    public let peer: UserID
    /// The other person's name, unchanged; sanitise it before it is shown.
    public let peerName: String
    /// The message that was found.
    public let row: TimelineRow
    /// The match and its surroundings, in one line; unchanged, so sanitise it before it is shown. `…` marks where the
    /// text continues.
    public let excerpt: String
    /// The ranges of the found words, as offsets into the excerpt's UTF-8.
    public let matches: [Range<Int>]

    /// Makes a hit. Programs receive hits from ``ChatClient``; tests make them.
    public init(peer: UserID, peerName: String, row: TimelineRow, excerpt: String, matches: [Range<Int>]) {
        self.peer = peer
        self.peerName = peerName
        self.row = row
        self.excerpt = excerpt
        self.matches = matches
    }
}

/// The order of the results of a search.
public enum SearchOrder: Sendable, Equatable {
    /// By the server's ids, the newest first; unsent ones precede all others.
    case newest
    /// Whole words before prefixes, adjacent words before distant ones, short texts before long ones. Only the newest
    /// 1,000 results are ranked.
    case best
}

/// The position in a search's results where the next page begins. It stays valid when messages arrive and disappear.
public struct SearchCursor: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        /// Older than this position.
        case below(Int64)
        /// This many of the best were returned.
        case after(Int)
    }

    let place: Place
}

extension SearchCursor {
    /// A search by age continues with the messages before a position.
    public init(below position: TimelinePosition) { self.init(place: .below(position.rawValue)) }
}
