import ChatSQLite
import ChatServerLite
import ChatWire

extension SQLiteTables {
    func invitation(_ codeHash: [UInt8]) throws(SQLiteError) -> Invitation? {
        try database.first(
            "SELECT expires_at, uses_left FROM invitations WHERE code_hash = ?", codeHash
        ) { (row: Statement) throws(SQLiteError) in
            Invitation(
                codeHash: codeHash, expiresAt: Timestamp(microseconds: row.int64(0)), usesLeft: row.int(1))
        }
    }

    func invitations(validAt time: Timestamp, limit: Int) throws(SQLiteError) -> [Invitation] {
        try database.rows(
            """
            SELECT code_hash, expires_at, uses_left FROM invitations
            WHERE expires_at > ? ORDER BY expires_at, code_hash LIMIT ?
            """, time.microseconds, limit
        ) { (row: Statement) throws(SQLiteError) in
            Invitation(
                codeHash: row.bytes(0), expiresAt: Timestamp(microseconds: row.int64(1)), usesLeft: row.int(2)
            )
        }
    }

    func insertInvitation(_ invitation: Invitation) throws(SQLiteError) {
        try database.run(
            "INSERT INTO invitations(code_hash, expires_at, uses_left) VALUES (?, ?, ?)",
            invitation.codeHash, invitation.expiresAt.microseconds, invitation.usesLeft)
    }

    func useInvitation(_ codeHash: [UInt8]) throws(SQLiteError) {
        try database.run("UPDATE invitations SET uses_left = uses_left - 1 WHERE code_hash = ?", codeHash)
        try database.run("DELETE FROM invitations WHERE code_hash = ? AND uses_left <= 0", codeHash)
    }

    func deleteInvitation(_ codeHash: [UInt8]) throws(SQLiteError) -> Bool {
        try database.run("DELETE FROM invitations WHERE code_hash = ?", codeHash)
        return database.changes > 0
    }

    func deleteInvitations(expiredAt time: Timestamp) throws(SQLiteError) {
        try database.run("DELETE FROM invitations WHERE expires_at <= ?", time.microseconds)
    }
}
