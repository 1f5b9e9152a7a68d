import ChatSQLite
import ChatWire

/// Reads the rows of conversations as the screen shows them.
struct TimelineReader {
    let database: Database
    let me: UserID
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    private var gaps: GapTable { GapTable(database: database) }
    private var formerPeople: FormerPeople { FormerPeople(database: database) }

    /// Which part of a conversation is read.
    enum Window: Equatable {
        case newest
        case before(TimelinePosition)
        case after(TimelinePosition)
        /// The row in the middle.
        case around(RowID)
    }

    /// A page of a conversation, oldest first.
    ///
    /// Costs what the page holds, however long the conversation is. A row that is not of the conversation
    /// has nothing around it.
    func page(with peer: UserID, _ window: Window, limit: Int) throws(SQLiteError) -> Timeline {
        try database.readTransaction { () throws(SQLiteError) in
            let limit = max(0, min(limit, Self.pageLimitMax))
            var older: (rows: [TimelineRow], hasMore: Bool) = ([], false)
            var newer: (rows: [TimelineRow], hasMore: Bool) = ([], false)
            switch window {
            case .newest: older = try rows(of: peer, from: .max, isForward: false, limit: limit)
            case .before(let position):
                older = try rows(
                    of: peer, from: max(position.rawValue, .min + 1) - 1, isForward: false,
                    limit: limit)
                newer.hasMore = try hasRow(of: peer, from: position.rawValue)
            case .after(let position):
                newer = try rows(
                    of: peer, from: min(position.rawValue, .max - 1) + 1, isForward: true, limit: limit)
                older.hasMore = try hasRow(of: peer, upTo: position.rawValue)
            case .around(let id):
                guard let position = try row(id).flatMap({ $0.peer == peer ? $0.row.position : nil })
                else { break }
                newer = try rows(of: peer, from: position.rawValue, isForward: true, limit: (limit + 1) / 2)
                older = try rows(
                    of: peer, from: position.rawValue - 1, isForward: false, limit: limit - newer.rows.count)
            }
            return try page(
                with: peer, older.rows.reversed() + newer.rows, hasOlder: older.hasMore,
                hasNewer: newer.hasMore)
        }
    }

    /// The newest rows, or those before a position.
    func page(
        with peer: UserID, before: TimelinePosition?, limit: Int
    ) throws(SQLiteError) -> Timeline {
        try page(with: peer, before.map { .before($0) } ?? .newest, limit: limit)
    }

    private func page(
        with peer: UserID, _ rows: [TimelineRow], hasOlder: Bool, hasNewer: Bool
    ) throws(SQLiteError) -> Timeline {
        var rows = rows
        let edges = try gaps.edges(of: peer)
        markGaps(edges, in: &rows)
        let (unread, firstUnread) = try unreadCounts.shown(of: peer)
        return Timeline(
            peer: peer, rows: rows, hasOlder: hasOlder, hasNewer: hasNewer,
            mayFetchOlder: try gaps.mayFetchOlder(of: peer, gaps: edges), unread: unread,
            firstUnread: firstUnread)
    }

    /// Rows from a position on, in the direction of reading.
    private func rows(
        of peer: UserID, from position: Int64, isForward: Bool, limit: Int
    ) throws(SQLiteError) -> (rows: [TimelineRow], hasMore: Bool) {
        var rows = try database.rows(
            isForward ? Self.rowsForward : Self.rowsBackward, peer.rawValue, position, limit + 1, map: decode)
        let hasMore = rows.count > limit
        if hasMore { rows.removeLast() }
        return (rows, hasMore)
    }

    private static let rowsForward =
        rowColumns + """
            WHERE m.peer_id = ? AND m.position >= ? AND coalesce(o.is_cancelled, 0) = 0
            ORDER BY m.position LIMIT ?
            """
    private static let rowsBackward =
        rowColumns + """
            WHERE m.peer_id = ? AND m.position <= ? AND coalesce(o.is_cancelled, 0) = 0
            ORDER BY m.position DESC LIMIT ?
            """

    private func hasRow(
        of peer: UserID, from lowest: Int64 = .min, upTo highest: Int64 = .max
    ) throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT EXISTS (SELECT 1 FROM messages m LEFT JOIN outbox o USING (row_id)
                WHERE m.peer_id = ? AND m.position BETWEEN ? AND ? AND coalesce(o.is_cancelled, 0) = 0)
            """, peer.rawValue, lowest, highest
        ) { $0.bool(0) } ?? false
    }

    /// The first row that is not older than a time; the last row when all are; nil without rows.
    ///
    /// The server numbers messages as time passes, so that halving the numbers finds the place: no index of
    /// times is needed.
    func position(with peer: UserID, at time: Timestamp) throws(SQLiteError) -> RowID? {
        try database.readTransaction { () throws(SQLiteError) in
            if let found = try messages.rowFrom(messages.firstPosition(of: peer, at: time), of: peer) {
                return found.row
            }
            let unsent = try database.first(
                """
                SELECT row_id FROM messages WHERE peer_id = ? AND position >= ? AND created_at >= ?
                ORDER BY position LIMIT 1
                """, peer.rawValue, TimelinePosition.firstUnsent, time.microseconds
            ) { RowID($0.int64(0)) }
            if let unsent { return unsent }
            return try database.first(
                "SELECT row_id FROM messages WHERE peer_id = ? ORDER BY position DESC LIMIT 1", peer.rawValue
            ) { RowID($0.int64(0)) }
        }
    }

    /// The first message of the other person that the account has not seen.
    func firstUnread(with peer: UserID) throws(SQLiteError) -> RowID? {
        try unreadCounts.shown(of: peer).first
    }

    /// No screen is higher; a caller's mistake must not load a million rows.
    private static let pageLimitMax = 10_000

    /// The rows of the outbox, in the order of entry.
    func unsent() throws(SQLiteError) -> [(peer: UserID, row: TimelineRow)] {
        try database.rows(
            Self.rowColumns + "WHERE o.sequence IS NOT NULL AND o.is_cancelled = 0 ORDER BY o.sequence"
        ) { (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try decode(statement))
        }
    }

    /// One row by its identity.
    func row(_ id: RowID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(Self.rowColumns + "WHERE m.row_id = ?", id.rawValue) {
            (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try decode(statement))
        }
    }

    /// One own row by the name it was sent under.
    func row(_ tempID: TempID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(
            Self.rowColumns + "WHERE m.sender_id = ? AND m.temp_id = ?", me.rawValue, tempID.rawValue
        ) { (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try decode(statement))
        }
    }

    /// One row by the server's number of it.
    func row(_ id: MessageID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(Self.rowColumns + "WHERE m.server_id = ?", id.rawValue) {
            (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try decode(statement))
        }
    }

    static let rowColumns = """
        SELECT m.row_id, m.position, m.server_id, m.temp_id, m.sender_id, m.content, m.created_at, m.state,
            o.state, o.failure, m.peer_id, m.delivered_at, m.read_at, o.hold, m.former
        FROM messages m LEFT JOIN outbox o ON o.row_id = m.row_id

        """

    func decode(_ statement: Statement) throws(SQLiteError) -> TimelineRow {
        let sender = UserID(statement.int64(4))
        let former = statement.optionalInt64(14)
        return TimelineRow(
            id: RowID(statement.int64(0)),
            position: TimelinePosition(statement.int64(1)),
            messageID: statement.optionalInt64(2).map { MessageID($0) },
            tempID: statement.optionalString(3).map { TempID($0) },
            senderID: sender,
            isMine: sender == me,
            content: statement.string(5),
            time: Timestamp(microseconds: statement.int64(6)),
            state: RowState(stored: statement.int64(7), outbox: statement.optionalInt64(8)),
            failure: statement.optionalString(9),
            deliveredAt: statement.optionalInt64(11).map { Timestamp(microseconds: $0) },
            readAt: statement.optionalInt64(12).map { Timestamp(microseconds: $0) },
            heldReason: statement.optionalInt64(13).flatMap(HeldReason.init(rawValue:)),
            formerPeer: try former.map { (era) throws(SQLiteError) in
                try formerPeople.name(of: UserID(statement.int64(10)), in: era)
            })
    }

    private func markGaps(_ gaps: [Gap], in rows: inout [TimelineRow]) {
        // Between a former server's history and the present beginning there is a line as well.
        let hasFormer = rows.first.map { $0.position.rawValue <= 0 } ?? false
        for gap in gaps where gap.after > 0 || hasFormer {
            guard let index = rows.firstIndex(where: { $0.position.rawValue >= gap.before }) else { continue }
            // The first row of the page stands for the gap only when it is the very edge.
            if index == 0, rows[0].position.rawValue != gap.before { continue }
            rows[index] = rows[index].withGapAbove()
        }
    }
}

extension TimelineRow {
    func withGapAbove() -> TimelineRow {
        var row = self
        row.isGapAbove = true
        return row
    }

    func with(state: RowState) -> TimelineRow {
        var row = self
        row.state = state
        return row
    }
}
