import ChatSQLite
import ChatWire

/// The outbox: messages that were entered and are not known to be on the server.
struct OutboxTable {
    let database: Database
    let me: UserID
    private var messages: MessageTable { MessageTable(database: database, me: me) }
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }

    // MARK: Entering

    /// Stores a message, its place in the outbox and the end of the draft, in one commit.
    ///
    /// - Parameters:
    ///   - knownID: set when the first attempt begins at once: the highest server id known before it. The row is then
    ///     `attempted` from the start, which saves a second commit. The row is `queued` all the same when another
    ///     message for this person waits, which another program may have entered a moment ago.
    ///   - era: set when the person is known from a former server only. The message is then held, as if it had been
    ///     entered for that server.
    func enqueue(
        _ content: String, to peer: UserID, tempID: TempID, at time: Timestamp,
        attemptAbove knownID: MessageID?, heldSince era: Int64? = nil
    ) throws(SQLiteError) -> OutboxEntry {
        try database.transaction { () throws(SQLiteError) in
            try conversations.ensure(peer)
            let attempt = try isWaiting(for: peer) ? nil : knownID
            let (row, sequence) = try insertUnsent(content, to: peer, tempID: tempID, at: time)
            let entry = OutboxEntry(
                tempID: tempID, rowID: row, peer: peer, sequence: sequence, enteredAt: time,
                state: era != nil ? .held : attempt == nil ? .queued : .attempted, knownID: attempt,
                isCancelled: false)
            try insertOutbox(entry)
            if let era { try hold(tempID, since: era) }
            try database.run("UPDATE conversations SET draft = NULL WHERE peer_id = ?", peer.rawValue)
            try conversations.refreshLastRow(peer)
            return entry
        }
    }

    /// Marks a message as entered for a former server.
    private func hold(_ tempID: TempID, since era: Int64) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET hold = ?, era = ? WHERE temp_id = ?", HeldReason.formerServer.rawValue, era,
            tempID.rawValue)
    }

    /// Whether an earlier message for a person has yet to be sent or settled.
    private func isWaiting(for peer: UserID) throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT 1 FROM messages m JOIN outbox o ON o.row_id = m.row_id
            WHERE m.peer_id = ? AND m.position >= ? AND o.state IN (0, 1) LIMIT 1
            """, peer.rawValue, TimelinePosition.firstUnsent
        ) { $0.bool(0) } ?? false
    }

    private func insertUnsent(
        _ content: String, to peer: UserID, tempID: TempID, at time: Timestamp
    ) throws(SQLiteError) -> (RowID, Int64) {
        let sequence = try nextSequence()
        try database.run(
            """
            INSERT INTO messages (peer_id, position, sender_id, temp_id, content, created_at, state)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, peer.rawValue, TimelinePosition(unsent: sequence).rawValue, me.rawValue, tempID.rawValue,
            content, time.microseconds, StoredState.unsent.rawValue)
        return (RowID(database.lastInsertedRowID), sequence)
    }

    /// A sequence that is higher than every earlier one, so that no two rows ever have the same place.
    func nextSequence() throws(SQLiteError) -> Int64 {
        (try database.first("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'") { $0.int64(0) } ?? 0) + 1
    }

    /// Gives an unsent message the last place, in the outbox and in its conversation.
    func moveToEnd(_ row: RowID) throws(SQLiteError) {
        let sequence = try nextSequence()
        try database.run("UPDATE outbox SET sequence = ? WHERE row_id = ?", sequence, row.rawValue)
        // SQLite notes only the numbers of inserted rows as given.
        try database.run("UPDATE sqlite_sequence SET seq = ? WHERE name = 'outbox'", sequence)
        try database.run(
            "UPDATE messages SET position = ? WHERE row_id = ?",
            TimelinePosition(unsent: sequence).rawValue, row.rawValue)
    }

    private func insertOutbox(_ entry: OutboxEntry) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO outbox
                (sequence, row_id, peer_id, temp_id, state, entered_at, known_id, is_cancelled, is_insisted,
                    is_unfenced)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, entry.sequence, entry.rowID.rawValue, entry.peer.rawValue, entry.tempID.rawValue,
            entry.state.rawValue, entry.enteredAt.microseconds, entry.knownID?.rawValue, entry.isCancelled,
            entry.isInsisted, entry.isUnfenced)
    }

    /// How many messages the outbox holds, of any state.
    func count() throws(SQLiteError) -> Int {
        try database.first("SELECT count(*) FROM outbox") { $0.int(0) } ?? 0
    }

    // MARK: Reading

    private enum Column: Int32, SelectedColumn {
        case tempID, row, peer, sequence, enteredAt, state, knownID, isCancelled, isInsisted, isUnfenced

        var sql: String {
            switch self {
            case .tempID: "temp_id"
            case .row: "row_id"
            case .peer: "peer_id"
            case .sequence: "sequence"
            case .enteredAt: "entered_at"
            case .state: "state"
            case .knownID: "known_id"
            case .isCancelled: "is_cancelled"
            case .isInsisted: "is_insisted"
            case .isUnfenced: "is_unfenced"
            }
        }
    }

    private static let selection = "SELECT \(Column.selection) FROM outbox "

    /// The whole outbox, in the order of entry.
    func entries() throws(SQLiteError) -> [OutboxEntry] {
        try database.rows(Self.selection + "ORDER BY sequence") { Self.entry(SelectedRow($0)) }
    }

    func entry(_ tempID: TempID) throws(SQLiteError) -> OutboxEntry? {
        try database.first(Self.selection + "WHERE temp_id = ?", tempID.rawValue) {
            Self.entry(SelectedRow($0))
        }
    }

    private static func entry(_ row: SelectedRow<Column>) -> OutboxEntry {
        OutboxEntry(
            tempID: TempID(row.string(.tempID)), rowID: RowID(row.int64(.row)), peer: row.user(.peer),
            sequence: row.int64(.sequence), enteredAt: Timestamp(microseconds: row.int64(.enteredAt)),
            state: OutboxState(rawValue: row.int64(.state)) ?? .held,
            knownID: row.optionalInt64(.knownID).map { MessageID($0) }, isCancelled: row.bool(.isCancelled),
            isInsisted: row.bool(.isInsisted), isUnfenced: row.bool(.isUnfenced))
    }

    /// The text of an unsent message, trimmed.
    func content(of tempID: TempID) throws(SQLiteError) -> String? {
        try database.first(
            "SELECT content FROM messages WHERE sender_id = ? AND temp_id = ?", me.rawValue, tempID.rawValue
        ) { $0.string(0) }
    }

    // MARK: Attempts

    /// Claims a queued message for its first attempt.
    ///
    /// - Returns: false when another program has changed the message, or has entered one before it.
    func beginAttempt(_ tempID: TempID, above knownID: MessageID) throws(SQLiteError) -> Bool {
        try database.run(
            """
            UPDATE outbox SET state = ?1, known_id = coalesce(known_id, ?2) WHERE temp_id = ?3 AND state = ?4
                AND NOT EXISTS (
                    SELECT 1 FROM messages m JOIN outbox o ON o.row_id = m.row_id
                    WHERE m.peer_id = outbox.peer_id AND m.position >= ?5 AND m.position < ?5 + outbox.sequence
                        AND o.state IN (0, 1))
            """, OutboxState.attempted.rawValue, knownID.rawValue, tempID.rawValue,
            OutboxState.queued.rawValue, TimelinePosition.firstUnsent)
        return database.changes == 1
    }

    /// Stores that an attempt was made, whether or not other messages come before.
    func setAttempted(_ tempID: TempID, above knownID: MessageID) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET state = ?, known_id = ? WHERE temp_id = ?", OutboxState.attempted.rawValue,
            knownID.rawValue, tempID.rawValue)
    }

    /// Stores that an attempt by REST begins, or that it is over, on a server that forgets temp_ids. An earlier
    /// decision by the person does not cover this attempt.
    func setUnfenced(_ tempID: TempID, _ isUnfenced: Bool) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET is_unfenced = ?, is_insisted = 0 WHERE temp_id = ?", isUnfenced,
            tempID.rawValue)
    }

    /// Queues a message again that the server does not have.
    func requeue(_ tempID: TempID) throws(SQLiteError) {
        try database.run(
            """
            UPDATE outbox SET state = ?, failure = NULL, known_id = NULL, is_insisted = 0 WHERE temp_id = ?
            """, OutboxState.queued.rawValue, tempID.rawValue)
    }

    /// Stores that the server has refused a message, with its words.
    func fail(_ tempID: TempID, reason: String) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET state = ?, failure = ? WHERE temp_id = ?", OutboxState.failed.rawValue, reason,
            tempID.rawValue)
    }

    /// Holds messages until the person decides.
    func hold(_ tempIDs: [TempID]) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            for tempID in tempIDs {
                try database.run(
                    "UPDATE outbox SET state = ? WHERE temp_id = ?", OutboxState.held.rawValue,
                    tempID.rawValue)
            }
        }
    }

    // MARK: The person's decisions

    /// Puts a failed or held message behind everything that was entered since.
    ///
    /// A message that was attempted may be on the server, whatever the server answered. So its state is unknown again.
    /// It is sent when it is not found there, and also when nobody can tell.
    ///
    /// - Parameters:
    ///   - fresh: a new temp_id; nil to keep the old one.
    ///   - time: when the person decided. The age of the message counts from then, so that the next link does not hold
    ///     it again.
    /// - Returns: nil when the message is neither failed nor held.
    func retry(
        _ tempID: TempID, as fresh: TempID? = nil, at time: Timestamp
    ) throws(SQLiteError) -> OutboxEntry? {
        try database.transaction { () throws(SQLiteError) in
            guard var entry = try self.entry(tempID), entry.state == .failed || entry.state == .held else {
                return nil
            }
            entry.sequence = try nextSequence()
            entry.enteredAt = time
            if fresh != nil { entry.knownID = nil }
            entry.state = entry.knownID == nil ? .queued : .attempted
            entry.isInsisted = entry.knownID != nil
            entry.isUnfenced = false
            try database.run("DELETE FROM outbox WHERE temp_id = ?", tempID.rawValue)
            entry.tempID = fresh ?? tempID
            try insertOutbox(entry)
            try database.run(
                "UPDATE messages SET position = ?, temp_id = ?, former_id = NULL WHERE row_id = ?",
                TimelinePosition(unsent: entry.sequence).rawValue, entry.tempID.rawValue,
                entry.rowID.rawValue)
            try conversations.refreshLastRow(entry.peer)
            return entry
        }
    }

    /// Restarts the age of a waiting message that the person still wants to send.
    func setEntered(_ tempID: TempID, at time: Timestamp) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET entered_at = ? WHERE temp_id = ?", time.microseconds, tempID.rawValue)
    }

    /// Replaces the text of a message that no server can have.
    ///
    /// - Returns: false when the message is in flight or gone.
    func edit(_ tempID: TempID, content: String) throws(SQLiteError) -> Bool {
        try database.transaction { () throws(SQLiteError) in
            guard let entry = try self.entry(tempID), entry.state != .attempted,
                entry.state != .held || entry.knownID == nil
            else { return false }
            try database.run(
                "UPDATE messages SET content = ? WHERE row_id = ?", content, entry.rowID.rawValue)
            return true
        }
    }

    /// What happened to an unsent message that the person took back.
    enum Discarded: Equatable { case removed(UserID), whenKnown(UserID), notThere }

    /// Removes an unsent message. One that is in flight is hidden, and deleted when its id is known.
    func discard(_ tempID: TempID) throws(SQLiteError) -> Discarded {
        try database.transaction { () throws(SQLiteError) in
            guard let entry = try self.entry(tempID) else { return .notThere }
            if entry.state == .attempted {
                try database.run("UPDATE outbox SET is_cancelled = 1 WHERE temp_id = ?", tempID.rawValue)
                try conversations.refreshLastRow(entry.peer)
                return .whenKnown(entry.peer)
            }
            try removeRow(entry.rowID, of: entry.peer)
            return .removed(entry.peer)
        }
    }

    /// Removes an unsent message that the server has been proved not to have.
    func remove(_ entry: OutboxEntry) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in try removeRow(entry.rowID, of: entry.peer) }
    }

    private func removeRow(_ row: RowID, of peer: UserID) throws(SQLiteError) {
        try messages.delete(row)
        try conversations.refreshLastRow(peer)
    }

    // MARK: Former servers

    /// Holds everything that is unsent, because the history that it was entered for is set aside.
    ///
    /// - Returns: how many messages now wait for a decision of the person.
    func holdAll(since era: Int64) throws(SQLiteError) -> Int {
        // A message that was taken back in flight cannot be deleted on a server that is gone.
        try database.run(
            "DELETE FROM messages WHERE row_id IN (SELECT row_id FROM outbox WHERE is_cancelled)")
        // Ids of the former server say nothing about this one.
        try database.run("UPDATE outbox SET known_id = NULL, is_insisted = 0, is_unfenced = 0")
        try database.run("UPDATE outbox SET era = ? WHERE era IS NULL", era)
        try database.run(
            "UPDATE outbox SET state = ?, hold = ? WHERE state IN (?, ?)", OutboxState.held.rawValue,
            HeldReason.formerServer.rawValue, OutboxState.queued.rawValue, OutboxState.attempted.rawValue)
        return database.changes
    }

    /// Releases messages that were held with the others although they are in flight to the present server.
    ///
    /// - Returns: how many are no longer held.
    func keepAwaited(_ tempIDs: [TempID]) throws(SQLiteError) -> Int {
        guard !tempIDs.isEmpty else { return 0 }
        return try database.transaction { () throws(SQLiteError) in
            var count = 0
            for tempID in tempIDs {
                try database.run(
                    """
                    UPDATE outbox SET state = ?, hold = NULL, era = NULL, known_id = 0
                    WHERE temp_id = ? AND hold = ?
                    """, OutboxState.attempted.rawValue, tempID.rawValue, HeldReason.formerServer.rawValue)
                count += database.changes
            }
            return count
        }
    }

    /// How many unsent messages are held because they were entered for a former server.
    func heldCount() throws(SQLiteError) -> Int {
        try database.first("SELECT count(*) FROM outbox WHERE hold IS NOT NULL AND NOT is_cancelled") {
            $0.int(0)
        } ?? 0
    }
}
