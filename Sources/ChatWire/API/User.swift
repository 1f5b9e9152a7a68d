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

    /// Reads a user; the dates may be missing.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "user")
        id = UserID(try fields.integer("id"))
        name = try fields.text("name")
        email = try fields.text("email")
        createdAt = fields.optionalTimestamp("created_at")
        updatedAt = fields.optionalTimestamp("updated_at")
    }

    /// Writes a user.
    public func write(to writer: inout JSONWriter, as form: WireForm = .object) {
        writer.beginObject()
        writer.key("id")
        writer.integer(id.rawValue)
        writer.key("name")
        writer.string(name)
        writer.key("email")
        writer.string(email)
        writer.key("created_at")
        writer.timestamp(createdAt, as: form)
        writer.key("updated_at")
        writer.timestamp(updatedAt, as: form)
        writer.endObject()
    }
}
