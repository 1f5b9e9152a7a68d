import ChatSQLite
import ChatWire
import Logging

/// The server's side of the engine: carries what the link and the answers bring to the parts, and decides what becomes
/// of the link. The person's side is ``ChatEngine``.
final class EngineCore {
    var context: EngineContext
    var sync = ServerSync()
    private var events = IncomingEvents()

    init(_ context: EngineContext) { self.context = context }

    var store: ChatStore { context.store }

    // MARK: What is due

    /// Gives the link the messages whose turn it is, and asks what the plan says.
    func advance(at now: Moment) {
        if context.signIn.isSignedIn, let number = context.link.openIfDue(at: now.monotonic) {
            context.add(.openLink(number))
        }
        if context.link.isUp {
            for action in context.outbox.next(at: now.monotonic) { perform(action, at: now) }
        }
        var steps = context.requests.plan.next(at: now.monotonic)
        // A step that needs no question, or another one first, makes way at once.
        while !steps.isEmpty {
            for step in steps {
                withStore(at: now) { () throws(SQLiteError) in try step.kind.begin(at: now, &sync, &context) }
            }
            steps = context.requests.plan.next(at: now.monotonic)
        }
    }

    private func perform(_ action: Outbox.Action, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            switch action {
            case .transmit(let tempID): try Delivery.transmit(tempID, &context)
            case .lookUp(let peer):
                guard try sync.known.marksNothing(peer, context) else {
                    return context.outbox.deferLookUp(peer)
                }
                context.requests.plan.add(.page(peer, limit: PageLimits.longest))
            case .hold(let tempIDs): try Delivery.hold(tempIDs, &context)
            case .replaceLink: dropLink(.silence, at: now)
            }
        }
    }

    // MARK: Errors of the cache

    /// Runs `body`, which uses the cache, where an error has no caller to go to.
    func withStore(at now: Moment, _ body: () throws(SQLiteError) -> Void) {
        do throws(SQLiteError) { try body() } catch { storageFailed(error, at: now) }
    }

    /// A failure of the cache while nobody waits for a result. The link goes, since what it brings could not be kept,
    /// and comes back with the usual delays. Then the server is asked for what was missed.
    func storageFailed(_ failure: SQLiteError, at now: Moment) {
        store.note(failure)
        let error = store.reason(failure)
        context.logger.error("the cache cannot be used", metadata: ["error": "\(error)"])
        context.announce(.notice(.storage(error)))
        dropLink(.storage(error), at: now)
    }

    // MARK: The link

    func perform(_ actions: [RealtimeSession.Action], at now: Moment) {
        for action in actions {
            switch action {
            case .send(let text): context.add(.send(text))
            case .connected: checkAccount()
            case .event(let event): receive(event, at: now)
            case .acknowledged(let id, let result): receive(result, acknowledging: id, at: now)
            case .unacknowledged(let id):
                // A message waits for less: the outbox has a deadline of its own. A read mark is told again.
                guard case .readMark = context.link.takeAcknowledgement(id) else { break }
                withStore(at: now) { () throws(SQLiteError) in try sync.known.tellReadMarks(&context) }
            case .refused(let reason): linkRefused(reason, at: now)
            case .failed(let reason): dropLink(reason, at: now)
            }
        }
    }

    private func receive(_ event: ServerEvent, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            switch try events.receive(event, at: now, &sync.known, &context) {
            case .displaced: displaced(at: now)
            case .refused(let tempID, let reason): refused(tempID, reason: reason, at: now)
            case nil: break
            }
        }
    }

    private func receive(_ result: SendAcknowledgement, acknowledging id: UInt64, at now: Moment) {
        switch context.link.takeAcknowledgement(id) {
        case nil: break
        case .readMark where context.outbox.summary.sending == 0 && context.link.lastServerError != nil:
            // The server could not keep the mark. It is told again with the next look at what is new.
            context.link.setServerError(nil)
        case .readMark(let peer, let upTo):
            withStore(at: now) { () throws(SQLiteError) in
                try store.readMarks.wasTold(peer, upTo: upTo)
                if sync.known.counts.markWasHandled(peer) { context.requests.plan.add(.unread) }
                // More may have been read in the meantime.
                try sync.known.tellReadMarks(&context)
            }
        case .message(let tempID):
            switch result {
            case .accepted(let message): events.confirmed(message, as: tempID, &sync.known)
            case .refused(let reason, _): refused(tempID, reason: reason, at: now)
            case .handled: sendHandled(tempID, at: now)
            }
        }
    }

    /// The acknowledgement comes last: a message that is neither confirmed nor refused by then was not taken.
    private func sendHandled(_ tempID: TempID, at now: Moment) {
        flush(at: now)
        guard let item = context.outbox.items[tempID], item.state.isAwaitingAnswer else { return }
        guard let reason = context.link.lastServerError else { return dropLink(.silence, at: now) }
        context.link.setServerError(nil)
        refused(tempID, reason: reason, at: now)
    }

    func refused(_ tempID: TempID?, reason: String, at now: Moment) {
        flush(at: now)
        withStore(at: now) { () throws(SQLiteError) in
            try Delivery.refused(tempID, reason: reason, at: now, &context)
        }
    }

    /// Commits the facts of the events, then tells the server and the observers. While the account is being checked they
    /// wait.
    func flush(at now: Moment) {
        guard !events.isEmpty else { return }
        if context.link.isChecking {
            if events.isFlood { dropLink(.rejected(""), at: now) }
            return
        }
        let facts = events.takeFacts()
        withStore(at: now) { () throws(SQLiteError) in
            try sync.stored(try store.apply(facts), isLive: true, at: now, &context)
        }
    }

    /// The cache holds new facts.
    func stored(_ effects: StoreEffects, isLive: Bool, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            try sync.stored(effects, isLive: isLive, at: now, &context)
        }
    }

    // MARK: The stages of the link

    /// The server has accepted the token. Before anything is told or taken, it says whose the token is: a database that
    /// was recreated may have given the account's number to somebody else.
    private func checkAccount() {
        guard context.link.accepted() else { return }
        context.signIn.accountIsAsked()
        // A cache that cannot be read shows itself in the next call that needs it.
        sync.known.linkWasAccepted(newest: (try? store.messages.newestID()) ?? MessageID(0))
        context.ask(AccountQuestion())
    }

    /// The account on the link is the cache's: now the link is used.
    func linkCameUp(at now: Moment) {
        guard context.link.cameUp(at: now.monotonic) else { return }
        context.signIn.linkCameUp()
        context.logger.info("the link is up")
        context.requests.plan.begin(at: now.monotonic)
        for action in context.outbox.linkCameUp(at: now.wall) { perform(action, at: now) }
        withStore(at: now) { () throws(SQLiteError) in
            for peer in try store.conversations.recentPeers(limit: Self.joinedMax) { context.join(peer) }
            if let openPeer = context.attention.openPeer { context.join(openPeer) }
            try ServerSync.planDeletions(&context)
            try sync.planWishes(&context)
        }
        if let openPeer = context.attention.openPeer { sync.known.pages.refresh(openPeer, &context) }
        // What came in the meantime.
        flush(at: now)
    }

    /// Typing is told only to those in the room of a conversation. To see it in the list, one must be in many rooms.
    private static let joinedMax = 50

    /// The server did not accept the token on the socket. REST tells whether the token is the reason.
    private func linkRefused(_ reason: String, at now: Moment) {
        context.closeLink()
        forgetLink()
        context.link.verify(reason)
        context.ask(VerifyTokenQuestion())
    }

    /// Another socket of the account took the place of this one.
    private func displaced(at now: Moment) {
        context.closeLink()
        forgetLink()
        context.displaceLink(at: now)
    }

    /// Gives the link up and tries again after a delay.
    func dropLink(
        _ reason: LinkFailure, at now: Moment, isEnded: Bool = false, retryAfter: Duration? = nil
    ) {
        guard context.link.isInUse else { return }
        if !isEnded { context.closeLink() }
        forgetLink()
        context.waitForLink(reason, retryAfter: retryAfter, at: now)
    }

    /// Ends the link without another attempt.
    func endLink(_ reason: LinkFailure, at now: Moment) {
        flush(at: now)
        context.emit(context.company.stopTyping(unlessTo: nil))
        for text in context.link.farewell() { context.add(.send(text)) }
        context.closeLink()
        forgetLink()
        context.link.end(reason)
    }

    /// What was true of the link is true no more.
    private func forgetLink() {
        events.linkWentDown()
        sync.linkWentDown()
        context.forgetLink()
    }

    // MARK: Answers to questions

    /// The server answered a question, or could not. False when the question was asked on an earlier link.
    func receive<Question: ServerQuestion>(
        _ answer: Result<Question.Answer, ChatError>, to asked: Asked<Question>, at now: Moment
    ) -> Bool {
        let failure: ChatError? = if case .failure(let error) = answer { error } else { nil }
        guard context.requests.answered(asked, failure: failure) else { return false }
        switch answer {
        case .success(let answer):
            if let step = asked.step { context.requests.plan.finish(step) }
            asked.question.receive(answer, to: asked, at: now, self)
        case .failure(let error):
            asked.question.failed(asked, error, at: now, self)
            if case .unauthorized = error { tokenRefused(at: now) }
        }
        return true
    }

    /// The server has stored a message that was sent by REST.
    func sent(_ message: Message, as tempID: TempID, at now: Moment) {
        events.sent(message, as: tempID, &sync.known)
        flush(at: now)
    }

    // MARK: The account

    /// Whether the token belongs to the account whose cache this is. When it does not, it is thrown away.
    func isCachesAccount(_ user: User, at now: Moment) -> Bool {
        withStore(at: now) { () throws(SQLiteError) in
            switch try store.identity.check(user) {
            case .same: break
            case .madeAnew: try sync.setHistoryAside(.otherAccount, at: now, &context)
            case .another:
                context.logger.notice("the token is of another account")
                try sync.setHistoryAside(.otherAccount, at: now, &context)
                return tokenRefused(at: now)
            }
            try store.identity.remember(user)
            context.signIn.accountIsConfirmed()
        }
        return context.signIn.isAccountKnown
    }

    /// The server does not accept the token: nothing is sent until somebody signs in again.
    func tokenRefused(at now: Moment) {
        guard context.signIn.isSignedIn else { return }
        endLink(context.link.failure, at: now)
        let renews = context.signIn.tokenRefused()
        context.outbox.pause()
        context.logger.notice("the token was refused")
        if renews { context.add(.signInAgain) } else { signInLost() }
    }

    /// Only the person can sign in: the outbox waits for that.
    func signInLost() {
        guard !context.signIn.isSignedIn else { return }
        context.signIn.renewalFailed()
        context.add(.forgetToken)
        context.announce(.account(nil))
        context.announce(.notice(.signInAgain))
    }

    /// The cache starts over beside the history of another database.
    func historyWasSetAside(_ aside: HistorySetAside, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            try sync.historyWasSetAside(aside, at: now, &context)
        }
    }
}
