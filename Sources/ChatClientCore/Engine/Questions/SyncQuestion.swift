import ChatSQLite
import ChatWire
import Logging

/// A question that keeps the cache in step with the server, and works on the state of ``ServerSync``. One that cannot
/// be answered is asked again later.
protocol SyncQuestion: ServerQuestion {
    /// The server has answered. The step of the plan is complete by then.
    func receive(
        _ answer: Answer, to asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError)

    /// Whether a refusal with this HTTP status is the server's last word.
    func isEnded(byRefusal status: Int) -> Bool

    /// The server refuses the question for good. The step of the plan is complete by then.
    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError)

    /// A gateway, a portal or another service has answered in place of the server.
    func answeredByAnother(
        _ asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError)

    /// The answer cannot be had now. The question is asked again later.
    func isPostponed(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError)
}

extension SyncQuestion {
    func receive(_ answer: Answer, to asked: Asked<Self>, at now: Moment, _ core: EngineCore) {
        core.withStore(at: now) { () throws(SQLiteError) in
            try receive(answer, to: asked, at: now, &core.sync, &core.context)
        }
    }

    func failed(_ asked: Asked<Self>, _ error: ChatError, at now: Moment, _ core: EngineCore) {
        core.withStore(at: now) { () throws(SQLiteError) in
            try failed(asked, error, at: now, &core.sync, &core.context)
        }
    }

    func isEnded(byRefusal status: Int) -> Bool { true }

    func refused(
        reason: String, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {}

    func answeredByAnother(
        _ asked: Asked<Self>, at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {
        try postpone(asked, retryAfter: nil, at: now, &sync, &context)
    }

    func isPostponed(
        at now: Moment, _ sync: inout ServerSync, _ context: inout EngineContext
    ) throws(SQLiteError) {}

    // MARK: Failures

    private func failed(
        _ asked: Asked<Self>, _ error: ChatError, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        if case .refused(let status, let message) = error {
            context.logger.info(
                "refused", metadata: ["status": "\(status)", "bytes": "\(message.utf8.count)"])
        }
        switch error {
        case .unauthorized: break
        case .refused(let status, let message) where isEnded(byRefusal: status):
            try end(asked, reason: message, at: now, &sync, &context)
        case .refused, .unexpectedAnswer:
            letMessagesGo(isUndone: false, &context)
            try answeredByAnother(asked, at: now, &sync, &context)
        case .unavailable(_, let retryAfter):
            letMessagesGo(isUndone: true, &context)
            try postpone(asked, retryAfter: retryAfter, at: now, &sync, &context)
        case .network, .timeout, .notSignedIn, .invalid, .storage, .file:
            letMessagesGo(isUndone: false, &context)
            try postpone(asked, retryAfter: nil, at: now, &sync, &context)
        }
    }

    private func end(
        _ asked: Asked<Self>, reason: String, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        if let step = asked.step { context.requests.plan.finish(step) }
        try refused(reason: reason, at: now, &sync, &context)
        ServerSync.decideResending(&context)
        try sync.fetchChanged(&context)
    }

    private func postpone(
        _ asked: Asked<Self>, retryAfter: Duration?, at now: Moment, _ sync: inout ServerSync,
        _ context: inout EngineContext
    ) throws(SQLiteError) {
        guard let step = asked.step else { return }
        try isPostponed(at: now, &sync, &context)
        context.postpone(step, retryAfter: retryAfter, at: now)
    }

    /// Messages do not wait for the deletion of their conversation while the server cannot answer, except for a
    /// deletion that was requested: it may still be carried out.
    ///
    /// - Parameter isUndone: the server has surely not done what this question asks.
    private func letMessagesGo(isUndone: Bool, _ context: inout EngineContext) {
        var asked = context.requests.running.values.map(\.question)
        if !isUndone { asked.append(self) }
        let deletions = asked.compactMap { $0 as? DeleteConversationQuestion }
        context.outbox.awaitDeletionsOnly(of: deletions.map(\.peer))
    }
}

/// A question that tells the server what the person wants. It is given up only for the status with which servers refuse
/// such a wish. A status that means that the route does not exist says nothing about a message or a contact.
protocol WishQuestion: SyncQuestion {}

extension WishQuestion {
    func isEnded(byRefusal status: Int) -> Bool { status == 400 }
}
