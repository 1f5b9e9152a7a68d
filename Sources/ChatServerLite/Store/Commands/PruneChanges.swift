import ChatSQLite
import ChatWire

/// Takes out of the log of changes what is not kept any more, a piece at a time, so that messages need not wait
/// for it.
///
/// The first piece moves the floor, below which cursors are answered with a reset; it costs the same however
/// much there is. The others delete, user by user.
struct PruneChanges: StoreCommand {
    let retention: ChangeRetention
    /// Where to go on; nil for the first piece.
    var position: UserID?

    /// Where the next piece begins; nil when all is done.
    typealias Outcome = UserID?

    /// How many entries one piece deletes, and how many users it looks at.
    static let entriesMax = 1000
    static let usersMax = 200

    func apply(in context: WriteContext) throws(StoreError) -> UserID? {
        try storing { () throws(SQLiteError) in
            guard let position else {
                try moveFloor(in: context)
                return UserID(0)
            }
            return try delete(from: position, in: context.tables)
        }
    }

    private func moveFloor(in context: WriteContext) throws(SQLiteError) {
        let tables = context.tables
        let now = context.now
        try tables.markChangeLog(at: now, sequence: context.sequence, interval: retention.markInterval)
        var floor = max(try tables.state("change_floor"), context.sequence - retention.entries)
        if let age = retention.age {
            let limit = Timestamp(microseconds: now.microseconds - age.nanoseconds / 1000)
            floor = max(floor, try tables.changeLogMark(before: limit) ?? floor)
        }
        try tables.setState("change_floor", floor)
        // What is behind the floor may not have been filed yet.
        try context.fileRecentChanges()
        try tables.deleteChangeLogMarks(below: floor)
    }

    private func delete(from first: UserID, in tables: ChatTables) throws(SQLiteError) -> UserID? {
        let floor = try tables.state("change_floor")
        var user = first
        var rest = Self.entriesMax
        for _ in 0..<Self.usersMax {
            guard let found = try tables.userWithChanges(from: user) else { return nil }
            user = found
            rest -= try tables.deleteChanges(of: user, upTo: floor, limit: rest)
            // The same user again: there may be more.
            guard rest > 0 else { return user }
            user = UserID(user.rawValue + 1)
        }
        return user
    }
}

extension ChatTables {
    /// Notes how far the log is at a time, unless that was done not long ago.
    fileprivate func markChangeLog(
        at time: Timestamp, sequence: Int64, interval: Duration
    ) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO change_marks(at, seq) SELECT ?1, ?2
            WHERE NOT EXISTS (SELECT 1 FROM change_marks WHERE at > ?1 - ?3 OR seq >= ?2)
            """, time.microseconds, sequence, interval.nanoseconds / 1000)
    }

    /// How far the log was at `time` or before; nil when that is not known.
    fileprivate func changeLogMark(before time: Timestamp) throws(SQLiteError) -> Int64? {
        try database.first(
            "SELECT seq FROM change_marks WHERE at <= ? ORDER BY at DESC LIMIT 1", time.microseconds
        ) { (row: Statement) throws(SQLiteError) in row.int64(0) }
    }

    fileprivate func deleteChangeLogMarks(below floor: Int64) throws(SQLiteError) {
        try database.run("DELETE FROM change_marks WHERE seq < ?", floor)
    }

    /// The first user from `user` on who has entries.
    fileprivate func userWithChanges(from user: UserID) throws(SQLiteError) -> UserID? {
        try database.first(
            "SELECT user_id FROM changes WHERE user_id >= ? ORDER BY user_id LIMIT 1", user.rawValue
        ) { (row: Statement) throws(SQLiteError) in UserID(row.int64(0)) }
    }

    /// - Returns: how many there were.
    fileprivate func deleteChanges(of user: UserID, upTo floor: Int64, limit: Int) throws(SQLiteError) -> Int
    {
        try database.run(
            """
            DELETE FROM changes WHERE (user_id, seq) IN (
                SELECT user_id, seq FROM changes WHERE user_id = ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)
            """, user.rawValue, floor, limit)
        return database.changes
    }
}
