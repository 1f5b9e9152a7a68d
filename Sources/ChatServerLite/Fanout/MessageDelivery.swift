import ChatWire

/// A stored message on its way to everyone who must hear of it.
struct MessageDelivery: Sendable {
    /// The message in the form that events carry.
    let message: Message
    let sender: Person
    /// The sender's socket, which gets answers; nil for a send by REST.
    let asker: Asker?
    /// Whether the message was stored and announced before.
    let isReplay: Bool

    /// - Parameter tempID: as the sender wrote it, whether it was stored or not.
    init(_ outcome: SendMessage.Outcome, from sender: Person, tempID: TempID?, asker: Asker?) {
        var message = outcome.message
        message.receiverName = nil
        message.tempID = tempID
        if !outcome.isReplay { message.status = nil }
        self.message = message
        self.sender = sender
        self.asker = asker
        isReplay = outcome.isReplay
    }

    /// The packets for others. Only the sender gets a `temp_id` that is too long.
    private var forOthers: MessagePackets {
        var message = message
        message.tempID = nil
        return MessagePackets(message)
    }

    /// Calls `body` for each packet and its audience, in the recorded order. The acknowledgement comes last.
    /// A packet is made only when `body` asks for it.
    func forEachPacket(_ body: (Audience, () -> EncodedPacket) -> Void) {
        let packets = MessagePackets(message, echoing: asker?.echo)
        let others =
            asker?.echo?.isShort != false && message.tempID?.isStorable != false ? packets : forOthers
        if let asker {
            let audience = Audience.socket(asker.socket)
            body(audience) { packets.sending() }
            body(audience) { packets.confirmation(as: .messageConfirmed) }
            body(audience) { packets.confirmation(as: .messageSent) }
        }
        if !isReplay {
            let pair = UserPair(message.senderID, message.receiverID)
            body(.conversation(pair, sender: sender.id, origin: asker?.socket)) { others.newMessage() }
            body(.user(message.receiverID, except: nil)) { others.notification(from: sender) }
        }
        if let asker, let id = asker.acknowledgementID {
            body(.socket(asker.socket)) { packets.acknowledgement(id: id) }
        }
    }
}
