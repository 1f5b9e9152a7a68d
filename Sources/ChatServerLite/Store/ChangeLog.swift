import ChatSQLite
import ChatWire

/// What happened, as the log of changes keeps it for one user. Raw values are stored: never renumber them.
enum ChangeKind: Int64, Sendable {
    case messageCreated = 1
    case messageDelivered = 2
    case messagesRead = 3
    case messageDeleted = 4
    case conversationDeleted = 5
    case contactAdded = 6
    case contactRenamed = 7
    case contactRemoved = 8

    /// The word for it in the answer to a sync.
    var name: String {
        switch self {
        case .messageCreated: "message_created"
        case .messageDelivered: "message_delivered"
        case .messagesRead: "messages_read"
        case .messageDeleted: "message_deleted"
        case .conversationDeleted: "conversation_deleted"
        case .contactAdded: "contact_added"
        case .contactRenamed: "contact_renamed"
        case .contactRemoved: "contact_removed"
        }
    }
}

/// One entry of the log of changes.
struct Change: Equatable, Sendable {
    var sequence: Int64
    var kind: ChangeKind
    /// The message, contact entry, or, for reading and deleted conversations, the user who did it.
    var subject: Int64
    /// The other user.
    var peer: UserID
    /// The last message that a reading or a deletion covers.
    var upTo: MessageID?
    var time: Timestamp
}

/// Where a client is in the log: the database's own number, then that of the last change it has seen.
struct SyncCursor: Equatable, Sendable {
    var epoch: Int64
    var sequence: Int64

    init(epoch: Int64, sequence: Int64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = Int64(parts[0], radix: 16), let sequence = Int64(parts[1]),
            epoch >= 0, sequence >= 0
        else { return nil }
        self.init(epoch: epoch, sequence: sequence)
    }

    var text: String { String(epoch, radix: 16) + "." + String(sequence) }
}

extension ChatTables {
    func insertChange(_ change: Change, for user: UserID) throws(SQLiteError) {
        let statement = try database.prepare(
            """
            INSERT INTO changes(user_id, seq, kind, subject_id, peer_id, up_to_id, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        )
        try statement.bind(user.rawValue, at: 1)
        try statement.bind(change.sequence, at: 2)
        try statement.bind(change.kind.rawValue, at: 3)
        try statement.bind(change.subject, at: 4)
        try statement.bind(change.peer.rawValue, at: 5)
        if let upTo = change.upTo { try statement.bind(upTo.rawValue, at: 6) }
        try statement.bind(change.time.microseconds, at: 7)
        try statement.run()
    }

    /// What concerns `user` after `sequence`, in order; entries of kinds that only a newer version knows are
    /// left out.
    func changes(for user: UserID, after sequence: Int64, limit: Int) throws(SQLiteError) -> [Change] {
        try database.rows(
            """
            SELECT seq, kind, subject_id, peer_id, up_to_id, at FROM changes
            WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?
            """, user.rawValue, sequence, limit
        ) { (row: Statement) throws(SQLiteError) -> Change? in
            guard let kind = ChangeKind(rawValue: row.int64(1)) else { return nil }
            return Change(
                sequence: row.int64(0), kind: kind, subject: row.int64(2), peer: UserID(row.int64(3)),
                upTo: row.optionalInt64(4).map(MessageID.init), time: Timestamp(microseconds: row.int64(5)))
        }.compactMap { $0 }
    }
}
