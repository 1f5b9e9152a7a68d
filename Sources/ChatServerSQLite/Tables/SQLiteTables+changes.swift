import ChatSQLite
import ChatServerLite
import ChatWire

/// The change log is in two tables. A change is appended to `recent_changes`, whose end is one page for
/// everyone. In `changes`, which is sorted by user, each entry would be in a page of its own. From time to
/// time the recent changes are moved there, many entries of a user at once. All changes moved are older than
/// all recent ones.
extension SQLiteTables {
    func insertChange(_ change: Change, for audience: ChangeAudience) throws(SQLiteError) {
        let statement = try database.prepare(
            literal: """
                INSERT INTO recent_changes(seq, user_id, both, kind, subject_id, peer_id, up_to_id, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        try statement.bind(change.sequence, at: 1)
        switch audience {
        case .user(let user):
            try statement.bind(user.rawValue, at: 2)
            try statement.bind(0, at: 3)
        case .both(let user):
            try statement.bind(user.rawValue, at: 2)
            try statement.bind(1, at: 3)
        }
        try statement.bind(change.kind.rawValue, at: 4)
        try statement.bind(change.subject, at: 5)
        try statement.bind(change.peer.rawValue, at: 6)
        if let upTo = change.upTo { try statement.bind(upTo.rawValue, at: 7) }
        try statement.bind(change.time.microseconds, at: 8)
        try statement.run()
    }

    func changeLog() throws(SQLiteError) -> ChangeLogExtent {
        ChangeLogExtent(
            epoch: try state("epoch"), floor: try state("change_floor"), end: try state("change_seq"))
    }

    /// The number of rows in `recent_changes`.
    func recentChangeCount() throws(SQLiteError) -> Int {
        try database.first("SELECT count(*) FROM recent_changes") {
            (row: Statement) throws(SQLiteError) in row.int(0)
        } ?? 0
    }

    /// Moves the recent changes into `changes`, sorted by user. The caller opens the transaction.
    func moveRecentChanges() throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO changes(user_id, seq, kind, subject_id, peer_id, up_to_id, at)
            SELECT user_id, seq, kind, subject_id, peer_id, up_to_id, at FROM recent_changes
            UNION ALL
            SELECT peer_id, seq + 1, kind, subject_id, user_id, up_to_id, at FROM recent_changes WHERE both
            ORDER BY 1, 2
            """)
        try database.run("DELETE FROM recent_changes")
    }

    /// The changes after `sequence` that concern `user`, in order, at most `limit`. Kinds that only a newer
    /// version knows are left out.
    func changes(for user: UserID, after sequence: Int64, limit: Int) throws(SQLiteError) -> [Change] {
        let filed = try database.rows(
            """
            SELECT seq, kind, subject_id, peer_id, up_to_id, at FROM changes
            WHERE user_id = ? AND seq > ? ORDER BY seq LIMIT ?
            """, user.rawValue, sequence, limit, map: Self.change)
        guard filed.count < limit else { return filed.compactMap { $0 } }
        // This reads one range of the newest rows, never more than wait to be moved.
        let recent = try database.rows(
            """
            SELECT seq + (user_id <> ?1), kind, subject_id,
                   CASE WHEN user_id = ?1 THEN peer_id ELSE user_id END, up_to_id, at
            FROM recent_changes
            WHERE seq >= ?2 AND (user_id = ?1 OR (both AND peer_id = ?1)) AND seq + (user_id <> ?1) > ?2
            ORDER BY seq LIMIT ?3
            """, user.rawValue, sequence, limit - filed.count, map: Self.change)
        return (filed + recent).compactMap { $0 }
    }

    private static func change(_ row: Statement) throws(SQLiteError) -> Change? {
        guard let kind = ChangeKind(rawValue: row.int64(1)) else { return nil }
        return Change(
            sequence: row.int64(0), kind: kind, subject: row.int64(2), peer: UserID(row.int64(3)),
            upTo: row.optionalInt64(4).map(MessageID.init), time: Timestamp(microseconds: row.int64(5)))
    }
}
