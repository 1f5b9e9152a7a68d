import ChatSQLite
import ChatWire
import Logging

/// Carries out what the outbox decides, and writes down the fate of each message: on the link, and by REST for messages
/// that a proxy does not let through.
///
/// A server that forgets temp_ids needs care with REST. When the answer is lost, the message may still arrive, because
/// a new link does not end a request as it ends a socket. The client then never sends the message again by itself. It
/// looks for the message, and asks the person when it does not find it.
enum Delivery {
    // MARK: Attempts

    /// Writes down that the attempt begins, then makes it: a crash in between leaves the message unknown, never queued.
    static func transmit(_ tempID: TempID, _ context: inout EngineContext) throws(SQLiteError) {
        guard let item = context.outbox.items[tempID] else { return }
        if item.entry.state == .queued {
            let known = try context.store.messages.newestID()
            guard try context.store.outbox.beginAttempt(tempID, above: known) else {
                // Another program has taken it back, changed it, or put one before it.
                context.outbox.noAttempt(tempID)
                return try context.reconcileOutbox()
            }
            context.outbox.noteAttempt(tempID, above: known)
        }
        if item.entry.state == .attempted, try context.store.outbox.entry(tempID)?.isSendable != true {
            // A message of unknown fate may have been taken back in the same way.
            context.outbox.noAttempt(tempID)
            return try context.reconcileOutbox()
        }
        // Read only now that the attempt is claimed: from here on no other program changes the text.
        guard let content = try context.store.outbox.content(of: tempID) else {
            return context.outbox.remove(tempID)
        }
        give(tempID, content: content, to: item.entry.peer, &context)
        context.announceRows(of: item.entry.peer)
    }

    /// Hands a message, whose attempt is on disk, to the link.
    static func give(
        _ tempID: TempID, content: String, to peer: UserID, _ context: inout EngineContext
    ) {
        context.emit(context.company.stopTyping(to: peer))
        context.link.setServerError(nil)
        context.emit(
            .sendMessage(to: peer, content: content, tempID: tempID), acknowledgedAs: .message(tempID))
        context.logger.debug("sending", metadata: ["temp_id": "\(tempID)", "bytes": "\(content.utf8.count)"])
    }

    /// Writes down that these messages wait for the person.
    static func hold(_ tempIDs: [TempID], _ context: inout EngineContext) throws(SQLiteError) {
        try context.store.outbox.hold(tempIDs)
        for peer in Set(tempIDs.compactMap { context.outbox.items[$0]?.entry.peer }).sorted() {
            context.announce(.timeline(peer))
        }
        context.announce(.conversations)
        context.announce(.notice(.held(count: tempIDs.count)))
        context.add(.outboxMoved)
    }

    // MARK: Refusals

    /// The server has refused a message: for good, or until later if it says so.
    ///
    /// - Parameter retryAfter: the server's word on the delay.
    static func refused(
        _ tempID: TempID?, reason: String, retryAfter: Duration? = nil, at now: Moment,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let tempID, let item = context.outbox.items[tempID] else {
            return context.announce(.notice(.serverError(reason)))
        }
        // The acknowledgement repeats what the event has said.
        guard item.state.isAwaitingAnswer else { return }
        if item.entry.isCancelled {
            try context.store.outbox.remove(item.entry)
            context.outbox.remove(tempID)
        } else if retryAfter != nil
            || PassingRefusal.isPassing(reason, after: context.outbox.refusals(of: tempID))
        {
            let isFirst = context.outbox.refusals(of: tempID) == 0
            context.postpone(tempID, retryAfter: retryAfter, at: now)
            // Once, and not for each attempt.
            if isFirst { context.announce(.notice(.serverError(reason))) }
        } else {
            try context.store.outbox.fail(tempID, reason: reason)
            context.outbox.fail(tempID)
            context.announce(.notice(.sendFailed(to: item.entry.peer, tempID, reason: reason)))
        }
        context.outboxMoved(item.entry.peer)
    }

    // MARK: By REST

    /// Sends a message by REST that a proxy has refused on the link with this status.
    static func sendByREST(
        _ tempID: TempID, insteadOf status: Int, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let item = context.outbox.items[tempID], item.state.isAwaitingAnswer else { return }
        // The person has cancelled the message in the meantime.
        guard !item.entry.isCancelled else {
            return try refused(tempID, reason: ProxyRefusal.words(status), at: now, &context)
        }
        guard let content = try context.store.outbox.content(of: tempID) else {
            return context.outbox.remove(tempID)
        }
        let isUnfenced = !context.outbox.recognisesNames
        if isUnfenced { try context.store.outbox.setUnfenced(tempID, true) }
        context.outbox.goesByREST(tempID, isUnfenced: isUnfenced, at: now.monotonic)
        context.logger.info(
            "a proxy refused a message; it is sent by REST instead",
            metadata: ["temp_id": "\(tempID)", "status": "\(status)"])
        context.ask(SendMessageQuestion(tempID: tempID, peer: item.entry.peer, content: content))
    }

    /// Whether the server's answer to an attempt by REST may mean that the message still arrives.
    private static func mayStillArrive(after error: ChatError) -> Bool {
        switch error {
        // These statuses mean that nothing was done. After any other gateway failure the server may still be working.
        case .unavailable(let status, _): ![408, 425, 429, 503].contains(status)
        case .unauthorized, .notSignedIn, .invalid, .storage, .file: false
        case .refused, .network, .timeout, .unexpectedAnswer: true
        }
    }

    /// Decides about a message after a failed attempt by REST, unless the server itself has refused the message.
    static func failedByREST(
        _ tempID: TempID, _ error: ChatError, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        if !mayStillArrive(after: error), context.outbox.items[tempID]?.entry.isUnfenced == true {
            try context.store.outbox.setUnfenced(tempID, false)
            context.outbox.isFencedAgain(tempID)
        }
        switch error {
        case .unauthorized: break
        case .unavailable(_, let retryAfter): postponeByREST(tempID, retryAfter, at: now, &context)
        default: postponeByREST(tempID, nil, at: now, &context)
        }
    }

    private static func postponeByREST(
        _ tempID: TempID, _ retryAfter: Duration?, at now: Moment, _ context: inout EngineContext
    ) {
        guard let item = context.outbox.items[tempID], item.state.isAwaitingAnswer else { return }
        context.postpone(tempID, retryAfter: retryAfter, at: now)
        context.outboxMoved(item.entry.peer)
    }
}
