import ChatWire

/// One unchanging view of the stored data, on one thread.
///
/// A query throws whatever its database throws. The storage turns that into a ``StorageFailure`` at its
/// boundary, so neither queries nor commands name an error type.
package protocol StorageView: AccountQueries, InvitationQueries, SessionQueries, ContactQueries,
    MessageQueries, ChangeQueries, PushQueries
{
    /// Whether the database answers at all.
    func isAlive() throws -> Bool
}

/// Queries about accounts.
package protocol AccountQueries {
    func user(_ id: UserID) throws -> User?
    func userName(_ id: UserID) throws -> String?
    /// Whether there is any account.
    func hasUsers() throws -> Bool

    /// The account with an e-mail address. Equivalent Unicode forms are the same address, and so are both
    /// forms of a small sigma.
    func account(email: String) throws -> StoredAccount?
    /// The account with an address folded by ``TextFolding``, which ignores case and accents.
    func account(foldedEmail email: String) throws -> StoredAccount?
    /// The account with its state, also a deleted one.
    func accountRecord(_ id: UserID) throws -> AccountRecord?
    /// The accounts that are not deleted after `user`, by id, at most `limit`.
    func accountRecords(after user: UserID, limit: Int) throws -> [AccountRecord]
    /// The users whose accounts are disabled or deleted.
    func blockedUsers() throws -> [UserID]

    /// At most 20 other users whose name or address contains `query`. Case and accents don't count.
    func people(matching query: String, besides user: UserID) throws -> [Person]
    /// Like ``people(matching:besides:)``, but `%` stands for any text and `_` for any character.
    func people(like pattern: String, besides user: UserID) throws -> [Person]
}

/// Queries about invitations.
package protocol InvitationQueries {
    /// The invitation whose code has this hash, even if it has expired.
    func invitation(_ codeHash: [UInt8]) throws -> Invitation?
    /// The invitations that are valid at `time`, the first to expire first, at most `limit`.
    func invitations(validAt time: Timestamp, limit: Int) throws -> [Invitation]
}

/// Queries about sessions.
package protocol SessionQueries {
    /// The sessions of a user that have neither ended nor expired at `time`; the last seen comes first, and of
    /// those seen at the same time the newest.
    func sessions(of user: UserID, at time: Timestamp) throws -> [StoredSession]
    /// The sessions of all users that were ended and whose tokens have not expired at `time`.
    func endedSessions(at time: Timestamp) throws -> [EndedSession]
    /// A user's tokens without a session are valid only if they were issued at this time or later; nil when all
    /// are.
    func tokenStart(of user: UserID) throws -> Timestamp?
}

/// A user with the data that only the server may know.
package struct StoredAccount: Equatable, Sendable {
    package let user: User
    package let passwordHash: String

    package init(user: User, passwordHash: String) {
        self.user = user
        self.passwordHash = passwordHash
    }
}

/// Queries about contacts.
package protocol ContactQueries {
    /// A user's contacts with their newest messages, in the given order.
    func contacts(of user: UserID, in order: ContactOrder) throws -> [Contact]
    /// The users that a user has as contacts.
    func contactUserIDs(of user: UserID) throws -> [UserID]
    /// The entries in the lists of others that stand for a user, after `entry`, by id, at most `limit`.
    func entries(
        naming user: UserID, after entry: ContactID, limit: Int
    ) throws -> [(id: ContactID, owner: UserID, name: String)]
    /// An entry and the user whose list it belongs to.
    func contact(_ id: ContactID) throws -> (owner: UserID, contact: Contact)?
}

/// Queries about messages.
package protocol MessageQueries {
    func message(_ id: MessageID) throws -> Message?
    /// The message to which its sender gave `tempID`.
    func message(from sender: UserID, tempID: TempID) throws -> Message?
    /// Messages that a user wrote or received, after `message`, by id, at most `limit`. A page may have fewer messages,
    /// or none, and still not be the last: it looks at a bounded number of other people's messages.
    func messages(of user: UserID, after message: MessageID, limit: Int) throws -> OwnMessages
    /// Messages of a conversation, newest first.
    func conversation(_ pair: UserPair, _ page: ConversationPage) throws -> [Message]
    /// The highest message id of a conversation.
    func newestMessage(of pair: UserPair) throws -> MessageID?
    /// The highest id that any message ever had, even a deleted one; 0 when there was none.
    func newestMessage() throws -> Int64
    /// The newest unread message from `sender` to `receiver`.
    func newestUnread(from sender: UserID, to receiver: UserID) throws -> MessageID?
    /// The number of unread messages of `receiver`, by sender.
    func unreadCounts(of receiver: UserID) throws -> [(sender: UserID, count: Int)]
}

/// Queries about the change log.
package protocol ChangeQueries {
    /// The present extent of the change log.
    func changeLog() throws -> ChangeLogExtent
    /// The changes after `sequence` that concern `user`, in order, at most `limit`. Kinds that only a newer
    /// version knows are left out.
    func changes(for user: UserID, after sequence: Int64, limit: Int) throws -> [Change]
}

/// Queries about Web Push.
package protocol PushQueries {
    /// All subscriptions of a user.
    func subscriptions(of user: UserID) throws -> [SubscriptionID: PushSubscription]
    /// The ids of a user's subscriptions, oldest first.
    func subscriptionIDs(of user: UserID) throws -> [SubscriptionID]
    /// The subscription with this endpoint, and its user.
    func subscription(endpoint: String) throws -> (id: SubscriptionID, user: UserID)?
    /// The deliveries after `id`, in order, at most `limit`. A subscription whose keys can't be read is
    /// skipped.
    func pushQueue(after id: Int64, limit: Int) throws -> [PushDelivery]
}
