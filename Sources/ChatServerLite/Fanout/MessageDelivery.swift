import ChatWire

/// A stored message on its way to everyone who is to hear of it.
struct MessageDelivery: Sendable {
    /// As events carry it.
    let message: Message
    let sender: Person
    /// Who sent it by socket, and is answered.
    let asker: Asker?
    /// It had been stored, and told to the others, before.
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

    /// What others are told: a name that is too long goes back to its sender alone.
    private var forOthers: MessagePackets {
        var message = message
        message.tempID = nil
        return MessagePackets(message)
    }

    /// Calls `body` for each packet and its audience, in the recorded order; the acknowledgement comes last. A
    /// packet is made when it is asked for.
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
