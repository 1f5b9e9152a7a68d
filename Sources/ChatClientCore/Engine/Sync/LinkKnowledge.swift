import ChatSQLite
import ChatWire

/// What the server has told about messages on one link. Another link, or another database at the other end, makes all
/// of it void: then the whole value is replaced.
struct LinkKnowledge: Equatable, Sendable {
    var list = ContactListing()
    var pages = PageBook()
    var counts = UnreadCounting()
    var stream = StreamProgress()
    var deletions = DeletionWishes()
    /// It is known what is news on this link, so reading can be reported without covering unseen messages.
    private(set) var isCaughtUp = false
    /// The highest id that was known when the server accepted the link, or that the link has told of since. The server
    /// tells things in their order: an event that names no last message covers those up to here, whatever REST has
    /// brought in the meantime.
    private(set) var toldOnLink: MessageID
    /// Peers to whom something was sent on this link before the contact list came. The list may show that message, and
    /// so hide an earlier one.
    private var writtenBeforeList: Set<UserID> = []

    init(toldOnLink: MessageID = MessageID(0)) { self.toldOnLink = toldOnLink }

    /// The server has accepted the token while the cache held messages up to `newest`.
    mutating func linkWasAccepted(newest: MessageID) { toldOnLink = newest }

    mutating func caughtUp() { isCaughtUp = true }

    /// The link told of a message.
    mutating func told(of id: MessageID) { toldOnLink = max(toldOnLink, id) }

    /// The account has sent something to `peer`.
    mutating func wrote(to peer: UserID) {
        if !isCaughtUp { writtenBeforeList.insert(peer) }
    }

    /// The newest page of the conversation is in the cache, and so is what the server keeps of deletions. Nobody waits
    /// for a first stream, which brings the whole history.
    func isUpToDate(with peer: UserID, _ plan: SyncPlan) -> Bool {
        pages.isFresh(peer) && (stream.isFirst || !plan.isOpen(.changes))
    }

    // MARK: Reading

    /// True when fetching a conversation marks nothing as read that the person does not see.
    func marksNothing(_ peer: UserID, _ context: EngineContext) throws(SQLiteError) -> Bool {
        if context.canPeek || peer == context.attention.attendedPeer { return true }
        // Opened again with the link, before it is known what came in the meantime.
        if peer == context.attention.openPeer, !isCaughtUp { return false }
        return try context.store.gaps.fetchState(of: peer).unread == 0
    }

    /// Whether the person has seen everything up to the end of a conversation. Messages that the server counts and the
    /// cache lacks were seen by nobody: they must be fetched first.
    func hasSeenEnd(of peer: UserID, _ context: EngineContext) throws(SQLiteError) -> Bool {
        let unread = try context.store.unreadCounts.counts(of: peer)
        if unread.notCached <= 0 { return true }
        if pages.isFresh(peer), try !context.store.listed.isNewer(of: peer) { return true }
        // Another program fetches; the cache may hold all that can be had.
        return !context.link.isHolder && unread.all > unread.notCached
    }

    /// The person has seen the conversation up to a message, or up to its end.
    func markRead(
        _ peer: UserID, upTo id: MessageID?, _ context: inout EngineContext
    ) throws(SQLiteError) {
        let isAll = try hasSeenEnd(of: peer, context)
        guard isAll || id != nil,
            try context.store.readMarks.markRead(peer, upTo: id, countsAll: isAll)
        else { return }
        context.announceRows(of: peer)
        try tellReadMarks(&context)
    }

    /// Tells the server of conversations that were read while it could not be told. Where a mark covers a whole
    /// conversation, it waits while there is, or may be, something that the person has not seen.
    func tellReadMarks(_ context: inout EngineContext) throws(SQLiteError) {
        guard context.link.isUp, context.requests.capabilities != nil else { return }
        let isExact = context.requests.can(.readUpTo)
        guard isExact || isCaughtUp else { return }
        for (peer, upTo) in try context.store.readMarks.pending() {
            let mark = EngineLink.Acknowledged.readMark(peer, upTo: upTo)
            guard !context.link.awaitsAcknowledgement(of: mark) else { continue }
            if !isExact {
                guard !counts.isEmptilyCounted(peer, list) else { continue }
                guard try !context.store.unreadCounts.hasUnseen(peer) else { continue }
                let mayCountOthers = try counts.mayCountOthers(peer, list, context)
                let mayHideOthers = writtenBeforeList.contains(peer) || mayCountOthers
                guard !mayHideOthers || pages.isFresh(peer) else { continue }
            }
            context.emit(.messageRead(from: peer, upTo: isExact ? upTo : nil), acknowledgedAs: mark)
        }
    }
}
