import ChatSQLite
import ChatWire
import Logging

/// Keeps the cache in step with the server: asks what is due, puts answers into the cache, and decides what is asked
/// next. ``LinkKnowledge`` holds what is true only as long as one link lasts.
struct ServerSync: Sendable {
    /// The contact list as it came last.
    private(set) var contacts: [Contact] = []
    var wishes = ContactWishes()
    var known = LinkKnowledge()

    /// The link is down: what was learned on it counts no more.
    mutating func linkWentDown() { known = LinkKnowledge(toldOnLink: known.toldOnLink) }

    /// Plans what the person wants the server to be told: deletions, changes of contacts.
    func planWishes(_ context: inout EngineContext) throws(SQLiteError) {
        try wishes.plan(&context)
        try DeletionWishes.plan(&context)
    }

    static func planDeletions(_ context: inout EngineContext) throws(SQLiteError) {
        for id in try context.store.deletions.pending() { context.requests.plan.add(.deleteMessage(id)) }
    }

    // MARK: Asking

    /// Asks what a step of the plan needs.
    mutating func ask(
        _ step: SyncPlan.Step, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        switch step {
        case .serverInformation: context.call(.serverInformation, for: step)
        case .renewToken: context.call(.renewToken, for: step)
        case .contacts: context.call(.contacts, for: step)
        case .unread:
            known.counts.asked()
            context.call(.unread, for: step)
        case .changes:
            let cursor = try context.store.meta.text(.cursor)
            known.stream.requested(from: cursor)
            context.call(.changes(cursor: cursor), for: step)
        case .page(let peer, let limit): try askForPage(of: peer, limit: limit, &context)
        case .deleteMessage(let id): context.call(.deleteMessage(id), for: step)
        case .contactWish(let user): try wishes.carryOut(user, known.list, at: now, &context)
        case .deleteConversation(let peer): try known.deletions.carryOut(peer, &context)
        }
    }

    /// Something may have arrived since the page was planned. Then the page would mark it as read unseen.
    private mutating func askForPage(
        of peer: UserID, limit: Int, _ context: inout EngineContext
    ) throws(SQLiteError) {
        let step = SyncPlan.Step.page(peer, limit: limit)
        if try known.marksNothing(peer, context) {
            return context.call(.page(peer, limit: limit, peek: context.canPeek), for: step)
        }
        context.requests.plan.finish(step)
        known.pages.notFetched(peer)
        context.outbox.deferLookUp(peer)
    }

    /// Fetches the conversations that have news, once it is known what is news and what is unread.
    mutating func fetchChanged(_ context: inout EngineContext) throws(SQLiteError) {
        guard !context.requests.isCatchingUp else { return }
        known.caughtUp()
        try known.tellReadMarks(&context)
        try known.pages.fetchNews(in: contacts, &context)
    }

    /// Decides how unknown messages are settled. Looking first may mark a conversation as read, so it waits until it is
    /// known what is unread.
    static func decideResending(_ context: inout EngineContext) {
        guard context.requests.capabilities != nil, !context.requests.plan.isOpen(.serverInformation) else {
            return
        }
        if context.requests.can(.idempotentSend) {
            context.outbox.decide(.idempotent)
        } else if !context.requests.plan.isOpen(.unread) {
            context.outbox.decide(.lookFirst)
        }
    }

    // MARK: What the server can do

    /// The server has said what it can do.
    mutating func learn(
        _ capabilities: Set<Capability>, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        context.requests.learn(capabilities)
        Self.decideResending(&context)
        if capabilities.contains(.presenceSnapshot) {
            context.company.presenceIsComplete()
            context.announce(.conversations)
        }
        if capabilities.contains(.sync) { context.requests.plan.followChanges(at: now.monotonic) }
        try known.tellReadMarks(&context)
        let text = capabilities.map(\.rawValue).sorted().joined(separator: " ")
        if try context.store.meta.text(.capabilities) != text {
            try context.store.meta.set(.capabilities, to: text)
        }
        try fetchChanged(&context)
        context.renewTokenIfDue(at: now)
    }

    /// The server says nothing about itself. It can do what it last said; nothing more, if it has never said anything.
    mutating func learnFromCache(at now: Moment, _ context: inout EngineContext) throws(SQLiteError) {
        guard context.requests.capabilities == nil else { return }
        guard let names = try context.store.meta.text(.capabilities)?.split(separator: " ") else {
            context.requests.learn([])
            Self.decideResending(&context)
            return try fetchChanged(&context)
        }
        try learn(Set(names.compactMap { Capability(rawValue: String($0)) }), at: now, &context)
    }

    // MARK: Lists, counts, changes

    mutating func receive(
        _ list: PartialContacts, known newest: MessageID, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        known.list.receive(list.elements, leftOut: list.leftOut, known: newest, at: now.monotonic)
        try takeUnwitnessed(at: now, &context)
        keep(list.elements)
        let result = try context.store.apply([.contacts(list.elements, isWhole: list.leftOut == 0)])
        try stored(result, isLive: false, at: now, &context)
        // Those who were missing are removed if the next list says so, too.
        if try context.store.people.isAnyContactMissing() {
            context.requests.plan.add(.contacts, after: DoubtPause.first, at: now.monotonic)
        }
        context.renewTokenIfDue(at: now)
        try fetchChanged(&context)
    }

    mutating func keep(_ list: [Contact]) { contacts = list }

    mutating func receive(
        _ counts: UnreadCounts, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        // Skip those of whom the server is about to be told: the count that follows tells more.
        let marked = context.requests.can(.readUpTo) ? try context.store.readMarks.pending().map(\.peer) : []
        let untold = counts.leftOut.union(marked)
        let doubtful = try known.counts.doubtful(in: counts, known.list, &context)
        let unsettled = known.counts.unsettled.union(doubtful)
        let result = try context.store.apply([
            .unread(counts.bySender, unsettled: unsettled, untold: untold)
        ])
        try stored(result, isLive: false, at: now, &context)
        try known.counts.settle(
            counts, doubtful: doubtful, untold: untold, at: now.monotonic, &context)
        Self.decideResending(&context)
        try fetchChanged(&context)
    }

    mutating func receive(
        _ answer: SyncAnswer, to question: Requests.Running, since cursor: String?, at now: Moment,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        let pause = known.stream.pause(after: answer)
        let newest = question.knownAtRequest
        if let reason = try context.store.identity.contradiction(answer.state, knownAtRequest: newest) {
            return try setHistoryAside(reason, at: now, &context)
        }
        switch answer {
        case .changes(let changes, let next, let hasMore, let state):
            let facts = changes.compactMap { StoreChange($0, me: context.me) }
            if !changes.isWhole {
                // The lists tell what the stream cannot.
                context.requests.plan.add(.contacts)
                context.requests.plan.add(.unread)
            }
            if cursor == nil {
                // The server may not have kept its changes from the beginning on.
                try Self.forgetCursor(&context)
                try context.store.meta.set(.streamIsWhole, to: state.isWhole ? 1 : nil)
            }
            // A change that is not understood may be a message that is missing now.
            if !changes.isWhole || facts.count < changes.count {
                try context.store.meta.set(.streamIsWhole, to: nil)
            }
            try stored(try context.store.apply(facts, cursor: next), isLive: false, at: now, &context)
            if !hasMore {
                try streamEnded(at: facts.reduce(newest) { max($0, $1.streamedID ?? $0) }, &context)
            }
            // A server that stays where it is must not be asked for ever.
            if hasMore, next != cursor { Self.askForMoreChanges(after: pause, at: now, &context) }
        case .reset:
            // The cursor is of another database, or too old: from the beginning. Pages check what is cached.
            guard cursor != nil else { break }
            try Self.forgetCursor(&context)
            Self.askForMoreChanges(after: pause, at: now, &context)
        }
        context.renewTokenIfDue(at: now)
        try fetchChanged(&context)
    }

    private static func askForMoreChanges(
        after pause: Duration?, at now: Moment, _ context: inout EngineContext
    ) {
        guard let pause else { return context.requests.plan.add(.changes) }
        context.logger.info(
            "the stream of changes comes no nearer to its end", metadata: ["pause": "\(pause)"])
        context.requests.plan.delay(.changes, by: pause, at: now.monotonic)
    }

    /// A stream that came from the beginning has brought everything: no conversation lacks anything.
    private mutating func streamEnded(
        at newest: MessageID, _ context: inout EngineContext
    ) throws(SQLiteError) {
        known.stream.ended()
        // What the pages lacked may have been deleted. Then the stream has told so by now.
        for peer in known.pages.contradicted {
            context.requests.plan.add(.page(peer, limit: PageLimits.usual))
        }
        guard try context.store.meta.number(.streamIsWhole) != nil else { return }
        for peer in try context.store.gaps.close(upTo: newest) { context.announce(.timeline(peer)) }
    }

    /// Conversations may have a gap at their end from now on.
    private static func forgetCursor(_ context: inout EngineContext) throws(SQLiteError) {
        try context.store.gaps.forgetCursor()
        context.announceWatched()
    }
}

/// A contact list, and how many of its elements could not be read.
struct PartialContacts: Equatable, Sendable {
    let elements: [Contact]
    var leftOut = 0
}
