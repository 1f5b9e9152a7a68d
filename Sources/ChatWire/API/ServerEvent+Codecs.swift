// MARK: - Encoding

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

    /// A packet of the namespace `/` whose payload has the JSON types in which a client sent its values.
    public static func packet(_ kind: Kind, echoing payload: JSONObject) -> EncodedPacket {
        var writer = JSONWriter(eventWith: nil, capacity: 512)
        writer.beginArray()
        writer.literalString(kind.name)
        writer.value(.object(payload))
        writer.endArray()
        return EncodedPacket(bytes: writer.finished())
    }

    /// Writes the event's array: its name and its payload.
    public func write(
        to writer: inout JSONWriter, as confirmation: Confirmation = .messageConfirmed,
        echoing echo: JSONValue? = nil
    ) {
        writer.beginArray()
        if let kind = kind(as: confirmation) { writer.literalString(kind.name) }
        if case .unknown(let name) = self { writer.string(name) }
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
            Self.writeSending(to: &writer) { $0.tempID(tempID, echoing: echo) }
        case .messageConfirmed(let tempID, let message):
            Self.writeConfirmation(
                to: &writer, tempID: { $0.tempID(tempID, echoing: echo) },
                message: { message.write(to: &$0, as: .event, echoing: echo) })
        case .messageError(let tempID, let reason):
            writer.key(Fields.tempID.name)
            writer.tempID(tempID, echoing: echo)
            writer.member(Fields.reason, reason)
        case .error(let reason): writer.member(Fields.reason, reason)
        case .newMessage(let message): message.writeMembers(to: &writer, as: .event, echoing: echo)
        case .messageNotification(let message, let sender):
            Self.writeNotification(to: &writer, from: sender) {
                message.write(to: &$0, as: .event, echoing: echo)
            }
        case .userOnline(let person), .userTyping(let person):
            writer.member(Fields.user, person.id)
            writer.member(Fields.userName, person.name)
        case .userOffline(let user), .userStoppedTyping(let user): writer.member(Fields.user, user)
        case .messagesRead(let user, let reader, let sender, let last):
            writer.member(Fields.by, user)
            writer.member(Fields.reader, ifPresent: reader)
            writer.member(Fields.sender, ifPresent: sender)
            writer.member(Fields.upTo, ifPresent: last)
        case .messageStatusUpdate(let message, let status):
            writer.member(Fields.messageID, message)
            writer.member(Fields.status, status)
        case .messageDeleted(let message, let user, let contact):
            writer.member(Fields.messageID, message)
            writer.member(Fields.by, user)
            writer.member(Fields.contact, contact)
        case .conversationDeleted(let user, let contact):
            writer.member(Fields.by, user)
            writer.member(Fields.contact, contact)
        case .unknown: break
        }
    }
}

// The members of events about one message. Their parts may be JSON already: `MessagePackets` writes them once for
// several events.
extension ServerEvent {
    static func writeSending(to writer: inout JSONWriter, tempID: (inout JSONWriter) -> Void) {
        writer.key(Fields.tempID.name)
        tempID(&writer)
        writer.key(Fields.progress.name)
        writer.literalString("processing")
    }

    static func writeConfirmation(
        to writer: inout JSONWriter, tempID: (inout JSONWriter) -> Void,
        message: (inout JSONWriter) -> Void
    ) {
        writer.key(Fields.tempID.name)
        tempID(&writer)
        writer.key(Fields.message.name)
        message(&writer)
    }

    static func writeNotification(
        to writer: inout JSONWriter, from sender: Person, message: (inout JSONWriter) -> Void
    ) {
        writer.key(Fields.message.name)
        message(&writer)
        writer.key(Fields.fromUser.name)
        sender.write(to: &writer)
    }
}

extension JSONWriter {
    /// Writes a `temp_id`: the sender's own JSON when it was no text, else the text or null.
    mutating func tempID(_ tempID: TempID?, echoing echo: JSONValue?) {
        guard let echo else { return string(tempID?.rawValue) }
        value(echo)
    }
}

// MARK: - Decoding

extension ServerEvent {
    /// Reads an event's array. Optional members may be missing or null, and ids may be numbers or text. An event of
    /// the API that lacks a required member is malformed. Arguments after the first are ignored.
    public static func decode(_ payload: ArraySlice<UInt8>) throws(EventError) -> ServerEvent {
        try EventArray.decode(payload) { (name, reader) throws(JSONError) in
            guard let kind = Kind(name) else {
                try reader.skipValue()
                return .unknown(name: name.text)
            }
            return try decode(kind, from: &reader)
        }
    }

    /// Nil when the payload does not fit.
    private static func decode(_ kind: Kind, from reader: inout JSONReader) throws(JSONError) -> ServerEvent?
    {
        // Events with a message are the hot path: no tree is built.
        switch kind {
        case .newMessage: return try reader.object(Message.Parts.self).map { .newMessage($0) }
        case .messageConfirmed, .messageSent: return try reader.object(ConfirmationParts.self)
        case .messageNotification: return try reader.object(NotificationParts.self)
        default:
            let json = try JSONValue(reading: &reader)
            return try? ServerEvent(kind, json)
        }
    }

    private init(_ kind: Kind, _ json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, kind.name.description)
        switch kind {
        case .newMessage: self = .newMessage(try Message(json: json))
        case .messageConfirmed, .messageSent: self = try ConfirmationParts.read(json)
        case .messageNotification: self = try NotificationParts.read(json)
        case .messageSending: self = .messageSending(tempID: fields.optional(Fields.tempID))
        case .messageError:
            self = .messageError(
                tempID: fields.optional(Fields.tempID), reason: try fields[Fields.reason])
        case .error: self = .error(try fields[Fields.reason])
        case .userOnline: self = .userOnline(try Self.person(fields))
        case .userOffline: self = .userOffline(try fields[Fields.user])
        case .userTyping: self = .userTyping(try Self.person(fields))
        case .userStoppedTyping: self = .userStoppedTyping(try fields[Fields.user])
        case .messagesRead:
            self = .messagesRead(
                by: try fields[Fields.by], readerID: fields.optional(Fields.reader),
                senderID: fields.optional(Fields.sender), upToID: fields.optional(Fields.upTo))
        case .messageStatusUpdate:
            self = .messageStatusUpdate(try fields[Fields.messageID], try fields[Fields.status])
        case .messageDeleted:
            self = .messageDeleted(
                try fields[Fields.messageID], by: try fields[Fields.by], contact: try fields[Fields.contact])
        case .conversationDeleted:
            self = .conversationDeleted(by: try fields[Fields.by], contact: try fields[Fields.contact])
        }
    }

    private static func person(_ fields: JSONFields) throws(APIError) -> Person {
        Person(id: try fields[Fields.user], name: try fields[Fields.userName])
    }

    /// The payload of a confirmation.
    private struct ConfirmationParts: ObjectParts {
        private var tempID: TempID?
        private var message: Message?

        static let name: StaticString = "message_confirmed"

        mutating func read<Source: LenientSource>(
            _ key: some MemberKey, from source: inout Source
        ) throws(Source.Failure) {
            if key == Fields.tempID.name {
                tempID = try source.optionalString().map { TempID($0) }
            } else if key == Fields.message.name {
                message = try source.object(Message.Parts.self)
            } else {
                try source.skipValue()
            }
        }

        func whole() throws(APIError) -> ServerEvent {
            .messageConfirmed(tempID: tempID, try Self.require(message, Fields.message))
        }
    }

    /// The payload of a notification.
    private struct NotificationParts: ObjectParts {
        private var message: Message?
        private var sender: Person?

        static let name: StaticString = "message_notification"

        mutating func read<Source: LenientSource>(
            _ key: some MemberKey, from source: inout Source
        ) throws(Source.Failure) {
            if key == Fields.message.name {
                message = try source.object(Message.Parts.self)
            } else if key == Fields.fromUser.name {
                sender = try source.object(Person.Parts.self)
            } else {
                try source.skipValue()
            }
        }

        func whole() throws(APIError) -> ServerEvent {
            .messageNotification(
                try Self.require(message, Fields.message), from: try Self.require(sender, Fields.fromUser))
        }
    }
}
