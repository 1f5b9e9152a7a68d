import ChatNet
import ChatSQLite
import ChatWire
import Logging

/// Whose account and which database is at the other end.
extension ChatEngine {
    // MARK: The account

    /// The server has accepted the token. Before anything is told or taken, it says whose it is: a database that was
    /// made anew may have given the account's number to somebody else.
    func checkAccount() {
        guard case .opening(let number) = link else { return }
        link = .checking(number)
        isAccountKnown = false
        // A cache that cannot be read shows itself in the next call that needs it.
        toldOnLink = (try? store.messages.newestID()) ?? MessageID(0)
        call(.account, for: nil)
    }

    func checked(_ user: User, at now: Moment) {
        guard case .checking = link else { return }
        if isCachesAccount(user, at: now) { linkCameUp(at: now) }
    }

    /// Whether the token speaks for the account whose cache this is. When it does not, it is thrown away.
    func isCachesAccount(_ user: User, at now: Moment) -> Bool {
        withStore(at: now) { () throws(SQLiteError) in
            switch try store.identity.check(user) {
            case .same: break
            case .madeAnew: try setHistoryAside(.otherAccount, at: now)
            case .another:
                logger.notice("the token is of another account")
                try setHistoryAside(.otherAccount, at: now)
                return tokenRefused(at: now)
            }
            try store.identity.remember(user)
            isAccountKnown = true
        }
        return isAccountKnown
    }

    /// The server could not say whose the token is: without that there is no link. A gateway that answers REST in its
    /// place says nothing of the account, and the realtime side has taken the token: the next link asks again. A cache
    /// that has never learned whose it is does not take that risk: it could not tell another account later.
    func accountIsUnknown(_ error: ChatError, at now: Moment) {
        switch error {
        case .network(.redirectRefused), .network(.tooManyRedirects), .unexpectedAnswer:
            withStore(at: now) { () throws(SQLiteError) in
                if try store.meta.text(.accountEmail) == nil { return dropLink(.rejected(""), at: now) }
                linkCameUp(at: now)
            }
        case .network(let error): dropLink(.network(error), at: now)
        case .timeout: dropLink(.handshakeTimeout, at: now)
        case .unavailable(_, let retryAfter): dropLink(.rejected(""), at: now, retryAfter: retryAfter)
        case .refused(_, let message): dropLink(.rejected(message), at: now)
        default: dropLink(.rejected(""), at: now)
        }
    }

    /// What comes while the account is being checked waits; a server that floods meanwhile is not waited for.
    func keepBounded(at now: Moment) {
        if pendingChanges.count > Self.uncheckedMax { dropLink(.rejected(""), at: now) }
    }

    private static let uncheckedMax = 10_000

    /// The person has signed in with this account's number.
    func signedIn(_ user: User, at now: Moment) throws(ChatError) {
        let aside = try storing { () throws(SQLiteError) in try store.identity.claim(for: user) }
        if let aside { historyWasSetAside(aside, at: now) }
    }

    // MARK: The database

    /// True when the server's epoch shows that it has another database.
    func notices(epoch: String?, at now: Moment) -> Bool {
        var isOther = false
        withStore(at: now) { () throws(SQLiteError) in
            guard let reason = try store.identity.contradiction(epoch: epoch) else { return }
            isOther = true
            try setHistoryAside(reason, at: now)
            _ = try store.identity.contradiction(epoch: epoch)
        }
        return isOther
    }

    func setHistoryAside(_ reason: FormerServerReason, at now: Moment) throws(SQLiteError) {
        historyWasSetAside(try store.former.setAside(reason), at: now)
    }

    /// The cache begins anew beside the old history: everything is asked for again.
    func historyWasSetAside(_ aside: HistorySetAside, at now: Moment) {
        logger.notice(
            "the server is another one than the cache is of", metadata: ["reason": "\(aside.reason)"])
        // Ids of the other database say nothing of this one's messages.
        toldOnLink = (try? store.messages.newestID()) ?? MessageID(0)
        writtenBeforeList = []
        fresh = []
        fetchedFor = [:]
        contacts = []
        forgetProofs()
        unsettled = []
        miscounted = []
        countsAreFreshUntil = nil
        isCaughtUp = false
        lookedBeforeDeletion = []
        refusedWishes = [:]
        var held = aside.held
        withStore(at: now) { () throws(SQLiteError) in
            held -= try store.outbox.keepAwaited(awaitedMessages)
            try reconcileOutbox()
        }
        announce(.notice(.formerServer(aside.reason, held: held)))
        announce(.conversations)
        for peer in watched.sorted() { announce(.timeline(peer)) }
        effects.append(.outboxMoved)
        guard case .up = link else { return }
        calls = [:]
        capabilities = nil
        plan.begin(at: now.monotonic)
        if let openPeer { refresh(openPeer) }
    }

    /// Given to the server that is at the other end now: its answer tells what became of them.
    private var awaitedMessages: [TempID] {
        guard case .up = link else { return [] }
        return outbox.items.values.filter { $0.state.isAwaitingAnswer }.map(\.entry.tempID)
    }

    /// Whether a conversation holds messages of a former server, and its page was not compared with them.
    func isFormerUnchecked(_ peer: UserID) throws(SQLiteError) -> Bool {
        guard try store.gaps.fetchState(of: peer).contiguousTo == nil else { return false }
        return try store.former.hasMessages(with: peer)
    }

    /// Messages that the server had confirmed wait in the outbox by now.
    func messagesAreGone(_ count: Int, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in try reconcileOutbox() }
        announce(.notice(.goneFromServer(count: count)))
    }

    // MARK: The person

    /// A message that was entered for a former server goes only from the same account to the same person.
    func checkObstacle(to tempID: TempID) throws(ChatError) {
        let obstacle = try storing { () throws(SQLiteError) in try store.formerPeople.obstacle(to: tempID) }
        if let obstacle { throw .invalid(obstacle) }
    }

    /// Removes a message of a former server from this machine.
    func removeFormer(_ row: RowID, at now: Moment) throws(ChatError) {
        let peer = try storing { () throws(SQLiteError) in try store.former.remove(row) }
        guard let peer else { throw .invalid(.notDeletable(row)) }
        outboxChanged(peer, at: now)
    }
}
