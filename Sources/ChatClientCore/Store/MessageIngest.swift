import ChatSQLite
import ChatWire

/// Puts one message from the server into the cache.
struct MessageIngest {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var deletions: MessageDeletions { MessageDeletions(database: database, me: me) }
    private var unreadCounts: UnreadCountTable { UnreadCountTable(database: database, me: me) }
    private var gaps: GapTable { GapTable(database: database) }
    private var people: PeopleTable { PeopleTable(database: database, me: me) }
    private var former: FormerHistories { FormerHistories(database: database, me: me) }

    /// Finds the row of a message, or makes one, and raises its state to what the message says. A deleted message stays
    /// deleted.
    func ingest(
        _ message: Message, from source: MessageSource, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        guard let peer = messages.peer(of: message) else { return }
        if effects.ensured.insert(peer).inserted { try conversations.ensure(peer) }
        try people.ingestNames(of: message, peer: peer, &effects)
        // A temp_id counts only on own messages: another person could copy one.
        let tempID = message.senderID == me ? confirmedTempID(source) ?? message.tempID : nil
        let waiting = try tempID.flatMap { (id) throws(SQLiteError) in try unsentRow(id) }
        let marks = try marks(of: message.id, in: peer)
        if marks.isDeleted {
            if let waiting { try settle(waiting, peer: peer, &effects) }
        } else if let row = try messages.storedRow(message.id) {
            if let waiting { try merge(waiting, into: row, message, marks, peer: peer, &effects) }
            try raise(row, by: message, marks, peer: peer, &effects)
            try keepTimes(of: message, peer: peer, &effects)
        } else if let waiting {
            try adopt(waiting, as: message, marks, peer: peer, &effects)
            try keepTimes(of: message, peer: peer, &effects)
        } else if let row = try former.row(of: message, with: peer) {
            try former.takeBack(
                row, as: message, isRead: message.id.rawValue <= marks.readTo, peer: peer, &effects)
            try keepTimes(of: message, peer: peer, &effects)
        } else {
            try insert(message, marks, tempID: tempID, peer: peer, from: source, &effects)
        }
        if case .sync = source { try gaps.stream(peer, to: message.id, &effects) }
    }

    private func confirmedTempID(_ source: MessageSource) -> TempID? {
        guard case .confirmation(let tempID) = source else { return nil }
        return tempID
    }

    private struct UnsentRow {
        let tempID: TempID
        let row: RowID
        let isCancelled: Bool
    }

    private func unsentRow(_ tempID: TempID) throws(SQLiteError) -> UnsentRow? {
        try database.first(
            "SELECT row_id, is_cancelled FROM outbox WHERE temp_id = ?", tempID.rawValue
        ) { UnsentRow(tempID: tempID, row: RowID($0.int64(0)), isCancelled: $0.bool(1)) }
    }

    /// What the cache knows about a message before it arrives.
    private struct Marks {
        let isDeleted: Bool
        /// The highest ids that this account has read, the peer has read, and the peer has received.
        let readTo: Int64
        let peerReadTo: Int64
        let peerDeliveredTo: Int64
    }

    private func marks(of id: MessageID, in peer: UserID) throws(SQLiteError) -> Marks {
        try database.first(
            """
            SELECT cleared_to >= ?2 OR EXISTS (SELECT 1 FROM tombstones WHERE server_id = ?2),
                read_to, peer_read_to, peer_delivered_to
            FROM conversations WHERE peer_id = ?1
            """, peer.rawValue, id.rawValue
        ) {
            Marks(
                isDeleted: $0.bool(0), readTo: $0.int64(1), peerReadTo: $0.int64(2),
                peerDeliveredTo: $0.int64(3))
        } ?? Marks(isDeleted: false, readTo: 0, peerReadTo: 0, peerDeliveredTo: 0)
    }

    /// The unsent row becomes the server's message and keeps its identity.
    private func adopt(
        _ waiting: UnsentRow, as message: Message, _ marks: Marks, peer: UserID,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try database.run("DELETE FROM outbox WHERE row_id = ?", waiting.row.rawValue)
        try messages.confirm(waiting.row, as: message, with: peer, state: ownState(of: message, marks))
        effects.confirmed.append(waiting.tempID)
        effects.touch(peer)
        if waiting.isCancelled { try deleteWhenKnown(message.id, row: waiting.row, peer: peer, &effects) }
    }

    /// The message has arrived in another way before its confirmation. The row that the person saw first stays.
    private func merge(
        _ waiting: UnsentRow, into stored: MessageTable.StoredRow, _ message: Message, _ marks: Marks,
        peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try messages.delete(stored.row)
        try adopt(waiting, as: message, marks, peer: peer, &effects)
        try database.run(
            "UPDATE messages SET state = max(state, ?) WHERE row_id = ?", stored.state.rawValue,
            waiting.row.rawValue)
    }

    /// The server had the message, and it has been deleted there since.
    private func settle(
        _ waiting: UnsentRow, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try messages.delete(waiting.row)
        effects.confirmed.append(waiting.tempID)
        effects.touch(peer)
    }

    /// The person took the message back while it was in flight. Now that its id is known, the server can delete it.
    private func deleteWhenKnown(
        _ id: MessageID, row: RowID, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try messages.delete(row)
        try deletions.request(id, with: peer)
        effects.hasPendingDeletions = true
    }

    private func insert(
        _ message: Message, _ marks: Marks, tempID: TempID?, peer: UserID, from source: MessageSource,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let isMine = message.senderID == me
        let state = isMine ? ownState(of: message, marks) : receivedState(of: message, marks)
        try messages.insert(
            message, with: peer, tempID: try freeTempID(tempID), state: state,
            isSentElsewhere: isMine && confirmedTempID(source) == nil)
        effects.added += 1
        if !isMine {
            effects.received.append(
                StoreEffects.Received(row: RowID(database.lastInsertedRowID), message: message))
        }
        if state == .receivedUnread { try unreadCounts.add(peer, isLate: source.isLate) }
        effects.touch(peer)
    }

    /// Nil when another message has the temp_id already. Servers tell such messages apart by their ids, and so does the
    /// cache.
    private func freeTempID(_ tempID: TempID?) throws(SQLiteError) -> TempID? {
        guard let tempID else { return nil }
        let isTaken = try database.first(
            "SELECT 1 FROM messages WHERE sender_id = ? AND temp_id = ?", me.rawValue, tempID.rawValue
        ) { $0.bool(0) }
        return isTaken == true ? nil : tempID
    }

    private func ownState(of message: Message, _ marks: Marks) -> StoredState {
        let told = StoredState(own: message.status, isRead: message.isRead)
        if message.id.rawValue <= marks.peerReadTo { return .read }
        return message.id.rawValue <= marks.peerDeliveredTo && told == .sent ? .delivered : told
    }

    private func receivedState(of message: Message, _ marks: Marks) -> StoredState {
        message.isRead || message.id.rawValue <= marks.readTo ? .receivedRead : .receivedUnread
    }

    /// Raises the state of a stored row to what a copy of the message says. It is never lowered.
    private func raise(
        _ stored: MessageTable.StoredRow, by message: Message, _ marks: Marks, peer: UserID,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        guard stored.peer == peer else { return }
        if message.senderID == me {
            let state = ownState(of: message, marks)
            guard state.rawValue > stored.state.rawValue, stored.state != .unsent else { return }
            try messages.setState(stored.row, state)
            effects.touch(peer)
        } else if message.isRead, stored.state == .receivedUnread {
            try messages.setState(stored.row, .receivedRead)
            try unreadCounts.remove(1, peer)
            effects.touch(peer)
        }
    }

    /// Stores when an own message was delivered and read. What the server says replaces when this device heard of it.
    private func keepTimes(
        of message: Message, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        guard message.senderID == me, message.deliveredAt != nil || message.readAt != nil else { return }
        if try messages.setTimes(of: message, with: peer) { effects.touch(peer) }
    }
}
