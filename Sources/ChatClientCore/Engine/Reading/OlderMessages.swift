import ChatSQLite
import ChatWire

/// A request for messages of a conversation that are older than those in the cache, or that fill a gap.
struct OlderRequest: Sendable {
    let peer: UserID
    let limit: Int
    let before: MessageID?
    let isPeek: Bool
    /// The highest id in the cache when the request was made.
    let known: MessageID

    var call: APICall<PartialList<Message>> {
        API.conversation(with: peer, limit: limit, before: before, peek: isPeek)
    }
}

/// What to request to fill the gap above a row.
enum GapRequest {
    /// There is no gap any more.
    case filled
    case ask(OlderRequest)
    /// The server gives no messages that old.
    case outOfReach
}

/// Finds the requests for older messages, by what the cache lacks and what the server can do.
struct OlderMessages {
    let store: ChatStore
    let canPage: Bool
    let canPeek: Bool

    init(_ context: EngineContext) {
        store = context.store
        canPage = context.canPage
        canPeek = context.canPeek
    }

    /// The request for messages older than those in the cache; nil when the server has none or gives none.
    func request(of peer: UserID) throws(SQLiteError) -> OlderRequest? {
        let gaps = try store.gaps.edges(of: peer)
        let state = try store.gaps.fetchState(of: peer)
        guard state.contiguousTo != nil else {
            // A page that lies in one second has no certain end: a longer one goes beyond that second.
            let isTried = state.fetchedLimit >= PageLimits.usual
            return try newest(of: peer, limit: isTried ? PageLimits.longest : PageLimits.usual)
        }
        guard let gap = gaps.last else { return nil }
        if canPage { return try page(of: peer, filling: gap, limit: PageLimits.usual) }
        guard try mayAskForMore(of: peer, state) else { return nil }
        return try newest(of: peer, limit: PageLimits.longest)
    }

    func request(fillingGapAbove row: RowID) throws(SQLiteError) -> GapRequest {
        guard let (peer, shown) = try store.timeline.row(row),
            let gap = try store.gaps.edges(of: peer).last(where: { $0.before <= shown.position.rawValue }),
            try store.messages.rowFrom(gap.before, of: peer)?.row == row
        else { return .filled }
        if canPage { return .ask(try page(of: peer, filling: gap, limit: PageLimits.longest)) }
        guard try mayAskForMore(of: peer, store.gaps.fetchState(of: peer)) else { return .outOfReach }
        return .ask(try newest(of: peer, limit: PageLimits.longest))
    }

    /// A server without pages below an id gives at most its longest page. If that was shorter than it could be, a
    /// second one says whether it shows everything.
    private func mayAskForMore(of peer: UserID, _ state: GapTable.FetchState) throws(SQLiteError) -> Bool {
        if state.fetchedLimit < PageLimits.longest { return true }
        return try store.gaps.shortEnd(of: peer).at != nil
    }

    private func newest(of peer: UserID, limit: Int) throws(SQLiteError) -> OlderRequest {
        OlderRequest(
            peer: peer, limit: limit, before: nil, isPeek: canPeek, known: try store.messages.newestID())
    }

    /// From the first message above the gap on. The page is to show that message: a page that shows nothing known
    /// proves nothing.
    private func page(of peer: UserID, filling gap: Gap, limit: Int) throws(SQLiteError) -> OlderRequest {
        let edge = try store.messages.rowFrom(gap.before, of: peer).map { $0.position + 1 } ?? gap.before
        return OlderRequest(
            peer: peer, limit: limit, before: MessageID(edge), isPeek: canPeek,
            known: try store.messages.newestID())
    }

    /// Puts a page of older messages into the cache. Also says whether the cache holds more than before, or less is
    /// missing.
    func take(_ page: ConversationPage) throws(SQLiteError) -> (effects: StoreEffects, isMore: Bool) {
        let missing = try store.gaps.edges(of: page.peer)
        let effects = try store.apply([.page(page)])
        let left = try store.gaps.edges(of: page.peer)
        return (effects, effects.added > 0 || left != missing)
    }
}
