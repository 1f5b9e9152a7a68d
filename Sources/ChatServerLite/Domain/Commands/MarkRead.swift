import ChatWire

/// Marks the messages from one user to another as read.
struct MarkRead: StoreCommand {
    let reader: UserID
    let sender: UserID
    /// The last message to mark; nil for all messages.
    var upTo: MessageID?

    struct Outcome: Equatable, Sendable {
        /// How many messages were unread before.
        var count: Int
        /// The last message that was marked.
        var upTo: MessageID?
    }

    func apply(in transaction: any StorageTransaction) throws -> Outcome {
        guard let newest = try transaction.newestUnread(from: sender, to: reader) else {
            return Outcome(count: 0, upTo: nil)
        }
        let last = upTo.map { min($0, newest) } ?? newest
        let time = transaction.now
        let count = try transaction.markRead(by: reader, from: sender, upTo: last, at: time)
        guard count > 0 else { return Outcome(count: 0, upTo: nil) }
        try transaction.log(
            .messagesRead, subject: reader.rawValue, between: reader, and: sender, upTo: last, at: time)
        return Outcome(count: count, upTo: last)
    }
}
