/// The answer of a server with `Capability.sync`.
public enum SyncAnswer: Hashable, Sendable {
    /// The changes that follow the cursor, in order.
    case changes(PartialList<SyncChange>, cursor: String, hasMore: Bool, state: SyncState = SyncState())
    /// The cursor is too old or unknown: start again without one.
    case reset(SyncState = SyncState())

    /// Reads the `data` of the answer.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        let state = SyncState(fields)
        if fields.flag("reset") {
            self = .reset(state)
            return
        }
        // The stream continues after unreadable changes, even when a whole answer is unreadable.
        let values = try fields.require(fields["changes"]?.arrayValue, "changes")
        let changes = PartialList(values, idKey: "seq") { (json) throws(APIError) in
            try SyncChange(json: json)
        }
        self = .changes(
            changes, cursor: try fields.text("cursor"), hasMore: fields.flag("has_more"),
            state: state)
    }

    /// The state of the server's database.
    public var state: SyncState {
        switch self {
        case .changes(_, _, _, let state), .reset(let state): state
        }
    }
}

/// Which database answers a sync, and how far it has progressed.
public struct SyncState: Hashable, Sendable {
    /// Another text means that confirmed data may be gone; nil when the server does not say.
    public var epoch: String?
    /// The highest id that a message ever had in it; nil when the server does not say.
    public var newestID: MessageID?
    /// The cursor belongs to this database and is beyond its end: changes that the server had announced were undone.
    public var isBehindCursor: Bool
    /// No cursor was given, and the changes begin with the first one ever.
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
    /// Rises with each change.
    public var sequence: Int64
    /// The kind of change, as the server calls it.
    public var kind: String
    /// All members of the change, including those two.
    public var members: JSONObject

    /// Reads a change of any kind.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "change")
        sequence = try fields.integer("seq")
        kind = try fields.text("type")
        members = json.objectValue ?? [:]
    }
}
