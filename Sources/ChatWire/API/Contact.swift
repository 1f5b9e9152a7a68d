/// An entry of a person's list of contacts.
public struct Contact: Hashable, Sendable {
    /// The number of the entry, which renaming and removing refer to.
    public var id: ContactID
    /// The user that the entry is about.
    public var userID: UserID
    /// The name that the owner of the list has given.
    public var name: String
    /// The user's own name; the name from the owner of the list when the server omits it.
    public var userName: String
    /// Empty when the server omits it, as in the answer to adding a contact.
    public var userEmail: String
    /// When the entry was made.
    public var createdAt: Timestamp?
    /// The text of the newest message of the conversation, whoever sent it; nil when there is none.
    public var lastMessage: String?
    /// When the newest message was sent.
    public var lastMessageTime: Timestamp?
    /// How many messages of this user the owner of the list has not read.
    public var unreadCount: Int

    /// A contact; the parameters are the properties of the same names.
    public init(
        id: ContactID, userID: UserID, name: String, userName: String, userEmail: String,
        createdAt: Timestamp? = nil, lastMessage: String? = nil, lastMessageTime: Timestamp? = nil,
        unreadCount: Int = 0
    ) {
        self.id = id
        self.userID = userID
        self.name = name
        self.userName = userName
        self.userEmail = userEmail
        self.createdAt = createdAt
        self.lastMessage = lastMessage
        self.lastMessageTime = lastMessageTime
        self.unreadCount = unreadCount
    }

    /// Reads an element of the contact list, or the contact in the answer to adding one. In that answer the entry's
    /// number is called `id`, and `user_id` is the owner of the list.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "contact")
        id = ContactID(try fields.integer(fields["contact_id"] == nil ? "id" : "contact_id"))
        userID = UserID(try fields.integer("contact_user_id"))
        name = try fields.text("contact_name")
        userName = fields.optionalText("user_name") ?? name
        userEmail = fields.optionalText("user_email") ?? ""
        createdAt = fields.optionalTimestamp("created_at")
        lastMessage = fields.optionalText("last_message")
        lastMessageTime = fields.optionalTimestamp("last_message_time")
        unreadCount = fields["unread_count"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0
    }

    /// Writes an element of the contact list.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("contact_id")
        writer.integer(id.rawValue)
        writer.key("contact_user_id")
        writer.integer(userID.rawValue)
        writer.key("contact_name")
        writer.string(name)
        writer.key("user_name")
        writer.string(userName)
        writer.key("user_email")
        writer.string(userEmail)
        writer.key("created_at")
        writer.timestamp(createdAt, as: .list)
        writer.key("last_message")
        writer.string(lastMessage)
        writer.key("last_message_time")
        writer.timestamp(lastMessageTime, as: .list)
        writer.key("unread_count")
        writer.integer(unreadCount)
        writer.endObject()
    }

    /// Writes the contact in the form of the answer to adding it.
    /// - Parameter owner: The owner of the list.
    public func writeAdded(by owner: UserID, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.integer(id.rawValue)
        writer.key("user_id")
        writer.integer(owner.rawValue)
        writer.key("contact_user_id")
        writer.integer(userID.rawValue)
        writer.key("contact_name")
        writer.string(name)
        writer.key("created_at")
        writer.timestamp(createdAt, as: .object)
        writer.endObject()
    }
}
