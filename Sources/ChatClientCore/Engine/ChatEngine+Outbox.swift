import ChatSQLite
import ChatWire
import Logging

extension ChatEngine {
    /// Gives the link what is due.
    func advanceOutbox(at now: Moment) {
        guard case .up = link else { return }
        for action in outbox.next(at: now.monotonic) { perform(action, at: now) }
    }

    /// True while the server's answer to a message is awaited, before which the next one may not go.
    var awaitsAnswer: Bool {
        acknowledgements.values.contains { if case .message = $0 { true } else { false } }
    }

    func perform(_ action: Outbox.Action, at now: Moment) {
        switch action {
        case .transmit(let tempID): transmit(tempID, at: now)
        case .lookUp(let peer): lookUp(peer, at: now)
        case .hold(let tempIDs): hold(tempIDs, at: now)
        case .replaceLink: dropLink(.silence, at: now)
        }
    }

    /// Writes down that the attempt begins, then makes it: a crash in between leaves the message unknown,
    /// never queued.
    private func transmit(_ tempID: TempID, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            guard let item = outbox.items[tempID] else { return }
            if item.entry.state == .queued {
                let known = try store.messages.newestID()
                guard try store.outbox.beginAttempt(tempID, above: known) else {
                    // Another program has taken it back, changed it, or put one before it.
                    outbox.noAttempt(tempID)
                    try reconcileOutbox()
                    return
                }
                outbox.noteAttempt(tempID, above: known)
            }
            if item.entry.state == .attempted, try store.outbox.entry(tempID)?.isSendable != true {
                // The same, of one whose fate is unknown: it may have been taken back.
                outbox.noAttempt(tempID)
                try reconcileOutbox()
                return
            }
            // Read only now that it is claimed: from here on no other program changes the text.
            guard let content = try store.outbox.content(of: tempID) else { return outbox.remove(tempID) }
            give(tempID, content: content, to: item.entry.peer)
            announce(.timeline(item.entry.peer))
            announce(.conversations)
        }
    }

    /// Hands a message, whose attempt is on the disk, to the link.
    func give(_ tempID: TempID, content: String, to peer: UserID) {
        for event in typing.isTyping(to: peer) ? typing.stop() : [] { emit(event) }
        lastServerError = nil
        emit(.sendMessage(to: peer, content: content, tempID: tempID), acknowledgedAs: .message(tempID))
        logger.debug("sending", metadata: ["temp_id": "\(tempID)", "bytes": "\(content.utf8.count)"])
    }

    /// Fetching a conversation may mark it as read: only where nothing is lost by that.
    private func lookUp(_ peer: UserID, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            guard try marksNothing(peer) else { return outbox.deferLookUp(peer) }
            plan.add(.page(peer, limit: Self.lookUpLimit))
        }
    }

    /// As many as the real server gives.
    static let lookUpLimit = 200

    private func hold(_ tempIDs: [TempID], at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            try store.outbox.hold(tempIDs)
            for peer in Set(tempIDs.compactMap { outbox.items[$0]?.entry.peer }).sorted() {
                announce(.timeline(peer))
            }
            announce(.conversations)
            announce(.notice(.held(count: tempIDs.count)))
            effects.append(.outboxMoved)
        }
    }

    /// Settles unknown messages of a conversation by its newest page. The page is in the cache already.
    ///
    /// - Parameter proof: what the page proves; nil when it proves nothing.
    func resolve(_ page: ConversationPage, _ proof: PageProof?, at now: Moment) {
        let peer = page.peer
        let asked = outbox.resolving(peer)
        // What was left to the person may turn up all the same, and must not be taken for another of the same text.
        let entries = (asked + outbox.undecided(peer)).sorted { $0.sequence < $1.sequence }
        guard !entries.isEmpty else { return }
        withStore(at: now) { () throws(SQLiteError) in
            let outcomes = try outcomes(of: entries, by: page, proof).filter { outcome in
                outcome.isFound || asked.contains { $0.tempID == outcome.tempID }
            }
            guard !outcomes.isEmpty else { return }
            let changes: [StoreChange] = outcomes.compactMap { outcome in
                guard case .found(let tempID, let message) = outcome else { return nil }
                return .message(message, from: .confirmation(tempID))
            }
            if !changes.isEmpty { stored(try store.apply(changes), isLive: false, at: now) }
            try keep(outcomes, of: entries)
            outbox.resolve(peer, with: outcomes, at: now.monotonic)
            // The list is the second witness, of a conversation that shows nothing.
            if outcomes.contains(where: \.isOpen) { plan.add(.contacts) }
            announce(.timeline(peer))
            announce(.conversations)
            effects.append(.outboxMoved)
        }
    }

    private func outcomes(
        of entries: [OutboxEntry], by page: ConversationPage, _ proof: PageProof?
    ) throws(SQLiteError) -> [Resolution.Outcome] {
        var questions: [Resolution.Question] = []
        for entry in entries {
            guard let content = try store.outbox.content(of: entry.tempID) else { continue }
            questions.append(
                Resolution.Question(
                    tempID: entry.tempID, content: content, knownID: entry.knownID ?? MessageID(0)))
        }
        let taken = try store.messages.confirmedIDs(among: page.messages)
        let isLast = outbox.isLastLook(at: page.peer)
        // What a short page leaves open the full one, which is on its way, decides.
        return Resolution.match(questions, page: page.messages, proof: proof, me: me, taken: taken)
            .filter { page.limit >= Self.lookUpLimit || !$0.isOpen }
            .map { outcome in
                let entry = entries.first { $0.tempID == outcome.tempID }
                return Self.final(outcome, of: entry, isLast: isLast, isTrusted: proof?.isTrusted == true)
            }
    }

    /// What nobody can tell is decided by the person; who has decided already, in case nobody can tell, has not decided
    /// that for a server that fails.
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

    private func keep(_ outcomes: [Resolution.Outcome], of entries: [OutboxEntry]) throws(SQLiteError) {
        var undecidable: [OutboxEntry] = []
        for outcome in outcomes {
            guard let entry = entries.first(where: { $0.tempID == outcome.tempID }) else { continue }
            switch outcome {
            case .found, .unproved: break
            case .undecidable: undecidable.append(entry)
            case .absent where entry.isCancelled:
                // Taken back by the person, and the server never had it.
                try store.outbox.remove(entry)
                outbox.remove(entry.tempID)
            case .absent: try store.outbox.requeue(entry.tempID)
            }
        }
        guard !undecidable.isEmpty else { return }
        try store.outbox.hold(undecidable.map(\.tempID))
        let asked = undecidable.count { !$0.isCancelled }
        if asked > 0 { announce(.notice(.held(count: asked))) }
    }

    /// Another program has committed. A long outbox is not read anew after each of its commits, which would cost the more
    /// the longer it is: what it cannot wait for, that a message was taken back or stands behind another one, the disk
    /// says before each attempt.
    func reconcileOutboxInTurn(at now: Moment) throws(SQLiteError) {
        guard reconcileDue == nil else { return }
        let pause = Self.reconcilePause * outbox.items.count
        if let last = reconciledAt, last + pause > now.monotonic, outbox.items.count > Self.reconciledAtOnce {
            reconcileDue = last + pause
            return
        }
        reconciledAt = now.monotonic
        try reconcileOutbox()
    }

    func advanceReconciling(at now: Moment) {
        guard let due = reconcileDue, due <= now.monotonic else { return }
        reconcileDue = nil
        withStore(at: now) { () throws(SQLiteError) in try reconcileOutboxInTurn(at: now) }
    }

    /// So many messages are read in next to no time.
    private static let reconciledAtOnce = 500
    /// For each message: some ten times what it costs to read it.
    private static let reconcilePause = Duration.microseconds(20)

    /// Takes over what another program did to the outbox.
    func reconcileOutbox() throws(SQLiteError) {
        let changed = outbox.reconcile(with: try store.outbox.entries())
        guard !changed.isEmpty else { return }
        for peer in changed.sorted() { announce(.timeline(peer)) }
        announce(.conversations)
        effects.append(.outboxMoved)
    }

    // MARK: What the person enters

    func send(_ text: String, to peer: UserID, at now: Moment) throws(ChatError) -> TempID {
        guard peer != me else { throw .invalid(.ownAccount) }
        let content = try Self.checked(text)
        guard try hasRoom() else { throw .invalid(.outboxFull(limit: outboxLimit)) }
        let tempID = TempID.random(using: &generator)
        try storing { () throws(SQLiteError) in
            var known: MessageID?
            let era = try store.formerPeople.eraOfStranger(peer)
            if isHolder, case .up = link, era == nil, outbox.canSendAtOnce(to: peer) {
                known = try store.messages.newestID()
            }
            let entry = try store.outbox.enqueue(
                content, to: peer, tempID: tempID, at: now.wall, attemptAbove: known, heldSince: era)
            outbox.enter(entry, at: now.monotonic)
            if entry.state == .attempted {
                give(tempID, content: content, to: peer)
            } else if known != nil {
                // Another program's message comes first.
                try reconcileOutbox()
            }
        }
        if typing.isTyping(to: peer) { for event in typing.stop() { emit(event) } }
        announce(.timeline(peer))
        announce(.conversations)
        advance(at: now)
        return tempID
    }

    /// The disk is counted, with what other programs have entered, when it may matter: counting costs more the longer
    /// the queue is.
    private func hasRoom() throws(ChatError) -> Bool {
        guard outbox.items.count * 2 + 2 > outboxLimit else { return true }
        return try storing { () throws(SQLiteError) in try store.outbox.count() } < outboxLimit
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

    func retry(_ tempID: TempID, at now: Moment) throws(ChatError) {
        guard let item = outbox.items[tempID] else { throw .invalid(.unknownMessage(tempID)) }
        switch item.state {
        // It goes with the link, which the person wants now, however long it has waited.
        case .queued: try goOn(tempID, at: now)
        case .unknown where outbox.isPostponed(tempID): try goOn(tempID, at: now)
        case .sending, .unknown, .resolving: throw .invalid(.alreadyOnItsWay(tempID))
        case .failed, .held:
            try checkObstacle(to: tempID)
            let entry = try storing { () throws(SQLiteError) in try store.outbox.retry(tempID, at: now.wall) }
            guard let entry else { throw .invalid(.unknownMessage(tempID)) }
            outbox.retry(entry)
        }
        outboxChanged(item.entry.peer, at: now)
    }

    private func goOn(_ tempID: TempID, at now: Moment) throws(ChatError) {
        try storing { () throws(SQLiteError) in try store.outbox.setEntered(tempID, at: now.wall) }
        outbox.goOn(tempID, enteredAt: now.wall)
        reconnect.personActed()
    }

    /// Sends all held messages, in the order in which they were entered.
    func sendHeld(at now: Moment) throws(ChatError) {
        try changeHeld(at: now) { (store, tempID) throws(SQLiteError) in
            // One that may not go to this server waits on.
            guard try store.formerPeople.obstacle(to: tempID) == nil,
                let entry = try store.outbox.retry(tempID, at: now.wall)
            else { return }
            outbox.retry(entry)
        }
    }

    /// Takes all held messages back.
    func discardHeld(at now: Moment) throws(ChatError) {
        try changeHeld(at: now) { (store, tempID) throws(SQLiteError) in
            if case .removed = try store.outbox.discard(tempID) { outbox.remove(tempID) }
        }
    }

    /// Changes the whole batch in one commit.
    private func changeHeld(
        at now: Moment, _ change: (ChatStore, TempID) throws(SQLiteError) -> Void
    ) throws(ChatError) {
        let held = outbox.items.values.filter { $0.state == .held && !$0.entry.isCancelled }
            .map(\.entry).sorted { $0.sequence < $1.sequence }
        let before = outbox
        do throws(SQLiteError) {
            try store.database.transaction { () throws(SQLiteError) in
                for entry in held { try change(store, entry.tempID) }
            }
        } catch {
            outbox = before
            throw .storage(error)
        }
        for peer in Set(held.map(\.peer)).sorted() { announce(.timeline(peer)) }
        announce(.conversations)
        effects.append(.outboxMoved)
        advance(at: now)
    }

    /// Sends a failed or held message under a new name: a server that has the old one makes a second of it.
    func sendAsNew(_ tempID: TempID, at now: Moment) throws(ChatError) -> TempID {
        guard let item = outbox.items[tempID] else { throw .invalid(.unknownMessage(tempID)) }
        guard item.state == .failed || item.state == .held else { throw .invalid(.alreadyOnItsWay(tempID)) }
        try checkObstacle(to: tempID)
        let fresh = TempID.random(using: &generator)
        let entry = try storing { () throws(SQLiteError) in
            try store.outbox.retry(tempID, as: fresh, at: now.wall)
        }
        guard let entry else { throw .invalid(.unknownMessage(tempID)) }
        outbox.remove(tempID)
        outbox.retry(entry)
        outboxChanged(item.entry.peer, at: now)
        return fresh
    }

    func edit(_ tempID: TempID, text: String, at now: Moment) throws(ChatError) {
        guard let item = outbox.items[tempID] else { throw .invalid(.unknownMessage(tempID)) }
        let content = try Self.checked(text)
        guard !item.state.isOnItsWay, item.state != .unknown,
            try storing({ () throws(SQLiteError) in try store.outbox.edit(tempID, content: content) })
        else { throw .invalid(.alreadyOnItsWay(tempID)) }
        outboxChanged(item.entry.peer, at: now)
    }

    func discard(_ tempID: TempID, at now: Moment) throws(ChatError) {
        let result = try storing { () throws(SQLiteError) in try store.outbox.discard(tempID) }
        switch result {
        case .notThere: throw .invalid(.unknownMessage(tempID))
        case .removed(let peer):
            outbox.remove(tempID)
            outboxChanged(peer, at: now)
        case .whenKnown(let peer):
            outbox.cancelWhenKnown(tempID)
            outboxChanged(peer, at: now)
        }
    }

    /// Deletes an own message by its row.
    func delete(_ row: RowID, at now: Moment) throws(ChatError) {
        let found = try storing { () throws(SQLiteError) in try store.timeline.row(row) }
        guard let (_, shown) = found, shown.isMine || shown.formerPeer != nil else {
            throw .invalid(.notDeletable(row))
        }
        if shown.state.isUnsent, let tempID = shown.tempID { return try discard(tempID, at: now) }
        guard shown.formerPeer == nil else { return try removeFormer(row, at: now) }
        let deleted = try storing { () throws(SQLiteError) in try store.deletions.deleteSent(row) }
        guard let peer = deleted else { throw .invalid(.notDeletable(row)) }
        if let id = shown.messageID { plan.add(.deleteMessage(id)) }
        outboxChanged(peer, at: now)
    }

    func outboxChanged(_ peer: UserID, at now: Moment) {
        announce(.timeline(peer))
        announce(.conversations)
        effects.append(.outboxMoved)
        advance(at: now)
    }

    /// Errors of the cache, for callers of the public interface.
    func storing<Result>(_ body: () throws(SQLiteError) -> Result) throws(ChatError) -> Result {
        do throws(SQLiteError) { return try body() } catch {
            store.note(error)
            throw .storage(store.reason(error))
        }
    }

    var outboxSummary: OutboxSummary { outbox.summary }
}
