/// What a server with `Capability.sync` answers.
public enum SyncAnswer: Hashable, Sendable {
    /// The changes that follow the cursor, in order.
    case changes(PartialList<SyncChange>, cursor: String, hasMore: Bool, state: SyncState = SyncState())
    /// The cursor is too old or not known: start again without one.
    case reset(SyncState = SyncState())

    /// Reads the `data` of the answer.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        let state = SyncState(fields)
        if fields.flag("reset") {
            self = .reset(state)
            return
        }
        // The stream goes on behind what cannot be read, be it all of an answer.
        let values = try fields.require(fields["changes"]?.arrayValue, "changes")
        let changes = PartialList(values, idKey: "seq") { (json) throws(APIError) in
            try SyncChange(json: json)
        }
        self = .changes(
            changes, cursor: try fields.text("cursor"), hasMore: fields.flag("has_more"),
            state: state)
    }

    /// What the server says of its database.
    public var state: SyncState {
        switch self {
        case .changes(_, _, _, let state), .reset(let state): state
        }
    }
}

/// Which database answers a sync, and how far it has come.
public struct SyncState: Hashable, Sendable {
    /// Another text means that what was confirmed before may be gone; nil when the server does not say.
    public var epoch: String?
    /// The highest id that a message ever had there; nil when the server does not say.
    public var newestID: MessageID?
    /// The cursor is of this database and beyond its end: something that it had told was taken back.
    public var isBehindCursor: Bool
    /// No cursor was given, and the changes begin with the first that there ever was.
    public var isWhole: Bool

    public init(
        epoch: String? = nil, newestID: MessageID? = nil, isBehindCursor: Bool = false, isWhole: Bool = false
    ) {
        self.epoch = epoch
        self.newestID = newestID
        self.isBehindCursor = isBehindCursor
        self.isWhole = isWhole
    }

    init(_ fields: JSONFields) {
        epoch = fields.optionalText("epoch")
        newestID = fields["newest_id"]?.integerValue.map { MessageID($0) }
        isBehindCursor = fields.flag("ahead")
        isWhole = fields.flag("is_whole")
    }
}

/// One change that concerns the user.
public struct SyncChange: Hashable, Sendable {
    /// Rises from change to change.
    public var sequence: Int64
    /// What kind of change it is, in the server's word.
    public var kind: String
    /// All members of the change, those two included.
    public var members: JSONObject

    /// Reads a change, of whatever kind.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "change")
        sequence = try fields.integer("seq")
        kind = try fields.text("type")
        members = json.objectValue ?? [:]
    }
}
