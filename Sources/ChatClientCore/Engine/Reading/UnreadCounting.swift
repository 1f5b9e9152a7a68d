import ChatSQLite
import ChatWire

/// How far the server's unread counts are believed. A count may be older than a message that the link brings, and a
/// failed read at the server looks like an empty count.
struct UnreadCounting: Equatable, Sendable {
    /// Senders whose messages arrived while the counts were on their way.
    private(set) var unsettled: Set<UserID> = []
    /// Until when an arriving message may be one that the counts already include.
    private var freshUntil: MonotonicInstant?
    /// Those whom the last counts left out although the cache held something unread of them.
    private var uncounted: Set<UserID> = []
    /// Those of whom the server has shown messages since the last counts.
    private var shown: Set<UserID> = []
    /// Those whose read marks waited when the last counts were wholly empty.
    private var emptilyCounted: Set<UserID> = []
    /// Those whose read marks waited when the last counts named unread messages of them.
    private var countedWhileMarked: Set<UserID> = []
    /// How many counts in a row were doubtful.
    private var doubtfulInARow = 0
    /// Peers that were counted before the server had handled a read mark: they are counted again.
    private var miscounted: Set<UserID> = []

    /// Longer than an event can be behind an answer.
    private static let freshFor = Duration.seconds(3)

    /// The counts are requested now.
    mutating func asked() { unsettled = [] }

    /// Counts that are on their way may be older than messages of these senders.
    mutating func arrived(from senders: some Sequence<UserID>) { unsettled.formUnion(senders) }

    /// The server has handled a read mark. True when the peer must be counted again.
    mutating func markWasHandled(_ peer: UserID) -> Bool { miscounted.remove(peer) != nil }

    /// A page of a conversation came, and was not empty.
    mutating func wasShown(_ peer: UserID) { shown.insert(peer) }

    // MARK: Judging counts

    /// Those who have nothing unread any more according to the counts alone. For a contact the list must agree. For
    /// others the next counts must agree, from a server that answers, or the conversation itself, where looking at it
    /// marks nothing as read.
    mutating func doubtful(
        in counts: UnreadCounts, _ list: ContactListing, _ context: inout EngineContext
    ) throws(SQLiteError) -> Set<UserID> {
        let held = try context.store.unreadCounts.newest()
        let unread = held.filter { (counts.bySender[$0.key] ?? 0) == 0 }
        var doubtful: Set<UserID> = []
        for (peer, newest) in unread {
            let isSure: Bool
            if let listed = list[peer] {
                isSure = listed.unread == 0 && newest <= listed.knownAtRequest
            } else {
                let doesAnswer = Self.doesAnswer(counts, list) || shown.contains(peer)
                isSure = doesAnswer && uncounted.contains(peer)
                if !isSure, context.canPeek {
                    context.requests.plan.add(.page(peer, limit: PageLimits.usual))
                }
            }
            if !isSure { doubtful.insert(peer) }
        }
        uncounted = Set(unread.keys)
        shown = []
        return doubtful
    }

    /// Whether anything that the server was asked for is not empty. For an account without contacts and without unread
    /// messages, only a page of the conversation tells an answering server from one whose reads fail: without one, what
    /// is unread here stays unread.
    private static func doesAnswer(_ counts: UnreadCounts, _ list: ContactListing) -> Bool {
        !counts.isEmpty || !list.isEmpty
    }

    /// The counts are in the cache. Asks again where another count is needed.
    ///
    /// - Parameters:
    ///   - doubtful: those whose counts nothing else confirms.
    ///   - untold: those whose counts were ignored.
    mutating func settle(
        _ counts: UnreadCounts, doubtful: Set<UserID>, untold: Set<UserID>, at now: MonotonicInstant,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        countAgain(doubtful.subtracting(unsettled), at: now, &context.requests.plan)
        emptilyCounted = counts.isEmpty ? Set(try context.store.readMarks.pending().map(\.peer)) : []
        freshUntil = now + Self.freshFor
        for peer in unsettled.subtracting(untold)
        where try context.store.unreadCounts.counts(of: peer).all != counts.bySender[peer] ?? 0 {
            // Another count, when it is quieter, tells which of the two is newer.
            context.requests.plan.add(.unread, after: Self.freshFor, at: now)
        }
        let marked = try context.store.readMarks.pending().map(\.peer)
        countedWhileMarked = Set(marked.filter { counts.bySender[$0] ?? 0 > 0 })
        miscounted.formUnion(countedWhileMarked)
    }

    /// Asks for the list and the counts again, with growing pauses.
    private mutating func countAgain(
        _ doubtful: Set<UserID>, at now: MonotonicInstant, _ plan: inout SyncPlan
    ) {
        guard !doubtful.isEmpty else { return doubtfulInARow = 0 }
        let pause = DoubtPause.after(doubtfulInARow)
        doubtfulInARow += 1
        plan.add(.contacts, after: pause, at: now)
        plan.add(.unread, after: pause, at: now)
    }

    /// The server should count messages that it was not told about as read. A wholly empty count may be a failed read,
    /// and says nothing about what came unseen. The contact list is another witness, or the next count.
    func isEmptilyCounted(_ peer: UserID, _ list: ContactListing) -> Bool {
        guard emptilyCounted.contains(peer) else { return false }
        return list[peer].map { $0.unread > 0 } ?? list.isEmpty
    }

    /// The counts may be of other messages than those that were seen here: another device may have read these, and as many
    /// may have come since. Only the contact list names the newest message, and one of this account says nothing about
    /// what came before it.
    func mayCountOthers(
        _ peer: UserID, _ list: ContactListing, _ context: EngineContext
    ) throws(SQLiteError) -> Bool {
        guard countedWhileMarked.contains(peer) else { return false }
        guard list[peer] != nil else { return true }
        return try context.store.messages.isNewestOwn(with: peer)
    }

    // MARK: Counting again

    /// Messages came that the counts may have included already, which only another count can tell.
    mutating func recount(
        after result: StoreEffects, isLive: Bool, at now: MonotonicInstant, _ context: inout EngineContext
    ) throws(SQLiteError) {
        if result.isMiscounted { context.requests.plan.add(.unread, after: Self.freshFor, at: now) }
        guard !result.received.isEmpty else { return }
        guard isLive else {
            // This also covers rows whose deletion the server has already pruned from its change log. A server that
            // keeps no changes is polled anyway.
            guard context.requests.can(.sync) else { return }
            return context.requests.plan.add(.unread, after: Self.freshFor, at: now)
        }
        try recount(Set(result.received.map(\.message.senderID)), at: now, &context)
    }

    /// Counts again when the server has just counted more messages of one of the senders than the cache held.
    private mutating func recount(
        _ senders: Set<UserID>, at now: MonotonicInstant, _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let until = freshUntil, now <= until else { return }
        for peer in senders {
            guard try context.store.unreadCounts.counts(of: peer).notCached > 0 else { continue }
            // One more count settles it; its own freshness must not ask for yet another.
            freshUntil = nil
            return context.requests.plan.add(.unread)
        }
    }
}

extension UnreadCounts {
    /// Wholly empty: nothing is counted, and nothing was unreadable.
    fileprivate var isEmpty: Bool { bySender.isEmpty && leftOut.isEmpty }
}
