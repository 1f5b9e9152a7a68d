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
            case .signedOut(let words): linkRefused(words, at: now)
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
            case .refused(let reason, _, let seconds):
                // The error event before it was about this message.
                if seconds != nil { context.link.setServerError(nil) }
                refused(tempID, reason: reason, retryAfter: seconds.map { .seconds($0) }, at: now)
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

    /// The server, or a proxy, has refused a message.
    ///
    /// - Parameter retryAfter: when the server takes the message, if it says so.
    func refused(_ tempID: TempID?, reason: String, retryAfter: Duration? = nil, at now: Moment) {
        flush(at: now)
        withStore(at: now) { () throws(SQLiteError) in
            try Delivery.refused(tempID, reason: reason, retryAfter: retryAfter, at: now, &context)
        }
    }

    /// Commits the facts of the events, then tells the server and the observers. The facts wait while the account is
    /// being checked.
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

    /// This program became the one that may send, or ceased to be.
    func setHolder(_ holds: Bool, at now: Moment) {
        if !holds {
            endLink(.notStarted, at: now)
            HolderNotes(context).publish(.offline(reason: .notStarted, nextTry: nil))
        }
        context.link.hold(holds)
        // Only the holder knows which attempts are being made.
        context.announce(.conversations)
        context.announceWatched()
    }

    /// The server has accepted the token. It is asked for the account of the token before anything is sent or stored: a
    /// database that was recreated may have given the account's number to somebody else.
    private func checkAccount() {
        guard context.link.accepted() else { return }
        context.signIn.accountIsAsked()
        // A cache that cannot be read shows itself in the next call that needs it.
        sync.known.linkWasAccepted(newest: (try? store.messages.newestID()) ?? MessageID(0))
        context.ask(AccountQuestion())
    }

    /// The link belongs to the account of the cache, and is used from now on.
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

    /// The number of rooms that are joined. The server reports typing only to those in the room of a conversation, and
    /// the list shows typing in many conversations.
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

    /// Forgets what was known about the link.
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
            if case .unauthorized(let words) = error { tokenRefused(words, at: now) }
        }
        return true
    }

    /// The server has stored a message that was sent by REST.
    func sent(_ message: Message, as tempID: TempID, at now: Moment) {
        events.sent(message, as: tempID, &sync.known)
        flush(at: now)
    }

    /// A proxy has refused a text message on the link.
    func proxyRefused(_ text: [UInt8], status: Int, at now: Moment) {
        let packet = try? SocketPacket(decoding: text.dropFirst())
        if let id = packet?.acknowledgementID { _ = context.link.takeAcknowledgement(id) }
        guard let packet, case .sendMessage(_, _, let tempID?) = try? ClientEvent.decode(packet.payload)
        else { return }
        flush(at: now)
        withStore(at: now) { () throws(SQLiteError) in
            try Delivery.sendByREST(tempID, insteadOf: status, at: now, &context)
        }
    }

    // MARK: The screen

    /// The conversation on the screen is this one now (nil: none).
    func open(_ peer: UserID?, isAttended: Bool, at now: Moment) {
        context.attention.open(peer, isAttended: isAttended)
        context.emit(context.company.stopTyping(unlessTo: peer))
        guard let peer else { return }
        context.join(peer)
        if isAttended {
            context.outbox.opened(peer)
            withStore(at: now) { () throws(SQLiteError) in
                if try !store.gaps.fetchState(of: peer).wasOpened { try store.conversations.setOpened(peer) }
            }
        }
        sync.known.pages.refresh(peer, &context)
    }

    /// Puts a contact list into the cache that somebody else has asked for.
    func keep(_ list: [Contact], isWhole: Bool, at now: Moment) throws(ChatError) {
        sync.keep(list)
        // A read-only cache cannot store the list, but the caller can use it.
        guard store.writeRefusal == nil else { return }
        let effects = try store.reporting { () throws(SQLiteError) in
            try store.apply([.contacts(list, isWhole: isWhole)])
        }
        stored(effects, isLive: false, at: now)
    }

    /// Puts messages into the cache that are older than the ones it holds. True when it holds more than before, or
    /// less is missing.
    func takeOlder(
        _ messages: [Message], leftOut: Int, for request: OlderRequest, at now: Moment
    ) throws(ChatError) -> Bool {
        let page = sync.page(messages, leftOut: leftOut, answering: request, at: now, context)
        let (effects, isMore) = try store.reporting { () throws(SQLiteError) in
            try OlderMessages(context).take(page)
        }
        stored(effects, isLive: false, at: now)
        return isMore
    }

    /// Deletes a conversation here, and plans to tell the server.
    func deleteConversation(with peer: UserID) throws(ChatError) {
        try store.reporting { () throws(SQLiteError) in
            try store.conversationDeletions.enter(peer)
            try sync.planWishes(&context)
        }
        context.announceRows(of: peer)
    }

    // MARK: The account

    /// Whether the token belongs to the account whose cache this is. When it does not, it is thrown away.
    func isCachesAccount(_ user: User, at now: Moment) -> Bool {
        withStore(at: now) { () throws(SQLiteError) in
            switch try store.identity.check(user) {
            case .same: break
            case .madeAnew: try sync.setHistoryAside(.otherAccount, at: now, &context)
            case .another:
                context.logger.notice("the token belongs to another account")
                try sync.setHistoryAside(.otherAccount, at: now, &context)
                return tokenRefused(at: now)
            }
            try store.identity.remember(user)
            context.signIn.accountIsConfirmed()
        }
        return context.signIn.isAccountKnown
    }

    /// The server does not accept the token: nothing is sent until somebody signs in again.
    ///
    /// - Parameter words: the server's words. A session that somebody has ended on purpose is not begun again without
    ///   the person.
    func tokenRefused(_ words: String = "", at now: Moment) {
        guard context.signIn.isSignedIn else { return }
        endLink(context.link.failure, at: now)
        let isEnded = words == RequestProblem.sessionEnded.message
        let renews = context.signIn.tokenRefused(isEnded: isEnded)
        context.outbox.pause()
        context.logger.notice("the token was refused", metadata: ["session_ended": "\(isEnded)"])
        if renews { context.add(.signInAgain) } else { signInLost(isEnded: isEnded) }
    }

    /// Only the person can sign in: the outbox waits for that.
    func signInLost(isEnded: Bool = false) {
        guard !context.signIn.isSignedIn else { return }
        context.signIn.renewalFailed()
        context.add(.forgetToken)
        context.announce(.account(nil))
        context.announce(.notice(isEnded ? .sessionEnded : .signInAgain))
    }

    /// The cache starts over beside the history of another database.
    func historyWasSetAside(_ aside: HistorySetAside, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            try sync.historyWasSetAside(aside, at: now, &context)
        }
    }
}
