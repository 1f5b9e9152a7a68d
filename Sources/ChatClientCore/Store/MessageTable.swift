import ChatSQLite
import ChatWire

/// Questions about stored messages.
struct MessageTable {
    let database: Database
    let me: UserID

    /// The highest server id in the cache, or 0.
    func newestID() throws(SQLiteError) -> MessageID {
        MessageID(try database.first("SELECT max(server_id) FROM messages") { $0.int64(0) } ?? 0)
    }

    /// The highest id in a conversation, of those up to `last`; nil without messages of the server.
    func newestSentID(with peer: UserID, upTo last: MessageID? = nil) throws(SQLiteError) -> MessageID? {
        let end = TimelinePosition.firstUnsent - 1
        let newest = try database.first(
            "SELECT max(position) FROM messages WHERE peer_id = ? AND position BETWEEN 1 AND ?",
            peer.rawValue, min(last?.rawValue ?? end, end)
        ) { $0.optionalInt64(0) }
        return (newest ?? nil).map { MessageID($0) }
    }

    /// The newest position below the unsent rows of a message that a person has sent in a conversation, or 0.
    func newestSentID(in peer: UserID, by sender: UserID) throws(SQLiteError) -> Int64 {
        try database.first(
            """
            SELECT position FROM messages WHERE peer_id = ? AND position < ? AND sender_id = ?
            ORDER BY position DESC LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent, sender.rawValue
        ) { $0.int64(0) } ?? 0
    }

    /// The newest sent message of a conversation.
    func newestSent(with peer: UserID) throws(SQLiteError) -> (content: String, time: Timestamp)? {
        try database.first(
            """
            SELECT content, created_at FROM messages WHERE peer_id = ? AND position > 0 AND position < ?
            ORDER BY position DESC LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent
        ) { ($0.string(0), Timestamp(microseconds: $0.int64(1))) }
    }

    /// Those of `page` that are known to be messages sent from here: no other unsent one can be them.
    func confirmedIDs(among page: [Message]) throws(SQLiteError) -> Set<MessageID> {
        var ids: Set<MessageID> = []
        for message in page where message.senderID == me {
            let isOurs = try database.first(
                "SELECT temp_id IS NOT NULL FROM messages WHERE server_id = ?", message.id.rawValue
            ) { $0.bool(0) }
            if isOurs == true { ids.insert(message.id) }
        }
        return ids
    }

    /// The other person of a message; nil when the message is none of the account's, or when its number can
    /// be no server id.
    func peer(of message: Message) -> UserID? {
        guard message.id.rawValue > 0, message.id.rawValue < TimelinePosition.firstUnsent else { return nil }
        if message.senderID == me { return message.receiverID }
        return message.receiverID == me ? message.senderID : nil
    }

    struct StoredRow {
        let row: RowID
        let peer: UserID
        let state: StoredState
    }

    func storedRow(_ id: MessageID) throws(SQLiteError) -> StoredRow? {
        try database.first(
            "SELECT row_id, peer_id, state FROM messages WHERE server_id = ?", id.rawValue
        ) {
            StoredRow(
                row: RowID($0.int64(0)), peer: UserID($0.int64(1)),
                state: StoredState(rawValue: $0.int64(2)) ?? .receivedUnread)
        }
    }

    /// The newest message of a page that the cache holds.
    func newestKnown(among page: [Message]) throws(SQLiteError) -> MessageID? {
        var newest: MessageID?
        for message in page where try storedRow(message.id) != nil {
            newest = max(newest ?? message.id, message.id)
        }
        return newest
    }

    // MARK: Positions

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
}
