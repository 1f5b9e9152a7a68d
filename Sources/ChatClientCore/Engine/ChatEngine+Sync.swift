import ChatSQLite
import ChatWire
import Logging

extension ChatEngine {
    /// Asks what is due.
    func advancePlan(at now: Moment) {
        var steps = plan.next(at: now.monotonic)
        // A step that needs no question, or another one first, makes way at once.
        while !steps.isEmpty {
            for step in steps { ask(step, at: now) }
            steps = plan.next(at: now.monotonic)
        }
    }

    private func ask(_ step: SyncPlan.Step, at now: Moment) {
        switch step {
        case .serverInformation: call(.serverInformation, for: step)
        case .renewToken: call(.renewToken, for: step)
        case .contacts: call(.contacts, for: step)
        case .unread:
            unsettled = []
            call(.unread, for: step)
        case .changes: askForChanges(at: now)
        case .page(let peer, let limit): askForPage(of: peer, limit: limit, at: now)
        case .deleteMessage(let id): call(.deleteMessage(id), for: step)
        case .contactWish(let user): carryOutWish(of: user, at: now)
        case .deleteConversation(let peer): carryOutDeletion(of: peer, at: now)
        }
    }

    /// Something may have arrived since the page was wished for, which it would mark as read unseen.
    private func askForPage(of peer: UserID, limit: Int, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            if try marksNothing(peer) {
                return call(.page(peer, limit: limit, peek: canPeek), for: .page(peer, limit: limit))
            }
            plan.finish(.page(peer, limit: limit))
            fetchedFor[peer] = nil
            outbox.deferLookUp(peer)
        }
    }

    /// True when fetching a conversation marks nothing as read that the person has not before them.
    func marksNothing(_ peer: UserID) throws(SQLiteError) -> Bool {
        if canPeek || peer == attendedPeer { return true }
        // Opened anew with the link, before it is known what came meanwhile.
        if peer == openPeer, !isCaughtUp { return false }
        return try store.gaps.fetchState(of: peer).unread == 0
    }

    func call(_ call: EngineCall, for step: SyncPlan.Step?, wish: ContactWish? = nil) {
        callNumber += 1
        // Only what proves something needs it; a cache that cannot be read shows itself when the answer is to be written.
        var known = MessageID(0)
        switch call {
        case .page, .contacts, .changes: known = (try? store.messages.newestID()) ?? known
        default: break
        }
        calls[callNumber] = RunningCall(step: step, call: call, knownAtRequest: known, wish: wish)
        effects.append(.call(callNumber, call))
    }

    /// The conversation that is open before the person's eyes.
    private var attendedPeer: UserID? { isAttended ? openPeer : nil }

    var canPeek: Bool { capabilities?.contains(.peek) ?? false }

    /// The server answered, or could not.
    func receive(_ answer: Result<EngineAnswer, ChatError>, to number: Int, at now: Moment) {
        // Of an earlier link: what it asked for has been asked again.
        guard let running = calls.removeValue(forKey: number) else { return }
        switch answer {
        case .success(let answer):
            callFailure = nil
            receive(answer, to: running, at: now)
        case .failure(let error):
            callFailure = error
            failed(running, error, at: now)
        }
        advance(at: now)
    }

    private func receive(_ answer: EngineAnswer, to running: RunningCall, at now: Moment) {
        if let step = running.step { plan.finish(step) }
        switch (running.call, answer) {
        case (.account, .account(let user)): checked(user, at: now)
        case (.serverInformation, .serverInformation(let information)):
            if notices(epoch: information.epoch, at: now) { return }
            decide(information.capabilities, at: now)
        case (.verifyToken, _): dropLink(failure, at: now)
        case (.renewToken, .token(let fresh)):
            token = fresh
            effects.append(.keepToken(fresh))
        case (.contacts, .contacts(let list, let leftOut)):
            receive(contacts: list, leftOut: leftOut, known: running.knownAtRequest, at: now)
        case (.unread, .unread(let counts)): receive(counts, at: now)
        case (.changes(let cursor), .changes(let answer)):
            receive(answer, to: running, since: cursor, at: now)
        case (.page(let peer, let limit, let peek), .messages(let messages, let leftOut)):
            let request = OlderRequest(
                peer: peer, limit: limit, before: nil, isPeek: peek, known: running.knownAtRequest)
            receive(page(messages, leftOut: leftOut, answering: request, at: now), at: now)
        case (.sendMessage(let tempID, let peer, _), .sent(let message)):
            receive(message, sentByREST: tempID, to: peer, at: now)
        case (.sendMessage(let tempID, _, _), .refusedByProxy(let status)):
            proxyRefused(tempID, status: status, at: now)
        case (.deleteMessage(let id), _): deletionTold(id, at: now)
        case (.deleteConversation(let peer), _): conversationDeleted(peer, at: now)
        case (.addContact, .contact(let contact)): wishDone(running, contact: contact, at: now)
        case (.renameContact, _), (.removeContact, _): wishDone(running, contact: nil, at: now)
        default: logger.error("an answer of another kind than its question")
        }
    }

    private func failed(_ running: RunningCall, _ error: ChatError, at now: Moment) {
        if case .sendMessage(let tempID, _, _) = running.call {
            return failed(error, sendingByREST: tempID, at: now)
        }
        switch error {
        case .unauthorized:
            tokenRefused(at: now)
        case let error where running.call == .account: accountIsUnknown(error, at: now)
        case .refused(let status, let message):
            logger.info("refused", metadata: ["status": "\(status)", "bytes": "\(message.utf8.count)"])
            if running.call.isEnded(byRefusal: status) {
                refused(running, reason: message, at: now)
            } else {
                answeredByAnother(running, at: now)
            }
        case .unexpectedAnswer:
            answeredByAnother(running, at: now)
        case .unavailable(_, let retryAfter):
            letMessagesGo(besides: running, isUndone: true)
            postpone(running, retryAfter: retryAfter, at: now)
        case .network, .timeout, .notSignedIn, .invalid, .storage, .file:
            letMessagesGo(besides: running, isUndone: false)
            postpone(running, retryAfter: nil, at: now)
        }
    }

    /// Messages do not wait for the deletion of their conversation while the server cannot answer; but for one
    /// that has been asked for, which may be done yet.
    private func letMessagesGo(besides running: RunningCall, isUndone: Bool) {
        var asked = calls.values.map(\.call)
        if !isUndone { asked.append(running.call) }
        outbox.awaitDeletionsOnly(
            of: asked.compactMap { if case .deleteConversation(let peer) = $0 { peer } else { nil } })
    }

    /// A gateway, a portal or another service answered in the server's place: nothing is given up for that, and the
    /// server is asked again.
    private func answeredByAnother(_ running: RunningCall, at now: Moment) {
        letMessagesGo(besides: running, isUndone: false)
        guard case .serverInformation = running.call else {
            return postpone(running, retryAfter: nil, at: now)
        }
        // The root may belong to another program for good. The server can do what it last said itself: nothing more, if it
        // has never said anything.
        plan.finish(.serverInformation)
        plan.add(.serverInformation, after: Self.foreignRootPause, at: now.monotonic)
        guard capabilities == nil else { return }
        withStore(at: now) { () throws(SQLiteError) in
            guard let names = try store.meta.text(.capabilities)?.split(separator: " ") else {
                capabilities = []
                decideResending()
                return try fetchChanged()
            }
            decide(Set(names.compactMap { Capability(rawValue: String($0)) }), at: now)
        }
    }

    /// How long until a root that answered like no server of this API is asked again.
    private static let foreignRootPause = Duration.seconds(60)

    /// The server will not answer this question, however often it is asked.
    private func refused(_ running: RunningCall, reason: String, at now: Moment) {
        if let step = running.step { plan.finish(step) }
        switch running.call {
        // A server that says nothing of itself has no extensions.
        case .serverInformation: decide([], at: now)
        case .verifyToken: dropLink(failure, at: now)
        // Deleted already, or never to be: the message is gone here, and a page brings it back if it exists.
        case .deleteMessage(let id): deletionTold(id, at: now)
        case .page(let peer, _, _): outbox.deferLookUp(peer)
        case .deleteConversation(let peer): deletionRefused(peer, reason: reason, at: now)
        case .addContact, .renameContact, .removeContact: wishRefused(running, reason: reason, at: now)
        case .contacts: receiveUnwitnessed(at: now)
        case .account, .renewToken, .unread, .changes, .sendMessage: break
        }
        decideResending()
        withStore(at: now) { () throws(SQLiteError) in try fetchChanged() }
    }

    private func postpone(_ running: RunningCall, retryAfter: Duration?, at now: Moment) {
        if case .verifyToken = running.call { return dropLink(failure, at: now, retryAfter: retryAfter) }
        guard let step = running.step else { return }
        if step == .contacts { receiveUnwitnessed(at: now) }
        plan.postpone(step, retryAfter: retryAfter, at: now.monotonic, using: &generator)
    }

    private func decide(_ known: Set<Capability>, at now: Moment) {
        capabilities = known
        decideResending()
        if known.contains(.presenceSnapshot) {
            presence.becomeComplete()
            announce(.conversations)
        }
        if known.contains(.sync) { plan.followChanges(at: now.monotonic) }
        withStore(at: now) { () throws(SQLiteError) in
            try tellReadMarks()
            let text = known.map(\.rawValue).sorted().joined(separator: " ")
            if try store.meta.text(.capabilities) != text { try store.meta.set(.capabilities, to: text) }
            try fetchChanged()
        }
        renewTokenIfDue(at: now)
    }

    /// How unknown messages are settled. Looking first may mark a conversation as read: it waits until it
    /// is known what is unread.
    private func decideResending() {
        guard let capabilities, !plan.isOpen(.serverInformation) else { return }
        if capabilities.contains(.idempotentSend) {
            outbox.decide(.idempotent)
        } else if !plan.isOpen(.unread) {
            outbox.decide(.lookFirst)
        }
    }

    /// A token is renewed when less than a quarter of its life is left.
    func renewTokenIfDue(at now: Moment) {
        guard capabilities?.contains(.refresh) == true, let token,
            let claims = TokenClaims(token: token), let expires = claims.expiresAt
        else { return }
        let life = expires.microseconds &- (claims.issuedAt ?? now.wall).microseconds
        if expires.microseconds &- now.wall.microseconds < life / 4 { plan.add(.renewToken) }
    }

    private func deletionTold(_ id: MessageID, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in try store.deletions.wasTold(id) }
    }

    // MARK: The stream of changes

    private func askForChanges(at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            let cursor = try store.meta.text(.cursor)
            if cursor == nil { isFirstStream = true }
            call(.changes(cursor: cursor), for: .changes)
        }
    }

    private func receive(
        _ answer: SyncAnswer, to running: RunningCall, since cursor: String?, at now: Moment
    ) {
        let pause = stream.pause(after: answer)
        let known = running.knownAtRequest
        withStore(at: now) { () throws(SQLiteError) in
            if let reason = try store.identity.contradiction(answer.state, knownAtRequest: known) {
                return try setHistoryAside(reason, at: now)
            }
            switch answer {
            case .changes(let changes, let next, let hasMore, let state):
                let facts = changes.compactMap { StoreChange($0, me: me) }
                if !changes.isWhole {
                    // What the stream cannot tell the lists do.
                    plan.add(.contacts)
                    plan.add(.unread)
                }
                if cursor == nil {
                    // The server may not keep its changes from the beginning on.
                    try forgetCursor()
                    try store.meta.set(.streamIsWhole, to: state.isWhole ? 1 : nil)
                }
                // A change that is not understood may be a message that is missing now.
                if !changes.isWhole || facts.count < changes.count {
                    try store.meta.set(.streamIsWhole, to: nil)
                }
                stored(try store.apply(facts, cursor: next), isLive: false, at: now)
                if !hasMore { try streamEnded(at: facts.reduce(known) { max($0, $1.streamedID ?? $0) }) }
                // A server that stays where it is must not be asked for ever.
                if hasMore, next != cursor { askForMoreChanges(after: pause, at: now) }
            case .reset:
                // Of another database, or too old: from the beginning. What is cached is checked by pages.
                guard cursor != nil else { break }
                try forgetCursor()
                askForMoreChanges(after: pause, at: now)
            }
            renewTokenIfDue(at: now)
            try fetchChanged()
        }
    }

    private func askForMoreChanges(after pause: Duration?, at now: Moment) {
        guard let pause else { return plan.add(.changes) }
        logger.info("the stream of changes comes no nearer to its end", metadata: ["pause": "\(pause)"])
        plan.delay(.changes, by: pause, at: now.monotonic)
    }

    /// A stream that came from the beginning has brought everything: no conversation lacks anything.
    private func streamEnded(at newest: MessageID) throws(SQLiteError) {
        isFirstStream = false
        // What the pages lacked may have been deleted, which the stream has told by now.
        for peer in contradictions.keys.sorted() { plan.add(.page(peer, limit: Self.pageLimit)) }
        guard try store.meta.number(.streamIsWhole) != nil else { return }
        for peer in try store.gaps.close(upTo: newest) { announce(.timeline(peer)) }
    }

    /// Conversations may have a gap at their end from now on.
    private func forgetCursor() throws(SQLiteError) {
        try store.gaps.forgetCursor()
        for peer in watched.sorted() { announce(.timeline(peer)) }
    }

    // MARK: Contacts and counts

    private func receive(contacts list: [Contact], leftOut: Int, known: MessageID, at now: Moment) {
        listed = [:]
        for contact in list {
            listed[contact.userID] = ListedNewest(
                content: contact.lastMessage, time: contact.lastMessageTime, knownAtRequest: known,
                unread: contact.unreadCount)
        }
        listIsEmptySince = list.isEmpty && leftOut == 0 ? listIsEmptySince ?? now.monotonic : nil
        receiveUnwitnessed(at: now)
        withStore(at: now) { () throws(SQLiteError) in
            contacts = list
            stored(try store.apply([.contacts(list, isWhole: leftOut == 0)]), isLive: false, at: now)
            // Who is missing was removed if the next list says so, too.
            if try store.people.isAnyContactMissing() {
                plan.add(.contacts, after: Self.contradictionPause, at: now.monotonic)
            }
            renewTokenIfDue(at: now)
            try fetchChanged()
        }
    }

    /// The list that the person's own change asked for.
    func receive(listed: [Contact], leftOut: Int = 0, at now: Moment) throws(ChatError) {
        contacts = listed
        // A read-only cache cannot store the list, but the caller can use it.
        guard store.writeRefusal == nil else { return }
        let result = try storing { () throws(SQLiteError) in
            try store.apply([.contacts(listed, isWhole: leftOut == 0)])
        }
        stored(result, isLive: false, at: now)
        advance(at: now)
    }

    private func receive(_ counts: UnreadCounts, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            // Of whom the server is told anyway, the count that follows tells more.
            let isExact = capabilities?.contains(.readUpTo) == true
            let untold = counts.leftOut.union(isExact ? try store.readMarks.pending().map(\.peer) : [])
            let doubtful = try doubtfullyRead(counts)
            stored(
                try store.apply([
                    .unread(counts.bySender, unsettled: unsettled.union(doubtful), untold: untold)
                ]), isLive: false, at: now)
            countAgain(doubtful.subtracting(unsettled), at: now)
            let isEmpty = counts.bySender.isEmpty && counts.leftOut.isEmpty
            emptilyCounted = isEmpty ? Set(try store.readMarks.pending().map(\.peer)) : []
            countsAreFreshUntil = now.monotonic + Self.countsAreFreshFor
            for peer in unsettled.subtracting(untold)
            where try store.unreadCounts.counts(of: peer).all != counts.bySender[peer] ?? 0 {
                // Which of the two is the newer only another count can tell, when it is quieter.
                plan.add(.unread, after: Self.countsAreFreshFor, at: now.monotonic)
            }
            for peer in try store.readMarks.pending().map(\.peer) where counts.bySender[peer] ?? 0 > 0 {
                miscounted.insert(peer)
            }
            decideResending()
            try fetchChanged()
        }
    }

    /// Longer than an event can be behind an answer.
    private static let countsAreFreshFor = Duration.seconds(3)

    /// Messages came that may have been counted already, which only another count can tell.
    func recountUnread(after result: StoreEffects, isLive: Bool, at now: Moment) {
        if result.isMiscounted { plan.add(.unread, after: Self.countsAreFreshFor, at: now.monotonic) }
        guard !result.received.isEmpty else { return }
        guard isLive else {
            // In place of others, even, whose deletion the server has thrown out of its changes. A server that
            // keeps none is asked from time to time anyway.
            guard capabilities?.contains(.sync) == true else { return }
            return plan.add(.unread, after: Self.countsAreFreshFor, at: now.monotonic)
        }
        recountUnread(Set(result.received.map(\.message.senderID)), at: now)
    }

    /// When they are of somebody of whom the server has just counted more than the cache held.
    private func recountUnread(_ peers: Set<UserID>, at now: Moment) {
        guard let until = countsAreFreshUntil, now.monotonic <= until else { return }
        withStore(at: now) { () throws(SQLiteError) in
            for peer in peers {
                guard try store.unreadCounts.counts(of: peer).notCached > 0 else { continue }
                // One more count settles it; its own freshness must not ask for yet another.
                countsAreFreshUntil = nil
                return plan.add(.unread)
            }
        }
    }

    /// Fetches the conversations of which the server has news, where that marks nothing as read that the
    /// person has not seen.
    private func fetchChanged() throws(SQLiteError) {
        // What is news, and what is unread, is known only when all of these are answered.
        for step in [SyncPlan.Step.serverInformation, .contacts, .unread, .changes] {
            guard !plan.isOpen(step) else { return }
        }
        isCaughtUp = true
        try tellReadMarks()
        var budget = Self.fetchedMax
        for contact in contacts where budget > 0 {
            guard try isNews(contact) else { continue }
            guard try canFetch(contact) else {
                // Its turn comes when the person opens it.
                fresh.remove(contact.userID)
                continue
            }
            fetchedFor[contact.userID] = Newest(contact)
            plan.add(.page(contact.userID, limit: Self.pageLimit))
            budget -= 1
        }
    }

    /// What the list of contacts tells of a conversation's newest message.
    struct Newest: Equatable {
        let content: String?
        let time: Timestamp?

        init(_ contact: Contact) {
            content = contact.lastMessage
            time = contact.lastMessageTime
        }
    }

    private func isNews(_ contact: Contact) throws(SQLiteError) -> Bool {
        // What is of a former server is compared with the page, also with an empty one.
        if !fresh.contains(contact.userID), try isFormerUnchecked(contact.userID) { return true }
        // Once is enough: a list that never agrees with the page must not be followed for ever.
        guard fetchedFor[contact.userID] != Newest(contact) else { return false }
        // Read or deleted elsewhere, where nobody told of it: a page shows which.
        if canPeek, try store.unreadCounts.counts(of: contact.userID).notCached < 0 { return true }
        guard let time = contact.lastMessageTime else {
            return try store.messages.newestSent(with: contact.userID) != nil
        }
        guard try store.listed.isCached(contact, at: time) else { return true }
        return try store.gaps.fetchState(of: contact.userID).contiguousTo == nil
    }

    private func canFetch(_ contact: Contact) throws(SQLiteError) -> Bool {
        if canPeek || contact.userID == attendedPeer { return true }
        return try max(contact.unreadCount, store.gaps.fetchState(of: contact.userID).unread) == 0
    }

    /// How many messages of a conversation are fetched at once.
    static let pageLimit = 50
    /// How many conversations are fetched without being opened, on one round.
    private static let fetchedMax = 100

    // MARK: Pages

    /// Fetches the newest page of a conversation that the person has before them, once per link.
    func refresh(_ peer: UserID) {
        guard case .up = link, !fresh.contains(peer) else { return }
        plan.add(.page(peer, limit: Self.pageLimit))
    }
}

extension EngineCall {
    /// What the person wants is given up only for the status with which servers refuse it. Those of a route that is
    /// not there say nothing of a message or a contact.
    fileprivate func isEnded(byRefusal status: Int) -> Bool {
        switch self {
        case .deleteMessage, .deleteConversation, .addContact, .renameContact, .removeContact: status == 400
        case .serverInformation, .account, .verifyToken, .renewToken, .contacts, .unread, .changes, .page,
            .sendMessage:
            true
        }
    }
}
