import ChatWire

/// Marks what one user wrote to another as read.
struct MarkRead: StoreCommand {
    let reader: UserID
    let sender: UserID
    /// The last message that counts; nil for everything there is.
    var upTo: MessageID?

    struct Outcome: Equatable, Sendable {
        /// How many were unread.
        var count: Int
        /// The newest of them.
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
