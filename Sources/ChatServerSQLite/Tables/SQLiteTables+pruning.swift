import ChatSQLite
import ChatServerLite
import ChatWire

/// The maximum number of change log entries that one piece deletes, and of users that it looks at.
enum PruningPiece {
    static let entriesMax = 1000
    static let usersMax = 200
}

extension SQLiteTables {
    /// The new floor of the change log. Its cost does not depend on the log's length.
    func changeFloor(
        _ retention: ChangeRetention, at now: Timestamp, sequence: Int64
    ) throws(SQLiteError) -> Int64 {
        try markChangeLog(at: now, sequence: sequence, interval: retention.markInterval)
        let floor = max(try state("change_floor"), sequence - retention.entries)
        guard let age = retention.age else { return floor }
        let limit = Timestamp(microseconds: now.microseconds - age.nanoseconds / 1000)
        return max(floor, try changeLogMark(before: limit) ?? floor)
    }

    /// Deletes one piece of the entries up to the floor, user by user.
    ///
    /// - Returns: the user to continue with; nil when everything is done.
    func deleteChanges(from first: UserID) throws(SQLiteError) -> UserID? {
        let floor = try state("change_floor")
        var user = first
        var rest = PruningPiece.entriesMax
        for _ in 0..<PruningPiece.usersMax {
            guard let found = try userWithChanges(from: user) else { return nil }
            user = found
            rest -= try deleteChanges(of: user, upTo: floor, limit: rest)
            // The next piece continues with the same user, who may have more.
            guard rest > 0 else { return user }
            user = UserID(user.rawValue + 1)
        }
        return user
    }

    /// Records the position of the log at a time, unless there is a recent record.
    private func markChangeLog(
        at time: Timestamp, sequence: Int64, interval: Duration
    ) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO change_marks(at, seq) SELECT ?1, ?2
            WHERE NOT EXISTS (SELECT 1 FROM change_marks WHERE at > ?1 - ?3 OR seq >= ?2)
            """, time.microseconds, sequence, interval.nanoseconds / 1000)
    }

    /// The last recorded position of the log at or before `time`; nil when there is none.
    private func changeLogMark(before time: Timestamp) throws(SQLiteError) -> Int64? {
        try database.first(
            "SELECT seq FROM change_marks WHERE at <= ? ORDER BY at DESC LIMIT 1", time.microseconds
        ) { (row: Statement) throws(SQLiteError) in row.int64(0) }
    }

    func deleteChangeLogMarks(below floor: Int64) throws(SQLiteError) {
        try database.run("DELETE FROM change_marks WHERE seq < ?", floor)
    }

    /// The first user with entries, from `user` on.
    private func userWithChanges(from user: UserID) throws(SQLiteError) -> UserID? {
        try database.first(
            "SELECT user_id FROM changes WHERE user_id >= ? ORDER BY user_id LIMIT 1", user.rawValue
        ) { (row: Statement) throws(SQLiteError) in UserID(row.int64(0)) }
    }

    /// - Returns: how many entries were deleted.
    private func deleteChanges(of user: UserID, upTo floor: Int64, limit: Int) throws(SQLiteError) -> Int {
        try database.run(
            """
            DELETE FROM changes WHERE (user_id, seq) IN (
                SELECT user_id, seq FROM changes WHERE user_id = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)
            """, user.rawValue, floor, limit)
        return database.changes
    }
}
