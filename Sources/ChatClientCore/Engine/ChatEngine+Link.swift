import ChatSQLite
import ChatWire
import Logging

extension ChatEngine {
    // MARK: What is wanted

    /// The program wants the link kept up, or not.
    func setWantsLink(_ wanted: Bool, at now: Moment) {
        guard wanted != wantsLink else { return }
        wantsLink = wanted
        if !wanted { endLink(.notStarted, at: now) }
        advance(at: now)
    }

    /// This program became the one that may send, or ceased to be.
    func setHolder(_ holds: Bool, at now: Moment) {
        guard holds != isHolder else { return }
        if !holds {
            endLink(.notStarted, at: now)
            publishLink(.offline(reason: .notStarted, nextTry: nil))
        }
        isHolder = holds
        announcedLink = nil
        planPruning(at: now)
        // Which attempts are being made is known to the holder alone.
        announce(.conversations)
        for peer in watched.sorted() { announce(.timeline(peer)) }
        advance(at: now)
    }

    /// The person wants a link now.
    func reconnectNow(at now: Moment) {
        reconnect.personActed()
        switch link {
        case .waiting, .displaced: link = .idle
        case .idle, .opening, .checking, .up, .verifying: break
        }
        advance(at: now)
    }

    /// The person signed in again, or another program did.
    func renewToken(_ fresh: String, at now: Moment) {
        token = fresh
        isAccountKnown = false
        if renewal == .running { renewal = .tried }
        outbox.resume()
        reconnect.personActed()
        endLink(failure, at: now)
        advance(at: now)
    }

    // MARK: What the socket does

    /// The WebSocket stands.
    func linkOpened(_ number: Int, at now: Moment) {
        guard link == .opening(number), let token else { return }
        var fresh = RealtimeSession(token: token, timeout: linkTimeout, at: now.monotonic)
        let actions = fresh.start()
        session = fresh
        perform(actions, at: now)
        advance(at: now)
    }

    /// Text messages came, in this order.
    func linkReceived(_ texts: [[UInt8]], on number: Int, at now: Moment) {
        for text in texts {
            guard isCurrent(number), var current = session else { break }
            let actions = current.receive(text, at: now.monotonic)
            session = current
            perform(actions, at: now)
        }
        flush(at: now)
        advance(at: now)
    }

    /// The WebSocket could not be opened, or has ended.
    func linkEnded(_ number: Int, _ reason: LinkFailure, at now: Moment) {
        guard isCurrent(number) else { return }
        dropLink(reason, at: now, isEnded: true)
        advance(at: now)
    }

    func isCurrent(_ number: Int) -> Bool {
        switch link {
        case .opening(number), .checking(number), .up(number): true
        default: false
        }
    }

    // MARK: The stages

    /// Opens a link when one is wanted and its time has come.
    func advanceLink(at now: Moment) {
        guard wantsLink, isHolder, isSignedIn else { return }
        switch link {
        case .idle: openLink()
        case .waiting(let until) where until <= now.monotonic: openLink()
        case .displaced(let until) where until <= now.monotonic: openLink()
        case .waiting, .displaced, .opening, .checking, .up, .verifying: break
        }
    }

    private func openLink() {
        linkNumber += 1
        link = .opening(linkNumber)
        effects.append(.openLink(linkNumber))
    }

    func perform(_ actions: [RealtimeSession.Action], at now: Moment) {
        for action in actions {
            switch action {
            case .send(let text): effects.append(.send(text))
            case .connected: checkAccount()
            case .event(let event): receive(event, at: now)
            case .acknowledged(let id, let result): receive(result, acknowledging: id, at: now)
            case .unacknowledged(let id): missAcknowledgement(id, at: now)
            case .refused(let reason): linkRefused(reason, at: now)
            case .failed(let reason): dropLink(reason, at: now)
            }
        }
    }

    /// The account on the link is the cache's: now it is used.
    func linkCameUp(at now: Moment) {
        guard case .checking(let number) = link else { return }
        link = .up(number)
        reconnect.linkCameUp(at: now.monotonic)
        if renewal == .tried { renewal = .possible }
        logger.info("the link is up")
        plan.begin(at: now.monotonic)
        for action in outbox.linkCameUp(at: now.wall) { perform(action, at: now) }
        withStore(at: now) { () throws(SQLiteError) in
            for peer in try store.conversations.recentPeers(limit: Self.joinedMax) { join(peer) }
            if let openPeer { join(openPeer) }
            for id in try store.deletions.pending() { plan.add(.deleteMessage(id)) }
            try planWishes()
        }
        if let openPeer { refresh(openPeer) }
        // What came meanwhile.
        flush(at: now)
    }

    /// Typing is told only to those in the room of a conversation: to see it in the list, one must be in
    /// many.
    static let joinedMax = 50

    func join(_ peer: UserID) {
        guard case .up = link, joined.insert(peer).inserted else { return }
        emit(.joinConversation(peer))
    }

    /// The server did not accept the token on the socket. Whether it is the token is asked by REST.
    private func linkRefused(_ reason: String, at now: Moment) {
        closeLink()
        forgetLink()
        link = .verifying
        failure = .rejected(reason)
        call(.verifyToken, for: nil)
    }

    /// Another socket of the account took this one's place.
    func displaced(at now: Moment) {
        closeLink()
        forgetLink()
        link = .displaced(until: reconnect.displaced(at: now.monotonic, using: &generator))
        announce(.notice(.inUseElsewhere))
    }

    /// The server does not accept the token: nothing is sent until the person signs in again.
    func tokenRefused(at now: Moment) {
        guard isSignedIn else { return }
        endLink(failure, at: now)
        isAccountKnown = false
        token = nil
        outbox.pause()
        logger.notice("the token was refused")
        switch renewal {
        case .possible:
            renewal = .running
            effects.append(.signInAgain)
        case .impossible, .running, .tried: signInLost()
        }
    }

    /// Nobody but the person can sign in: the outbox waits for that.
    func signInLost() {
        guard !isSignedIn else { return }
        if renewal == .running { renewal = .tried }
        effects.append(.forgetToken)
        announce(.account(nil))
        announce(.notice(.signInAgain))
        announceStates()
    }

    /// Whether the account can be signed in again without the person: once, until a link has come up with
    /// what it gave.
    enum Renewal: Equatable {
        case impossible, possible, running, tried
    }

    /// Gives the link up and tries again after a delay.
    func dropLink(
        _ reason: LinkFailure, at now: Moment, isEnded: Bool = false, retryAfter: Duration? = nil
    ) {
        switch link {
        case .opening, .checking, .up, .verifying: break
        case .idle, .waiting, .displaced: return
        }
        if !isEnded { closeLink() }
        forgetLink()
        failure = reason
        link = .waiting(
            until: reconnect.linkFailed(at: now.monotonic, retryAfter: retryAfter, using: &generator))
        logger.info("no link", metadata: ["reason": "\(reason)"])
    }

    /// Ends the link without another attempt.
    private func endLink(_ reason: LinkFailure, at now: Moment) {
        flush(at: now)
        for event in typing.stop() { emit(event) }
        if var current = session {
            let actions = current.close()
            session = current
            for case .send(let text) in actions { effects.append(.send(text)) }
        }
        closeLink()
        forgetLink()
        failure = reason
        link = .idle
    }

    private func closeLink() {
        switch link {
        case .opening(let number), .checking(let number), .up(let number): effects.append(.closeLink(number))
        case .idle, .waiting, .verifying, .displaced: break
        }
    }

    /// What was true of the link is true no more.
    private func forgetLink() {
        session = nil
        acknowledgements = [:]
        lastServerError = nil
        pendingChanges = []
        joined = []
        fresh = []
        fetchedFor = [:]
        forgetProofs()
        unsettled = []
        countsAreFreshUntil = nil
        isCaughtUp = false
        miscounted = []
        lookedBeforeDeletion = []
        writtenBeforeList = []
        calls = [:]
        plan.stop()
        outbox.linkWentDown()
        typing.linkWentDown()
        for peer in typists.stopAll() { announce(.typing(peer, false)) }
        presence.forget()
        announce(.conversations)
        effects.append(.outboxMoved)
        for peer in watched.sorted() { announce(.timeline(peer)) }
    }

    /// Tells the server, if the link is up.
    func emit(_ event: ClientEvent, acknowledgedAs what: Acknowledged? = nil) {
        guard case .up = link, var current = session else { return }
        let (id, actions) = current.emit(event, acknowledged: what != nil)
        session = current
        if let id, let what { acknowledgements[id] = what }
        for case .send(let text) in actions { effects.append(.send(text)) }
    }

    // MARK: For the screen

    /// The state of the link: of this program's, or of the program that holds it.
    var linkState: LinkState {
        guard isSignedIn else { return renewal == .running ? .connecting : .refused }
        // The cache could not keep what a link brings. The state that another program left in it may be old.
        if wantsLink, let refusal = store.writeRefusal {
            return .offline(reason: .storage(refusal), nextTry: nil)
        }
        if wantsLink, !isHolder { return holderLinkState }
        switch link {
        case .idle: return .offline(reason: failure, nextTry: nil)
        case .waiting(let until): return .offline(reason: failure, nextTry: until)
        case .opening, .checking, .verifying: return .connecting
        case .up: return .online
        case .displaced: return .inUseElsewhere
        }
    }

    /// Who is connected: as this program was told, or the one that holds the link.
    var presenceForScreen: PresenceBook {
        guard wantsLink, !isHolder else { return presence }
        guard holderLinkState == .online else { return PresenceBook() }
        return PresenceBook(published: (try? store.meta.text(.holderPresence)).flatMap { $0 } ?? "")
    }

    /// Leaves in the cache who is connected, once for whatever came together.
    func publishPresence() {
        guard isHolder, linkState == .online else { return }
        let words = presence.published
        guard words != publishedPresence else { return }
        publishedPresence = words
        do throws(SQLiteError) {
            try store.meta.set(.holderPresence, to: words)
        } catch {
            logger.debug("the presence was not published", metadata: ["error": "\(error)"])
        }
    }

    private var holderLinkState: LinkState {
        // A cache that cannot be read shows itself in every other call.
        switch (try? store.meta.text(.holderLink)).flatMap({ $0 }) {
        case "online": .online
        case "connecting": .connecting
        case "in use elsewhere": .inUseElsewhere
        case "refused": .refused
        default: .offline(reason: .notStarted, nextTry: nil)
        }
    }

    /// Leaves the state in the cache for the programs that watch.
    func publishLink(_ state: LinkState) {
        guard isHolder else { return }
        let word =
            switch state {
            case .online: "online"
            case .connecting: "connecting"
            case .inUseElsewhere: "in use elsewhere"
            case .refused: "refused"
            case .offline, .signedOut: "offline"
            }
        do throws(SQLiteError) {
            if try store.meta.text(.holderLink) != word { try store.meta.set(.holderLink, to: word) }
        } catch {
            // Only a hint for others; what matters is written elsewhere and reported there.
            logger.debug("the link state was not published", metadata: ["error": "\(error)"])
        }
    }
}
