import ChatWire

/// Stores a message, once for each `temp_id` of its sender.
struct SendMessage: StoreCommand {
    /// A message that fits the rules but for its receiver, who must exist.
    let sender: Person
    let receiver: UserID
    let content: String
    let tempID: TempID?

    struct Outcome: Equatable, Sendable {
        var message: Message
        /// The message had been stored before: nobody is told again.
        var isReplay: Bool
    }

    /// Checks what can be checked without the database, in the API's order.
    ///
    /// - Parameter tempID: stored when it is short enough, else left out.
    /// - Parameter allowingSelf: the real server does not see that "1" is oneself.
    init(
        from sender: Person, to receiver: UserID, content: String, tempID: TempID?,
        allowingSelf: Bool = false
    ) throws(Refusal) {
        let stripped = strippedLikePython(content)
        if stripped.isEmpty { throw .contentBlank }
        // Counted before stripping, as the real server does.
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
        // Existing clients use an id again for another text: that is a message of its own.
        guard let message = try insert(named: nil, in: transaction) else {
            preconditionFailure("a message without a name of its own cannot be in the way of another")
        }
        return Outcome(message: named(message, receiverName), isReplay: false)
    }

    /// Nil when the sender has used the name already.
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
