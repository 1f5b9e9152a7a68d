import ChatSQLite
import ChatWire
import Logging

// What follows when the cache holds new facts.
extension ServerSync {
    /// The cache holds new facts. Receipts go out only now, after the commit.
    mutating func stored(
        _ result: StoreEffects, isLive: Bool, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        // What is in the cache is announced even if what follows from it fails.
        defer { context.announce(result) }
        if let aside = result.setAside { try historyWasSetAside(aside, at: now, &context) }
        if result.goneFromServer > 0 {
            // Messages that the server had confirmed wait in the outbox by now.
            defer { context.announce(.notice(.goneFromServer(count: result.goneFromServer))) }
            try context.reconcileOutbox()
        }
        for tempID in result.confirmed { context.outbox.remove(tempID) }
        if !result.confirmed.isEmpty { context.add(.outboxMoved) }
        if result.hasPendingDeletions { try Self.planDeletions(&context) }
        known.counts.arrived(from: result.received.map(\.message.senderID))
        Self.tellReceived(result.received, isLive: isLive, &context)
        try known.counts.recount(after: result, isLive: isLive, at: now.monotonic, &context)
    }

    private static func tellReceived(
        _ received: [StoreEffects.Received], isLive: Bool, _ context: inout EngineContext
    ) {
        for peer in Set(received.map(\.message.senderID)).sorted() {
            let messages = received.filter { $0.message.senderID == peer }
            context.join(peer)
            // One receipt covers all messages before it.
            if let newest = messages.map(\.message).filter(\.wantsReceipt).map(\.id).max() {
                context.emit(.messageDelivered(newest, from: peer))
            }
            guard isLive else { continue }
            for one in messages where !one.message.isRead { announceReceived(one, &context) }
        }
    }

    private static func announceReceived(_ one: StoreEffects.Received, _ context: inout EngineContext) {
        let sender = one.message.senderID
        let name = (try? context.store.people.name(of: sender)) ?? one.message.senderName ?? "#\(sender)"
        context.announce(
            .notice(
                .received(
                    from: Person(id: sender, name: name), row: one.row, content: one.message.content,
                    isOpen: sender == context.attention.openPeer)))
    }

    // MARK: Pages

    /// A page as the server answered it, with what else is known about the server and the conversation.
    func page(
        _ messages: [Message], leftOut: Int, answering request: OlderRequest, at now: Moment,
        _ context: EngineContext
    ) -> ConversationPage {
        ConversationPage(
            peer: request.peer, messages: messages, limit: request.limit, before: request.before,
            knownAtRequest: request.known, isPeek: request.isPeek, leftOut: leftOut,
            isOrderedByID: context.canPage, listed: known.list[request.peer], answeredAt: now.wall)
    }

    /// The newest page of a conversation has come.
    mutating func receive(
        _ page: ConversationPage, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        if try !known.pages.awaitsWitness(page, context) { try take(page, at: now, &context) }
    }

    mutating func takeUnwitnessed(at now: Moment, _ context: inout EngineContext) throws(SQLiteError) {
        for page in known.pages.takeUnwitnessed(known.list) { try take(page, at: now, &context) }
    }

    private mutating func take(
        _ page: ConversationPage, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        let result = try context.store.apply([.page(page)])
        try stored(result, isLive: false, at: now, &context)
        known.pages.took(page, result.proof, at: now.monotonic, &context)
        try settle(page, result.proof, at: now, &context)
    }

    /// Settles unknown messages of a conversation by its newest page, which is in the cache already.
    ///
    /// - Parameter proof: what the page proves; nil when it proves nothing.
    private mutating func settle(
        _ page: ConversationPage, _ proof: PageProof?, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let settlement = try Settlement(of: page, proof, context) else { return }
        let changes = settlement.confirmations
        if !changes.isEmpty {
            try stored(try context.store.apply(changes), isLive: false, at: now, &context)
        }
        try settlement.keep(at: now, &context)
    }

    // MARK: Another database

    /// True when the server's epoch shows that it has another database.
    mutating func isOtherDatabase(
        epoch: String?, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) -> Bool {
        guard let reason = try context.store.identity.contradiction(epoch: epoch) else { return false }
        try setHistoryAside(reason, at: now, &context)
        _ = try context.store.identity.contradiction(epoch: epoch)
        return true
    }

    mutating func setHistoryAside(
        _ reason: FormerServerReason, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try historyWasSetAside(try context.store.former.setAside(reason), at: now, &context)
    }

    /// The cache starts over beside the old history: everything is asked for again.
    mutating func historyWasSetAside(
        _ aside: HistorySetAside, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        context.logger.notice(
            "the server is another one than the cache is of", metadata: ["reason": "\(aside.reason)"])
        // Ids of the other database say nothing about messages of this one.
        known = LinkKnowledge(toldOnLink: (try? context.store.messages.newestID()) ?? MessageID(0))
        keep([])
        wishes.forgetRefusals()
        let awaited = try context.store.outbox.keepAwaited(context.awaitedMessages)
        try context.reconcileOutbox()
        context.announce(.notice(.formerServer(aside.reason, held: aside.held - awaited)))
        context.announce(.conversations)
        context.announceWatched()
        context.add(.outboxMoved)
        guard context.link.isUp else { return }
        context.requests.startOver(at: now.monotonic)
        if let openPeer = context.attention.openPeer { known.pages.refresh(openPeer, &context) }
    }
}

extension Message {
    /// A server that tells of delivery says when it knows already.
    fileprivate var wantsReceipt: Bool { !isRead && (status ?? .sent) == .sent }
}
