import ChatSQLite
import ChatWire
import Logging

extension ServerSync {
    /// The server has answered a question. The answers about the account and the token, and those about a message that
    /// was sent by REST, are the engine's.
    mutating func receive(
        _ answer: EngineAnswer, to question: Requests.Running, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        switch (question.call, answer) {
        case (.serverInformation, .serverInformation(let information)):
            if try isOtherDatabase(epoch: information.epoch, at: now, &context) { return }
            try learn(information.capabilities, at: now, &context)
        case (.contacts, .contacts(let list, let leftOut)):
            let list = PartialContacts(elements: list, leftOut: leftOut)
            try receive(list, known: question.knownAtRequest, at: now, &context)
        case (.unread, .unread(let counts)): try receive(counts, at: now, &context)
        case (.changes(let cursor), .changes(let answer)):
            try receive(answer, to: question, since: cursor, at: now, &context)
        case (.page(let peer, let limit, let peek), .messages(let messages, let leftOut)):
            let request = OlderRequest(
                peer: peer, limit: limit, before: nil, isPeek: peek, known: question.knownAtRequest)
            try receive(
                page(messages, leftOut: leftOut, answering: request, at: now, context), at: now, &context)
        case (.deleteMessage(let id), _): try context.store.deletions.wasTold(id)
        case (.deleteConversation(let peer), _): try DeletionWishes.done(peer, &context)
        case (.addContact, .contact(let contact)): try wishDone(question, contact: contact, &context)
        case (.renameContact, _), (.removeContact, _): try wishDone(question, contact: nil, &context)
        default: context.logger.error("an answer of another kind than its question")
        }
    }

    private mutating func wishDone(
        _ question: Requests.Running, contact: Contact?, _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let wish = question.wish, let step = ContactStep(question.call) else { return }
        try wishes.done(wish, step, contact: contact, &context)
        try planWishes(&context)
    }

    // MARK: Failures

    /// The server has not answered as it should.
    mutating func failed(
        _ question: Requests.Running, _ error: ChatError, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        switch error {
        case .refused(let status, let message):
            context.logger.info(
                "refused", metadata: ["status": "\(status)", "bytes": "\(message.utf8.count)"])
            if question.call.isEnded(byRefusal: status) {
                try refused(question, reason: message, at: now, &context)
            } else {
                try answeredByAnother(question, at: now, &context)
            }
        case .unexpectedAnswer:
            try answeredByAnother(question, at: now, &context)
        case .unavailable(_, let retryAfter):
            Self.letMessagesGo(besides: question, isUndone: true, &context)
            try postpone(question, retryAfter: retryAfter, at: now, &context)
        case .network, .timeout, .notSignedIn, .unauthorized, .invalid, .storage, .file:
            Self.letMessagesGo(besides: question, isUndone: false, &context)
            try postpone(question, retryAfter: nil, at: now, &context)
        }
    }

    /// Messages do not wait for the deletion of their conversation while the server cannot answer, except for a deletion
    /// that was requested: it may still be carried out.
    private static func letMessagesGo(
        besides question: Requests.Running, isUndone: Bool, _ context: inout EngineContext
    ) {
        var asked = context.requests.running.values.map(\.call)
        if !isUndone { asked.append(question.call) }
        context.outbox.awaitDeletionsOnly(
            of: asked.compactMap { if case .deleteConversation(let peer) = $0 { peer } else { nil } })
    }

    /// A gateway, a portal or another service answered in place of the server. Nothing is given up for that, and the
    /// server is asked again.
    private mutating func answeredByAnother(
        _ question: Requests.Running, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        Self.letMessagesGo(besides: question, isUndone: false, &context)
        guard case .serverInformation = question.call else {
            return try postpone(question, retryAfter: nil, at: now, &context)
        }
        // The root may belong to another program for good.
        context.requests.plan.finish(.serverInformation)
        context.requests.plan.add(.serverInformation, after: Self.foreignRootPause, at: now.monotonic)
        try learnFromCache(at: now, &context)
    }

    /// How long until a root is asked again that answered like no server of this API.
    private static let foreignRootPause = Duration.seconds(60)

    /// The server will not answer this question, however often it is asked.
    private mutating func refused(
        _ question: Requests.Running, reason: String, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        if let step = question.step { context.requests.plan.finish(step) }
        switch question.call {
        // A server that says nothing about itself has no extensions.
        case .serverInformation: try learn([], at: now, &context)
        // Deleted already, or never to be deleted: the message is gone here, and a page brings it back if it exists.
        case .deleteMessage(let id): try context.store.deletions.wasTold(id)
        case .page(let peer, _, _): context.outbox.deferLookUp(peer)
        case .deleteConversation(let peer):
            try DeletionWishes.refused(peer, reason: reason, &context)
            known.pages.forget(peer)
            if peer == context.attention.openPeer { known.pages.refresh(peer, &context) }
        case .addContact, .renameContact, .removeContact:
            guard let wish = question.wish, let step = ContactStep(question.call) else { break }
            wishes.refused(wish, step, reason: reason, &context.requests.plan)
        case .contacts: try takeUnwitnessed(at: now, &context)
        case .account, .verifyToken, .renewToken, .unread, .changes, .sendMessage: break
        }
        Self.decideResending(&context)
        try fetchChanged(&context)
    }

    private mutating func postpone(
        _ question: Requests.Running, retryAfter: Duration?, at now: Moment, _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let step = question.step else { return }
        if step == .contacts { try takeUnwitnessed(at: now, &context) }
        context.postpone(step, retryAfter: retryAfter, at: now)
    }
}

extension EngineCall {
    /// What the person wants is given up only for the status with which servers refuse it. A status that means that the
    /// route does not exist says nothing about a message or a contact.
    fileprivate func isEnded(byRefusal status: Int) -> Bool {
        switch self {
        case .deleteMessage, .deleteConversation, .addContact, .renameContact, .removeContact: status == 400
        case .serverInformation, .account, .verifyToken, .renewToken, .contacts, .unread, .changes, .page,
            .sendMessage:
            true
        }
    }
}
