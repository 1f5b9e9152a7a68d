import ChatWire

/// What a command works with: it sees everything that was committed before it, and what it writes is committed or
/// rolled back as a whole. The storage's writing thread owns it.
package protocol StorageTransaction: AnyObject, StorageView, AccountWriting, ContactWriting, MessageWriting,
    ChangeWriting, PushWriting
{
}

extension StorageTransaction {
    /// The time now, for what is being written.
    package var now: Timestamp { ServerClock.now() }
}

/// Changes to accounts.
package protocol AccountWriting {
    /// The user's name, or nil when there is no such user. Every message asks for it, so it may be remembered.
    func name(of user: UserID) throws -> String?
    /// - Returns: nil when the address is taken.
    func insertUser(name: String, email: String, passwordHash: String, at time: Timestamp) throws -> User?
    /// Replaces the hash `old`; does nothing when it has been replaced already.
    func setPasswordHash(_ hash: String, of user: UserID, insteadOf old: String) throws
}

/// Changes to lists of contacts.
package protocol ContactWriting {
    /// - Returns: nil when the entry exists already.
    func insertContact(
        of user: UserID, _ contactUser: UserID, name: String, at time: Timestamp
    ) throws -> ContactID?
    func renameContact(_ id: ContactID, _ name: String) throws
    func deleteContact(_ id: ContactID) throws
}

/// Changes to messages.
package protocol MessageWriting {
    /// Stores a message under a number that no message ever had.
    ///
    /// - Returns: nil when the sender has used `tempID` already.
    func insertMessage(
        from sender: UserID, to receiver: UserID, content: String, tempID: TempID?, at time: Timestamp
    ) throws -> MessageID?
    /// Marks what `sender` wrote to `reader` up to `last` as read, and as delivered where that was missing.
    ///
    /// - Returns: how many messages were unread.
    func markRead(
        by reader: UserID, from sender: UserID, upTo last: MessageID, at time: Timestamp
    ) throws -> Int
    /// Does nothing for a message that was delivered before.
    func markDelivered(_ id: MessageID, at time: Timestamp) throws
    func deleteMessage(_ id: MessageID) throws
    /// Deletes the oldest messages of a conversation: at most `limit`, and none after `last`.
    ///
    /// - Returns: how many there were.
    func deleteConversation(_ pair: UserPair, upTo last: MessageID, limit: Int) throws -> Int
}

/// Changes to the change log.
package protocol ChangeWriting {
    /// Appends a change to the logs of the users that it concerns. `peer` is the other user for each.
    func log(
        _ kind: ChangeKind, subject: Int64, for audience: ChangeAudience, peer: UserID, upTo: MessageID?,
        at time: Timestamp
    ) throws
    /// Removes one piece of what is not kept, so that messages need not wait for the rest.
    ///
    /// The first piece moves the floor, below which cursors are answered with a reset. The others delete.
    ///
    /// - Parameter position: where to continue; nil for the first piece.
    /// - Returns: where the next piece begins; nil when everything is done.
    func pruneChanges(_ retention: ChangeRetention, from position: UserID?) throws -> UserID?
}

extension ChangeWriting {
    /// Appends a change that concerns two users, or one when both are the same.
    package func log(
        _ kind: ChangeKind, subject: Int64, between user: UserID, and peer: UserID, upTo: MessageID? = nil,
        at time: Timestamp
    ) throws {
        try log(
            kind, subject: subject, for: user == peer ? .user(user) : .both(user), peer: peer, upTo: upTo,
            at: time)
    }

    /// Appends a change that concerns one user.
    package func log(
        _ kind: ChangeKind, subject: Int64, for user: UserID, peer: UserID, at time: Timestamp
    ) throws {
        try log(kind, subject: subject, for: .user(user), peer: peer, upTo: nil, at: time)
    }
}

/// Changes to subscriptions and to the queue of pushes.
package protocol PushWriting {
    func insertSubscription(_ subscription: PushSubscription, of user: UserID, at time: Timestamp) throws
    /// Writes a user's subscription again. False where the original server's database finds nothing to do:
    /// it is not this user's, or the same was written within this second.
    func rewriteSubscription(
        _ subscription: PushSubscription, of user: UserID, at time: Timestamp
    ) throws -> Bool
    /// Removes what waits for it from the queue too.
    func deleteSubscription(_ id: SubscriptionID) throws
    /// Puts a push into the queue of a subscription, which keeps only the newest `limit`. Returns the number of the
    /// delivery.
    func queuePush(
        _ payload: [UInt8], topic: String, to subscription: SubscriptionID, at time: Timestamp,
        expires: Timestamp, limit: Int
    ) throws -> Int64
    func removeFromPushQueue(_ id: Int64) throws
    func postponePush(_ id: Int64, attempts: Int, until time: Timestamp) throws
}
