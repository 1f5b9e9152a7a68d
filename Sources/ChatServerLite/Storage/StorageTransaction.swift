import ChatWire

/// The data that a command reads and writes. A command sees everything committed before it, and its writes
/// are committed or rolled back as a whole. The storage's writing thread owns it.
package protocol StorageTransaction: AnyObject, StorageView, AccountWriting, InvitationWriting,
    SessionWriting, ContactWriting, MessageWriting, ChangeWriting, PushWriting
{
}

extension StorageTransaction {
    /// The current time, for everything written now.
    package var now: Timestamp { ServerClock.now() }
}

/// Changes to accounts.
package protocol AccountWriting {
    /// The user's name; nil when there is no such user, or the account is deleted. Every message asks for it, so
    /// implementations may cache it.
    func name(of user: UserID) throws -> String?
    /// - Returns: the new user; nil when the address is taken.
    func insertUser(name: String, email: String, passwordHash: String, at time: Timestamp) throws -> User?
    /// Replaces the hash `old`. Does nothing if the hash has changed meanwhile.
    func setPasswordHash(_ hash: String, of user: UserID, insteadOf old: String) throws
    func setPasswordHash(_ hash: String, of user: UserID) throws
    /// Disables an account from `time` on; nil enables it.
    func setDisabled(_ user: UserID, since time: Timestamp?) throws
    /// Replaces the name and the address, deletes the password and the contacts, and marks the account as deleted.
    /// Searches for people do not find it any more, and no address leads to it.
    func eraseAccount(_ user: UserID, name: String, email: String, at time: Timestamp) throws
}

/// Changes to invitations.
package protocol InvitationWriting {
    func insertInvitation(_ invitation: Invitation) throws
    /// Takes one use of an invitation. The last one deletes it.
    func useInvitation(_ codeHash: [UInt8]) throws
    /// - Returns: whether there was such an invitation.
    func deleteInvitation(_ codeHash: [UInt8]) throws -> Bool
    /// Deletes the invitations that have expired at `time`.
    func deleteInvitations(expiredAt time: Timestamp) throws
}

/// Changes to sessions.
package protocol SessionWriting {
    /// Stores a session. One that is stored already keeps its user and its creation, and neither `lastSeenAt` nor
    /// `expiresAt` goes back. An empty address or agent does not replace a known one.
    ///
    /// - Returns: false, and nothing changes, when the session was ended or is another user's.
    @discardableResult
    func saveSession(_ session: StoredSession) throws -> Bool
    /// Marks a session as ended.
    func endSession(_ id: SessionID, at time: Timestamp) throws
    /// Deletes sessions that have expired at `time`, ended or not: at most `limit`.
    func deleteSessions(expiredAt time: Timestamp, limit: Int) throws
    /// Makes the user's tokens without a session invalid if they were issued before `time`. It never goes back.
    func setTokenStart(_ time: Timestamp, of user: UserID) throws
}

/// Changes to lists of contacts.
package protocol ContactWriting {
    /// - Returns: the id of the new entry; nil when the entry exists already.
    func insertContact(
        of user: UserID, _ contactUser: UserID, name: String, at time: Timestamp
    ) throws -> ContactID?
    func renameContact(_ id: ContactID, _ name: String) throws
    func deleteContact(_ id: ContactID) throws
}

/// Changes to messages.
package protocol MessageWriting {
    /// Stores a message under an id that no message ever had.
    ///
    /// - Returns: the id; nil when the sender has already used `tempID`.
    func insertMessage(
        from sender: UserID, to receiver: UserID, content: String, tempID: TempID?, at time: Timestamp
    ) throws -> MessageID?
    /// Marks the messages from `sender` to `reader` up to `last` as read, and as delivered if they were not.
    ///
    /// - Returns: how many messages were unread.
    func markRead(
        by reader: UserID, from sender: UserID, upTo last: MessageID, at time: Timestamp
    ) throws -> Int
    /// Marks a message as delivered. Does nothing if it was already.
    func markDelivered(_ id: MessageID, at time: Timestamp) throws
    func deleteMessage(_ id: MessageID) throws
    /// Deletes the oldest messages of a conversation: at most `limit`, and none after `last`.
    ///
    /// - Returns: how many messages were deleted.
    func deleteConversation(_ pair: UserPair, upTo last: MessageID, limit: Int) throws -> Int
}

/// Changes to the change log.
package protocol ChangeWriting {
    /// Appends a change to the logs of the users that it concerns. `peer` is the other user. In the log of
    /// `peer` itself, the other user is the one of `audience`.
    func log(
        _ kind: ChangeKind, subject: Int64, for audience: ChangeAudience, peer: UserID, upTo: MessageID?,
        at time: Timestamp
    ) throws
    /// Prunes one piece of the log, so that messages need not wait for the rest.
    ///
    /// The first piece moves the floor. A cursor below the floor is answered with a reset. The other pieces
    /// delete.
    ///
    /// - Parameter position: where to continue; nil for the first piece.
    /// - Returns: the position of the next piece; nil when everything is done.
    func pruneChanges(_ retention: ChangeRetention, from position: UserID?) throws -> UserID?
}

extension ChangeWriting {
    /// Appends a change that concerns two users, or one user when both are the same.
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
    /// Updates a user's subscription.
    ///
    /// - Returns: false when the real server's database finds nothing to update: the subscription is not this
    ///   user's, or the same was written within this second.
    func rewriteSubscription(
        _ subscription: PushSubscription, of user: UserID, at time: Timestamp
    ) throws -> Bool
    /// Deletes a subscription and its queued pushes.
    func deleteSubscription(_ id: SubscriptionID) throws
    /// Queues a push for a subscription, whose queue keeps only the newest `limit` pushes.
    ///
    /// - Returns: the id of the delivery.
    func queuePush(
        _ payload: [UInt8], topic: String, to subscription: SubscriptionID, at time: Timestamp,
        expires: Timestamp, limit: Int
    ) throws -> Int64
    func removeFromPushQueue(_ id: Int64) throws
    /// Sets the number of failed attempts and the time of the next attempt.
    func postponePush(_ id: Int64, attempts: Int, until time: Timestamp) throws
}
