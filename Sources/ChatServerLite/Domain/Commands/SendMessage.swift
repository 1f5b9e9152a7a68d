import ChatWire

/// Stores a message, at most once for each `temp_id` of its sender.
struct SendMessage: StoreCommand {
    /// The sender of the message. The message has been checked, except that its receiver exists.
    let sender: Person
    let receiver: UserID
    let content: String
    let tempID: TempID?

    struct Outcome: Equatable, Sendable {
        var message: Message
        /// Whether the message was stored before. Then nobody is notified again.
        var isReplay: Bool
    }

    /// Checks everything that needs no database, in the API's order.
    ///
    /// - Parameters:
    ///   - tempID: stored if it is short enough, otherwise dropped.
    ///   - allowingSelf: whether the receiver may be the sender. The real server does not notice that "1" is
    ///     the sender.
    /// - Throws: `contentBlank`, `contentTooLong`, or `receiverIsSelf`.
    init(
        from sender: Person, to receiver: UserID, content: String, tempID: TempID?,
        allowingSelf: Bool = false
    ) throws(Refusal) {
        let stripped = strippedLikePython(content)
        if stripped.isEmpty { throw .contentBlank }
        // The real server counts before it strips.
        if content.utf8.count > Message.contentLengthMax,
            content.unicodeScalars.count > Message.contentLengthMax
        {
            throw .contentTooLong
        }
        if receiver == sender.id, !allowingSelf { throw .receiverIsSelf }
        self.sender = sender
        self.receiver = receiver
        self.content = stripped
        self.tempID = tempID.flatMap { $0.isStorable ? $0 : nil }
    }

    /// - Throws: `receiverUnknown`.
    func apply(in transaction: any StorageTransaction) throws -> Outcome {
        guard let receiverName = try transaction.name(of: receiver) else { throw Refusal.receiverUnknown }
        if let message = try insert(named: tempID, in: transaction) {
            return Outcome(message: named(message, receiverName), isReplay: false)
        }
        if let tempID, let first = try transaction.message(from: sender.id, tempID: tempID),
            first.receiverID == receiver, first.content == content
        {
            return Outcome(message: named(first, receiverName), isReplay: true)
        }
        // Existing clients reuse an id for another text: that is a new message.
        guard let message = try insert(named: nil, in: transaction) else {
            preconditionFailure("a message without a name of its own cannot be in the way of another")
        }
        return Outcome(message: named(message, receiverName), isReplay: false)
    }

    /// Stores the message under `storedID`.
    ///
    /// - Returns: nil when the sender has already used that id.
    private func insert(
        named storedID: TempID?, in transaction: any StorageTransaction
    ) throws -> Message? {
        let time = transaction.now
        let id = try transaction.insertMessage(
            from: sender.id, to: receiver, content: content, tempID: storedID, at: time)
        guard let id else { return nil }
        try transaction.log(
            .messageCreated, subject: id.rawValue, between: sender.id, and: receiver, at: time)
        return Message(
            id: id, senderID: sender.id, receiverID: receiver, content: content, isRead: false,
            createdAt: time, tempID: tempID, status: .sent)
    }

    private func named(_ message: Message, _ receiverName: String) -> Message {
        var message = message
        message.senderName = sender.name
        message.receiverName = receiverName
        return message
    }
}
