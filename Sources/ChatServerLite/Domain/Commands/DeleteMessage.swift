import ChatWire

/// Deletes a message for both users.
struct DeleteMessage: StoreCommand {
    let message: MessageID
    let user: UserID

    /// The receiver of the deleted message.
    typealias Outcome = UserID

    /// - Throws: `messageUnknown`, or `messageNotDeletable` when the user is not the sender.
    func apply(in transaction: any StorageTransaction) throws -> UserID {
        guard let found = try transaction.message(message) else { throw Refusal.messageUnknown }
        guard found.senderID == user else { throw Refusal.messageNotDeletable }
        try transaction.deleteMessage(message)
        try transaction.log(
            .messageDeleted, subject: message.rawValue, between: user, and: found.receiverID,
            at: transaction.now)
        return found.receiverID
    }
}
