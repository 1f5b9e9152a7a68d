import ChatSQLite
import ChatWire
import Logging

/// What has changed since a cursor, on a server that keeps the changes.
struct ChangesQuestion: SyncQuestion {
    typealias Answer = SyncAnswer

    /// Where the last answer ended; nil for the beginning.
    let cursor: String?

    /// The number of changes in one answer. Each answer is one commit, so larger answers mean fewer waits for the disk.
    static let limit = 1000

    var comparesNewestID: Bool { true }

    nonisolated(nonsending) func ask(
        _ rest: RESTClient, token: String?
    ) async throws(ChatError) -> SyncAnswer {
        let answer = try await rest.call(API.sync(cursor: cursor, limit: Self.limit), token: token)
        if case .changes(let list, _, _, _) = answer { rest.note(list, "changes") }
        return answer
    }

    func receive(
        _ answer: SyncAnswer, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        let pause = sync.known.stream.pause(after: answer)
        let newest = asked.knownAtRequest
        if let reason = try context.store.identity.contradiction(answer.state, knownAtRequest: newest) {
            return try sync.setHistoryAside(reason, at: now, &context)
        }
        switch answer {
        case .changes(let changes, let next, let hasMore, let state):
            let facts = changes.compactMap { StoreChange($0, me: context.me) }
            let isUnderstood = changes.isWhole && facts.count == changes.count
            try noteGaps(changes, isUnderstood: isUnderstood, state, &context)
            let result = try context.store.apply(facts, cursor: next)
            try sync.stored(result, isLive: false, at: now, &context)
            if !hasMore {
                try end(at: facts.reduce(newest) { max($0, $1.streamedID ?? $0) }, &sync, &context)
            }
            // A server that stays where it is must not be asked for ever.
            if hasMore, next != cursor { askForMore(after: pause, at: now, &context) }
        case .reset:
            // The cursor is of another database, or too old: from the beginning. Pages check what is cached.
            guard cursor != nil else { break }
            try forgetCursor(&context)
            askForMore(after: pause, at: now, &context)
        }
        context.renewTokenIfDue(at: now)
        try sync.fetchChanged(&context)
    }

    /// Notes what the stream cannot tell.
    private func noteGaps(
        _ changes: PartialList<SyncChange>, isUnderstood: Bool, _ state: SyncState,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        if !changes.isWhole {
            // The lists tell what the stream cannot.
            context.requests.plan.add(.contacts)
            context.requests.plan.add(.unread)
        }
        if cursor == nil {
            // The server may not have kept its changes from the beginning on.
            try forgetCursor(&context)
            try context.store.meta.set(.streamIsWhole, to: state.isWhole ? 1 : nil)
        }
        // A change that is not understood may be a message that is missing now.
        if !isUnderstood { try context.store.meta.set(.streamIsWhole, to: nil) }
    }

    private func askForMore(after pause: Duration?, at now: Moment, _ context: inout EngineContext) {
        guard let pause else { return context.requests.plan.add(.changes) }
        context.logger.info(
            "the stream of changes comes no nearer to its end", metadata: ["pause": "\(pause)"])
        context.requests.plan.delay(.changes, by: pause, at: now.monotonic)
    }

    /// A stream that came from the beginning has brought everything: no conversation lacks anything.
    private func end(
        at newest: MessageID, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        sync.known.stream.ended()
        // What the pages lacked may have been deleted. Then the stream has told so by now.
        for peer in sync.known.pages.contradicted {
            context.requests.plan.add(.page(peer, limit: PageLimits.usual))
        }
        guard try context.store.meta.number(.streamIsWhole) != nil else { return }
        for peer in try context.store.gaps.close(upTo: newest) { context.announce(.timeline(peer)) }
    }

    /// Conversations may have a gap at their end from now on.
    private func forgetCursor(_ context: inout EngineContext) throws(SQLiteError) {
        try context.store.gaps.forgetCursor()
        context.announceWatched()
    }
}

/// Asks for the changes since the cursor that the cache holds when it is asked.
struct ChangesStep: SyncStep {
    func begin(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        let cursor = try context.store.meta.text(.cursor)
        sync.known.stream.requested(from: cursor)
        context.ask(ChangesQuestion(cursor: cursor), for: .changes)
    }
}

extension SyncPlan.Step {
    static let changes = Self(ChangesStep())
}
