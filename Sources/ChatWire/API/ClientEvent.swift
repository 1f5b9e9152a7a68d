/// An event that a client sends in real time. Each is a Socket.IO event whose one argument is an object.
public enum ClientEvent: Hashable, Sendable {
    /// The person has opened the conversation with this user and wants its typing events and new messages.
    case joinConversation(UserID)
    case leaveConversation(UserID)
    /// `tempID` is nil only when a client sent none, or one that is not a string.
    case sendMessage(to: UserID, content: String, tempID: TempID?)
    case typingStart(UserID)
    case typingStop(UserID)
    /// The person has seen everything from this user, or everything up to a message.
    case messageRead(from: UserID, upTo: MessageID? = nil)
    /// The receiver's client has stored this message.
    case messageDelivered(MessageID, from: UserID)
    /// An event that is not of the API.
    case unknown(name: String)
}

// MARK: - Encoding

extension ClientEvent {
    /// The event's name on the wire.
    public var name: String {
        switch self {
        case .joinConversation: "join_conversation"
        case .leaveConversation: "leave_conversation"
        case .sendMessage: "send_message"
        case .typingStart: "typing_start"
        case .typingStop: "typing_stop"
        case .messageRead: "message_read"
        case .messageDelivered: "message_delivered"
        case .unknown(let name): name
        }
    }

    /// The event as a packet of the namespace `/`.
    /// - Parameter acknowledgementID: The id of the requested acknowledgement.
    public func packet(acknowledgementID: UInt64? = nil) -> EncodedPacket {
        var capacity = 96
        if case .sendMessage(_, let content, _) = self { capacity += content.utf8.count + 64 }
        var writer = JSONWriter(eventWith: acknowledgementID, capacity: capacity)
        write(to: &writer)
        return EncodedPacket(bytes: writer.finished())
    }

    /// Writes the event's array: its name and its payload.
    public func write(to writer: inout JSONWriter) {
        writer.beginArray()
        writer.string(name)
        writer.beginObject()
        switch self {
        case .joinConversation(let user), .leaveConversation(let user), .typingStart(let user),
            .typingStop(let user):
            writer.key("contact_user_id")
            writer.integer(user.rawValue)
        case .sendMessage(let receiver, let content, let tempID):
            writer.key("receiver_id")
            writer.integer(receiver.rawValue)
            writer.key("content")
            writer.string(content)
            writer.key("temp_id")
            writer.string(tempID?.rawValue)
        case .messageRead(let sender, let upTo):
            writer.key("sender_id")
            writer.integer(sender.rawValue)
            if let upTo {
                writer.key("up_to_id")
                writer.integer(upTo.rawValue)
            }
        case .messageDelivered(let message, let sender):
            writer.key("message_id")
            writer.integer(message.rawValue)
            writer.key("sender_id")
            writer.integer(sender.rawValue)
        case .unknown: break
        }
        writer.endObject()
        writer.endArray()
    }
}

// MARK: - Decoding

extension ClientEvent {
    /// Reads an event's array. Ids may be numbers or text. An event of the API is malformed when it lacks a required
    /// member or has more than its one payload.
    public static func decode(_ payload: ArraySlice<UInt8>) throws(EventError) -> ClientEvent {
        try EventArray.decode(payload, payloadsMax: 1) { (name, reader) throws(JSONError) in
            if name == "send_message" { return try readSendMessage(from: &reader) }
            let json = try JSONValue(reading: &reader)
            return try? ClientEvent(name: name.text, json: json)
        }
    }

    /// The name at the start of an event's array, whatever follows it. Nil when there is none.
    public static func name(in payload: ArraySlice<UInt8>) -> String? {
        try? JSONReader.read(payload) { reader throws(JSONError) in
            try reader.beginArray()
            guard try reader.nextElement() else { throw .typeMismatch(offset: reader.position) }
            return try reader.name().text
        }
    }

    /// The `temp_id` of a `send_message` as it was sent, of any type: the answers to the sender must repeat it. Nil
    /// when there is none.
    public static func echo(in payload: ArraySlice<UInt8>) -> JSONValue? {
        guard let json = try? JSONValue(parsing: payload) else { return nil }
        return json[1]?["temp_id"]
    }

    private static func readSendMessage(from reader: inout JSONReader) throws(JSONError) -> ClientEvent? {
        guard try reader.peekKind() == .object else {
            try reader.skipValue()
            return nil
        }
        var receiver: Int64?
        var content: String?
        var tempID: TempID?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if key == "receiver_id" {
                receiver = try reader.lenientInteger()
            } else if key == "content" {
                content = try reader.optionalString()
            } else if key == "temp_id" {
                tempID = try reader.optionalString().map { TempID($0) }
            } else {
                try reader.skipValue()
            }
        }
        guard let receiver, let content else { return nil }
        return .sendMessage(to: UserID(receiver), content: content, tempID: tempID)
    }

    private init(name: String, json: JSONValue) throws(APIError) {
        func user(_ key: String) throws(APIError) -> UserID {
            UserID(try JSONFields(json, name).integer(key))
        }
        switch name {
        case "join_conversation": self = .joinConversation(try user("contact_user_id"))
        case "leave_conversation": self = .leaveConversation(try user("contact_user_id"))
        case "typing_start": self = .typingStart(try user("contact_user_id"))
        case "typing_stop": self = .typingStop(try user("contact_user_id"))
        case "message_read":
            let upTo = json["up_to_id"]?.integerValue.map { MessageID($0) }
            self = .messageRead(from: try user("sender_id"), upTo: upTo)
        case "message_delivered":
            let message = MessageID(try JSONFields(json, name).integer("message_id"))
            self = .messageDelivered(message, from: try user("sender_id"))
        default: self = .unknown(name: name)
        }
    }
}
