import ChatSQLite
import ChatServerLite
import ChatWire

private let messageColumns = """
    id, sender_id, receiver_id, content, is_read, created_at, temp_id, delivered_at, read_at
    """

extension SQLiteTables {
    /// Reads the columns above. The state is always known here.
    private static func message(_ row: Statement) -> Message {
        let isRead = row.bool(4)
        let deliveredAt = row.optionalInt64(7).map(Timestamp.init(microseconds:))
        return Message(
            id: MessageID(row.int64(0)), senderID: UserID(row.int64(1)), receiverID: UserID(row.int64(2)),
            content: row.string(3), isRead: isRead, createdAt: Timestamp(microseconds: row.int64(5)),
            tempID: row.optionalString(6).map { TempID($0) },
            status: isRead ? .read : deliveredAt == nil ? .sent : .delivered,
            deliveredAt: deliveredAt, readAt: row.optionalInt64(8).map(Timestamp.init(microseconds:)))
    }

    func message(_ id: MessageID) throws(SQLiteError) -> Message? {
        let statement = try database.prepare("SELECT \(messageColumns) FROM messages WHERE id = ?")
        try statement.bind(id.rawValue, at: 1)
        return try statement.first { (row: Statement) throws(SQLiteError) in Self.message(row) }
    }

    /// The message to which its sender gave `tempID`.
    func message(from sender: UserID, tempID: TempID) throws(SQLiteError) -> Message? {
        let statement = try database.prepare(
            "SELECT \(messageColumns) FROM messages WHERE sender_id = ? AND temp_id = ?")
        try statement.bind(sender.rawValue, at: 1)
        try statement.bind(tempID.rawValue, at: 2)
        return try statement.first { (row: Statement) throws(SQLiteError) in Self.message(row) }
    }

    /// Messages of a conversation, newest first.
    func conversation(_ pair: UserPair, _ page: ConversationPage) throws(SQLiteError) -> [Message] {
        guard page.limit > 0 else { return [] }
        let order = page.after == nil ? "DESC" : "ASC"
        let rows = try database.rows(
            """
            SELECT \(messageColumns) FROM messages
            WHERE min(sender_id, receiver_id) = ? AND max(sender_id, receiver_id) = ?
              AND id < ? AND id > ?
            ORDER BY id \(order) LIMIT ?
            """, pair.lower.rawValue, pair.higher.rawValue, page.before?.rawValue ?? .max,
            page.after?.rawValue ?? -1, page.limit
        ) { (row: Statement) throws(SQLiteError) in Self.message(row) }
        return page.after == nil ? rows : rows.reversed()
    }

    /// The most ids that one page of a user's messages looks at: no index has them by user.
    private static var scannedMax: Int64 { 50_000 }

    func messages(of user: UserID, after message: MessageID, limit: Int) throws(SQLiteError) -> OwnMessages {
        let newest = try newestMessage()
        let end = min(newest, message.rawValue + Self.scannedMax)
        // The signs keep SQLite from sorting what other indexes find.
        let found = try database.rows(
            """
            SELECT \(messageColumns) FROM messages
            WHERE id > ?1 AND id <= ?2 AND (+sender_id = ?3 OR +receiver_id = ?3) ORDER BY id LIMIT ?4
            """, message.rawValue, end, user.rawValue, limit
        ) { (row: Statement) throws(SQLiteError) in Self.message(row) }
        if found.count == limit { return OwnMessages(messages: found, next: found.last?.id) }
        return OwnMessages(messages: found, next: end < newest ? MessageID(end) : nil)
    }

    /// The newest unread message from `sender` to `receiver`; nil when all are read.
    func newestUnread(from sender: UserID, to receiver: UserID) throws(SQLiteError) -> MessageID? {
        try database.first(
            "SELECT max(id) FROM messages WHERE receiver_id = ? AND sender_id = ? AND is_read = 0",
            receiver.rawValue, sender.rawValue
        ) { (row: Statement) throws(SQLiteError) in row.optionalInt64(0).map(MessageID.init) } ?? nil
    }

    /// The number of unread messages of `receiver`, by sender.
    func unreadCounts(of receiver: UserID) throws(SQLiteError) -> [(sender: UserID, count: Int)] {
        try database.rows(
            """
            SELECT sender_id, count(*) FROM messages
            WHERE receiver_id = ? AND is_read = 0 GROUP BY sender_id
            """, receiver.rawValue
        ) { (row: Statement) throws(SQLiteError) in (UserID(row.int64(0)), row.int(1)) }
    }

    /// - Returns: the new id; nil when the sender has already used `tempID`.
    func insertMessageRow(
        from sender: UserID, to receiver: UserID, content: String, tempID: TempID?, at time: Timestamp
    ) throws(SQLiteError) -> MessageID? {
        let statement = try database.prepare(
            literal: """
                INSERT INTO messages(sender_id, receiver_id, content, temp_id, created_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT(sender_id, temp_id) WHERE temp_id IS NOT NULL DO NOTHING
                """
        )
        try statement.bind(sender.rawValue, at: 1)
        try statement.bind(receiver.rawValue, at: 2)
        try statement.bind(content, at: 3)
        if let tempID { try statement.bind(tempID.rawValue, at: 4) }
        try statement.bind(time.microseconds, at: 5)
        try statement.run()
        return database.changes == 1 ? MessageID(database.lastInsertedRowID) : nil
    }

    /// Marks the messages from `sender` to `reader` up to `last` as read, and as delivered if they were not.
    ///
    /// - Returns: how many messages were unread.
    func markRead(
        by reader: UserID, from sender: UserID, upTo last: MessageID, at time: Timestamp
    ) throws(SQLiteError) -> Int {
        try database.run(
            """
            UPDATE messages SET is_read = 1, read_at = ?1, delivered_at = coalesce(delivered_at, ?1)
            WHERE receiver_id = ?2 AND sender_id = ?3 AND is_read = 0 AND id <= ?4
            """, time.microseconds, reader.rawValue, sender.rawValue, last.rawValue)
        return database.changes
    }

    func markDelivered(_ id: MessageID, at time: Timestamp) throws(SQLiteError) {
        try database.run(
            "UPDATE messages SET delivered_at = ? WHERE id = ? AND delivered_at IS NULL", time.microseconds,
            id.rawValue)
    }

    func deleteMessage(_ id: MessageID) throws(SQLiteError) {
        try database.run("DELETE FROM messages WHERE id = ?", id.rawValue)
    }

    /// The highest message id of a conversation; nil when it has no messages.
    func newestMessage(of pair: UserPair) throws(SQLiteError) -> MessageID? {
        try database.first(
            """
            SELECT max(id) FROM messages
            WHERE min(sender_id, receiver_id) = ? AND max(sender_id, receiver_id) = ?
            """, pair.lower.rawValue, pair.higher.rawValue
        ) { (row: Statement) throws(SQLiteError) in row.optionalInt64(0).map(MessageID.init) } ?? nil
    }

    /// Deletes the oldest messages of a conversation: at most `limit`, and none after `last`.
    ///
    /// - Returns: how many messages were deleted.
    func deleteConversation(
        _ pair: UserPair, upTo last: MessageID, limit: Int
    ) throws(SQLiteError) -> Int {
        try database.run(
            """
            DELETE FROM messages WHERE id IN (
                SELECT id FROM messages
                WHERE min(sender_id, receiver_id) = ? AND max(sender_id, receiver_id) = ? AND id <= ?
                ORDER BY id LIMIT ?)
            """, pair.lower.rawValue, pair.higher.rawValue, last.rawValue, limit)
        return database.changes
    }

    /// The highest id that any message ever had, even a deleted one; 0 when there was none.
    func newestMessage() throws(SQLiteError) -> Int64 {
        try database.first("SELECT seq FROM sqlite_sequence WHERE name = 'messages'") {
            (row: Statement) throws(SQLiteError) in row.int64(0)
        } ?? 0
    }

    /// Gives new messages ids above `number`. The caller opens the transaction.
    func numberMessages(above number: Int64) throws(SQLiteError) {
        guard try newestMessage() < number else { return }
        try database.run("DELETE FROM sqlite_sequence WHERE name = 'messages'")
        try database.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('messages', ?)", number)
    }
}
