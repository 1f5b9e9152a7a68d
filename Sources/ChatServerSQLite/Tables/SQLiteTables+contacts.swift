import ChatSQLite
import ChatServerLite
import ChatWire

extension SQLiteTables {
    func contacts(of user: UserID, in order: ContactOrder) throws(SQLiteError) -> [Contact] {
        let columns =
            switch order {
            case .exact: "m.created_at DESC, m.id DESC, c.id"
            case .wholeSeconds: "m.created_at / 1000000 DESC, c.id DESC"
            }
        return try database.rows(
            """
            SELECT c.id, c.contact_user_id, c.contact_name, u.name, u.email, c.created_at,
                   m.content, m.created_at,
                   (SELECT count(*) FROM messages AS n
                    WHERE n.receiver_id = c.user_id AND n.sender_id = c.contact_user_id AND n.is_read = 0)
            FROM contacts AS c
            JOIN users AS u ON u.id = c.contact_user_id
            LEFT JOIN messages AS m ON m.id = (
                SELECT l.id FROM messages AS l
                WHERE min(l.sender_id, l.receiver_id) = min(c.user_id, c.contact_user_id)
                  AND max(l.sender_id, l.receiver_id) = max(c.user_id, c.contact_user_id)
                ORDER BY l.id DESC LIMIT 1)
            WHERE c.user_id = ?
            ORDER BY m.created_at IS NULL, \(columns)
            """, user.rawValue
        ) { (row: Statement) throws(SQLiteError) in
            Contact(
                id: ContactID(row.int64(0)), userID: UserID(row.int64(1)), name: row.string(2),
                userName: row.string(3), userEmail: row.string(4),
                createdAt: Timestamp(microseconds: row.int64(5)), lastMessage: row.optionalString(6),
                lastMessageTime: row.optionalInt64(7).map(Timestamp.init(microseconds:)),
                unreadCount: row.int(8))
        }
    }

    /// The users that a user has as contacts.
    func contactUserIDs(of user: UserID) throws(SQLiteError) -> [UserID] {
        try database.rows("SELECT contact_user_id FROM contacts WHERE user_id = ?", user.rawValue) {
            (row: Statement) throws(SQLiteError) in UserID(row.int64(0))
        }
    }

    /// An entry and the user whose list it belongs to.
    func contact(_ id: ContactID) throws(SQLiteError) -> (owner: UserID, contact: Contact)? {
        try database.first(
            """
            SELECT c.user_id, c.id, c.contact_user_id, c.contact_name, u.name, u.email, c.created_at
            FROM contacts AS c JOIN users AS u ON u.id = c.contact_user_id WHERE c.id = ?
            """, id.rawValue
        ) { (row: Statement) throws(SQLiteError) -> (owner: UserID, contact: Contact) in
            let contact = Contact(
                id: ContactID(row.int64(1)), userID: UserID(row.int64(2)), name: row.string(3),
                userName: row.string(4), userEmail: row.string(5),
                createdAt: Timestamp(microseconds: row.int64(6)))
            return (UserID(row.int64(0)), contact)
        }
    }

    /// - Returns: the id of the new entry; nil when the entry exists already.
    func insertContact(
        of user: UserID, _ contactUser: UserID, name: String, at time: Timestamp
    ) throws(SQLiteError) -> ContactID? {
        try database.run(
            """
            INSERT INTO contacts(user_id, contact_user_id, contact_name, created_at)
            VALUES (?, ?, ?, ?) ON CONFLICT(user_id, contact_user_id) DO NOTHING
            """, user.rawValue, contactUser.rawValue, name, time.microseconds)
        return database.changes == 1 ? ContactID(database.lastInsertedRowID) : nil
    }

    func renameContact(_ id: ContactID, _ name: String) throws(SQLiteError) {
        try database.run("UPDATE contacts SET contact_name = ? WHERE id = ?", name, id.rawValue)
    }

    func deleteContact(_ id: ContactID) throws(SQLiteError) {
        try database.run("DELETE FROM contacts WHERE id = ?", id.rawValue)
    }
}
