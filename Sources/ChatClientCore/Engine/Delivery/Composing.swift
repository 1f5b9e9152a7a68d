import ChatSQLite
import ChatWire

/// What the person does with unsent messages: enters, retries, edits, takes back. Each change is on disk before the
/// screen shows it.
struct Composing: Equatable, Sendable {
    /// How many unsent messages the outbox takes: far more than anybody writes in one go, and few enough to stop a
    /// program that runs wild.
    var limit = 10_000

    // MARK: Entering

    func send(
        _ text: String, to peer: UserID, at now: Moment, _ context: inout EngineContext
    ) throws(ChatError) -> TempID {
        guard peer != context.me else { throw .invalid(.ownAccount) }
        let content = try Self.checked(text)
        guard try hasRoom(context) else { throw .invalid(.outboxFull(limit: limit)) }
        let tempID = context.freshTempID()
        try context.store.reporting { () throws(SQLiteError) in
            try Self.enter(content, to: peer, tempID, at: now, &context)
        }
        context.emit(context.company.stopTyping(to: peer))
        context.announceRows(of: peer)
        return tempID
    }

    /// Writes the message down, in the same commit as its first attempt if the outbox lets it go at once.
    private static func enter(
        _ content: String, to peer: UserID, _ tempID: TempID, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        var known: MessageID?
        let era = try context.store.formerPeople.eraOfStranger(peer)
        if era == nil, context.outbox.canSendAtOnce(to: peer) {
            known = try context.store.messages.newestID()
        }
        let entry = try context.store.outbox.enqueue(
            content, to: peer, tempID: tempID, at: now.wall, attemptAbove: known, heldSince: era)
        context.outbox.enter(entry, at: now.monotonic)
        if entry.state == .attempted {
            Delivery.give(tempID, content: content, to: peer, &context)
        } else if known != nil {
            // A message of another program comes first.
            try context.reconcileOutbox()
        }
    }

    /// Counts the disk, with what other programs have entered, only when it may matter: counting costs more the longer
    /// the queue is.
    private func hasRoom(_ context: EngineContext) throws(ChatError) -> Bool {
        guard context.outbox.items.count * 2 + 2 > limit else { return true }
        let store = context.store
        return try store.reporting { () throws(SQLiteError) in try store.outbox.count() } < limit
    }

    /// The text as the server will keep it.
    private static func checked(_ text: String) throws(ChatError) -> String {
        let length = text.unicodeScalars.count
        guard length <= Message.contentLengthMax else {
            throw .invalid(.messageTooLong(length: length, limit: Message.contentLengthMax))
        }
        let content = strippedLikePython(text)
        guard !content.isEmpty else { throw .invalid(.emptyMessage) }
        return content
    }

    // MARK: Sending again

    static func retry(_ tempID: TempID, at now: Moment, _ context: inout EngineContext) throws(ChatError) {
        let item = try item(tempID, context)
        switch item.state {
        // It goes with the link, which the person wants now, however long it has waited.
        case .queued: try goOn(tempID, at: now, &context)
        case .unknown where context.outbox.isPostponed(tempID): try goOn(tempID, at: now, &context)
        case .sending, .unknown, .resolving: throw .invalid(.alreadyOnItsWay(tempID))
        case .failed, .held:
            try checkObstacle(to: tempID, context)
            let store = context.store
            let entry = try store.reporting { () throws(SQLiteError) in
                try store.outbox.retry(tempID, at: now.wall)
            }
            guard let entry else { throw .invalid(.unknownMessage(tempID)) }
            context.outbox.retry(entry)
        }
        context.outboxMoved(item.entry.peer)
    }

    private static func item(_ tempID: TempID, _ context: EngineContext) throws(ChatError) -> OutboxItem {
        guard let item = context.outbox.items[tempID] else { throw .invalid(.unknownMessage(tempID)) }
        return item
    }

    private static func goOn(
        _ tempID: TempID, at now: Moment, _ context: inout EngineContext
    ) throws(ChatError) {
        let store = context.store
        try store.reporting { () throws(SQLiteError) in try store.outbox.setEntered(tempID, at: now.wall) }
        context.outbox.goOn(tempID, enteredAt: now.wall)
        context.link.personActed()
    }

    /// A message that was entered for a former server is sent only by the same account, to the same person.
    static func checkObstacle(to tempID: TempID, _ context: EngineContext) throws(ChatError) {
        let store = context.store
        let obstacle = try store.reporting { () throws(SQLiteError) in
            try store.formerPeople.obstacle(to: tempID)
        }
        if let obstacle { throw .invalid(obstacle) }
    }

    /// Sends a failed or held message under a new temp_id: a server that has the old one makes a second message of it.
    static func sendAsNew(
        _ tempID: TempID, at now: Moment, _ context: inout EngineContext
    ) throws(ChatError) -> TempID {
        let item = try item(tempID, context)
        guard item.state == .failed || item.state == .held else { throw .invalid(.alreadyOnItsWay(tempID)) }
        try checkObstacle(to: tempID, context)
        let fresh = context.freshTempID()
        let store = context.store
        let entry = try store.reporting { () throws(SQLiteError) in
            try store.outbox.retry(tempID, as: fresh, at: now.wall)
        }
        guard let entry else { throw .invalid(.unknownMessage(tempID)) }
        context.outbox.remove(tempID)
        context.outbox.retry(entry)
        context.outboxMoved(item.entry.peer)
        return fresh
    }

    // MARK: What is held

    /// Sends all held messages, in the order in which they were entered.
    static func sendHeld(at now: Moment, _ context: inout EngineContext) throws(ChatError) {
        try changeHeld(&context) { (store, outbox, tempID) throws(SQLiteError) in
            // A message that may not go to this server still waits.
            guard try store.formerPeople.obstacle(to: tempID) == nil,
                let entry = try store.outbox.retry(tempID, at: now.wall)
            else { return }
            outbox.retry(entry)
        }
    }

    /// Takes all held messages back.
    static func discardHeld(_ context: inout EngineContext) throws(ChatError) {
        try changeHeld(&context) { (store, outbox, tempID) throws(SQLiteError) in
            if case .removed = try store.outbox.discard(tempID) { outbox.remove(tempID) }
        }
    }

    /// Changes the whole batch in one commit.
    private static func changeHeld(
        _ context: inout EngineContext,
        _ change: (ChatStore, inout Outbox, TempID) throws(SQLiteError) -> Void
    ) throws(ChatError) {
        let held = context.outbox.items.values.filter { $0.state == .held && !$0.entry.isCancelled }
            .map(\.entry).sorted { $0.sequence < $1.sequence }
        var outbox = context.outbox
        let store = context.store
        do throws(SQLiteError) {
            try store.database.transaction { () throws(SQLiteError) in
                for entry in held { try change(store, &outbox, entry.tempID) }
            }
        } catch {
            throw .storage(error)
        }
        context.outbox = outbox
        for peer in Set(held.map(\.peer)).sorted() { context.announce(.timeline(peer)) }
        context.announce(.conversations)
        context.add(.outboxMoved)
    }

    // MARK: Changing and taking back

    static func edit(
        _ tempID: TempID, text: String, _ context: inout EngineContext
    ) throws(ChatError) {
        let item = try item(tempID, context)
        let content = try checked(text)
        let store = context.store
        guard !item.state.isOnItsWay, item.state != .unknown,
            try store.reporting({ () throws(SQLiteError) in try store.outbox.edit(tempID, content: content) })
        else { throw .invalid(.alreadyOnItsWay(tempID)) }
        context.outboxMoved(item.entry.peer)
    }

    /// Keeps what the person has entered and not sent.
    static func setDraft(
        _ text: String, for peer: UserID, _ context: inout EngineContext
    ) throws(ChatError) {
        let store = context.store
        let isNew = try store.reporting { () throws(SQLiteError) in
            guard try store.conversations.draft(for: peer) != text else { return false }
            try store.conversations.setDraft(text, for: peer)
            return true
        }
        if isNew { context.announce(.conversations) }
    }

    static func discard(_ tempID: TempID, _ context: inout EngineContext) throws(ChatError) {
        let store = context.store
        switch try store.reporting({ () throws(SQLiteError) in try store.outbox.discard(tempID) }) {
        case .notThere: throw .invalid(.unknownMessage(tempID))
        case .removed(let peer):
            context.outbox.remove(tempID)
            context.outboxMoved(peer)
        case .whenKnown(let peer):
            context.outbox.cancelWhenKnown(tempID)
            context.outboxMoved(peer)
        }
    }

    /// Deletes an own message by its row.
    static func delete(_ row: RowID, _ context: inout EngineContext) throws(ChatError) {
        let store = context.store
        let found = try store.reporting { () throws(SQLiteError) in try store.timeline.row(row) }
        guard let (_, shown) = found, shown.isMine || shown.formerPeer != nil else {
            throw .invalid(.notDeletable(row))
        }
        if shown.state.isUnsent, let tempID = shown.tempID { return try discard(tempID, &context) }
        let isFormer = shown.formerPeer != nil
        let peer = try store.reporting { () throws(SQLiteError) in
            try isFormer ? store.former.remove(row) : store.deletions.deleteSent(row)
        }
        guard let peer else { throw .invalid(.notDeletable(row)) }
        if !isFormer, let id = shown.messageID { context.requests.plan.add(.deleteMessage(id)) }
        context.outboxMoved(peer)
    }
}
