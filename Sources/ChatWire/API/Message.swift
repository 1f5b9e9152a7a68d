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

    /// Reads a message in any of its forms.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "message")
        id = MessageID(try fields.integer("id"))
        senderID = UserID(try fields.integer("sender_id"))
        receiverID = UserID(try fields.integer("receiver_id"))
        content = try fields.text("content")
        isRead = fields.flag("is_read")
        createdAt = try fields.timestamp("created_at")
        senderName = fields.optionalText("sender_name")
        receiverName = fields.optionalText("receiver_name")
        tempID = fields["temp_id"]?.stringValue.map { TempID($0) }
        status = fields["status"]?.stringValue.flatMap { DeliveryStatus(name: $0) }
        deliveredAt = fields.optionalTimestamp("delivered_at")
        readAt = fields.optionalTimestamp("read_at")
    }

    /// Writes the message. Nil names, statuses and times are omitted, except those that the event form always has.
    /// - Parameter echo: The value of `temp_id` in place of the message's own: the real server returns whatever JSON
    ///   it was sent.
    public func write(to writer: inout JSONWriter, as form: WireForm, echoing echo: JSONValue? = nil) {
        writer.beginObject()
        writeMembers(to: &writer, as: form, echoing: echo)
        writer.endObject()
    }

    /// Writes only the members, for an object that has been begun.
    func writeMembers(to writer: inout JSONWriter, as form: WireForm, echoing echo: JSONValue?) {
        writer.key("id")
        writer.integer(id.rawValue)
        writer.key("sender_id")
        writer.integer(senderID.rawValue)
        writer.key("receiver_id")
        writer.integer(receiverID.rawValue)
        writer.key("content")
        writer.string(content)
        writer.key("is_read")
        writer.flag(isRead, as: form)
        writer.key("created_at")
        writer.timestamp(createdAt, as: form)
        if senderName != nil || form == .event {
            writer.key("sender_name")
            writer.string(senderName)
        }
        if let receiverName {
            writer.key("receiver_name")
            writer.string(receiverName)
        }
        if let echo {
            writer.key("temp_id")
            writer.value(echo)
        } else if tempID != nil || form == .event {
            writer.key("temp_id")
            writer.string(tempID?.rawValue)
        }
        writeStatus(to: &writer, as: form)
    }

    private func writeStatus(to writer: inout JSONWriter, as form: WireForm) {
        if let status {
            writer.key("status")
            writer.string(status.name)
        }
        if let deliveredAt {
            writer.key("delivered_at")
            writer.timestamp(deliveredAt, as: form)
        }
        if let readAt {
            writer.key("read_at")
            writer.timestamp(readAt, as: form)
        }
    }
}
