/// Another user, as searches and events show them. Events omit the address.
public struct Person: Hashable, Sendable {
    /// The user's number.
    public var id: UserID
    /// The user's own name.
    public var name: String
    /// The address, which only searches return.
    public var email: String?

    public init(id: UserID, name: String, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }

    /// Reads `{id,name}`, with or without `email`.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "person")
        id = UserID(try fields.integer("id"))
        name = try fields.text("name")
        email = fields.optionalText("email")
    }

    /// Writes `{id,name}`, and `email` when it is known.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.integer(id.rawValue)
        writer.key("name")
        writer.string(name)
        if let email {
            writer.key("email")
            writer.string(email)
        }
        writer.endObject()
    }
}
