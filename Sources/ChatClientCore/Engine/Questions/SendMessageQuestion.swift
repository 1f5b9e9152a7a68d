import ChatSQLite
import ChatWire

/// Sends a message that a proxy has refused on the link.
struct SendMessageQuestion: ServerQuestion {
    enum Answer: Equatable, Sendable {
        /// The message as the server has it.
        case sent(Message)
        /// A proxy, not the server, refuses the message, with a permanent status.
        case refusedByProxy(status: Int)
    }

    let tempID: TempID
    let peer: UserID
    let content: String

    nonisolated(nonsending) func ask(
        _ rest: RESTClient, token: String?
    ) async throws(ChatError) -> Answer {
        try await rest.send(API.send(to: peer, content: content, tempID: tempID), token: token)
    }

    func receive(_ answer: Answer, to asked: Asked<Self>, at now: Moment, _ core: EngineCore) {
        switch answer {
        case .sent(let message) where message.senderID == core.context.me && message.receiverID == peer:
            core.sent(message, as: tempID, at: now)
        // Any other message is not the server's answer.
        case .sent: failed(asked, .unexpectedAnswer(""), at: now, core)
        // Only this message fails, with the status as its reason.
        case .refusedByProxy(let status):
            core.refused(tempID, reason: ProxyRefusal.words(status), at: now)
        }
    }

    func failed(_ asked: Asked<Self>, _ error: ChatError, at now: Moment, _ core: EngineCore) {
        if case .refused(_, let message) = error {
            return core.refused(tempID, reason: message, at: now)
        }
        core.withStore(at: now) { () throws(SQLiteError) in
            try Delivery.failedByREST(tempID, error, at: now, &core.context)
        }
    }
}
