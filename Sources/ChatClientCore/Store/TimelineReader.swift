import ChatSQLite
import ChatWire

/// Reads conversations in pages, as the screen shows them.
struct TimelineReader {
    let database: Database
    let me: UserID
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    private var gaps: GapTable { GapTable(database: database) }

    /// The part of a conversation to read.
    enum Window: Equatable {
        case newest
        case before(TimelinePosition)
        case after(TimelinePosition)
        /// The rows around this one.
        case around(RowID)
    }

    /// A page of a conversation, oldest first.
    ///
    /// The cost depends on the size of the page, not on the length of the conversation. The page around a row of
    /// another conversation is empty.
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

    /// Rows from a position on, in the order of reading.
    private func rows(
        of peer: UserID, from position: Int64, isForward: Bool, limit: Int
    ) throws(SQLiteError) -> (rows: [TimelineRow], hasMore: Bool) {
        var rows = try database.rows(
            isForward ? Self.rowsForward : Self.rowsBackward, peer.rawValue, position, limit + 1
        ) { (statement: Statement) throws(SQLiteError) in try messages.decode(statement).row }
        let hasMore = rows.count > limit
        if hasMore { rows.removeLast() }
        return (rows, hasMore)
    }

    private static let rowsForward =
        MessageTable.selection + """
            WHERE m.peer_id = ? AND m.position >= ? AND coalesce(o.is_cancelled, 0) = 0
            ORDER BY m.position LIMIT ?
            """
    private static let rowsBackward =
        MessageTable.selection + """
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

    /// The first row that is not older than a time. When all rows are older, the last one; nil without rows.
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

    /// The first message of the other person that this account has not read.
    func firstUnread(with peer: UserID) throws(SQLiteError) -> RowID? {
        try unreadCounts.shown(of: peer).first
    }

    /// The largest page. No screen is higher, and a caller's mistake must not load a million rows.
    private static let pageLimitMax = 10_000

    /// The unsent rows of all conversations, in the order of entry.
    func unsent() throws(SQLiteError) -> [(peer: UserID, row: TimelineRow)] {
        try database.rows(
            MessageTable.selection
                + "WHERE o.sequence IS NOT NULL AND o.is_cancelled = 0 ORDER BY o.sequence",
            map: messages.decode)
    }

    /// The row with an identity.
    func row(_ id: RowID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(
            MessageTable.selection + "WHERE m.row_id = ?", id.rawValue, map: messages.decode)
    }

    /// The own row with a temp_id.
    func row(_ tempID: TempID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(
            MessageTable.selection + "WHERE m.sender_id = ? AND m.temp_id = ?", me.rawValue, tempID.rawValue,
            map: messages.decode)
    }

    /// The row with a server id.
    func row(_ id: MessageID) throws(SQLiteError) -> (peer: UserID, row: TimelineRow)? {
        try database.first(
            MessageTable.selection + "WHERE m.server_id = ?", id.rawValue, map: messages.decode)
    }

    private func markGaps(_ gaps: [Gap], in rows: inout [TimelineRow]) {
        // A former server's history is separated from the present beginning by a line too.
        let hasFormer = rows.first.map { $0.position.rawValue <= 0 } ?? false
        for gap in gaps where gap.after > 0 || hasFormer {
            guard let index = rows.firstIndex(where: { $0.position.rawValue >= gap.before }) else { continue }
            // The first row of the page marks the gap only when it is the edge of the gap.
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
