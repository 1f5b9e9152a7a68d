import ChatWire

/// Messages that a search found.
public struct SearchPage: Sendable, Equatable {
    /// The newest first, or the best with ``SearchOrder/best``.
    public let hits: [SearchHit]
    /// Where the search goes on; nil when there is no more. A page may hold fewer hits than asked for, and
    /// even none, and still have a next one.
    public let next: SearchCursor?
    /// How many messages of the cache were not searched, since their index is still being made: after the
    /// first start with this version and while a long history arrives.
    public let unsearched: Int

    /// Makes a page; programs receive pages from ``ChatClient``, their tests make them.
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
    /// The other person's name, as it came; to be sanitised.
    public let peerName: String
    /// The message that was found.
    public let row: TimelineRow
    /// The match and what stands around it, in one line; as it came, to be sanitised. `…` stands where the
    /// text goes on.
    public let excerpt: String
    /// Where the words that were searched for stand, as offsets into the excerpt's UTF-8.
    public let matches: [Range<Int>]

    /// Makes a hit; programs receive hits from ``ChatClient``, their tests make them.
    public init(peer: UserID, peerName: String, row: TimelineRow, excerpt: String, matches: [Range<Int>]) {
        self.peer = peer
        self.peerName = peerName
        self.row = row
        self.excerpt = excerpt
        self.matches = matches
    }
}

/// In which order a search gives what it finds.
public enum SearchOrder: Sendable, Equatable {
    /// As the server numbered them, unsent ones before all.
    case newest
    /// Whole words before beginnings of words, neighbours before words far apart, short texts before long
    /// ones; judged are only the newest 1,000 that were found.
    case best
}

/// The place in a search's results where the next page begins. It stays right when messages come and go.
public struct SearchCursor: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        /// Older than this position.
        case below(Int64)
        /// So many of the best were given.
        case after(Int)
    }

    let place: Place
}

extension SearchCursor {
    /// Where a search by age goes on with what stands before a position.
    public init(below position: TimelinePosition) { self.init(place: .below(position.rawValue)) }
}
