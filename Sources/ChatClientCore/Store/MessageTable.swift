import ChatSQLite
import ChatWire

/// The rows of messages: how they are written and read, and questions about them.
struct MessageTable {
    let database: Database
    let me: UserID
    private var formerPeople: FormerPeople { FormerPeople(database: database) }

    // MARK: Writing

    /// Inserts a message that the server has and the cache lacks.
    ///
    /// - Parameters:
    ///   - tempID: the name that an own message was sent under, if no other row has it.
    ///   - isSentElsewhere: whether another device has sent it.
    func insert(
        _ message: Message, with peer: UserID, tempID: TempID?, state: StoredState, isSentElsewhere: Bool
    ) throws(SQLiteError) {
        let isMine = message.senderID == me
        try database.run(
            """
            INSERT INTO messages
                (peer_id, position, server_id, sender_id, temp_id, content, created_at, state,
                    delivered_at, read_at, sent_elsewhere)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, peer.rawValue, message.id.rawValue, message.id.rawValue, message.senderID.rawValue,
            tempID?.rawValue, message.content, message.createdAt.microseconds, state.rawValue,
            isMine ? message.deliveredAt?.microseconds : nil, isMine ? message.readAt?.microseconds : nil,
            isSentElsewhere)
    }

    /// Turns an unsent row into the server's message. The row keeps its identity.
    func confirm(
        _ row: RowID, as message: Message, with peer: UserID, state: StoredState
    ) throws(SQLiteError) {
        try database.run(
            """
            UPDATE messages
            SET server_id = ?, position = ?, peer_id = ?, content = ?, created_at = ?, state = ?,
                former_id = NULL, former = NULL
            WHERE row_id = ?
            """, message.id.rawValue, message.id.rawValue, peer.rawValue, message.content,
            message.createdAt.microseconds, state.rawValue, row.rawValue)
    }

    /// Puts a row of a former history back among the present server's messages.
    func restore(_ row: RowID, as message: Message, state: StoredState) throws(SQLiteError) {
        try database.run(
            """
            UPDATE messages SET server_id = ?1, position = ?1, former_id = NULL, former = NULL, state = ?2,
                created_at = ?3, delivered_at = NULL, read_at = NULL
            WHERE row_id = ?4
            """, message.id.rawValue, state.rawValue, message.createdAt.microseconds, row.rawValue)
    }

    /// The columns that a message takes along into another cache, beside its ids, text and state.
    static let inheritedColumns = "delivered_at, read_at, sent_elsewhere"

    func setState(_ row: RowID, _ state: StoredState) throws(SQLiteError) {
        try database.run("UPDATE messages SET state = ? WHERE row_id = ?", state.rawValue, row.rawValue)
    }

    /// Stores the times of delivery and reading that the server reports for an own message.
    ///
    /// - Returns: whether a stored time has changed.
    func setTimes(of message: Message, with peer: UserID) throws(SQLiteError) -> Bool {
        try database.run(
            """
            UPDATE messages SET delivered_at = coalesce(?1, delivered_at), read_at = coalesce(?2, read_at)
            WHERE server_id = ?3 AND peer_id = ?4
                AND (delivered_at IS NOT coalesce(?1, delivered_at) OR read_at IS NOT coalesce(?2, read_at))
            """, message.deliveredAt?.microseconds, message.readAt?.microseconds, message.id.rawValue,
            peer.rawValue)
        return database.changes > 0
    }

    /// Deletes a row, and with it its row in the outbox.
    func delete(_ row: RowID) throws(SQLiteError) {
        try database.run("DELETE FROM messages WHERE row_id = ?", row.rawValue)
    }

    // MARK: Reading rows for the screen

    /// The columns of a row, with those of its row in the outbox, if it has one.
    enum Column: Int32, SelectedColumn {
        case row, peer, position, serverID, tempID, sender, content, time, state, deliveredAt, readAt, former
        case outboxState, failure, hold

        var sql: String {
            switch self {
            case .row: "m.row_id"
            case .peer: "m.peer_id"
            case .position: "m.position"
            case .serverID: "m.server_id"
            case .tempID: "m.temp_id"
            case .sender: "m.sender_id"
            case .content: "m.content"
            case .time: "m.created_at"
            case .state: "m.state"
            case .deliveredAt: "m.delivered_at"
            case .readAt: "m.read_at"
            case .former: "m.former"
            case .outboxState: "o.state"
            case .failure: "o.failure"
            case .hold: "o.hold"
            }
        }
    }

    /// The beginning of a query for rows. A condition on `m` (messages) or `o` (outbox) follows.
    static let selection =
        "SELECT \(Column.selection) FROM messages m LEFT JOIN outbox o ON o.row_id = m.row_id "

    /// A row with its conversation, from a query that begins with ``selection``.
    func decode(_ statement: Statement) throws(SQLiteError) -> (peer: UserID, row: TimelineRow) {
        let row = SelectedRow<Column>(statement)
        let peer = row.user(.peer)
        let sender = row.user(.sender)
        let shown = TimelineRow(
            id: RowID(row.int64(.row)),
            position: TimelinePosition(row.int64(.position)),
            messageID: row.optionalInt64(.serverID).map { MessageID($0) },
            tempID: row.optionalString(.tempID).map { TempID($0) },
            senderID: sender,
            isMine: sender == me,
            content: row.string(.content),
            time: Timestamp(microseconds: row.int64(.time)),
            state: RowState(stored: row.int64(.state), outbox: row.optionalInt64(.outboxState)),
            failure: row.optionalString(.failure),
            deliveredAt: row.time(.deliveredAt),
            readAt: row.time(.readAt),
            heldReason: row.optionalInt64(.hold).flatMap(HeldReason.init(rawValue:)),
            formerPeer: try row.optionalInt64(.former).map { (era) throws(SQLiteError) in
                try formerPeople.name(of: peer, in: era)
            })
        return (peer, shown)
    }

    // MARK: The newest

    /// The highest server id in the cache, or 0.
    func newestID() throws(SQLiteError) -> MessageID {
        MessageID(try database.first("SELECT max(server_id) FROM messages") { $0.int64(0) } ?? 0)
    }

    /// The highest id in a conversation that is not above `last`; nil when the server has sent none.
    func newestSentID(with peer: UserID, upTo last: MessageID? = nil) throws(SQLiteError) -> MessageID? {
        let end = TimelinePosition.firstUnsent - 1
        let newest = try database.first(
            "SELECT max(position) FROM messages WHERE peer_id = ? AND position BETWEEN 1 AND ?",
            peer.rawValue, min(last?.rawValue ?? end, end)
        ) { $0.optionalInt64(0) }
        return (newest ?? nil).map { MessageID($0) }
    }

    /// The position of the newest message that `sender` has sent in a conversation; 0 when there is none.
    func newestSentID(in peer: UserID, by sender: UserID) throws(SQLiteError) -> Int64 {
        try database.first(
            """
            SELECT position FROM messages WHERE peer_id = ? AND position < ? AND sender_id = ?
            ORDER BY position DESC LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent, sender.rawValue
        ) { $0.int64(0) } ?? 0
    }

    /// The newest sent message of a conversation.
    func newestSent(with peer: UserID) throws(SQLiteError) -> (content: String, time: Timestamp)? {
        try database.first(
            """
            SELECT content, created_at FROM messages WHERE peer_id = ? AND position > 0 AND position < ?
            ORDER BY position DESC LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent
        ) { ($0.string(0), Timestamp(microseconds: $0.int64(1))) }
    }

    /// Whether the newest sent message of a conversation is the account's own.
    func isNewestOwn(with peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT sender_id = ? FROM messages WHERE peer_id = ? AND position > 0 AND position < ?
            ORDER BY position DESC LIMIT 1
            """, me.rawValue, peer.rawValue, TimelinePosition.firstUnsent
        ) { $0.bool(0) } ?? false
    }

    // MARK: Single messages

    /// Those of `page` that are known to have been sent from this device, so that no other unsent message can be them.
    func confirmedIDs(among page: [Message]) throws(SQLiteError) -> Set<MessageID> {
        var ids: Set<MessageID> = []
        for message in page where message.senderID == me {
            let isOurs = try database.first(
                "SELECT temp_id IS NOT NULL FROM messages WHERE server_id = ?", message.id.rawValue
            ) { $0.bool(0) }
            if isOurs == true { ids.insert(message.id) }
        }
        return ids
    }

    /// The other person of a message. Nil when the message does not belong to the account, or when its id is not one
    /// that a server can give.
    func peer(of message: Message) -> UserID? {
        guard message.id.rawValue > 0, message.id.rawValue < TimelinePosition.firstUnsent else { return nil }
        if message.senderID == me { return message.receiverID }
        return message.receiverID == me ? message.senderID : nil
    }

    /// What the ingest needs to know of a stored message.
    struct StoredRow {
        let row: RowID
        let peer: UserID
        let state: StoredState
    }

    /// The stored message with a server id; nil when the cache does not hold it.
    func storedRow(_ id: MessageID) throws(SQLiteError) -> StoredRow? {
        try database.first(
            "SELECT row_id, peer_id, state FROM messages WHERE server_id = ?", id.rawValue
        ) {
            StoredRow(
                row: RowID($0.int64(0)), peer: UserID($0.int64(1)),
                state: StoredState(rawValue: $0.int64(2)) ?? .receivedUnread)
        }
    }

    /// The highest id on a page that the cache holds already.
    func newestKnown(among page: [Message]) throws(SQLiteError) -> MessageID? {
        var newest: MessageID?
        for message in page where try storedRow(message.id) != nil {
            newest = max(newest ?? message.id, message.id)
        }
        return newest
    }

    // MARK: Positions

    /// The first sent row at or after a position.
    func rowFrom(
        _ position: Int64, of peer: UserID
    ) throws(SQLiteError) -> (row: RowID, position: Int64, time: Int64)? {
        try database.first(
            """
            SELECT row_id, position, created_at FROM messages
            WHERE peer_id = ? AND position >= ? AND position < ? ORDER BY position LIMIT 1
            """, peer.rawValue, position, TimelinePosition.firstUnsent
        ) { (RowID($0.int64(0)), $0.int64(1), $0.int64(2)) }
    }

    /// The position of the first sent row that is not older than a time. When all are older, the position after the
    /// last.
    ///
    /// Ids rise with time, so a binary search over the ids finds the place without an index of times.
    func firstPosition(of peer: UserID, at time: Timestamp) throws(SQLiteError) -> Int64 {
        var low: Int64 = 0
        let newest = try newestPosition(of: peer)
        var high = newest
        while low < high {
            let middle = low + (high - low) / 2
            guard let next = try rowFrom(middle, of: peer), next.position <= high else {
                high = middle
                continue
            }
            if next.time < time.microseconds { low = next.position + 1 } else { high = middle }
        }
        if let found = try rowFrom(low, of: peer), found.time >= time.microseconds { return found.position }
        return newest + 1
    }

    private func newestPosition(of peer: UserID) throws(SQLiteError) -> Int64 {
        try database.first(
            "SELECT max(position) FROM messages WHERE peer_id = ? AND position < ?", peer.rawValue,
            TimelinePosition.firstUnsent
        ) { $0.int64(0) } ?? 0
    }
}
