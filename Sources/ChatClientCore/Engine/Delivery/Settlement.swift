import ChatSQLite
import ChatWire

/// What the newest page of a conversation says about messages whose fate is unknown.
struct Settlement {
    private let peer: UserID
    private let entries: [OutboxEntry]
    private let outcomes: [Resolution.Outcome]

    /// Nil when the page settles nothing. The page is in the cache already.
    ///
    /// - Parameter proof: what the page proves; nil when it proves nothing.
    init?(of page: ConversationPage, _ proof: PageProof?, _ context: EngineContext) throws(SQLiteError) {
        peer = page.peer
        let asked = context.outbox.resolving(peer)
        // Messages that were left to the person may turn up all the same. They must not be taken for others of the same
        // text.
        entries = (asked + context.outbox.undecided(peer)).sorted { $0.sequence < $1.sequence }
        guard !entries.isEmpty else { return nil }
        outcomes = try Self.outcomes(of: entries, by: page, proof, context).filter { outcome in
            outcome.isFound || asked.contains { $0.tempID == outcome.tempID }
        }
        guard !outcomes.isEmpty else { return nil }
    }

    private static func outcomes(
        of entries: [OutboxEntry], by page: ConversationPage, _ proof: PageProof?, _ context: EngineContext
    ) throws(SQLiteError) -> [Resolution.Outcome] {
        var questions: [Resolution.Question] = []
        for entry in entries {
            guard let content = try context.store.outbox.content(of: entry.tempID) else { continue }
            questions.append(
                Resolution.Question(
                    tempID: entry.tempID, content: content, knownID: entry.knownID ?? MessageID(0)))
        }
        let taken = try context.store.messages.confirmedIDs(among: page.messages)
        let isLast = context.outbox.isLastLook(at: page.peer)
        // The full page, which is on its way, decides what a short one leaves open.
        return Resolution.match(questions, page: page.messages, proof: proof, me: context.me, taken: taken)
            .filter { page.limit >= PageLimits.longest || !$0.isOpen }
            .map { outcome in
                let entry = entries.first { $0.tempID == outcome.tempID }
                return final(outcome, of: entry, isLast: isLast, isTrusted: proof?.isTrusted == true)
            }
    }

    /// The person decides what nobody can tell. A decision that the person has made already was not made for a server
    /// that fails.
    private static func final(
        _ outcome: Resolution.Outcome, of entry: OutboxEntry?, isLast: Bool, isTrusted: Bool
    ) -> Resolution.Outcome {
        switch outcome {
        // The attempt by REST may still arrive.
        case .absent(let tempID) where entry?.isUnfenced == true: return .undecidable(tempID)
        case .found, .absent: return outcome
        case .unproved where !isLast: return outcome
        case .unproved(let tempID), .undecidable(let tempID):
            let isDecided = entry.map { $0.isInsisted && !$0.isCancelled } ?? false
            return isDecided && isTrusted ? .absent(tempID) : .undecidable(tempID)
        }
    }

    /// The messages that the server has, for the cache.
    var confirmations: [StoreChange] {
        outcomes.compactMap { outcome in
            guard case .found(let tempID, let message) = outcome else { return nil }
            return .message(message, from: .confirmation(tempID))
        }
    }

    /// Writes the outcomes down, then tells the outbox.
    func keep(at now: Moment, _ context: inout EngineContext) throws(SQLiteError) {
        try write(&context)
        context.outbox.resolve(peer, with: outcomes, at: now.monotonic)
        // The list is the second witness of a conversation that shows nothing.
        if outcomes.contains(where: \.isOpen) { context.requests.plan.add(.contacts) }
        context.outboxMoved(peer)
    }

    private func write(_ context: inout EngineContext) throws(SQLiteError) {
        var undecidable: [OutboxEntry] = []
        for outcome in outcomes {
            guard let entry = entries.first(where: { $0.tempID == outcome.tempID }) else { continue }
            switch outcome {
            case .found, .unproved: break
            case .undecidable: undecidable.append(entry)
            case .absent where entry.isCancelled:
                // Taken back by the person, and the server never had it.
                try context.store.outbox.remove(entry)
                context.outbox.remove(entry.tempID)
            case .absent: try context.store.outbox.requeue(entry.tempID)
            }
        }
        guard !undecidable.isEmpty else { return }
        try context.store.outbox.hold(undecidable.map(\.tempID))
        let asked = undecidable.count { !$0.isCancelled }
        if asked > 0 { context.announce(.notice(.held(count: asked))) }
    }
}
