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
        if let echo { tempID.value(echo) } else { tempID.string(message.tempID?.rawValue) }
        self.tempID = tempID.finished()
    }

    /// `message_sending`, to the sender.
    public func sending() -> EncodedPacket {
        packet("message_sending") { writer in
            writer.beginObject()
            writer.key("temp_id")
            writer.rawValue(tempID)
            writer.key("status")
            writer.literalString("processing")
            writer.endObject()
        }
    }

    /// The confirmation, to the sender, by one of its two names.
    public func confirmation(as name: ServerEvent.Confirmation) -> EncodedPacket {
        packet(name == .messageSent ? "message_sent" : "message_confirmed") { writer in
            writer.beginObject()
            writer.key("temp_id")
            writer.rawValue(tempID)
            writer.key("message")
            writer.rawValue(message)
            writer.endObject()
        }
    }

    /// `new_message`, to those who have joined the conversation.
    public func newMessage() -> EncodedPacket {
        packet("new_message") { $0.rawValue(message) }
    }

    /// `message_notification`, to the receiver.
    public func notification(from sender: Person) -> EncodedPacket {
        packet("message_notification") { writer in
            writer.beginObject()
            writer.key("message")
            writer.rawValue(message)
            writer.key("from_user")
            sender.write(to: &writer)
            writer.endObject()
        }
    }

    /// The acknowledgement of the send.
    public func acknowledgement(id: UInt64) -> EncodedPacket {
        var writer = JSONWriter(capacity: message.count + 96)
        writer.prefix("43")
        writer.prefix(number: id)
        writer.beginArray()
        writer.beginObject()
        writer.key("success")
        writer.bool(true)
        writer.key("message")
        writer.rawValue(message)
        writer.endObject()
        writer.endArray()
        return EncodedPacket(bytes: writer.finished())
    }

    private func packet(_ name: StaticString, _ write: (inout JSONWriter) -> Void) -> EncodedPacket {
        var writer = JSONWriter(eventWith: nil, capacity: message.count + tempID.count + 192)
        writer.beginArray()
        writer.literalString(name)
        write(&writer)
        writer.endArray()
        return EncodedPacket(bytes: writer.finished())
    }
}
