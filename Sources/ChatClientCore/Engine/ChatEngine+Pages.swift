import ChatSQLite
import ChatWire
import Logging

// What a page proves, and what is asked again when it proves nothing.
extension ChatEngine {
    /// A page as the server answered it, with what else is known of the server and the conversation.
    func page(
        _ messages: [Message], leftOut: Int, answering request: OlderRequest, at now: Moment
    ) -> ConversationPage {
        ConversationPage(
            peer: request.peer, messages: messages, limit: request.limit, before: request.before,
            knownAtRequest: request.known, isPeek: request.isPeek, leftOut: leftOut, isOrderedByID: canPage,
            listed: listed[request.peer], answeredAt: now.wall)
    }

    /// What the server said on this link proves nothing any more.
    func forgetProofs() {
        listed = [:]
        unwitnessed = []
        contradictions = [:]
        confirmed = []
        stream = StreamProgress()
        isFirstStream = false
        uncounted = []
        doubtfulCounts = 0
        emptilyCounted = []
        listIsEmptySince = nil
    }

    /// True for a server that gives pages below an id, and so in the order of ids.
    var canPage: Bool { capabilities?.contains(.paging) ?? false }

    func receive(_ page: ConversationPage, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            // A page that lacks the newest message is believed when the list says the same; which is on its way.
            if page.listed == nil, plan.isOpen(.contacts), try lacksNewest(page) {
                unwitnessed.append(page)
            } else {
                take(page, at: now)
            }
        }
    }

    private func lacksNewest(_ page: ConversationPage) throws(SQLiteError) -> Bool {
        guard let shown = page.messages.map(\.id).max() else { return true }
        return try store.messages.newestSentID(with: page.peer).map { $0 > shown } ?? false
    }

    /// The newest page of the conversation is in the cache, and so is what the server keeps of deletions. A first stream
    /// brings all there ever was: nobody waits for that.
    func isUpToDate(with peer: UserID) -> Bool {
        fresh.contains(peer) && (isFirstStream || !plan.isOpen(.changes))
    }

    private func take(_ page: ConversationPage, at now: Moment) {
        var proof: PageProof?
        withStore(at: now) { () throws(SQLiteError) in
            let result = try store.apply([.page(page)])
            proof = result.proof
            stored(result, isLive: false, at: now)
            guard let proof, proof.isTrusted else { return askAgain(page.peer, at: now) }
            contradictions[page.peer] = nil
            fresh.insert(page.peer)
            if !page.isPeek { outbox.opened(page.peer) }
            confirmEnd(of: page.peer, proof, at: now)
        }
        resolve(page, proof, at: now)
    }

    /// The list of contacts is here, or cannot be had: empty pages have waited for it.
    func receiveUnwitnessed(at now: Moment) {
        let pages = unwitnessed
        unwitnessed = []
        for var page in pages {
            page.listed = listed[page.peer]
            take(page, at: now)
        }
    }

    /// A page that contradicts what is known proves nothing, and nothing is taken from it. The conversation and the list
    /// are asked for again, with growing pauses.
    private func askAgain(_ peer: UserID, at now: Moment) {
        let count = contradictions[peer, default: 0]
        contradictions[peer] = count + 1
        let pause = min(Self.contradictionPause * (1 << min(count, 10)), Self.contradictionPauseMax)
        logger.info("a page contradicts the cache", metadata: ["user": "\(peer)", "pause": "\(pause)"])
        plan.add(.contacts, after: pause, at: now.monotonic)
        plan.add(.page(peer, limit: Self.pageLimit), after: pause, at: now.monotonic)
    }

    static let contradictionPause = Duration.seconds(5)
    private static let contradictionPauseMax = Duration.seconds(320)

    /// One short page may have been cut off anywhere: who has the conversation before them is told that it begins there
    /// when a second one ends in the same place. What the cache holds below it is gone when another one ends there later.
    private func confirmEnd(of peer: UserID, _ proof: PageProof, at now: Moment) {
        if proof.isShorterThanCache {
            let pause = PageProof.believedAfter + .seconds(1)
            plan.add(.page(peer, limit: Self.pageLimit), after: pause, at: now.monotonic)
        }
        guard peer == openPeer, proof.shortAt != nil, confirmed.insert(peer).inserted else { return }
        plan.add(.page(peer, limit: Self.lookUpLimit))
    }

    // MARK: Counts

    /// Those of whom counts say that nothing is unread any more, and nothing else does: a read that failed at the server
    /// looks like that. Of a contact the list must say the same; of others the next counts, from a server that answers, or
    /// the conversation itself, where looking at it marks nothing as read.
    func doubtfullyRead(_ counts: UnreadCounts) throws(SQLiteError) -> Set<UserID> {
        let held = try store.unreadCounts.newest()
        let unread = held.filter { (counts.bySender[$0.key] ?? 0) == 0 }
        var doubtful: Set<UserID> = []
        for (peer, newest) in unread {
            let isSure: Bool
            if let list = listed[peer] {
                isSure = list.unread == 0 && newest <= list.knownAtRequest
            } else {
                isSure = doesAnswer(counts) && uncounted.contains(peer)
                if !isSure, canPeek { plan.add(.page(peer, limit: Self.pageLimit)) }
            }
            if !isSure { doubtful.insert(peer) }
        }
        uncounted = Set(unread.keys)
        return doubtful
    }

    /// Whether anything that the server was asked for is not empty. Of an account without contacts and without unread
    /// messages nothing tells a server that answers from one whose reads fail: what is unread here stays so.
    private func doesAnswer(_ counts: UnreadCounts) -> Bool {
        !counts.bySender.isEmpty || !counts.leftOut.isEmpty || !listed.isEmpty
    }

    /// The server should count what it has not been told of: a wholly empty count may be a read that failed, and says
    /// nothing of what came unseen. The list of contacts is another witness, or the next count.
    func isEmptilyCounted(_ peer: UserID) -> Bool {
        guard emptilyCounted.contains(peer) else { return false }
        return listed[peer].map { $0.unread > 0 } ?? listed.isEmpty
    }

    /// Asks both again, with growing pauses.
    func countAgain(_ doubtful: Set<UserID>, at now: Moment) {
        guard !doubtful.isEmpty else { return doubtfulCounts = 0 }
        let pause = min(Self.contradictionPause * (1 << min(doubtfulCounts, 10)), Self.contradictionPauseMax)
        doubtfulCounts += 1
        plan.add(.contacts, after: pause, at: now.monotonic)
        plan.add(.unread, after: pause, at: now.monotonic)
    }

    // MARK: Older messages

    struct OlderRequest: Sendable {
        let peer: UserID
        let limit: Int
        let before: MessageID?
        let isPeek: Bool
        let known: MessageID

        var call: APICall<PartialList<Message>> {
            API.conversation(with: peer, limit: limit, before: before, peek: isPeek)
        }
    }

    /// What to ask for to have older messages than the cache; nil when the server has none or gives none.
    func olderPage(of peer: UserID) throws(SQLiteError) -> OlderRequest? {
        let gaps = try store.gaps.edges(of: peer)
        let state = try store.gaps.fetchState(of: peer)
        guard state.contiguousTo != nil else {
            // A page that lies in one second has no certain end: a longer one goes beyond that second.
            let isTried = state.fetchedLimit >= Self.pageLimit
            return try newest(of: peer, limit: isTried ? Self.lookUpLimit : Self.pageLimit)
        }
        guard let gap = gaps.last else { return nil }
        if canPage { return try page(of: peer, filling: gap, limit: Self.pageLimit) }
        guard try mayAskForMore(of: peer, state) else { return nil }
        return try newest(of: peer, limit: Self.lookUpLimit)
    }

    /// Of a server without pages below an id the longest page is all that can be had; when it was shorter than that, a
    /// second one says whether it shows all.
    private func mayAskForMore(of peer: UserID, _ state: GapTable.FetchState) throws(SQLiteError) -> Bool {
        if state.fetchedLimit < Self.lookUpLimit { return true }
        return try store.gaps.shortEnd(of: peer).at != nil
    }

    private func newest(of peer: UserID, limit: Int) throws(SQLiteError) -> OlderRequest {
        OlderRequest(
            peer: peer, limit: limit, before: nil, isPeek: canPeek, known: try store.messages.newestID())
    }

    /// From the first message above the gap on, which the page is to show: one that shows nothing known proves nothing.
    private func page(of peer: UserID, filling gap: Gap, limit: Int) throws(SQLiteError) -> OlderRequest {
        let edge = try store.messages.rowFrom(gap.before, of: peer).map { $0.position + 1 } ?? gap.before
        return OlderRequest(
            peer: peer, limit: limit, before: MessageID(edge), isPeek: canPeek,
            known: try store.messages.newestID())
    }

    /// What to ask for to fill the gap above a row.
    enum GapRequest {
        /// There is none (any more).
        case filled
        case ask(OlderRequest)
        /// The server gives no messages that old.
        case outOfReach
    }

    func request(fillingGapAbove row: RowID) throws(SQLiteError) -> GapRequest {
        guard let (peer, shown) = try store.timeline.row(row),
            let gap = try store.gaps.edges(of: peer).last(where: { $0.before <= shown.position.rawValue }),
            try store.messages.rowFrom(gap.before, of: peer)?.row == row
        else { return .filled }
        if canPage { return .ask(try page(of: peer, filling: gap, limit: Self.lookUpLimit)) }
        guard try mayAskForMore(of: peer, store.gaps.fetchState(of: peer)) else { return .outOfReach }
        return .ask(try newest(of: peer, limit: Self.lookUpLimit))
    }

    /// True when the cache holds more than before, or less is missing.
    func receiveOlder(
        _ messages: [Message], leftOut: Int = 0, for request: OlderRequest, at now: Moment
    ) throws(ChatError) -> Bool {
        let page = page(messages, leftOut: leftOut, answering: request, at: now)
        let missing = try storing { () throws(SQLiteError) in try store.gaps.edges(of: request.peer) }
        let result = try storing { () throws(SQLiteError) in try store.apply([.page(page)]) }
        let left = try storing { () throws(SQLiteError) in try store.gaps.edges(of: request.peer) }
        stored(result, isLive: false, at: now)
        advance(at: now)
        return result.added > 0 || left != missing
    }
}
