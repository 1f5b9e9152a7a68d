/// A sign-in of the account, as the list of sessions shows it.
public struct UserSession: Hashable, Sendable {
    /// The session's number.
    public var id: SessionID
    /// Whether the token of the request is of this session.
    public var isCurrent: Bool
    /// When the account signed in.
    public var createdAt: Timestamp
    /// When the session was last used, to a minute.
    public var lastSeenAt: Timestamp
    /// When the session ends by itself, unless its token is renewed.
    public var expiresAt: Timestamp
    /// The address that it was last used from; empty when the server does not know.
    public var address: String
    /// What the client calls itself; empty when it says nothing. It comes from the client: do not trust it.
    public var agent: String

    /// A session; the parameters are the properties of the same names.
    public init(
        id: SessionID, isCurrent: Bool, createdAt: Timestamp, lastSeenAt: Timestamp, expiresAt: Timestamp,
        address: String, agent: String
    ) {
        self.id = id
        self.isCurrent = isCurrent
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.address = address
        self.agent = agent
    }
}

extension UserSession: WireObject {
    private enum Fields {
        static let id = Field<SessionID>("id", "The session's number.")
        static let isCurrent = Field<Bool>(
            "is_current", "Whether the token of the request is of this session.")
        static let createdAt = Field<Timestamp>("created_at", "When the account signed in.")
        static let lastSeenAt = Field<Timestamp>(
            "last_seen_at", "When the session was last used, to a minute.")
        static let expiresAt = Field<Timestamp>(
            "expires_at", "When the session ends by itself, unless its token is renewed.")
        static let address = Field<String>(
            "address", "The address that it was last used from; may be empty.", isRequired: false)
        static let agent = Field<String>(
            "agent", "What the client calls itself, at most 120 Unicode scalars; may be empty.",
            isRequired: false)
    }

    public static var members: [FieldDescription] {
        [
            Fields.id.description, Fields.isCurrent.description, Fields.createdAt.description,
            Fields.lastSeenAt.description, Fields.expiresAt.description, Fields.address.description,
            Fields.agent.description,
        ]
    }

    /// Reads an element of the list.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "session")
        id = try fields[Fields.id]
        isCurrent = try fields[Fields.isCurrent]
        createdAt = try fields[Fields.createdAt]
        lastSeenAt = try fields[Fields.lastSeenAt]
        expiresAt = try fields[Fields.expiresAt]
        address = fields.optional(Fields.address) ?? ""
        agent = fields.optional(Fields.agent) ?? ""
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        writer.member(Fields.id, id)
        writer.member(Fields.isCurrent, isCurrent, as: form)
        writer.member(Fields.createdAt, createdAt, as: form)
        writer.member(Fields.lastSeenAt, lastSeenAt, as: form)
        writer.member(Fields.expiresAt, expiresAt, as: form)
        writer.member(Fields.address, address)
        writer.member(Fields.agent, agent)
    }
}
