import ChatSQLite
import ChatWire

extension ChatStore {
    /// A page of a conversation, oldest first: the newest rows, or those before a position.
    ///
    /// Costs what the page holds, however long the conversation is.
    func timeline(
        with peer: UserID, before: TimelinePosition?, limit: Int
    ) throws(SQLiteError) -> Timeline {
        try database.readTransaction { () throws(SQLiteError) in
            let limit = max(0, min(limit, Self.pageLimitMax))
            let bound = before?.rawValue ?? .max
            var rows = try database.rows(
                Self.rowColumns + """
                    WHERE m.peer_id = ? AND m.position < ? AND coalesce(o.is_cancelled, 0) = 0
                    ORDER BY m.position DESC LIMIT ?
                    """,
                peer.rawValue, bound, limit + 1, map: row)
            let hasOlder = rows.count > limit
            if hasOlder { rows.removeLast() }
            rows.reverse()
            let gaps = try gapEdges(of: peer)
            markGaps(gaps, in: &rows)
            let (unread, firstUnread) = try unreadState(of: peer)
            return Timeline(
                peer: peer, rows: rows, hasOlder: hasOlder,
                mayFetchOlder: try mayFetchOlder(of: peer, gaps: gaps), unread: unread,
                firstUnread: rows.contains { $0.id == firstUnread } ? firstUnread : nil)
        }
    }

    /// No screen is higher; a caller's mistake must not load a million rows.
    private static let pageLimitMax = 10_000

    /// The rows of the outbox, in the order of entry.
    func outboxRows() throws(SQLiteError) -> [(peer: UserID, row: TimelineRow)] {
        try database.rows(
            Self.rowColumns + "WHERE o.sequence IS NOT NULL AND o.is_cancelled = 0 ORDER BY o.sequence"
        ) { (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try self.row(statement))
        }
    }

    /// One row by its identity.
    func timelineRow(_ id: RowID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(Self.rowColumns + "WHERE m.row_id = ?", id.rawValue) {
            (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try self.row(statement))
        }
    }

    /// One own row by the name it was sent under.
    func timelineRow(_ tempID: TempID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(
            Self.rowColumns + "WHERE m.sender_id = ? AND m.temp_id = ?", me.rawValue, tempID.rawValue
        ) { (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try self.row(statement))
        }
    }

    static let rowColumns = """
        SELECT m.row_id, m.position, m.server_id, m.temp_id, m.sender_id, m.content, m.created_at, m.state,
            o.state, o.failure, m.peer_id
        FROM messages m LEFT JOIN outbox o ON o.row_id = m.row_id

        """

    func row(_ statement: Statement) throws(SQLiteError) -> TimelineRow {
        let sender = UserID(statement.int64(4))
        return TimelineRow(
            id: RowID(statement.int64(0)),
            position: TimelinePosition(statement.int64(1)),
            messageID: statement.optionalInt64(2).map { MessageID($0) },
            tempID: statement.optionalString(3).map { TempID($0) },
            senderID: sender,
            isMine: sender == me,
            content: statement.string(5),
            time: Timestamp(microseconds: statement.int64(6)),
            state: rowState(stored: statement.int64(7), outbox: statement.optionalInt64(8)),
            failure: statement.optionalString(9))
    }

    /// What both state columns say together.
    func rowState(stored: Int64, outbox: Int64?) -> RowState {
        if let outbox {
            return switch OutboxState(rawValue: outbox) {
            case .queued, nil: .queued
            case .attempted: .unknown
            case .failed: .failed
            case .held: .held
            }
        }
        return switch StoredState(rawValue: stored) {
        case .receivedUnread, .receivedRead, nil: .received
        case .sent: .sent
        case .delivered: .delivered
        case .read: .read
        // An unsent row has an outbox row, by foreign key; without one nothing would ever send it.
        case .unsent: .failed
        }
    }

    private func unreadState(of peer: UserID) throws(SQLiteError) -> (count: Int, first: RowID?) {
        let count =
            try database.first(
                "SELECT unread FROM conversations WHERE peer_id = ?", peer.rawValue
            ) { $0.int(0) } ?? 0
        guard count > 0 else { return (0, nil) }
        let first = try database.first(
            """
            SELECT row_id FROM messages WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?
            ORDER BY position LIMIT 1
            """, peer.rawValue, me.rawValue
        ) { RowID($0.int64(0)) }
        return (count, first)
    }

    private func markGaps(_ gaps: [Gap], in rows: inout [TimelineRow]) {
        for gap in gaps where gap.after > 0 {
            guard let index = rows.firstIndex(where: { $0.position.rawValue >= gap.before }) else { continue }
            // The first row of the page stands for the gap only when it is the very edge.
            if index == 0, rows[0].position.rawValue != gap.before { continue }
            rows[index] = rows[index].withGapAbove()
        }
    }
}

extension TimelineRow {
    func withGapAbove() -> TimelineRow {
        TimelineRow(
            id: id, position: position, messageID: messageID, tempID: tempID, senderID: senderID,
            isMine: isMine, content: content, time: time, state: state, failure: failure, isGapAbove: true)
    }

    func with(state: RowState) -> TimelineRow {
        TimelineRow(
            id: id, position: position, messageID: messageID, tempID: tempID, senderID: senderID,
            isMine: isMine, content: content, time: time, state: state, failure: failure,
            isGapAbove: isGapAbove)
    }
}
