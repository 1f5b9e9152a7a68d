/// A message that the server has stored.
public struct Message: Hashable, Sendable {
    /// The message's number, which the server and all clients use.
    public var id: MessageID
    /// The user who wrote it.
    public var senderID: UserID
    /// The user who receives it.
    public var receiverID: UserID
    /// The text, stripped by the server. Other people write it: sanitise it before it is shown.
    public var content: String
    /// Whether the receiver has seen it.
    public var isRead: Bool
    /// When the server stored it.
    public var createdAt: Timestamp
    /// The sender's name, if the server includes it.
    public var senderName: String?
    /// The receiver's name, if the server includes it.
    public var receiverName: String?
    /// The name that the sender's client gave it. Anybody can choose any name: it identifies a message only together
    /// with its sender.
    public var tempID: TempID?
    /// The status, only from servers that store it; all servers send `isRead`.
    public var status: DeliveryStatus?
    /// When the receiver's client got it, if the server includes it.
    public var deliveredAt: Timestamp?
    /// When the receiver saw it, if the server includes it.
    public var readAt: Timestamp?

    /// The most Unicode scalars that a message may have, counted before it is stripped.
    public static let contentLengthMax = 5000

    /// A message; the parameters are the properties of the same names.
    public init(
        id: MessageID, senderID: UserID, receiverID: UserID, content: String, isRead: Bool,
        createdAt: Timestamp, senderName: String? = nil, receiverName: String? = nil,
        tempID: TempID? = nil, status: DeliveryStatus? = nil, deliveredAt: Timestamp? = nil,
        readAt: Timestamp? = nil
    ) {
        self.id = id
        self.senderID = senderID
        self.receiverID = receiverID
        self.content = content
        self.isRead = isRead
        self.createdAt = createdAt
        self.senderName = senderName
        self.receiverName = receiverName
        self.tempID = tempID
        self.status = status
        self.deliveredAt = deliveredAt
        self.readAt = readAt
    }
}

// MARK: - The one codec

extension Message: WireObject {
    public enum Fields {
        public static let id = Field<MessageID>(
            "id", "The message's number; a later message has a higher one.")
        public static let senderID = Field<UserID>("sender_id", "The user who wrote it.")
        public static let receiverID = Field<UserID>("receiver_id", "The user who receives it.")
        public static let content = Field<String>(
            "content", "The text, stripped: at most 5,000 Unicode scalars before that.")
        public static let isRead = Field<Bool>("is_read", "Whether the receiver has seen it.")
        public static let createdAt = Field<Timestamp>("created_at", "When the server stored it.")
        public static let senderName = Field<String>(
            "sender_name", "The sender's name; events always have it, as null when unknown.",
            isRequired: false)
        public static let receiverName = Field<String>(
            "receiver_name", "The receiver's name.", isRequired: false)
        public static let tempID = Field<TempID>(
            "temp_id",
            "The name that the sender's client gave it; only the sender gets it. Events always have it, maybe null.",
            isRequired: false)
        public static let status = Field<DeliveryStatus>(
            "status", "How far the message has come, from servers that store it.", isRequired: false)
        public static let deliveredAt = Field<Timestamp>(
            "delivered_at", "When the receiver's client got it.", isRequired: false)
        public static let readAt = Field<Timestamp>("read_at", "When the receiver saw it.", isRequired: false)
    }

    public static var members: [FieldDescription] {
        [
            Fields.id.description, Fields.senderID.description, Fields.receiverID.description,
            Fields.content.description, Fields.isRead.description, Fields.createdAt.description,
            Fields.senderName.description, Fields.receiverName.description, Fields.tempID.description,
            Fields.status.description, Fields.deliveredAt.description, Fields.readAt.description,
        ]
    }

    /// Reads a message in any of its forms.
    public init(json: JSONValue) throws(APIError) {
        self = try Parts.read(json)
    }

    /// Writes the message. Nil names, statuses and times are omitted, except those that the event form always has.
    /// - Parameter echo: The value of `temp_id` in place of the message's own: the real server returns whatever JSON
    ///   it was sent.
    public func write(to writer: inout JSONWriter, as form: WireForm, echoing echo: JSONValue? = nil) {
        writer.beginObject()
        writeMembers(to: &writer, as: form, echoing: echo)
        writer.endObject()
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writeMembers(to: &writer, as: form, echoing: nil)
    }

    /// Writes only the members, for an object that has been begun.
    func writeMembers(to writer: inout JSONWriter, as form: WireForm, echoing echo: JSONValue?) {
        writer.member(Fields.id, id)
        writer.member(Fields.senderID, senderID)
        writer.member(Fields.receiverID, receiverID)
        writer.member(Fields.content, content)
        writer.member(Fields.isRead, isRead, as: form)
        writer.member(Fields.createdAt, createdAt, as: form)
        if senderName != nil || form == .event { writer.member(Fields.senderName, senderName) }
        writer.member(Fields.receiverName, ifPresent: receiverName)
        if echo != nil || tempID != nil || form == .event {
            writer.key(Fields.tempID.name)
            writer.tempID(tempID, echoing: echo)
        }
        writer.member(Fields.status, ifPresent: status)
        writer.member(Fields.deliveredAt, ifPresent: deliveredAt, as: form)
        writer.member(Fields.readAt, ifPresent: readAt, as: form)
    }

    struct Parts: ObjectParts {
        private var id: Int64?
        private var senderID: Int64?
        private var receiverID: Int64?
        private var content: String?
        private var isRead = false
        private var createdAt: Timestamp?
        private var senderName: String?
        private var receiverName: String?
        private var tempID: TempID?
        private var status: DeliveryStatus?
        private var deliveredAt: Timestamp?
        private var readAt: Timestamp?

        static let name: StaticString = "message"

        mutating func read<Source: LenientSource>(
            _ key: some MemberKey, from source: inout Source
        ) throws(Source.Failure) {
            if key == Fields.id.name {
                id = try source.lenientInteger()
            } else if key == Fields.senderID.name {
                senderID = try source.lenientInteger()
            } else if key == Fields.receiverID.name {
                receiverID = try source.lenientInteger()
            } else if key == Fields.content.name {
                content = try source.lenientText()
            } else if key == Fields.isRead.name {
                isRead = try source.lenientFlag() ?? false
            } else if key == Fields.createdAt.name {
                createdAt = try source.lenientTimestamp()
            } else if key == Fields.senderName.name {
                senderName = try source.lenientText()
            } else if key == Fields.receiverName.name {
                receiverName = try source.lenientText()
            } else if key == Fields.tempID.name {
                tempID = try source.optionalString().map { TempID($0) }
            } else if key == Fields.status.name {
                status = try source.optionalString().flatMap { DeliveryStatus(name: $0) }
            } else if key == Fields.deliveredAt.name {
                deliveredAt = try source.lenientTimestamp()
            } else if key == Fields.readAt.name {
                readAt = try source.lenientTimestamp()
            } else {
                try source.skipValue()
            }
        }

        func whole() throws(APIError) -> Message {
            Message(
                id: MessageID(try Self.require(id, Fields.id)),
                senderID: UserID(try Self.require(senderID, Fields.senderID)),
                receiverID: UserID(try Self.require(receiverID, Fields.receiverID)),
                content: try Self.require(content, Fields.content), isRead: isRead,
                createdAt: try Self.require(createdAt, Fields.createdAt), senderName: senderName,
                receiverName: receiverName, tempID: tempID, status: status, deliveredAt: deliveredAt,
                readAt: readAt)
        }
    }
}
