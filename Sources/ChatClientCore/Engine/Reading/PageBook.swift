import ChatSQLite
import ChatWire
import Logging

/// Which pages of conversations have been fetched on one link, which still need a witness, and which have to be asked
/// for again because they contradict what is known.
struct PageBook: Equatable, Sendable {
    /// What the contact list tells about the newest message of a conversation.
    private struct Newest: Equatable {
        let content: String?
        let time: Timestamp?

        init(_ contact: Contact) {
            content = contact.lastMessage
            time = contact.lastMessageTime
        }
    }

    /// Conversations whose newest page was fetched on this link.
    private var fresh: Set<UserID> = []
    /// What the contact list said about a conversation when its page was last fetched.
    private var fetchedFor: [UserID: Newest] = [:]
    /// Pages that wait for the contact list, which says whether they can be as they are.
    private var unwitnessed: [ConversationPage] = []
    /// How often the newest page of a conversation contradicted what is known about it.
    private var contradictions: [UserID: Int] = [:]
    /// Open conversations whose beginning was requested for a second time.
    private var confirmed: Set<UserID> = []

    /// How many conversations are fetched in one round without being opened.
    private static let fetchedMax = 100

    func isFresh(_ peer: UserID) -> Bool { fresh.contains(peer) }

    /// Pages of these conversations contradict the cache.
    var contradicted: [UserID] { contradictions.keys.sorted() }

    // MARK: What is fetched

    /// Fetches the newest page of a conversation that the person has on the screen, once per link.
    func refresh(_ peer: UserID, _ context: inout EngineContext) {
        guard context.link.isUp, !fresh.contains(peer) else { return }
        context.requests.plan.add(.page(peer, limit: PageLimits.usual))
    }

    /// The conversation is fetched again as soon as anything asks for it.
    mutating func forget(_ peer: UserID) {
        fetchedFor[peer] = nil
        fresh.remove(peer)
    }

    /// The page could not be requested, since that would mark messages as read.
    mutating func notFetched(_ peer: UserID) { fetchedFor[peer] = nil }

    /// Fetches the conversations that have news according to the contact list, where that marks nothing as read that
    /// the person has not seen.
    mutating func fetchNews(in contacts: [Contact], _ context: inout EngineContext) throws(SQLiteError) {
        var budget = Self.fetchedMax
        for contact in contacts where budget > 0 {
            guard try isNews(contact, context) else { continue }
            guard try Self.canFetch(contact, context) else {
                // Its turn comes when the person opens it.
                fresh.remove(contact.userID)
                continue
            }
            fetchedFor[contact.userID] = Newest(contact)
            context.requests.plan.add(.page(contact.userID, limit: PageLimits.usual))
            budget -= 1
        }
    }

    private func isNews(_ contact: Contact, _ context: EngineContext) throws(SQLiteError) -> Bool {
        let store = context.store
        // Messages of a former server are compared with the page, even with an empty one.
        if !fresh.contains(contact.userID), try Self.isFormerUnchecked(contact.userID, store) { return true }
        // Once is enough: a list that never agrees with the page must not be followed for ever.
        guard fetchedFor[contact.userID] != Newest(contact) else { return false }
        // Read or deleted elsewhere, where nobody told of it: a page shows which.
        if context.canPeek, try store.unreadCounts.counts(of: contact.userID).notCached < 0 { return true }
        guard let time = contact.lastMessageTime else {
            return try store.messages.newestSent(with: contact.userID) != nil
        }
        guard try store.listed.isCached(contact, at: time) else { return true }
        return try store.gaps.fetchState(of: contact.userID).contiguousTo == nil
    }

    /// Whether a conversation holds messages of a former server that were not compared with its page.
    private static func isFormerUnchecked(_ peer: UserID, _ store: ChatStore) throws(SQLiteError) -> Bool {
        guard try store.gaps.fetchState(of: peer).contiguousTo == nil else { return false }
        return try store.former.hasMessages(with: peer)
    }

    private static func canFetch(_ contact: Contact, _ context: EngineContext) throws(SQLiteError) -> Bool {
        if context.canPeek || contact.userID == context.attention.attendedPeer { return true }
        return try max(contact.unreadCount, context.store.gaps.fetchState(of: contact.userID).unread) == 0
    }

    // MARK: Pages that came

    /// True when the page must wait for the contact list: it lacks the newest message of the cache, and is believed
    /// only if the list, which is on its way, says the same.
    mutating func awaitsWitness(
        _ page: ConversationPage, _ context: EngineContext
    ) throws(SQLiteError) -> Bool {
        guard page.listed == nil, context.requests.plan.isOpen(.contacts),
            try Self.lacksNewest(page, context.store)
        else { return false }
        unwitnessed.append(page)
        return true
    }

    private static func lacksNewest(_ page: ConversationPage, _ store: ChatStore) throws(SQLiteError) -> Bool
    {
        guard let shown = page.messages.map(\.id).max() else { return true }
        return try store.messages.newestSentID(with: page.peer).map { $0 > shown } ?? false
    }

    /// The contact list is here, or cannot be had. Returns the pages that have waited for it.
    mutating func takeUnwitnessed(_ list: ContactListing) -> [ConversationPage] {
        defer { unwitnessed = [] }
        return unwitnessed.map { page in
            var page = page
            page.listed = list[page.peer]
            return page
        }
    }

    /// The page is in the cache.
    mutating func took(
        _ page: ConversationPage, _ proof: PageProof?, at now: MonotonicInstant,
        _ context: inout EngineContext
    ) {
        guard let proof, proof.isTrusted else { return askAgain(page.peer, at: now, &context) }
        contradictions[page.peer] = nil
        fresh.insert(page.peer)
        if !page.isPeek { context.outbox.opened(page.peer) }
        confirmEnd(of: page.peer, proof, at: now, &context)
    }

    /// A page that contradicts what is known proves nothing, and nothing is taken from it. The conversation and the
    /// list are requested again, with growing pauses.
    private mutating func askAgain(
        _ peer: UserID, at now: MonotonicInstant, _ context: inout EngineContext
    ) {
        let count = contradictions[peer, default: 0]
        contradictions[peer] = count + 1
        let pause = DoubtPause.after(count)
        context.logger.info(
            "a page contradicts the cache", metadata: ["user": "\(peer)", "pause": "\(pause)"])
        context.requests.plan.add(.contacts, after: pause, at: now)
        context.requests.plan.add(.page(peer, limit: PageLimits.usual), after: pause, at: now)
    }

    /// A short page may have been cut off anywhere. The beginning of an open conversation is shown when a second page
    /// ends in the same place. What the cache holds below it is gone when a later page still ends there.
    private mutating func confirmEnd(
        of peer: UserID, _ proof: PageProof, at now: MonotonicInstant, _ context: inout EngineContext
    ) {
        if proof.isShorterThanCache {
            let pause = PageProof.believedAfter + .seconds(1)
            context.requests.plan.add(.page(peer, limit: PageLimits.usual), after: pause, at: now)
        }
        guard peer == context.attention.openPeer, proof.shortAt != nil, confirmed.insert(peer).inserted else {
            return
        }
        context.requests.plan.add(.page(peer, limit: PageLimits.longest))
    }
}
