import ChatSQLite
import ChatWire

/// The cache as the screen shows it: rows with the states that only memory knows, and who is connected or types.
struct CacheView {
    private let store: ChatStore
    private let me: UserID
    private let outbox: Outbox
    private let company: Company
    private let presence: PresenceBook
    private let isHolder: Bool
    private let isOnline: Bool

    init(_ context: EngineContext) {
        store = context.store
        me = context.me
        outbox = context.outbox
        company = context.company
        isHolder = context.link.isHolder
        isOnline = context.linkState == .online
        presence = context.presence
    }

    func conversations() throws(SQLiteError) -> [Conversation] {
        try store.conversations.all().map(shown)
    }

    private func shown(_ row: Conversation) -> Conversation {
        var row = row
        row.previewState = shown(row.previewState, to: row.peer)
        row.presence = presence.presence(of: row.peer, isContact: row.isContact)
        row.isTyping = company.isTyping(row.peer)
        return row
    }

    /// - Parameter canFetch: whether the server may have older messages.
    func timeline(
        with peer: UserID, _ window: TimelineReader.Window, limit: Int, canFetch: Bool
    ) throws(SQLiteError) -> Timeline {
        let page = try store.timeline.page(with: peer, window, limit: limit)
        return Timeline(
            peer: page.peer, rows: page.rows.map(shown), hasOlder: page.hasOlder, hasNewer: page.hasNewer,
            mayFetchOlder: page.mayFetchOlder && canFetch, unread: page.unread,
            firstUnread: page.firstUnread)
    }

    func outboxRows() throws(SQLiteError) -> [(peer: UserID, row: TimelineRow)] {
        try store.timeline.unsent().map { ($0.peer, shown($0.row)) }
    }

    /// What has become of an entered message; nil for one that this cache never held, or that was taken back.
    func outcome(of tempID: TempID) throws(SQLiteError) -> SendOutcome? {
        guard let (peer, row) = try store.timeline.row(tempID) else { return nil }
        switch row.state {
        case .failed: return .failed(reason: row.failure ?? "")
        case .held: return .held
        case .queued, .sending, .unknown: return .queued
        case .received, .sent, .delivered, .read:
            // The server that had it is gone.
            guard row.formerPeer == nil else { return .held }
            guard let id = row.messageID else { return .queued }
            return .sent(
                Message(
                    id: id, senderID: me, receiverID: peer, content: row.content, isRead: row.state == .read,
                    createdAt: row.time, tempID: tempID))
        }
    }

    /// A row with the state that only memory knows. For a program that watches, an attempt that has begun is being made
    /// as long as the holder's link is up.
    private func shown(_ row: TimelineRow) -> TimelineRow {
        guard row.state == .unknown, let tempID = row.tempID else { return row }
        let isSending = isHolder ? outbox.isSending(tempID) : isOnline
        return isSending ? row.with(state: .sending) : row
    }

    /// The same for the list: only one message of a conversation is sent at a time.
    private func shown(_ state: RowState?, to peer: UserID) -> RowState? {
        guard state == .unknown else { return state }
        let isSending = isHolder ? outbox.isSending(to: peer) : isOnline
        return isSending ? .sending : state
    }

    // MARK: Search

    /// The most on one page, and the most that are compared with each other.
    private static let searchMax = 1000

    /// The messages in which all of the text's words occur.
    func search(
        _ text: String, with peer: UserID?, after cursor: SearchCursor?, limit: Int, order: SearchOrder
    ) throws(SQLiteError) -> SearchPage {
        guard let query = SearchQuery(text) else { return SearchPage(hits: []) }
        let limit = max(1, min(limit, Self.searchMax))
        switch order {
        case .newest:
            var position: Int64?
            if case .below(let place) = cursor?.place { position = place }
            let result = try store.search.page(query, with: peer, below: position, limit: limit)
            return SearchPage(
                hits: try hits(result.found), next: result.next.map { SearchCursor(place: .below($0)) },
                unsearched: result.unsearched)
        case .best:
            var given = 0
            if case .after(let count) = cursor?.place { given = max(0, count) }
            let result = try store.search.page(query, with: peer, below: nil, limit: Self.searchMax)
            let ranked = SearchRanking.sorted(result.found)
            let page = ranked.dropFirst(given).prefix(limit)
            let next = given + page.count
            return SearchPage(
                hits: try hits(page), next: next < ranked.count ? SearchCursor(place: .after(next)) : nil,
                unsearched: result.unsearched)
        }
    }

    private func hits(_ found: some Sequence<MessageSearch.Found>) throws(SQLiteError) -> [SearchHit] {
        var names: [UserID: String] = [:]
        var hits: [SearchHit] = []
        for one in found {
            let name: String
            if let known = names[one.peer] {
                name = known
            } else {
                name = try store.people.name(of: one.peer) ?? "#\(one.peer)"
                names[one.peer] = name
            }
            let excerpt = SearchExcerpt(of: one.row.content, matches: one.matches.map(\.range))
            hits.append(
                SearchHit(
                    peer: one.peer, peerName: name, row: shown(one.row), excerpt: excerpt.text,
                    matches: excerpt.matches))
        }
        return hits
    }
}
