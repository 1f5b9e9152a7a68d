import ChatSQLite
import ChatWire
import Logging

extension ChatEngine {
    /// An event of the link. Facts for the cache are gathered and committed with the rest of the burst.
    func receive(_ event: ServerEvent, at now: Moment) {
        switch event {
        case .messageSending: break
        case .messageConfirmed(let tempID, let message): confirmed(message, as: tempID)
        case .messageError(let tempID, let reason): sendRefused(tempID, reason: reason, at: now)
        case .error(let message): serverError(message, at: now)
        case .newMessage(let message): receive(message)
        case .messageNotification(let message, let person):
            pendingChanges.append(.person(person))
            receive(message)
        case .userOnline(let person): online(person, at: now)
        case .userOffline(let user): offline(user, at: now)
        case .userTyping(let person): startedTyping(person.id, at: now)
        case .userStoppedTyping(let user): stoppedTyping(user)
        case .messagesRead(let by, let reader, let sender, let upTo):
            messagesRead(by: reader ?? by, sender: sender, upTo: upTo, at: now)
        case .messageStatusUpdate(let id, let status):
            pendingChanges.append(.status(id, status, at: now.wall))
        case .messageDeleted(let id, _, _): pendingChanges.append(.deleted(id))
        case .conversationDeleted(let by, let contact):
            conversationDeleted(with: by == me ? contact : by, at: now)
        case .unknown(let name): logger.debug("unknown event", metadata: ["length": "\(name.utf8.count)"])
        }
    }

    private func confirmed(_ message: Message, as tempID: TempID?) {
        toldOnLink = max(toldOnLink, message.id)
        if !isCaughtUp { writtenBeforeList.insert(message.receiverID) }
        pendingChanges.append(.message(message, from: .confirmation(tempID)))
    }

    private func receive(_ message: Message) {
        toldOnLink = max(toldOnLink, message.id)
        pendingChanges.append(.message(message, from: .live))
        guard message.senderID != me else {
            if !isCaughtUp { writtenBeforeList.insert(message.receiverID) }
            return
        }
        unsettled.insert(message.senderID)
        // Who sends has stopped typing, also on servers that do not say so.
        stoppedTyping(message.senderID)
    }

    private func startedTyping(_ user: UserID, at now: Moment) {
        if typists.started(user, at: now.monotonic) { announce(.typing(user, true)) }
        // Who types is connected. The real server does not say who was already there when this link began,
        // but it says of everybody when they leave; a server with the snapshot says neither of strangers.
        guard let capabilities, !capabilities.contains(.presenceSnapshot), user != me else { return }
        if presence.set(user, online: true) { announcePresence(user) }
    }

    private func stoppedTyping(_ user: UserID) {
        if typists.stopped(user) { announce(.typing(user, false)) }
    }

    /// With the sender's id the event may be about the account's own reading, on another device.
    private func messagesRead(by reader: UserID, sender: UserID?, upTo: MessageID?, at now: Moment) {
        if reader == me {
            guard let sender else { return }
            pendingChanges.append(.readByMe(sender, upTo: upTo ?? toldOnLink))
        } else {
            pendingChanges.append(.readByPeer(reader, upTo: upTo ?? toldOnLink, at: now.wall))
        }
    }

    private func conversationDeleted(with peer: UserID, at now: Moment) {
        pendingChanges.append(.conversationDeleted(peer, upTo: toldOnLink))
        // What REST has brought meanwhile came before the deletion or after it: the stream tells which.
        guard capabilities?.contains(.sync) == true else { return }
        withStore(at: now) { () throws(SQLiteError) in
            if let newest = try store.messages.newestSentID(with: peer), newest > toldOnLink {
                plan.add(.changes)
            }
        }
    }

    private func online(_ person: Person, at now: Moment) {
        // Only a server that keeps one socket per user says so to the user itself: to the socket it dropped.
        guard person.id != me else { return displaced(at: now) }
        pendingChanges.append(.person(person))
        if presence.set(person.id, online: true) { announcePresence(person.id) }
    }

    private func offline(_ user: UserID, at now: Moment) {
        guard user != me else { return }
        pendingChanges.append(.lastSeen(user, now.wall))
        stoppedTyping(user)
        if presence.set(user, online: false) { announcePresence(user) }
    }

    func announcePresence(_ user: UserID) {
        announce(.presence(user))
        announce(.conversations)
    }

    /// What the real server says to a socket whose place another one has taken.
    private static let notAuthenticated = "Usuario não autenticado"

    private func serverError(_ message: String, at now: Moment) {
        if message == Self.notAuthenticated { return displaced(at: now) }
        lastServerError = message
        logger.info("the server reported an error", metadata: ["length": "\(message.utf8.count)"])
        // An error that a send in flight provoked becomes that message's; its acknowledgement tells.
        if outbox.summary.sending == 0 { announce(.notice(.serverError(message))) }
    }

    // MARK: The fate of sends

    /// The server refused a message for good.
    func sendRefused(_ tempID: TempID?, reason: String, at now: Moment) {
        flush(at: now)
        guard let tempID, let item = outbox.items[tempID] else {
            return announce(.notice(.serverError(reason)))
        }
        // The acknowledgement repeats what the event has said.
        guard item.state.isAwaitingAnswer else { return }
        withStore(at: now) { () throws(SQLiteError) in
            if item.entry.isCancelled {
                try store.outbox.remove(item.entry)
                outbox.remove(tempID)
            } else if PassingRefusal.isPassing(reason, after: outbox.refusals(of: tempID)) {
                postpone(item, reason: reason, at: now)
            } else {
                try store.outbox.fail(tempID, reason: reason)
                outbox.fail(tempID)
                announce(.notice(.sendFailed(to: item.entry.peer, tempID, reason: reason)))
            }
            announce(.timeline(item.entry.peer))
            announce(.conversations)
            effects.append(.outboxMoved)
        }
    }

    /// The message stays first of its conversation, and what is behind it waits, so that the order is kept.
    private func postpone(_ item: Outbox.Item, reason: String, at now: Moment) {
        let isFirst = outbox.refusals(of: item.entry.tempID) == 0
        postpone(item.entry.tempID, at: now)
        // Once, and not for each attempt.
        if isFirst { announce(.notice(.serverError(reason))) }
    }

    /// - Parameter retryAfter: the server's word on the delay.
    func postpone(_ tempID: TempID, retryAfter: Duration? = nil, at now: Moment) {
        let refusals = outbox.refusals(of: tempID)
        let delay = Backoff.connecting.delay(afterFailures: refusals + 1, using: &generator)
        let pause = max(Backoff.connecting.first + delay, retryAfter ?? .zero)
        outbox.postpone(tempID, until: now.monotonic + pause)
        logger.info("the server takes no message now", metadata: ["temp_id": "\(tempID)"])
    }

    func receive(_ result: SendAcknowledgement, acknowledging id: UInt64, at now: Moment) {
        guard let what = acknowledgements.removeValue(forKey: id) else { return }
        switch what {
        case .readMark where outbox.summary.sending == 0 && lastServerError != nil:
            // The server could not keep the mark: it is told again with the next look at what is new.
            lastServerError = nil
        case .readMark(let peer, let upTo):
            withStore(at: now) { () throws(SQLiteError) in
                try store.readMarks.wasTold(peer, upTo: upTo)
                if miscounted.remove(peer) != nil { plan.add(.unread) }
                // More may have been read meanwhile.
                try tellReadMarks()
            }
        case .message(let tempID):
            switch result {
            case .accepted(let message): confirmed(message, as: tempID)
            case .refused(let reason, _): sendRefused(tempID, reason: reason, at: now)
            case .handled: sendHandled(tempID, at: now)
            }
        }
    }

    /// A message waits for less: its outbox row has a deadline of its own. A read mark is told again.
    func missAcknowledgement(_ id: UInt64, at now: Moment) {
        guard case .readMark = acknowledgements.removeValue(forKey: id) else { return }
        withStore(at: now) { () throws(SQLiteError) in try tellReadMarks() }
    }

    /// The acknowledgement comes last: a message that is neither confirmed nor refused by then was not taken.
    private func sendHandled(_ tempID: TempID, at now: Moment) {
        flush(at: now)
        guard let item = outbox.items[tempID], item.state.isAwaitingAnswer else { return }
        guard let reason = lastServerError else { return dropLink(.silence, at: now) }
        lastServerError = nil
        sendRefused(tempID, reason: reason, at: now)
    }

    // MARK: Into the cache

    /// Commits what was gathered, then tells the server and the observers of it.
    func flush(at now: Moment) {
        guard !pendingChanges.isEmpty else { return }
        if case .checking = link { return keepBounded(at: now) }
        let changes = pendingChanges
        pendingChanges = []
        withStore(at: now) { () throws(SQLiteError) in
            let result = try store.apply(changes)
            stored(result, isLive: true, at: now)
        }
    }

    /// The cache holds new facts: receipts go out only now, after the commit.
    func stored(_ result: StoreEffects, isLive: Bool, at now: Moment) {
        if let aside = result.setAside { historyWasSetAside(aside, at: now) }
        if result.goneFromServer > 0 { messagesAreGone(result.goneFromServer, at: now) }
        for tempID in result.confirmed { outbox.remove(tempID) }
        if !result.confirmed.isEmpty { effects.append(.outboxMoved) }
        if result.hasPendingDeletions { planDeletions(at: now) }
        // Counts that are on their way may be of before these came.
        unsettled.formUnion(result.received.map(\.message.senderID))
        tellReceived(result.received, isLive: isLive)
        recountUnread(after: result, isLive: isLive, at: now)
        announce(result)
    }

    private func tellReceived(_ received: [StoreEffects.Received], isLive: Bool) {
        for peer in Set(received.map(\.message.senderID)).sorted() {
            let messages = received.filter { $0.message.senderID == peer }
            join(peer)
            // One receipt covers all before it.
            if let newest = messages.map(\.message).filter(\.wantsReceipt).map(\.id).max() {
                emit(.messageDelivered(newest, from: peer))
            }
            guard isLive else { continue }
            for one in messages where !one.message.isRead { announceReceived(one) }
        }
    }

    private func announceReceived(_ one: StoreEffects.Received) {
        let sender = one.message.senderID
        let name = (try? store.people.name(of: sender)) ?? one.message.senderName ?? "#\(sender)"
        announce(
            .notice(
                .received(
                    from: Person(id: sender, name: name), row: one.row, content: one.message.content,
                    isOpen: sender == openPeer)))
    }

    private func planDeletions(at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            for id in try store.deletions.pending() { plan.add(.deleteMessage(id)) }
        }
    }
}

extension Message {
    /// A server that tells of delivery says when it knows already.
    fileprivate var wantsReceipt: Bool { !isRead && (status ?? .sent) == .sent }
}
