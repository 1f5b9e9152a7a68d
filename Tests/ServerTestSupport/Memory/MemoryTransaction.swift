import ChatWire

@testable import ChatServerLite

/// One transaction of a ``MemoryStorage``. It changes a copy, which becomes the stored data.
final class MemoryTransaction: MemoryQueries, StorageTransaction {
    var tables: MemoryTables

    init(_ tables: MemoryTables) { self.tables = tables }

    private func next(_ number: WritableKeyPath<MemoryTables.Numbers, Int64>) -> Int64 {
        tables.last[keyPath: number] += 1
        return tables.last[keyPath: number]
    }

    // MARK: Accounts

    func name(of user: UserID) -> String? { tables.deleted[user] == nil ? userName(user) : nil }

    func insertUser(name: String, email: String, passwordHash: String, at time: Timestamp) -> User? {
        guard account(email: email) == nil else { return nil }
        let user = User(
            id: UserID(next(\.user)), name: name, email: email, createdAt: time, updatedAt: time)
        tables.users[user.id] = StoredAccount(user: user, passwordHash: passwordHash)
        return user
    }

    func setPasswordHash(_ hash: String, of user: UserID, insteadOf old: String) {
        guard let account = tables.users[user], account.passwordHash == old else { return }
        tables.users[user] = StoredAccount(user: account.user, passwordHash: hash)
    }

    func setPasswordHash(_ hash: String, of user: UserID) {
        guard let account = tables.users[user] else { return }
        tables.users[user] = StoredAccount(user: account.user, passwordHash: hash)
    }

    func setDisabled(_ user: UserID, since time: Timestamp?) { tables.disabled[user] = time }

    func eraseAccount(_ user: UserID, name: String, email: String, at time: Timestamp) {
        guard var erased = tables.users[user]?.user else { return }
        (erased.name, erased.email, erased.updatedAt) = (name, email, time)
        tables.users[user] = StoredAccount(user: erased, passwordHash: "")
        tables.disabled[user] = nil
        tables.deleted[user] = time
        tables.contacts = tables.contacts.filter { $0.value.owner != user }
        tables.sessions = tables.sessions.filter { $0.value.user != user }
        tables.tokenStarts[user] = nil
    }

    // MARK: Invitations

    func insertInvitation(_ invitation: Invitation) { tables.invitations[invitation.codeHash] = invitation }

    func useInvitation(_ codeHash: [UInt8]) {
        tables.invitations[codeHash]?.usesLeft -= 1
        if tables.invitations[codeHash]?.usesLeft == 0 { tables.invitations[codeHash] = nil }
    }

    func deleteInvitation(_ codeHash: [UInt8]) -> Bool {
        tables.invitations.removeValue(forKey: codeHash) != nil
    }

    func deleteInvitations(expiredAt time: Timestamp) {
        tables.invitations = tables.invitations.filter { $0.value.expiresAt > time }
    }

    // MARK: Sessions

    @discardableResult
    func saveSession(_ session: StoredSession) -> Bool {
        guard var known = tables.sessions[session.id] else {
            tables.sessions[session.id] = session
            return true
        }
        guard known.user == session.user, !tables.endedSessions.contains(session.id) else { return false }
        known.lastSeenAt = max(known.lastSeenAt, session.lastSeenAt)
        known.expiresAt = max(known.expiresAt, session.expiresAt)
        if !session.address.isEmpty { known.address = session.address }
        if !session.agent.isEmpty { known.agent = session.agent }
        tables.sessions[session.id] = known
        return true
    }

    func endSession(_ id: SessionID, at time: Timestamp) { tables.endedSessions.insert(id) }

    func deleteSessions(expiredAt time: Timestamp, limit: Int) {
        let expired = tables.sessions.values.filter { $0.expiresAt <= time }
            .sorted { $0.expiresAt < $1.expiresAt }.prefix(limit)
        for session in expired {
            tables.sessions[session.id] = nil
            tables.endedSessions.remove(session.id)
        }
    }

    func setTokenStart(_ time: Timestamp, of user: UserID) {
        tables.tokenStarts[user] = max(time, tables.tokenStarts[user] ?? time)
    }

    // MARK: Contacts

    func insertContact(
        of user: UserID, _ contactUser: UserID, name: String, at time: Timestamp
    ) -> ContactID? {
        guard !contactUserIDs(of: user).contains(contactUser) else { return nil }
        let id = ContactID(next(\.contact))
        tables.contacts[id] = .init(owner: user, user: contactUser, name: name, createdAt: time)
        return id
    }

    func renameContact(_ id: ContactID, _ name: String) { tables.contacts[id]?.name = name }
    func deleteContact(_ id: ContactID) { tables.contacts[id] = nil }

    // MARK: Messages

    func insertMessage(
        from sender: UserID, to receiver: UserID, content: String, tempID: TempID?, at time: Timestamp
    ) -> MessageID? {
        if let tempID, message(from: sender, tempID: tempID) != nil { return nil }
        let id = MessageID(next(\.message))
        tables.messages[id] = Message(
            id: id, senderID: sender, receiverID: receiver, content: content, isRead: false, createdAt: time,
            tempID: tempID, status: .sent)
        return id
    }

    func markRead(by reader: UserID, from sender: UserID, upTo last: MessageID, at time: Timestamp) -> Int {
        let unread = unread(from: sender, to: reader).filter { $0.id <= last }
        for var message in unread {
            message.isRead = true
            message.status = .read
            message.readAt = time
            message.deliveredAt = message.deliveredAt ?? time
            tables.messages[message.id] = message
        }
        return unread.count
    }

    func markDelivered(_ id: MessageID, at time: Timestamp) {
        guard var message = tables.messages[id], message.deliveredAt == nil else { return }
        message.deliveredAt = time
        if !message.isRead { message.status = .delivered }
        tables.messages[id] = message
    }

    func deleteMessage(_ id: MessageID) { tables.messages[id] = nil }

    func deleteConversation(_ pair: UserPair, upTo last: MessageID, limit: Int) -> Int {
        let old = messages(of: pair).filter { $0.id <= last }.prefix(limit)
        for message in old { tables.messages[message.id] = nil }
        return old.count
    }

    // MARK: The change log

    func log(
        _ kind: ChangeKind, subject: Int64, for audience: ChangeAudience, peer: UserID, upTo: MessageID?,
        at time: Timestamp
    ) {
        func append(for user: UserID, peer: UserID) {
            tables.sequence += 1
            let change = Change(
                sequence: tables.sequence, kind: kind, subject: subject, peer: peer, upTo: upTo, time: time)
            tables.changes[user, default: []].append(change)
        }
        switch audience {
        case .user(let user): append(for: user, peer: peer)
        case .both(let user):
            append(for: user, peer: peer)
            append(for: peer, peer: user)
        }
    }

    func pruneChanges(_ retention: ChangeRetention, from position: UserID?) -> UserID? {
        let now = now
        if tables.marks.last?.sequence != tables.sequence { tables.marks.append((now, tables.sequence)) }
        var floor = max(tables.floor, tables.sequence - retention.entries)
        if let age = retention.age {
            let limit = Timestamp(microseconds: now.microseconds - age.nanoseconds / 1000)
            floor = max(floor, tables.marks.last { $0.time <= limit }?.sequence ?? floor)
        }
        tables.floor = floor
        tables.marks.removeAll { $0.sequence < floor }
        for user in tables.changes.keys { tables.changes[user]?.removeAll { $0.sequence <= floor } }
        return nil
    }

    // MARK: Web Push

    func insertSubscription(_ subscription: PushSubscription, of user: UserID, at time: Timestamp) {
        tables.subscriptions[SubscriptionID(next(\.subscription))] = .init(
            user: user, subscription: subscription, updatedAt: time)
    }

    func rewriteSubscription(_ subscription: PushSubscription, of user: UserID, at time: Timestamp) -> Bool {
        guard let known = self.subscription(endpoint: subscription.endpoint), known.user == user,
            let row = tables.subscriptions[known.id],
            row.subscription != subscription || row.updatedAt.seconds != time.seconds
        else { return false }
        tables.subscriptions[known.id] = .init(user: user, subscription: subscription, updatedAt: time)
        return true
    }

    func deleteSubscription(_ id: SubscriptionID) {
        tables.subscriptions[id] = nil
        tables.pushes = tables.pushes.filter { $0.value.subscriptionID != id }
    }

    func queuePush(
        _ payload: [UInt8], topic: String, to subscription: SubscriptionID, at time: Timestamp,
        expires: Timestamp, limit: Int
    ) -> Int64 {
        let id = next(\.push)
        guard let row = tables.subscriptions[subscription] else { return id }
        tables.pushes[id] = PushDelivery(
            id: id, subscriptionID: subscription, subscription: row.subscription, payload: payload,
            topic: topic, attempts: 0, nextAttempt: time, expires: expires)
        let waiting = tables.pushes.values.filter { $0.subscriptionID == subscription }.map(\.id).sorted()
        for old in waiting.dropLast(limit) { tables.pushes[old] = nil }
        return id
    }

    func removeFromPushQueue(_ id: Int64) { tables.pushes[id] = nil }

    func postponePush(_ id: Int64, attempts: Int, until time: Timestamp) {
        tables.pushes[id]?.attempts = attempts
        tables.pushes[id]?.nextAttempt = time
    }
}
