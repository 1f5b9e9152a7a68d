import ChatSQLite
import ChatWire

extension ChatStore {
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
    func timeline(with peer: UserID, _ window: Window, limit: Int) throws(SQLiteError) -> Timeline {
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
                guard let position = try timelineRow(id).flatMap({ $0.peer == peer ? $0.row.position : nil })
                else { break }
                newer = try rows(of: peer, from: position.rawValue, isForward: true, limit: (limit + 1) / 2)
                older = try rows(
                    of: peer, from: position.rawValue - 1, isForward: false, limit: limit - newer.rows.count)
            }
            return try timeline(
                with: peer, older.rows.reversed() + newer.rows, hasOlder: older.hasMore,
                hasNewer: newer.hasMore)
        }
    }

    /// The newest rows, or those before a position.
    func timeline(
        with peer: UserID, before: TimelinePosition?, limit: Int
    ) throws(SQLiteError) -> Timeline {
        try timeline(with: peer, before.map { .before($0) } ?? .newest, limit: limit)
    }

    private func timeline(
        with peer: UserID, _ rows: [TimelineRow], hasOlder: Bool, hasNewer: Bool
    ) throws(SQLiteError) -> Timeline {
        var rows = rows
        let gaps = try gapEdges(of: peer)
        markGaps(gaps, in: &rows)
        let (unread, firstUnread) = try unreadState(of: peer)
        return Timeline(
            peer: peer, rows: rows, hasOlder: hasOlder, hasNewer: hasNewer,
            mayFetchOlder: try mayFetchOlder(of: peer, gaps: gaps), unread: unread,
            firstUnread: firstUnread)
    }

    /// Rows from a position on, in the direction of reading.
    private func rows(
        of peer: UserID, from position: Int64, isForward: Bool, limit: Int
    ) throws(SQLiteError) -> (rows: [TimelineRow], hasMore: Bool) {
        var rows = try database.rows(
            isForward ? Self.rowsForward : Self.rowsBackward, peer.rawValue, position, limit + 1, map: row)
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
            if let found = try rowFrom(firstPosition(of: peer, at: time), of: peer) { return found.row }
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

    /// The position of the first sent row that is not older than a time; beyond all of them when none is.
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

    /// The first sent row from a position on.
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

    /// The first message of the other person that the account has not seen.
    func firstUnread(with peer: UserID) throws(SQLiteError) -> RowID? { try unreadState(of: peer).first }

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

    /// One row by the server's number of it.
    func timelineRow(_ id: MessageID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(Self.rowColumns + "WHERE m.server_id = ?", id.rawValue) {
            (statement: Statement) throws(SQLiteError) in
            (UserID(statement.int64(10)), try self.row(statement))
        }
    }

    static let rowColumns = """
        SELECT m.row_id, m.position, m.server_id, m.temp_id, m.sender_id, m.content, m.created_at, m.state,
            o.state, o.failure, m.peer_id, m.delivered_at, m.read_at, o.hold, m.former
        FROM messages m LEFT JOIN outbox o ON o.row_id = m.row_id

        """

    func row(_ statement: Statement) throws(SQLiteError) -> TimelineRow {
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
            state: rowState(stored: statement.int64(7), outbox: statement.optionalInt64(8)),
            failure: statement.optionalString(9),
            deliveredAt: statement.optionalInt64(11).map { Timestamp(microseconds: $0) },
            readAt: statement.optionalInt64(12).map { Timestamp(microseconds: $0) },
            heldReason: statement.optionalInt64(13).flatMap(HeldReason.init(rawValue:)),
            formerPeer: try former.map { (era) throws(SQLiteError) in
                try formerName(of: UserID(statement.int64(10)), in: era)
            })
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
        return switch StoredState(stored: stored) {
        case .receivedUnread, .receivedRead, nil: .received
        case .sent: .sent
        case .delivered: .delivered
        case .read: .read
        // An unsent row has an outbox row, by foreign key; without one nothing would ever send it.
        case .unsent: .failed
        }
    }

    private func unreadState(of peer: UserID) throws(SQLiteError) -> (count: Int, first: RowID?) {
        let unread = try unreadCounts(of: peer)
        guard unread.all > 0 else { return (0, nil) }
        // Where the server counts fewer than the cache holds, some were read elsewhere: the oldest, as people read.
        let first = try database.first(
            """
            SELECT row_id FROM messages WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?
            ORDER BY position LIMIT 1 OFFSET ?
            """, peer.rawValue, me.rawValue, max(0, -unread.notCached)
        ) { RowID($0.int64(0)) }
        return (unread.all, first)
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
