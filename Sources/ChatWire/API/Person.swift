/// Somebody else, as searches and events show them. Events leave the address out.
public struct Person: Hashable, Sendable {
    public var id: UserID
    public var name: String
    public var email: String?

    public init(id: UserID, name: String, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }

    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "person")
        id = UserID(try fields.integer("id"))
        name = try fields.text("name")
        email = fields.optionalText("email")
    }

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
