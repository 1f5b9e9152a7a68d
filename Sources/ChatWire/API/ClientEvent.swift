/// An event that a client sends in real time. Each is a Socket.IO event whose one argument is an object.
public enum ClientEvent: Hashable, Sendable {
    /// `tempID` is nil only when a client sent none, or one that is not a string.
    case sendMessage(to: UserID, content: String, tempID: TempID?)
    /// The person has opened the conversation with this user and wants its typing events and new messages.
    case joinConversation(UserID)
    case leaveConversation(UserID)
    case typingStart(UserID)
    case typingStop(UserID)
    /// The person has seen everything from this user, or everything up to a message.
    case messageRead(from: UserID, upTo: MessageID? = nil)
    /// The receiver's client has stored this message.
    case messageDelivered(MessageID, from: UserID)
    /// An event that is not of the API.
    case unknown(name: String)
}

// MARK: - The declarations

extension ClientEvent {
    /// The events of the API, each with its name, its meaning and its members.
    public enum Kind: CaseIterable, Sendable {
        case sendMessage, joinConversation, leaveConversation, typingStart, typingStop, messageRead
        case messageDelivered

        /// The name on the wire.
        public var name: StaticString {
            switch self {
            case .sendMessage: "send_message"
            case .joinConversation: "join_conversation"
            case .leaveConversation: "leave_conversation"
            case .typingStart: "typing_start"
            case .typingStop: "typing_stop"
            case .messageRead: "message_read"
            case .messageDelivered: "message_delivered"
            }
        }

        /// What the event means, in one sentence.
        public var summary: String {
            switch self {
            case .sendMessage: "The person sends a message; the acknowledgement tells that it was handled."
            case .joinConversation:
                "The person has opened a conversation and wants its typing events and new messages."
            case .leaveConversation: "The person has closed a conversation."
            case .typingStart: "The person has begun to type."
            case .typingStop: "The person has stopped typing."
            case .messageRead: "The person has seen everything from a user, or everything up to a message."
            case .messageDelivered: "The receiver's client has stored a message."
            }
        }

        /// The members of the payload.
        public var members: [FieldDescription] {
            switch self {
            case .sendMessage:
                [Fields.receiver.description, Fields.content.description, Fields.tempID.description]
            case .joinConversation, .leaveConversation, .typingStart, .typingStop:
                [Fields.contact.description]
            case .messageRead: [Fields.sender.description, Fields.upTo.description]
            case .messageDelivered: [Fields.message.description, Fields.sender.description]
            }
        }

        /// Nil for a name that is not of the API.
        public init?(name: String) { self.init(TreeKey(text: name)) }

        fileprivate init?(_ name: some MemberKey) {
            guard let kind = Self.all.first(where: { name == $0.name }) else { return nil }
            self = kind
        }

        private static let all = allCases
    }

    /// The members of the payloads.
    public enum Fields {
        public static let receiver = Field<UserID>(
            "receiver_id", "The user who receives the message, somebody else.")
        public static let content = Field<String>(
            "content", "The text: at most 5,000 Unicode scalars, counted before stripping, and not blank.")
        public static let tempID = Field<TempID>(
            "temp_id", "The name that the client gave the message, at most 128 bytes; the answers repeat it.",
            isRequired: false)
        public static let contact = Field<UserID>("contact_user_id", "The other user of the conversation.")
        public static let sender = Field<UserID>("sender_id", "The user whose messages these are.")
        public static let upTo = Field<MessageID>(
            "up_to_id", "Later messages stay unread; see `read-up-to`.", isRequired: false)
        public static let message = Field<MessageID>("message_id", "The message.")
    }

    /// The declaration of this event; nil when it is not of the API.
    public var kind: Kind? {
        switch self {
        case .sendMessage: .sendMessage
        case .joinConversation: .joinConversation
        case .leaveConversation: .leaveConversation
        case .typingStart: .typingStart
        case .typingStop: .typingStop
        case .messageRead: .messageRead
        case .messageDelivered: .messageDelivered
        case .unknown: nil
        }
    }
}

// MARK: - Encoding

extension ClientEvent {
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
        if let kind { writer.literalString(kind.name) }
        if case .unknown(let name) = self { writer.string(name) }
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
        writer.endArray()
    }

    private func writeMembers(to writer: inout JSONWriter) {
        switch self {
        case .sendMessage(let receiver, let content, let tempID):
            writer.member(Fields.receiver, receiver)
            writer.member(Fields.content, content)
            writer.member(Fields.tempID, tempID)
        case .joinConversation(let user), .leaveConversation(let user), .typingStart(let user),
            .typingStop(let user):
            writer.member(Fields.contact, user)
        case .messageRead(let sender, let upTo):
            writer.member(Fields.sender, sender)
            writer.member(Fields.upTo, ifPresent: upTo)
        case .messageDelivered(let message, let sender):
            writer.member(Fields.message, message)
            writer.member(Fields.sender, sender)
        case .unknown: break
        }
    }
}

// MARK: - Decoding

extension ClientEvent {
    /// Reads an event's array. Ids may be numbers or text. An event of the API is malformed when it lacks a required
    /// member or has more than its one payload.
    public static func decode(_ payload: ArraySlice<UInt8>) throws(EventError) -> ClientEvent {
        try EventArray.decode(payload, payloadsMax: 1) { (name, reader) throws(JSONError) in
            guard let kind = Kind(name) else {
                try reader.skipValue()
                return .unknown(name: name.text)
            }
            // Sending is the hot path: no tree is built.
            if kind == .sendMessage { return try reader.object(Sending.self) }
            let json = try JSONValue(reading: &reader)
            return try? ClientEvent(kind, json)
        }
    }

    private init(_ kind: Kind, _ json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, kind.name.description)
        switch kind {
        case .sendMessage: self = try Sending.read(json)
        case .joinConversation: self = .joinConversation(try fields[Fields.contact])
        case .leaveConversation: self = .leaveConversation(try fields[Fields.contact])
        case .typingStart: self = .typingStart(try fields[Fields.contact])
        case .typingStop: self = .typingStop(try fields[Fields.contact])
        case .messageRead:
            self = .messageRead(from: try fields[Fields.sender], upTo: fields.optional(Fields.upTo))
        case .messageDelivered:
            self = .messageDelivered(try fields[Fields.message], from: try fields[Fields.sender])
        }
    }

    /// The payload of `send_message`.
    private struct Sending: ObjectParts {
        private var receiver: Int64?
        private var content: String?
        private var tempID: TempID?

        static let name: StaticString = "send_message"

        mutating func read<Source: LenientSource>(
            _ key: some MemberKey, from source: inout Source
        ) throws(Source.Failure) {
            if key == Fields.receiver.name {
                receiver = try source.lenientInteger()
            } else if key == Fields.content.name {
                content = try source.optionalString()
            } else if key == Fields.tempID.name {
                tempID = try source.optionalString().map { TempID($0) }
            } else {
                try source.skipValue()
            }
        }

        func whole() throws(APIError) -> ClientEvent {
            .sendMessage(
                to: UserID(try Self.require(receiver, Fields.receiver)),
                content: try Self.require(content, Fields.content), tempID: tempID)
        }
    }

    /// The kind of an event of which only the name needs to be readable. Nil when it is not of the API.
    public static func kind(in payload: ArraySlice<UInt8>) -> Kind? {
        let kind = try? JSONReader.read(payload) { reader throws(JSONError) in
            try reader.beginArray()
            guard try reader.nextElement() else { throw .typeMismatch(offset: reader.position) }
            return Kind(try reader.name())
        }
        return kind ?? nil
    }

    /// The `temp_id` of a `send_message` as it was sent, of any type: the answers to the sender must repeat it. Nil
    /// when there is none.
    public static func echo(in payload: ArraySlice<UInt8>) -> JSONValue? {
        guard let json = try? JSONValue(parsing: payload) else { return nil }
        return json[1]?[Fields.tempID]
    }
}
