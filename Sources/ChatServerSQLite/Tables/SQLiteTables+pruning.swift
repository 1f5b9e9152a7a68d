import ChatSQLite
import ChatServerLite
import ChatWire

/// How many entries of the change log one piece deletes, and how many users it looks at.
enum PruningPiece {
    static let entriesMax = 1000
    static let usersMax = 200
}

extension SQLiteTables {
    /// Where the change log is to begin from now on. It costs the same however long the log is.
    func changeFloor(
        _ retention: ChangeRetention, at now: Timestamp, sequence: Int64
    ) throws(SQLiteError) -> Int64 {
        try markChangeLog(at: now, sequence: sequence, interval: retention.markInterval)
        let floor = max(try state("change_floor"), sequence - retention.entries)
        guard let age = retention.age else { return floor }
        let limit = Timestamp(microseconds: now.microseconds - age.nanoseconds / 1000)
        return max(floor, try changeLogMark(before: limit) ?? floor)
    }

    /// Deletes one piece of what is below the floor, user by user.
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
            // The same user again: there may be more.
            guard rest > 0 else { return user }
            user = UserID(user.rawValue + 1)
        }
        return user
    }

    /// Notes how far the log is at a time, unless that was done not long ago.
    private func markChangeLog(
        at time: Timestamp, sequence: Int64, interval: Duration
    ) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO change_marks(at, seq) SELECT ?1, ?2
            WHERE NOT EXISTS (SELECT 1 FROM change_marks WHERE at > ?1 - ?3 OR seq >= ?2)
            """, time.microseconds, sequence, interval.nanoseconds / 1000)
    }

    /// How far the log was at `time` or before; nil when that is not known.
    private func changeLogMark(before time: Timestamp) throws(SQLiteError) -> Int64? {
        try database.first(
            "SELECT seq FROM change_marks WHERE at <= ? ORDER BY at DESC LIMIT 1", time.microseconds
        ) { (row: Statement) throws(SQLiteError) in row.int64(0) }
    }

    func deleteChangeLogMarks(below floor: Int64) throws(SQLiteError) {
        try database.run("DELETE FROM change_marks WHERE seq < ?", floor)
    }

    /// The first user from `user` on who has entries.
    private func userWithChanges(from user: UserID) throws(SQLiteError) -> UserID? {
        try database.first(
            "SELECT user_id FROM changes WHERE user_id >= ? ORDER BY user_id LIMIT 1", user.rawValue
        ) { (row: Statement) throws(SQLiteError) in UserID(row.int64(0)) }
    }

    /// - Returns: how many there were.
    private func deleteChanges(of user: UserID, upTo floor: Int64, limit: Int) throws(SQLiteError) -> Int {
        try database.run(
            """
            DELETE FROM changes WHERE (user_id, seq) IN (
                SELECT user_id, seq FROM changes WHERE user_id = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)
            """, user.rawValue, floor, limit)
        return database.changes
    }
}
