import ChatWire

/// Records that a client of the receiver has the message.
struct MarkDelivered: StoreCommand {
    let message: MessageID
    let receiver: UserID
    let sender: UserID

    /// The message's state afterwards; nil when `sender` sent no such message to `receiver`.
    typealias Outcome = DeliveryStatus?

    func apply(in transaction: any StorageTransaction) throws -> DeliveryStatus? {
        guard let found = try transaction.message(message), found.senderID == sender,
            found.receiverID == receiver
        else { return nil }
        guard found.status == .sent else { return found.status }
        let time = transaction.now
        try transaction.markDelivered(message, at: time)
        try transaction.log(
            .messageDelivered, subject: message.rawValue, between: sender, and: receiver, at: time)
        return .delivered
    }
}
