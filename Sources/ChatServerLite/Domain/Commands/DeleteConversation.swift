import ChatWire

/// Deletes the messages between two users, for both of them. It works in pieces, so that other people's
/// messages need not wait for a long conversation. The deletion is logged with the last piece.
struct DeleteConversation: StoreCommand {
    let user: UserID
    let contact: UserID
    /// The state after the earlier pieces: the last message to delete, and how many have been deleted.
    var upTo: MessageID?
    var deleted = 0

    struct Outcome: Equatable, Sendable {
        /// How many messages have been deleted so far.
        var count: Int
        /// The last message to delete with the next piece; nil when all are deleted.
        var rest: MessageID?
    }

    /// The maximum number of messages that one piece deletes. A piece takes a few milliseconds.
    static let piece = 2000

    /// - Throws: `contactUnknown` when there is no such user.
    func apply(in transaction: any StorageTransaction) throws -> Outcome {
        guard try transaction.user(contact) != nil else { throw Refusal.contactUnknown }
        let pair = UserPair(user, contact)
        guard let last = try upTo ?? transaction.newestMessage(of: pair) else { return Outcome(count: 0) }
        let count = try transaction.deleteConversation(pair, upTo: last, limit: Self.piece)
        guard count < Self.piece else { return Outcome(count: deleted + count, rest: last) }
        try transaction.log(
            .conversationDeleted, subject: user.rawValue, between: user, and: contact, upTo: last,
            at: transaction.now)
        return Outcome(count: deleted + count)
    }

    /// The command for the next piece; nil when all messages are deleted.
    func next(after outcome: Outcome) -> DeleteConversation? {
        outcome.rest.map {
            DeleteConversation(user: user, contact: contact, upTo: $0, deleted: outcome.count)
        }
    }
}
