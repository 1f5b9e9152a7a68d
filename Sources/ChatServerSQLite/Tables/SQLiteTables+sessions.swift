import ChatSQLite
import ChatServerLite
import ChatWire

extension SQLiteTables {
    func sessions(of user: UserID, at time: Timestamp) throws(SQLiteError) -> [StoredSession] {
        try database.rows(
            """
            SELECT id, created_at, last_seen_at, expires_at, address, agent FROM sessions
            WHERE user_id = ? AND ended_at IS NULL AND expires_at > ?
            ORDER BY last_seen_at DESC, created_at DESC, id
            """, user.rawValue, time.microseconds
        ) { (row: Statement) throws(SQLiteError) in
            StoredSession(
                id: SessionID(row.int64(0)), user: user, createdAt: Timestamp(microseconds: row.int64(1)),
                lastSeenAt: Timestamp(microseconds: row.int64(2)),
                expiresAt: Timestamp(microseconds: row.int64(3)), address: row.string(4),
                agent: row.string(5))
        }
    }

    func endedSessions(at time: Timestamp) throws(SQLiteError) -> [EndedSession] {
        try database.rows(
            "SELECT id, expires_at FROM sessions WHERE ended_at IS NOT NULL AND expires_at > ?",
            time.microseconds
        ) { (row: Statement) throws(SQLiteError) in
            EndedSession(id: SessionID(row.int64(0)), expiresAt: Timestamp(microseconds: row.int64(1)))
        }
    }

    func tokenStart(of user: UserID) throws(SQLiteError) -> Timestamp? {
        try database.first("SELECT at FROM token_starts WHERE user_id = ?", user.rawValue) {
            (row: Statement) throws(SQLiteError) in Timestamp(microseconds: row.int64(0))
        }
    }

    @discardableResult
    func saveSession(_ session: StoredSession) throws(SQLiteError) -> Bool {
        try database.run(
            """
            INSERT INTO sessions(id, user_id, created_at, last_seen_at, expires_at, address, agent)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE SET
                last_seen_at = max(last_seen_at, excluded.last_seen_at),
                expires_at = max(expires_at, excluded.expires_at),
                address = iif(excluded.address = '', address, excluded.address),
                agent = iif(excluded.agent = '', agent, excluded.agent)
            WHERE ended_at IS NULL AND user_id = excluded.user_id
            """, session.id.rawValue, session.user.rawValue, session.createdAt.microseconds,
            session.lastSeenAt.microseconds, session.expiresAt.microseconds, session.address, session.agent)
        return database.changes > 0
    }

    func endSession(_ id: SessionID, at time: Timestamp) throws(SQLiteError) {
        try database.run(
            "UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL", time.microseconds,
            id.rawValue)
    }

    func deleteSessions(expiredAt time: Timestamp, limit: Int) throws(SQLiteError) {
        try database.run(
            """
            DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
            """, time.microseconds, limit)
    }

    func setTokenStart(_ time: Timestamp, of user: UserID) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO token_starts(user_id, at) VALUES (?, ?)
            ON CONFLICT(user_id) DO UPDATE SET at = max(at, excluded.at)
            """, user.rawValue, time.microseconds)
    }
}
