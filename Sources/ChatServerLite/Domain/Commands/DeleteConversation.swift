import ChatWire

/// Deletes the messages between two users, for both, a piece at a time, so that other people's messages need not
/// wait for a long conversation. Nobody is told before the last piece.
struct DeleteConversation: StoreCommand {
    let user: UserID
    let contact: UserID
    /// What the pieces before have left: the last message that counts, and how many are gone.
    var upTo: MessageID?
    var deleted = 0

    struct Outcome: Equatable, Sendable {
        /// How many there were, as far as they are gone.
        var count: Int
        /// How far the next piece goes; nil when all is done.
        var rest: MessageID?
    }

    /// How many one piece deletes: some milliseconds' worth.
    static let piece = 2000

    func apply(in transaction: any StorageTransaction) throws -> Outcome {
        guard try transaction.name(of: contact) != nil else { throw Refusal.contactUnknown }
        let pair = UserPair(user, contact)
        guard let last = try upTo ?? transaction.newestMessage(of: pair) else { return Outcome(count: 0) }
        let count = try transaction.deleteConversation(pair, upTo: last, limit: Self.piece)
        guard count < Self.piece else { return Outcome(count: deleted + count, rest: last) }
        try transaction.log(
            .conversationDeleted, subject: user.rawValue, between: user, and: contact, upTo: last,
            at: transaction.now)
        return Outcome(count: deleted + count)
    }

    /// What is to follow; nil when all is done.
    func next(after outcome: Outcome) -> DeleteConversation? {
        outcome.rest.map {
            DeleteConversation(user: user, contact: contact, upTo: $0, deleted: outcome.count)
        }
    }
}
