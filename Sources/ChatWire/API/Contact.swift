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
    /// The owner of the list; only the answer to adding a contact says so.
    public var ownerID: UserID?

    /// A contact; the parameters are the properties of the same names.
    public init(
        id: ContactID, userID: UserID, name: String, userName: String, userEmail: String,
        createdAt: Timestamp? = nil, lastMessage: String? = nil, lastMessageTime: Timestamp? = nil,
        unreadCount: Int = 0, ownerID: UserID? = nil
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
        self.ownerID = ownerID
    }
}

extension Contact: WireObject {
    private enum Fields {
        static let id = Field<ContactID>("contact_id", "The number of the entry.")
        /// The same in the answer to adding a contact.
        static let addedID = Field<ContactID>("id", "The number of the entry.")
        static let ownerID = Field<UserID>("user_id", "The owner of the list.")
        static let userID = Field<UserID>("contact_user_id", "The user that the entry is about.")
        static let name = Field<String>("contact_name", "The name that the owner of the list has given.")
        static let userName = Field<String>("user_name", "The user's own name.", isRequired: false)
        static let userEmail = Field<String>("user_email", "The user's address.", isRequired: false)
        static let createdAt = Field<Timestamp>("created_at", "When the entry was made.", isRequired: false)
        static let lastMessage = Field<String>(
            "last_message", "The text of the newest message of the conversation, or null.", isRequired: false)
        static let lastMessageTime = Field<Timestamp>(
            "last_message_time", "When the newest message was sent, or null.", isRequired: false)
        static let unreadCount = Field<Int>(
            "unread_count", "How many messages of this user the owner of the list has not read.",
            isRequired: false)
    }

    /// The members of an element of the list.
    public static var members: [FieldDescription] {
        [
            Fields.id.description, Fields.userID.description, Fields.name.description,
            Fields.userName.description, Fields.userEmail.description, Fields.createdAt.description,
            Fields.lastMessage.description, Fields.lastMessageTime.description,
            Fields.unreadCount.description,
        ]
    }

    /// The members of the contact in the answer to adding it.
    public static var addedMembers: [FieldDescription] {
        [
            Fields.addedID.description, Fields.ownerID.description, Fields.userID.description,
            Fields.name.description, Fields.createdAt.description,
        ]
    }

    /// Reads an element of the contact list, or the contact in the answer to adding one.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "contact")
        id = try fields[fields.has(Fields.id) ? Fields.id : Fields.addedID]
        ownerID = fields.optional(Fields.ownerID)
        userID = try fields[Fields.userID]
        name = try fields[Fields.name]
        userName = fields.optional(Fields.userName) ?? name
        userEmail = fields.optional(Fields.userEmail) ?? ""
        createdAt = fields.optional(Fields.createdAt)
        lastMessage = fields.optional(Fields.lastMessage)
        lastMessageTime = fields.optional(Fields.lastMessageTime)
        unreadCount = fields.optional(Fields.unreadCount) ?? 0
    }

    /// Writes an element of the list, or as a single object the contact in the answer to adding it.
    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        guard form == .list else { return writeAddedMembers(to: &writer, as: form) }
        writer.member(Fields.id, id)
        writer.member(Fields.userID, userID)
        writer.member(Fields.name, name)
        writer.member(Fields.userName, userName)
        writer.member(Fields.userEmail, userEmail)
        writer.member(Fields.createdAt, createdAt, as: form)
        writer.member(Fields.lastMessage, lastMessage)
        writer.member(Fields.lastMessageTime, lastMessageTime, as: form)
        writer.member(Fields.unreadCount, unreadCount)
    }

    private func writeAddedMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.addedID, id)
        writer.member(Fields.ownerID, ifPresent: ownerID)
        writer.member(Fields.userID, userID)
        writer.member(Fields.name, name)
        writer.member(Fields.createdAt, createdAt, as: form)
    }
}
