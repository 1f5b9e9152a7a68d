import ChatSQLite
import ChatWire

extension ChatStore {
    /// Puts facts from the server into the cache, all in one commit: the one way in for acknowledgements,
    /// broadcasts, notifications, pages and the stream of changes. Applying a fact again changes nothing.
    ///
    /// - Parameter cursor: the place in the stream of changes that `changes` lead to, kept in the same commit.
    func apply(_ changes: [StoreChange], cursor: String? = nil) throws(SQLiteError) -> StoreEffects {
        try database.transaction { () throws(SQLiteError) in
            var effects = StoreEffects()
            for change in changes { try apply(change, &effects) }
            for peer in effects.timelines.sorted() { try refreshLastRow(peer) }
            if let cursor { try set(.cursor, to: cursor) }
            return effects
        }
    }

    private func apply(_ change: StoreChange, _ effects: inout StoreEffects) throws(SQLiteError) {
        switch change {
        case .message(let message, let source): try ingest(message, from: source, &effects)
        case .page(let page): try ingest(page, &effects)
        case .status(let id, let status): try raise(id, to: status, &effects)
        case .readByPeer(let peer, let id): try markReadByPeer(peer, upTo: id, &effects)
        case .readByMe(let peer, let id): try markReadByMe(peer, upTo: id, &effects)
        case .deleted(let id): try delete(id, &effects)
        case .conversationDeleted(let peer): try deleteConversation(peer, &effects)
        case .person(let person): try ingest(person, &effects)
        case .contacts(let contacts): try replaceContacts(contacts, &effects)
        case .contact(let contact): try ingest(contact, &effects)
        case .contactRemoved(let id): try removeContact(id, &effects)
        case .unread(let counts, let unsettled): try setUnread(counts, unsettled: unsettled, &effects)
        case .lastSeen(let user, let time): try setLastSeen(user, time, &effects)
        }
    }

    // MARK: One message

    private func ingest(
        _ message: Message, from source: MessageSource, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        guard let peer = peer(of: message) else { return }
        try ensureConversation(peer)
        try ingestNames(of: message, peer: peer, &effects)
        // A temp_id counts only on own messages: another person could copy one.
        let tempID = message.senderID == me ? confirmedTempID(source) ?? message.tempID : nil
        let waiting = try tempID.flatMap { (id) throws(SQLiteError) in try unsentRow(id) }
        if try isDeleted(message.id, in: peer) {
            if let waiting { try settle(waiting, peer: peer, &effects) }
        } else if let row = try storedRow(message.id) {
            if let waiting { try merge(waiting, into: row, message, peer: peer, &effects) }
            try raise(row, by: message, peer: peer, &effects)
        } else if let waiting {
            try adopt(waiting, as: message, peer: peer, &effects)
        } else {
            try insert(message, tempID: tempID, peer: peer, from: source, &effects)
        }
        if case .sync = source { try extendContiguous(peer, to: message.id) }
    }

    private func confirmedTempID(_ source: MessageSource) -> TempID? {
        guard case .confirmation(let tempID) = source else { return nil }
        return tempID
    }

    /// The other person of a message; nil when the message is none of the account's, or when its number can
    /// be no server id.
    private func peer(of message: Message) -> UserID? {
        guard message.id.rawValue > 0, message.id.rawValue < TimelinePosition.firstUnsent else { return nil }
        if message.senderID == me { return message.receiverID }
        return message.receiverID == me ? message.senderID : nil
    }

    private struct StoredRow {
        let row: RowID
        let peer: UserID
        let state: StoredState
    }

    private func storedRow(_ id: MessageID) throws(SQLiteError) -> StoredRow? {
        try database.first(
            "SELECT row_id, peer_id, state FROM messages WHERE server_id = ?", id.rawValue
        ) {
            StoredRow(
                row: RowID($0.int64(0)), peer: UserID($0.int64(1)),
                state: StoredState(rawValue: $0.int64(2)) ?? .receivedUnread)
        }
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

    private func isDeleted(_ id: MessageID, in peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT EXISTS (SELECT 1 FROM tombstones WHERE server_id = ?)
                OR EXISTS (SELECT 1 FROM conversations WHERE peer_id = ? AND cleared_to >= ?)
            """, id.rawValue, peer.rawValue, id.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// The unsent row becomes the server's message and keeps its identity.
    private func adopt(
        _ waiting: UnsentRow, as message: Message, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try database.run("DELETE FROM outbox WHERE row_id = ?", waiting.row.rawValue)
        try database.run(
            """
            UPDATE messages SET server_id = ?, position = ?, peer_id = ?, content = ?, created_at = ?, state = ?
            WHERE row_id = ?
            """, message.id.rawValue, message.id.rawValue, peer.rawValue, message.content,
            message.createdAt.microseconds, try ownState(of: message, in: peer).rawValue, waiting.row.rawValue)
        effects.confirmed.append(waiting.tempID)
        effects.touch(peer)
        if waiting.isCancelled { try deleteWhenKnown(message.id, row: waiting.row, peer: peer, &effects) }
    }

    /// The message came on another way before its confirmation: the row that the person saw first stays.
    private func merge(
        _ waiting: UnsentRow, into stored: StoredRow, _ message: Message, peer: UserID,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try database.run("DELETE FROM messages WHERE row_id = ?", stored.row.rawValue)
        try adopt(waiting, as: message, peer: peer, &effects)
        try database.run(
            "UPDATE messages SET state = max(state, ?) WHERE row_id = ?", stored.state.rawValue,
            waiting.row.rawValue)
    }

    /// The server had the message and it is deleted there already.
    private func settle(
        _ waiting: UnsentRow, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try database.run("DELETE FROM messages WHERE row_id = ?", waiting.row.rawValue)
        effects.confirmed.append(waiting.tempID)
        effects.touch(peer)
    }

    private func deleteWhenKnown(
        _ id: MessageID, row: RowID, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try database.run("DELETE FROM messages WHERE row_id = ?", row.rawValue)
        try database.run("INSERT OR IGNORE INTO tombstones (server_id) VALUES (?)", id.rawValue)
        try database.run(
            "INSERT OR IGNORE INTO pending_deletions (server_id, peer_id) VALUES (?, ?)", id.rawValue,
            peer.rawValue)
        effects.hasPendingDeletions = true
    }

    private func insert(
        _ message: Message, tempID: TempID?, peer: UserID, from source: MessageSource,
        _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let isMine = message.senderID == me
        let state = isMine ? try ownState(of: message, in: peer) : try receivedState(of: message, in: peer)
        try database.run(
            """
            INSERT INTO messages (peer_id, position, server_id, sender_id, temp_id, content, created_at, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, peer.rawValue, message.id.rawValue, message.id.rawValue, message.senderID.rawValue,
            tempID?.rawValue, message.content, message.createdAt.microseconds, state.rawValue)
        if !isMine {
            effects.received.append(
                StoreEffects.Received(row: RowID(database.lastInsertedRowID), message: message))
        }
        if state == .receivedUnread { try countUnread(peer) }
        effects.touch(peer)
    }

    private func countUnread(_ peer: UserID) throws(SQLiteError) {
        try database.run("UPDATE conversations SET unread = unread + 1 WHERE peer_id = ?", peer.rawValue)
    }

    private func ownState(of message: Message, in peer: UserID) throws(SQLiteError) -> StoredState {
        let told = StoredState(own: message.status, isRead: message.isRead)
        let marks = try database.first(
            "SELECT peer_read_to, peer_delivered_to FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { ($0.int64(0), $0.int64(1)) }
        guard let (read, delivered) = marks else { return told }
        if message.id.rawValue <= read { return .read }
        return message.id.rawValue <= delivered && told == .sent ? .delivered : told
    }

    private func receivedState(of message: Message, in peer: UserID) throws(SQLiteError) -> StoredState {
        if message.isRead { return .receivedRead }
        let readTo = try database.first(
            "SELECT read_to FROM conversations WHERE peer_id = ?", peer.rawValue) { $0.int64(0) } ?? 0
        return message.id.rawValue <= readTo ? .receivedRead : .receivedUnread
    }

    /// Raises a known row to what a copy of the message says; never lowers it.
    private func raise(
        _ stored: StoredRow, by message: Message, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        guard stored.peer == peer else { return }
        if message.senderID == me {
            let state = try ownState(of: message, in: peer)
            guard state.rawValue > stored.state.rawValue, stored.state != .unsent else { return }
            try setState(stored.row, state)
            effects.touch(peer)
        } else if message.isRead, stored.state == .receivedUnread {
            try setState(stored.row, .receivedRead)
            try uncountUnread(1, peer)
            effects.touch(peer)
        }
    }

    private func setState(_ row: RowID, _ state: StoredState) throws(SQLiteError) {
        try database.run("UPDATE messages SET state = ? WHERE row_id = ?", state.rawValue, row.rawValue)
    }

    private func uncountUnread(_ count: Int, _ peer: UserID) throws(SQLiteError) {
        try database.run(
            "UPDATE conversations SET unread = max(unread_not_cached, unread - ?) WHERE peer_id = ?", count,
            peer.rawValue)
    }

    private func extendContiguous(_ peer: UserID, to id: MessageID) throws(SQLiteError) {
        try database.run(
            "UPDATE conversations SET contiguous_to = ? WHERE peer_id = ? AND contiguous_to < ?", id.rawValue,
            peer.rawValue, id.rawValue)
    }

    // MARK: A page

    private func ingest(_ page: ConversationPage, _ effects: inout StoreEffects) throws(SQLiteError) {
        let peer = page.peer
        try ensureConversation(peer)
        let messages = page.messages.filter { self.peer(of: $0) == peer }
        let received = effects.received.count
        for message in messages.reversed() {
            try ingestFromPage(message, peer: peer, &effects)
        }
        // History is no news: nobody is to be told that it arrived.
        if page.before != nil { effects.received.removeSubrange(received...) }
        let isComplete = page.messages.count < page.limit
        let lowest = isComplete ? 0 : messages.map(\.id.rawValue).min() ?? 0
        try removeMissing(from: page, lowest: lowest, ids: Set(messages.map(\.id.rawValue)), &effects)
        try cover(
            peer, lowest: lowest, below: page.before?.rawValue, newest: messages.map(\.id.rawValue).max())
        if page.before == nil {
            try database.run(
                """
                UPDATE conversations SET fetched_limit = ?, server_preview = NULL, server_time = NULL
                WHERE peer_id = ?
                """, page.limit, peer.rawValue)
            effects.isListChanged = true
        }
        if !page.isPeek, page.before == nil { try markReadByMe(peer, upTo: nil, &effects) }
    }

    private func ingestFromPage(
        _ message: Message, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let unreadBefore = try unreadCounts(of: peer)
        try ingest(message, from: .live, &effects)
        // The count of the server's list held this message already.
        if try unreadCounts(of: peer).all > unreadBefore.all, unreadBefore.notCached > 0 {
            try database.run(
                """
                UPDATE conversations SET unread = unread - 1, unread_not_cached = unread_not_cached - 1
                WHERE peer_id = ?
                """, peer.rawValue)
        }
    }

    private func unreadCounts(of peer: UserID) throws(SQLiteError) -> (all: Int, notCached: Int) {
        try database.first(
            "SELECT unread, unread_not_cached FROM conversations WHERE peer_id = ?", peer.rawValue
        ) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    }

    /// What the page should show and does not was deleted on the server.
    private func removeMissing(
        from page: ConversationPage, lowest: Int64, ids: Set<Int64>, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let highest = min(page.before.map { $0.rawValue - 1 } ?? .max, page.knownAtRequest.rawValue)
        let cached = try database.rows(
            "SELECT server_id FROM messages WHERE peer_id = ? AND position BETWEEN ? AND ?",
            page.peer.rawValue, lowest, highest
        ) { $0.int64(0) }
        for id in cached where !ids.contains(id) { try delete(MessageID(id), &effects) }
    }

    // MARK: Marks

    private func raise(
        _ id: MessageID, to status: DeliveryStatus, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let found = try database.first(
            "SELECT peer_id FROM messages WHERE server_id = ? AND sender_id = ?", id.rawValue, me.rawValue
        ) { UserID($0.int64(0)) }
        guard let peer = found else { return }
        switch status {
        case .sent: return
        case .delivered: try raiseOwn(peer, upTo: id.rawValue, to: .delivered, mark: "peer_delivered_to", &effects)
        case .read: try raiseOwn(peer, upTo: id.rawValue, to: .read, mark: "peer_read_to", &effects)
        }
    }

    private func markReadByPeer(
        _ peer: UserID, upTo id: MessageID?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let bound: Int64
        if let id { bound = id.rawValue } else { bound = try newestSentID(in: peer, by: me) }
        guard bound > 0, bound < TimelinePosition.firstUnsent else { return }
        try ensureConversation(peer)
        try raiseOwn(peer, upTo: bound, to: .read, mark: "peer_read_to", &effects)
    }

    private func newestSentID(in peer: UserID, by sender: UserID) throws(SQLiteError) -> Int64 {
        try database.first(
            """
            SELECT position FROM messages WHERE peer_id = ? AND position < ? AND sender_id = ?
            ORDER BY position DESC LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent, sender.rawValue
        ) { $0.int64(0) } ?? 0
    }

    /// A mark at one message covers all before it: it is kept as the highest id, and late arrivals below it
    /// take it over.
    private func raiseOwn(
        _ peer: UserID, upTo id: Int64, to state: StoredState, mark: String, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        try database.run(
            "UPDATE conversations SET \(mark) = ?1 WHERE peer_id = ?2 AND \(mark) < ?1", id, peer.rawValue)
        try database.run(
            """
            UPDATE messages SET state = ?1 WHERE peer_id = ?2 AND position <= ?3 AND state IN (0, 2, 3)
                AND sender_id = ?4 AND state < ?1
            """, state.rawValue, peer.rawValue, id, me.rawValue)
        if database.changes > 0 { effects.touch(peer) }
    }

    private func markReadByMe(
        _ peer: UserID, upTo id: MessageID?, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let newest = try newestSentID(in: peer, by: peer)
        let bound = min(id?.rawValue ?? newest, TimelinePosition.firstUnsent - 1)
        let wasUnread = try unreadCounts(of: peer)
        try database.run(
            "UPDATE conversations SET read_to = ?1 WHERE peer_id = ?2 AND read_to < ?1", bound, peer.rawValue)
        try database.run(
            """
            UPDATE messages SET state = 1 WHERE peer_id = ? AND position <= ? AND state IN (0, 2, 3)
                AND sender_id <> ?
            """, peer.rawValue, bound, me.rawValue)
        let read = database.changes
        if bound >= newest {
            try database.run(
                "UPDATE conversations SET unread = 0, unread_not_cached = 0 WHERE peer_id = ?", peer.rawValue)
        } else {
            try uncountUnread(read, peer)
        }
        if read > 0 || wasUnread.all > 0 { effects.touch(peer) }
    }

    /// The person has seen the end of a conversation: marks it here, and for the server to be told.
    ///
    /// - Returns: false when there was nothing unread.
    func markRead(_ peer: UserID) throws(SQLiteError) -> Bool {
        try database.transaction { () throws(SQLiteError) in
            guard try unreadCounts(of: peer).all > 0 else { return false }
            var effects = StoreEffects()
            try markReadByMe(peer, upTo: nil, &effects)
            try database.run(
                "UPDATE conversations SET read_is_pending = 1 WHERE peer_id = ?", peer.rawValue)
            return true
        }
    }

    /// The server has been told that the conversation is read up to `id`.
    func readMarkWasTold(_ peer: UserID, upTo id: MessageID) throws(SQLiteError) {
        try database.run(
            "UPDATE conversations SET read_is_pending = 0 WHERE peer_id = ? AND read_to <= ?", peer.rawValue,
            id.rawValue)
    }

    private func setUnread(
        _ counts: [UserID: Int], unsettled: Set<UserID>, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        for peer in counts.keys { try ensureConversation(peer) }
        let known = try database.rows(
            "SELECT peer_id, unread, unread_not_cached, read_is_pending FROM conversations"
        ) { (peer: UserID($0.int64(0)), all: $0.int(1), notCached: $0.int(2), isPending: $0.bool(3)) }
        for row in known where !row.isPending {
            let count = max(0, counts[row.peer] ?? 0)
            guard count != row.all else { continue }
            let cached = row.all - row.notCached
            if count < cached {
                guard !unsettled.contains(row.peer) else { continue }
                try readOldest(cached - count, of: row.peer)
            }
            try database.run(
                "UPDATE conversations SET unread = ?, unread_not_cached = ? WHERE peer_id = ?", count,
                max(0, count - cached), row.peer.rawValue)
            effects.touch(row.peer)
        }
    }

    /// Another device has read messages: the oldest first, as people read.
    private func readOldest(_ count: Int, of peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            UPDATE messages SET state = 1 WHERE row_id IN (
                SELECT row_id FROM messages WHERE peer_id = ? AND state IN (0, 2, 3) AND sender_id <> ?
                ORDER BY position LIMIT ?)
            """, peer.rawValue, me.rawValue, count)
    }

    // MARK: Deletions

    private func delete(_ id: MessageID, _ effects: inout StoreEffects) throws(SQLiteError) {
        try database.run("INSERT OR IGNORE INTO tombstones (server_id) VALUES (?)", id.rawValue)
        try database.run("DELETE FROM pending_deletions WHERE server_id = ?", id.rawValue)
        guard let stored = try storedRow(id) else { return }
        try database.run("DELETE FROM messages WHERE row_id = ?", stored.row.rawValue)
        if stored.state == .receivedUnread { try uncountUnread(1, stored.peer) }
        effects.touch(stored.peer)
    }

    private func deleteConversation(_ peer: UserID, _ effects: inout StoreEffects) throws(SQLiteError) {
        let newest = try database.first(
            "SELECT max(position) FROM messages WHERE peer_id = ? AND position < ?", peer.rawValue,
            TimelinePosition.firstUnsent
        ) { $0.int64(0) } ?? 0
        try ensureConversation(peer)
        try database.run(
            "DELETE FROM messages WHERE peer_id = ? AND position <= ?", peer.rawValue, newest)
        try database.run("DELETE FROM gaps WHERE peer_id = ?", peer.rawValue)
        try database.run("DELETE FROM pending_deletions WHERE peer_id = ?", peer.rawValue)
        try database.run(
            """
            UPDATE conversations SET cleared_to = max(cleared_to, ?), unread = 0, unread_not_cached = 0,
                read_is_pending = 0, server_preview = NULL, server_time = NULL WHERE peer_id = ?
            """, newest, peer.rawValue)
        effects.touch(peer)
    }
}
