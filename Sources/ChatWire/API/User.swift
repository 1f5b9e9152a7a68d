/// Somebody with an account, as the server tells it to its owner.
public struct User: Hashable, Sendable {
    public var id: UserID
    public var name: String
    public var email: String
    public var createdAt: Timestamp?
    public var updatedAt: Timestamp?

    public init(
        id: UserID, name: String, email: String, createdAt: Timestamp? = nil, updatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "user")
        id = UserID(try fields.integer("id"))
        name = try fields.text("name")
        email = try fields.text("email")
        createdAt = fields.optionalTimestamp("created_at")
        updatedAt = fields.optionalTimestamp("updated_at")
    }

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
