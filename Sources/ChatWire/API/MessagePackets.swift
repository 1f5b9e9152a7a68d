/// The packets that announce one new message. Its JSON is written once and is part of all of them.
public struct MessagePackets: Sendable {
    private let message: [UInt8]
    private let tempID: [UInt8]

    /// - Parameter echo: The value of `temp_id` when the sender's was not a string.
    public init(_ message: Message, echoing echo: JSONValue? = nil) {
        var writer = JSONWriter(capacity: message.content.utf8.count + 384)
        message.write(to: &writer, as: .event, echoing: echo)
        self.message = writer.finished()
        var tempID = JSONWriter(capacity: 64)
        tempID.tempID(message.tempID, echoing: echo)
        self.tempID = tempID.finished()
    }

    /// `message_sending`, to the sender.
    public func sending() -> EncodedPacket {
        packet(.messageSending) { writer in
            ServerEvent.writeSending(to: &writer) { $0.rawValue(tempID) }
        }
    }

    /// The confirmation, to the sender, by one of its two names.
    public func confirmation(as name: ServerEvent.Confirmation) -> EncodedPacket {
        packet(name == .messageSent ? .messageSent : .messageConfirmed) { writer in
            ServerEvent.writeConfirmation(
                to: &writer, tempID: { $0.rawValue(tempID) }, message: { $0.rawValue(message) })
        }
    }

    /// `new_message`, to those who have joined the conversation.
    public func newMessage() -> EncodedPacket {
        var writer = begun(.newMessage)
        writer.rawValue(message)
        writer.endArray()
        return EncodedPacket(bytes: writer.finished())
    }

    /// `message_notification`, to the receiver.
    public func notification(from sender: Person) -> EncodedPacket {
        packet(.messageNotification) { writer in
            ServerEvent.writeNotification(to: &writer, from: sender) { $0.rawValue(message) }
        }
    }

    /// The acknowledgement of the send.
    public func acknowledgement(id: UInt64) -> EncodedPacket {
        SendAcknowledgement.packet(id: id, capacity: message.count + 96) { writer in
            SendAcknowledgement.writeAcceptance(to: &writer) { $0.rawValue(message) }
        }
    }

    private func packet(
        _ kind: ServerEvent.Kind, _ writeMembers: (inout JSONWriter) -> Void
    ) -> EncodedPacket {
        var writer = begun(kind)
        writer.beginObject()
        writeMembers(&writer)
        writer.endObject()
        writer.endArray()
        return EncodedPacket(bytes: writer.finished())
    }

    private func begun(_ kind: ServerEvent.Kind) -> JSONWriter {
        var writer = JSONWriter(eventWith: nil, capacity: message.count + tempID.count + 192)
        writer.beginArray()
        writer.literalString(kind.name)
        return writer
    }
}
