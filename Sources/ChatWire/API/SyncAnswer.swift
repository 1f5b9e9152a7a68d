/// The answer of a server with `Capability.sync`.
public enum SyncAnswer: Hashable, Sendable {
    /// The changes that follow the cursor, in order.
    case changes(PartialList<SyncChange>, cursor: String, hasMore: Bool, state: SyncState = SyncState())
    /// The cursor is too old or unknown: start again without one.
    case reset(SyncState = SyncState())

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

}

extension SyncAnswer: WireObject {
    private enum Fields {
        static let changes = Field<PartialList<SyncChange>>(
            "changes", "The changes that follow the cursor, in order.", isRequired: false)
        static let cursor = Field<String>(
            "cursor", "Where the next answer continues.", isRequired: false)
        static let hasMore = Field<Bool>("has_more", "Whether more changes follow.", isRequired: false)
        static let isWhole = Field<Bool>(
            "is_whole", "True when the changes begin with the first one ever.", isRequired: false)
        static let reset = Field<Bool>(
            "reset", "True when the cursor is too old or unknown: start again without one.",
            isRequired: false)
        static let ahead = Field<Bool>(
            "ahead", "True when the cursor is beyond the end: announced changes were undone.",
            isRequired: false)
        static let epoch = Field<String>(
            "epoch", "Identifies the database: another text means that confirmed data may be gone.",
            isRequired: false)
        static let newestID = Field<MessageID>(
            "newest_id", "The highest id that a message ever had in this database.", isRequired: false)
    }

    public static var members: [FieldDescription] {
        [
            Fields.changes.description, Fields.cursor.description, Fields.hasMore.description,
            Fields.isWhole.description, Fields.reset.description, Fields.ahead.description,
            Fields.epoch.description, Fields.newestID.description,
        ]
    }

    /// Reads the `data` of the answer.
    public init(json: JSONValue) throws(APIError) {
        let fields = try JSONFields(json, "data")
        let state = SyncState(
            epoch: fields.optional(Fields.epoch), newestID: fields.optional(Fields.newestID),
            isBehindCursor: fields.optional(Fields.ahead) ?? false,
            isWhole: fields.optional(Fields.isWhole) ?? false)
        if fields.optional(Fields.reset) ?? false {
            self = .reset(state)
            return
        }
        // The stream continues after unreadable changes, even when a whole answer is unreadable.
        let changes = PartialList<SyncChange>(reading: try fields.array(Fields.changes))
        self = .changes(
            changes, cursor: try fields[Fields.cursor], hasMore: fields.optional(Fields.hasMore) ?? false,
            state: state)
    }

    public func writeMembers(to writer: inout JSONWriter, as form: WireForm) {
        switch self {
        case .changes(let changes, let cursor, let hasMore, let state):
            writer.member(Fields.changes, changes, as: form)
            writer.member(Fields.cursor, cursor)
            writer.member(Fields.hasMore, hasMore)
            if state.isWhole { writer.member(Fields.isWhole, true) }
        case .reset(let state):
            writer.member(Fields.reset, true)
            if state.isBehindCursor { writer.member(Fields.ahead, true) }
        }
        writer.member(Fields.epoch, ifPresent: state.epoch)
        writer.member(Fields.newestID, ifPresent: state.newestID)
    }
}
