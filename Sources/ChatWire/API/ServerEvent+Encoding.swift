extension ServerEvent {
    /// The event as a packet of the namespace `/`.
    /// - Parameters:
    ///   - confirmation: The name of a confirmation; other events ignore it.
    ///   - echo: The value of `temp_id` in place of the event's own, when the sender's was not a string.
    public func packet(
        as confirmation: Confirmation = .messageConfirmed, echoing echo: JSONValue? = nil
    ) -> EncodedPacket {
        var writer = JSONWriter(eventWith: nil, capacity: capacity)
        write(to: &writer, as: confirmation, echoing: echo)
        return EncodedPacket(bytes: writer.finished())
    }

    /// Writes the event's array: its name and its payload.
    public func write(
        to writer: inout JSONWriter, as confirmation: Confirmation = .messageConfirmed,
        echoing echo: JSONValue? = nil
    ) {
        writer.beginArray()
        if case .messageConfirmed = self, confirmation == .messageSent {
            writer.literalString("message_sent")
        } else {
            writer.string(name)
        }
        writer.beginObject()
        writeMembers(to: &writer, echoing: echo)
        writer.endObject()
        writer.endArray()
    }

    /// Enough for the longest of the short events, or for a message without its text.
    private var capacity: Int {
        switch self {
        case .newMessage(let message), .messageConfirmed(_, let message),
            .messageNotification(let message, _):
            message.content.utf8.count + 512
        default: 128
        }
    }

    private func writeMembers(to writer: inout JSONWriter, echoing echo: JSONValue?) {
        switch self {
        case .messageSending(let tempID):
            writer.tempID(tempID, echoing: echo)
            writer.key("status")
            writer.literalString("processing")
        case .messageConfirmed(let tempID, let message):
            writer.tempID(tempID, echoing: echo)
            writer.key("message")
            message.write(to: &writer, as: .event, echoing: echo)
        case .messageError(let tempID, let reason):
            writer.tempID(tempID, echoing: echo)
            writer.key("message")
            writer.string(reason)
        case .error(let reason):
            writer.key("message")
            writer.string(reason)
        case .newMessage(let message):
            message.writeMembers(to: &writer, as: .event, echoing: echo)
        case .messageNotification(let message, let sender):
            writer.key("message")
            message.write(to: &writer, as: .event, echoing: echo)
            writer.key("from_user")
            sender.write(to: &writer)
        case .userOnline(let person), .userTyping(let person):
            writer.member("user_id", person.id.rawValue)
            writer.key("name")
            writer.string(person.name)
        case .userOffline(let user), .userStoppedTyping(let user):
            writer.member("user_id", user.rawValue)
        case .messagesRead(let user, let reader, let sender, let last):
            writer.member("by_user_id", user.rawValue)
            if let reader { writer.member("reader_id", reader.rawValue) }
            if let sender { writer.member("sender_id", sender.rawValue) }
            if let last { writer.member("up_to_id", last.rawValue) }
        case .messageStatusUpdate(let message, let status):
            writer.member("message_id", message.rawValue)
            writer.key("status")
            writer.string(status.name)
        case .messageDeleted(let message, let user, let contact):
            writer.member("message_id", message.rawValue)
            writer.member("by_user_id", user.rawValue)
            writer.member("contact_user_id", contact.rawValue)
        case .conversationDeleted(let user, let contact):
            writer.member("by_user_id", user.rawValue)
            writer.member("contact_user_id", contact.rawValue)
        case .unknown: break
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: StaticString, _ number: Int64) {
        key(name)
        integer(number)
    }

    fileprivate mutating func tempID(_ tempID: TempID?, echoing echo: JSONValue?) {
        key("temp_id")
        if let echo {
            value(echo)
        } else {
            string(tempID?.rawValue)
        }
    }
}
