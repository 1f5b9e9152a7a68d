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
