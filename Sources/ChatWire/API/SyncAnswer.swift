/// What a server with `Capability.sync` answers.
public enum SyncAnswer: Hashable, Sendable {
    /// The changes that follow the cursor, in order.
    case changes([SyncChange], cursor: String, hasMore: Bool)
    /// The cursor is too old or not known: start again without one.
    case reset

    /// Reads the `data` of the answer.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        if fields.flag("reset") {
            self = .reset
            return
        }
        let changes = try fields.list("changes") { (json) throws(APIError) in try SyncChange(json: json) }
        self = .changes(changes, cursor: try fields.text("cursor"), hasMore: fields.flag("has_more"))
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
