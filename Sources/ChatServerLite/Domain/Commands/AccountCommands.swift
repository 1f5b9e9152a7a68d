import ChatWire

/// Replaces the password of an account.
struct SetPassword: StoreCommand {
    let user: UserID
    let hash: String

    /// - Throws: `userUnknown`, also for a deleted account.
    func apply(in transaction: any StorageTransaction) throws {
        guard let found = try transaction.accountRecord(user), !found.isDeleted else {
            throw Refusal.userUnknown
        }
        try transaction.setPasswordHash(hash, of: user)
    }
}

/// Disables an account, or enables it again.
struct SetAccountDisabled: StoreCommand {
    let user: UserID
    let isDisabled: Bool

    /// - Returns: the account as it is now.
    /// - Throws: `userUnknown`, also for a deleted account.
    func apply(in transaction: any StorageTransaction) throws -> AccountRecord {
        guard var found = try transaction.accountRecord(user), !found.isDeleted else {
            throw Refusal.userUnknown
        }
        if case .disabled = found.state, isDisabled { return found }
        let time = transaction.now
        try transaction.setDisabled(user, since: isDisabled ? time : nil)
        found.state = isDisabled ? .disabled(since: time) : .active
        return found
    }
}

/// Deletes what an account says about a person: the profile, the password, the contacts, and the subscriptions. The
/// number stays, because other people's messages name it. A second time changes nothing.
struct EraseAccount: StoreCommand {
    let user: UserID
    /// A part of the address that replaces the person's. Nobody can guess it, so nobody can have taken it.
    let secret: String

    /// - Throws: `userUnknown`.
    func apply(in transaction: any StorageTransaction) throws {
        guard let found = try transaction.accountRecord(user) else { throw Refusal.userUnknown }
        guard !found.isDeleted else { return }
        for subscription in try transaction.subscriptionIDs(of: user) {
            try transaction.deleteSubscription(subscription)
        }
        try transaction.eraseAccount(
            user, name: Self.name, email: "deleted-\(user)-\(secret)", at: transaction.now)
    }

    /// The name that others see from now on.
    static let name = "Conta excluída"
}

/// Replaces the name that others gave to a deleted account in their lists of contacts. It works in pieces.
struct ForgetContactName: StoreCommand {
    let user: UserID
    /// The last entry of the earlier pieces.
    var after = ContactID(0)

    static let piece = 1000

    /// - Returns: the last entry of this piece; nil when all are done.
    func apply(in transaction: any StorageTransaction) throws -> ContactID? {
        let entries = try transaction.entries(naming: user, after: after, limit: Self.piece)
        for entry in entries where entry.name != EraseAccount.name {
            try transaction.renameContact(entry.id, EraseAccount.name)
            try transaction.log(
                .contactRenamed, subject: entry.id.rawValue, for: entry.owner, peer: user, at: transaction.now
            )
        }
        return entries.count < Self.piece ? nil : entries.last?.id
    }
}

/// Deletes the messages that a user wrote, for both sides. It works in pieces.
struct DeleteOwnMessages: StoreCommand {
    let user: UserID
    /// Where the earlier pieces ended.
    var after = MessageID(0)

    struct Outcome: Sendable {
        /// The messages that are gone, with their receivers.
        var deleted: [(message: MessageID, receiver: UserID)]
        /// Where the next piece begins; nil when all are done.
        var next: MessageID?
    }

    static let piece = 500

    func apply(in transaction: any StorageTransaction) throws -> Outcome {
        let found = try transaction.messages(of: user, after: after, limit: Self.piece)
        var outcome = Outcome(deleted: [], next: found.next)
        for message in found.messages where message.senderID == user {
            try transaction.deleteMessage(message.id)
            try transaction.log(
                .messageDeleted, subject: message.id.rawValue, between: user, and: message.receiverID,
                at: transaction.now)
            outcome.deleted.append((message.id, message.receiverID))
        }
        return outcome
    }
}

extension DeleteOwnMessages: AnnouncedCommand {
    func announcements(of outcome: Outcome) -> [Announcement] {
        outcome.deleted.map { entry in
            .event(
                .messageDeleted(entry.message, by: user, contact: user),
                to: .user(entry.receiver, except: nil))
        }
    }
}

extension AccountRecord {
    package var isDeleted: Bool {
        if case .deleted = state { return true }
        return false
    }
}
