import ChatSQLite
import ChatWire
import Logging

// Changes of contacts and deletions of conversations: what the person wants is on the disk and on the screen at
// once, and the server is told when it can be. A wish names the end, not the way: what has to be done is found
// by comparing it with the server's list, so that wishes coalesce, and one that was carried out without an
// answer is not carried out twice.
extension ChatEngine {
    // MARK: Contacts

    /// Writes the wish down and shows it.
    func wish(_ user: UserID, isWanted: Bool, name: String?, at now: Moment) throws(ChatError) -> ContactWish
    {
        let wish = try storing { () throws(SQLiteError) in
            try store.wishes.enter(user, isWanted: isWanted, name: name)
        }
        refusedWishes[user] = nil
        announce(.conversations)
        return wish
    }

    /// Asks the server for the wishes that nobody else sees to.
    func planWishes() throws(SQLiteError) {
        guard case .up = link else { return }
        for wish in try store.wishes.all() where !wishesInHand.contains(wish.user) {
            plan.add(.contactWish(wish.user))
        }
        for peer in try store.conversationDeletions.pending() {
            plan.add(.deleteConversation(peer))
            outbox.awaitDeletion(of: peer)
        }
    }

    /// The server's list is here: asks for the next step of a wish.
    func carryOutWish(of user: UserID, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            guard let wish = try store.wishes.wish(user), !wishesInHand.contains(user) else {
                return plan.finish(.contactWish(user))
            }
            guard let step = try store.wishes.nextStep(of: wish) else {
                if !wish.isWanted, isEmptyListDoubtful(at: now) { return askForListAgain(for: user, at: now) }
                try store.wishes.forget(wish)
                refusedWishes[user] = nil
                return plan.finish(.contactWish(user))
            }
            if let refusal = refusedWishes[user], refusal.step == step, refusal.version == wish.version {
                // The contact may be there already, and the list empty because a read failed.
                if step.changed == nil, isEmptyListDoubtful(at: now) {
                    return askForListAgain(for: user, at: now)
                }
                // Neither the server itself nor its list has the contact any more.
                let isListKnown = listIsEmptySince != nil || !listed.isEmpty
                if isListKnown, listed[user] == nil, let id = step.changed {
                    refusedWishes[user] = nil
                    try store.people.contactIsGone(id)
                    announce(.conversations)
                    return carryOutWish(of: user, at: now)
                }
                plan.finish(.contactWish(user))
                return try giveUp(wish, reason: refusal.reason)
            }
            call(EngineCall(step), for: .contactWish(user), wish: wish)
        }
    }

    /// The wish waits for another list.
    private func askForListAgain(for user: UserID, at now: Moment) {
        plan.finish(.contactWish(user))
        plan.add(.contacts, after: Self.contradictionPause, at: now.monotonic)
        plan.add(.contactWish(user), after: Self.contradictionPause, at: now.monotonic)
    }

    /// A list that is empty may be a read that failed at the server: it removes nobody until it has stayed empty for a
    /// while.
    private func isEmptyListDoubtful(at now: Moment) -> Bool {
        guard let since = listIsEmptySince else { return false }
        return since.duration(to: now.monotonic) < PageProof.believedAfter
    }

    /// A refusal may come of a list that is not the newest: it counts when the newest list asks for the same.
    struct RefusedWish: Equatable {
        let step: ContactStep
        let version: Int64
        let reason: String
    }

    func wishDone(_ running: RunningCall, contact: Contact?, at now: Moment) {
        guard let wish = running.wish, let step = ContactStep(running.call) else { return }
        withStore(at: now) { () throws(SQLiteError) in
            try store.wishes.fulfil(wish, step, contact: contact)
            announce(.conversations)
            plan.add(.contacts)
            try planWishes()
        }
    }

    func wishRefused(_ running: RunningCall, reason: String, at now: Moment) {
        guard let wish = running.wish, let step = ContactStep(running.call) else { return }
        refusedWishes[wish.user] = RefusedWish(step: step, version: wish.version, reason: reason)
        plan.add(.contacts)
        plan.add(.contactWish(wish.user))
    }

    func giveUp(_ wish: ContactWish, reason: String) throws(SQLiteError) {
        try store.wishes.forget(wish)
        refusedWishes[wish.user] = nil
        announce(.conversations)
        announce(.notice(.contactChangeRefused(wish.user, reason: reason)))
    }

    // MARK: Deleting a conversation

    func deleteConversation(with peer: UserID, at now: Moment) throws(ChatError) {
        try storing { () throws(SQLiteError) in
            try store.conversationDeletions.enter(peer)
            try planWishes()
        }
        announce(.timeline(peer))
        announce(.conversations)
        advance(at: now)
    }

    /// Tells the server, unless the conversation went on since: those messages would go unseen. What waits in the
    /// outbox goes after it.
    func carryOutDeletion(of peer: UserID, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            guard try store.conversationDeletions.pending().contains(peer) else {
                outbox.deletionIsOver(of: peer)
                return plan.finish(.deleteConversation(peer))
            }
            guard try !store.conversationDeletions.hasNews(of: peer) else {
                lookedBeforeDeletion.remove(peer)
                plan.finish(.deleteConversation(peer))
                try store.conversationDeletions.forget(peer)
                outbox.deletionIsOver(of: peer)
                return announce(.notice(.conversationKept(peer, reason: nil)))
            }
            // Own messages from elsewhere are told by nothing else, nor any of who is no contact. Nothing is unread.
            if capabilities?.contains(.sync) != true, lookedBeforeDeletion.insert(peer).inserted {
                plan.finish(.deleteConversation(peer))
                plan.add(.page(peer, limit: Self.pageLimit))
                return plan.add(.deleteConversation(peer))
            }
            lookedBeforeDeletion.remove(peer)
            call(.deleteConversation(peer), for: .deleteConversation(peer))
        }
    }

    func conversationDeleted(_ peer: UserID, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            try store.conversationDeletions.wasCarriedOut(peer)
            outbox.deletionIsOver(of: peer)
            announce(.timeline(peer))
            announce(.conversations)
            // What has come since counts again.
            plan.add(.unread)
        }
    }

    func deletionRefused(_ peer: UserID, reason: String, at now: Moment) {
        withStore(at: now) { () throws(SQLiteError) in
            try store.conversationDeletions.takeBack(of: peer)
            outbox.deletionIsOver(of: peer)
            announce(.notice(.conversationKept(peer, reason: reason)))
            fetchedFor[peer] = nil
            fresh.remove(peer)
            if peer == openPeer { refresh(peer) }
        }
    }
}

extension EngineCall {
    init(_ step: ContactStep) {
        switch step {
        case .add(let user, let name): self = .addContact(user, name: name)
        case .rename(let id, let name): self = .renameContact(id, to: name)
        case .remove(let id): self = .removeContact(id)
        }
    }
}

extension ContactStep {
    init?(_ call: EngineCall) {
        switch call {
        case .addContact(let user, let name): self = .add(user, name: name)
        case .renameContact(let id, let name): self = .rename(id, to: name)
        case .removeContact(let id): self = .remove(id)
        default: return nil
        }
    }
}
