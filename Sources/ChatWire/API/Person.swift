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
}

extension Person: WireObject {
    public enum Fields {
        public static let id = Field<UserID>("id", "The user's number.")
        public static let name = Field<String>("name", "The user's own name.")
        public static let email = Field<String>(
            "email", "The user's address, in searches.", isRequired: false)
    }

    public static var members: [FieldDescription] {
        [Fields.id.description, Fields.name.description, Fields.email.description]
    }

    /// Reads `{id,name}`, with or without `email`.
    public init(json: JSONValue) throws(APIError) {
        self = try Parts.read(json)
    }

    /// Writes `{id,name}`, and `email` when it is known.
    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.id, id)
        writer.member(Fields.name, name)
        writer.member(Fields.email, ifPresent: email)
    }

    struct Parts: ObjectParts {
        private var id: Int64?
        private var name: String?
        private var email: String?

        static let name: StaticString = "person"

        mutating func read<Source: LenientSource>(
            _ key: some MemberKey, from source: inout Source
        ) throws(Source.Failure) {
            if key == Fields.id.name {
                id = try source.lenientInteger()
            } else if key == Fields.name.name {
                name = try source.lenientText()
            } else if key == Fields.email.name {
                email = try source.lenientText()
            } else {
                try source.skipValue()
            }
        }

        func whole() throws(APIError) -> Person {
            Person(
                id: UserID(try Self.require(id, Fields.id)), name: try Self.require(name, Fields.name),
                email: email)
        }
    }
}
