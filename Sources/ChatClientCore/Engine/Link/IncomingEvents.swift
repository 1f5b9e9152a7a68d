import ChatSQLite
import ChatWire
import Logging

/// What the events of the link mean. Facts for the cache are gathered, and committed with the rest of the burst.
struct IncomingEvents: Equatable, Sendable {
    /// What an event asks of the engine.
    enum Consequence: Equatable {
        /// Another socket of the account has taken the place of this one.
        case displaced
        /// The server says that the token of this link is no longer valid. REST tells whether that is so.
        case signedOut(String)
        /// The server has refused a message.
        case refused(TempID?, reason: String)
    }

    private var facts: [StoreChange] = []

    /// More facts than this are not kept while the account is being checked.
    private static let uncheckedMax = 10_000

    /// True when the server has sent more than it may before the account is known.
    var isFlood: Bool { facts.count > Self.uncheckedMax }

    /// What is to be committed together; empty when nothing has come.
    mutating func takeFacts() -> [StoreChange] {
        defer { facts = [] }
        return facts
    }

    var isEmpty: Bool { facts.isEmpty }

    mutating func linkWentDown() { facts = [] }

    // MARK: Events

    mutating func receive(
        _ event: ServerEvent, at now: Moment, _ known: inout LinkKnowledge, _ context: inout EngineContext
    ) throws(SQLiteError) -> Consequence? {
        switch event {
        case .messageSending: break
        case .messageConfirmed(let tempID, let message): confirmed(message, as: tempID, &known)
        case .messageError(let tempID, let reason): return .refused(tempID, reason: reason)
        case .error(let message): return serverError(message, &context)
        case .newMessage(let message): receive(message, &known, &context)
        case .messageNotification(let message, let person):
            facts.append(.person(person))
            receive(message, &known, &context)
        case .userOnline(let person): return online(person, &context)
        case .userOffline(let user): offline(user, at: now, &context)
        case .userTyping(let person): Self.startedTyping(person.id, at: now, &context)
        case .userStoppedTyping(let user): Self.stoppedTyping(user, &context)
        case .messagesRead(let by, let reader, let sender, let upTo):
            let end = upTo ?? known.toldOnLink
            messagesRead(by: reader ?? by, sender: sender, upTo: end, at: now, context.me)
        case .messageStatusUpdate(let id, let status): facts.append(.status(id, status, at: now.wall))
        case .messageDeleted(let id, _, _): facts.append(.deleted(id))
        case .conversationDeleted(let by, let contact):
            try conversationDeleted(with: by == context.me ? contact : by, known, &context)
        case .unknown(let name):
            context.logger.debug("unknown event", metadata: ["length": "\(name.utf8.count)"])
        }
        return nil
    }

    /// The server has confirmed a message on the link.
    mutating func confirmed(_ message: Message, as tempID: TempID?, _ known: inout LinkKnowledge) {
        known.told(of: message.id)
        sent(message, as: tempID, &known)
    }

    /// The server has stored a message of the account.
    mutating func sent(_ message: Message, as tempID: TempID?, _ known: inout LinkKnowledge) {
        known.wrote(to: message.receiverID)
        facts.append(.message(message, from: .confirmation(tempID)))
    }

    private mutating func receive(
        _ message: Message, _ known: inout LinkKnowledge, _ context: inout EngineContext
    ) {
        known.told(of: message.id)
        facts.append(.message(message, from: .live))
        guard message.senderID != context.me else { return known.wrote(to: message.receiverID) }
        known.counts.arrived(from: [message.senderID])
        // Whoever sends has stopped typing, also on servers that do not say so.
        Self.stoppedTyping(message.senderID, &context)
    }

    private static func startedTyping(_ user: UserID, at now: Moment, _ context: inout EngineContext) {
        if context.company.startedTyping(user, at: now.monotonic) { context.announce(.typing(user, true)) }
        // Whoever types is connected. The original server does not say who was there before this link began, but it
        // tells when anybody leaves; a server with the snapshot says neither about strangers.
        guard let capabilities = context.requests.capabilities, !capabilities.contains(.presenceSnapshot),
            user != context.me
        else { return }
        setPresence(of: user, online: true, &context)
    }

    private static func stoppedTyping(_ user: UserID, _ context: inout EngineContext) {
        if context.company.stoppedTyping(user) { context.announce(.typing(user, false)) }
    }

    /// With the sender's id the event may be about the account's own reading on another device.
    private mutating func messagesRead(
        by reader: UserID, sender: UserID?, upTo end: MessageID, at now: Moment, _ me: UserID
    ) {
        if reader == me {
            if let sender { facts.append(.readByMe(sender, upTo: end)) }
        } else {
            facts.append(.readByPeer(reader, upTo: end, at: now.wall))
        }
    }

    private mutating func conversationDeleted(
        with peer: UserID, _ known: LinkKnowledge, _ context: inout EngineContext
    ) throws(SQLiteError) {
        facts.append(.conversationDeleted(peer, upTo: known.toldOnLink))
        // What REST has brought in the meantime came before the deletion or after it: the stream tells which.
        guard context.requests.can(.sync) else { return }
        if let newest = try context.store.messages.newestSentID(with: peer), newest > known.toldOnLink {
            context.requests.plan.add(.changes)
        }
    }

    private mutating func online(_ person: Person, _ context: inout EngineContext) -> Consequence? {
        // Only a server that keeps one socket per user says so to the user itself: to the socket that it dropped.
        guard person.id != context.me else { return .displaced }
        facts.append(.person(person))
        Self.setPresence(of: person.id, online: true, &context)
        return nil
    }

    private mutating func offline(_ user: UserID, at now: Moment, _ context: inout EngineContext) {
        guard user != context.me else { return }
        facts.append(.lastSeen(user, now.wall))
        Self.stoppedTyping(user, &context)
        Self.setPresence(of: user, online: false, &context)
    }

    private static func setPresence(of user: UserID, online: Bool, _ context: inout EngineContext) {
        guard context.company.set(user, online: online) else { return }
        context.announce(.presence(user))
        context.announce(.conversations)
    }

    private func serverError(_ message: String, _ context: inout EngineContext) -> Consequence? {
        switch RequestProblem(rawValue: message) {
        // The original server says so to a socket whose place another one has taken.
        case .notAuthenticated: return .displaced
        case .sessionEnded, .tokenInvalid: return .signedOut(message)
        default: break
        }
        context.link.setServerError(message)
        context.logger.info("the server reported an error", metadata: ["length": "\(message.utf8.count)"])
        // An error that a send in flight provoked becomes that message's; its acknowledgement tells.
        if context.outbox.summary.sending == 0 { context.announce(.notice(.serverError(message))) }
        return nil
    }
}
