import ChatSQLite
import ChatWire
import Logging

// Messages that a proxy, a filter or a firewall does not let through. The same text may get through by REST, which has
// another path and other rules. A server that forgets temp_ids needs care: when the answer by REST is lost, the message
// may still arrive, because a new link does not end a request as it ends a socket. The client then never sends the
// message again by itself. It looks for the message, and asks the person when it does not find it.
extension ChatEngine {
    /// A proxy has refused an event on the link. The client sends a message by REST instead, and drops any other event:
    /// the ones that matter are repeated.
    func linkRefused(_ text: [UInt8], status: Int, on number: Int, at now: Moment) {
        guard isCurrent(number) else { return }
        let packet = try? SocketPacket(decoding: text.dropFirst())
        if let id = packet?.acknowledgementID { acknowledgements[id] = nil }
        if let packet, case .sendMessage(_, _, let tempID?) = try? ClientEvent.decode(packet.payload) {
            sendByREST(tempID, insteadOf: status, at: now)
        }
        advance(at: now)
    }

    private func sendByREST(_ tempID: TempID, insteadOf status: Int, at now: Moment) {
        flush(at: now)
        guard let item = outbox.items[tempID], item.state.isAwaitingAnswer else { return }
        // The person has cancelled the message in the meantime.
        guard !item.entry.isCancelled else {
            return sendRefused(tempID, reason: ProxyRefusal.words(status), at: now)
        }
        withStore(at: now) { () throws(SQLiteError) in
            guard let content = try store.outbox.content(of: tempID) else { return outbox.remove(tempID) }
            let isUnfenced = !outbox.recognisesNames
            if isUnfenced { try store.outbox.setUnfenced(tempID, true) }
            outbox.goesByREST(tempID, isUnfenced: isUnfenced, at: now.monotonic)
            logger.info(
                "a proxy refuses a message: it goes by REST",
                metadata: ["temp_id": "\(tempID)", "status": "\(status)"])
            call(.sendMessage(tempID, to: item.entry.peer, content: content), for: nil)
        }
    }

    /// The server has stored the message.
    func receive(_ message: Message, sentByREST tempID: TempID, to peer: UserID, at now: Moment) {
        // Any other message is not the server's answer.
        guard message.senderID == me, message.receiverID == peer else {
            return postponeByREST(tempID, nil, at: now)
        }
        if !isCaughtUp { writtenBeforeList.insert(peer) }
        pendingChanges.append(.message(message, from: .confirmation(tempID)))
        flush(at: now)
    }

    /// Decides about the message after a failed attempt by REST.
    func failed(_ error: ChatError, sendingByREST tempID: TempID, at now: Moment) {
        switch error {
        case .unauthorized:
            fence(tempID, at: now)
            tokenRefused(at: now)
        case .refused(_, let message): sendRefused(tempID, reason: message, at: now)
        case .unavailable(let status, let retryAfter):
            // These statuses mean that nothing was done. After any other gateway failure the server may still be working.
            if [408, 425, 429, 503].contains(status) { fence(tempID, at: now) }
            postponeByREST(tempID, retryAfter, at: now)
        case .notSignedIn, .invalid, .storage, .file:
            fence(tempID, at: now)
            postponeByREST(tempID, nil, at: now)
        case .network, .timeout, .unexpectedAnswer: postponeByREST(tempID, nil, at: now)
        }
    }

    /// A proxy refuses the message by REST too: only this message fails, with the status as its reason.
    func proxyRefused(_ tempID: TempID, status: Int, at now: Moment) {
        sendRefused(tempID, reason: ProxyRefusal.words(status), at: now)
    }

    private func fence(_ tempID: TempID, at now: Moment) {
        guard outbox.items[tempID]?.entry.isUnfenced == true else { return }
        withStore(at: now) { () throws(SQLiteError) in
            try store.outbox.setUnfenced(tempID, false)
            outbox.isFencedAgain(tempID)
        }
    }

    private func postponeByREST(_ tempID: TempID, _ retryAfter: Duration?, at now: Moment) {
        guard let item = outbox.items[tempID], item.state.isAwaitingAnswer else { return }
        postpone(tempID, retryAfter: retryAfter, at: now)
        announce(.timeline(item.entry.peer))
        announce(.conversations)
        effects.append(.outboxMoved)
    }
}
