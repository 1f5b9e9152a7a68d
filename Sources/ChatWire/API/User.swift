/// A user with an account, as the server shows it to its owner.
public struct User: Hashable, Sendable {
    /// The user's number.
    public var id: UserID
    /// The user's own name.
    public var name: String
    /// The address that the user signs in with, in lower case.
    public var email: String
    /// When the account was created.
    public var createdAt: Timestamp?
    /// When the account was last changed.
    public var updatedAt: Timestamp?

    /// A user; the parameters are the properties of the same names.
    public init(
        id: UserID, name: String, email: String, createdAt: Timestamp? = nil, updatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension User: WireObject {
    private enum Fields {
        static let id = Field<UserID>("id", "The user's number.")
        static let name = Field<String>("name", "The user's own name.")
        static let email = Field<String>("email", "The address that the user signs in with, in lower case.")
        static let createdAt = Field<Timestamp>(
            "created_at", "When the account was created; may be null.", isRequired: false)
        static let updatedAt = Field<Timestamp>(
            "updated_at", "When the account was last changed; may be null.", isRequired: false)
    }

    public static var members: [FieldDescription] {
        [
            Fields.id.description, Fields.name.description, Fields.email.description,
            Fields.createdAt.description, Fields.updatedAt.description,
        ]
    }

    /// Reads a user; the dates may be missing.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "user")
        id = try fields[Fields.id]
        name = try fields[Fields.name]
        email = try fields[Fields.email]
        createdAt = fields.optional(Fields.createdAt)
        updatedAt = fields.optional(Fields.updatedAt)
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.id, id)
        writer.member(Fields.name, name)
        writer.member(Fields.email, email)
        writer.member(Fields.createdAt, createdAt, as: form)
        writer.member(Fields.updatedAt, updatedAt, as: form)
    }
}
