import ChatSQLite
import ChatWire

/// The rows of the outbox: what was entered and is not known to be on the server.
struct OutboxTable {
    let database: Database
    let me: UserID
    private var conversations: ConversationTable { ConversationTable(database: database, me: me) }

    /// Enters a message: its row, its place in the outbox and the end of the draft, in one commit.
    ///
    /// - Parameter knownID: when the first attempt begins at once, the highest server id known before it; the
    ///   row is then `attempted` from the start, which saves a second commit. Not so when something for the
    ///   same person waits already, which another program may have entered a moment ago: the entry says.
    /// - Parameter era: set for somebody who is known from a former server only: it is held, as if it had been
    ///   entered for that one.
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

    private func hold(_ tempID: TempID, since era: Int64) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET hold = ?, era = ? WHERE temp_id = ?", HeldReason.formerServer.rawValue, era,
            tempID.rawValue)
    }

    /// True when a message for a person is to be sent or settled before any that is entered now.
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

    /// Higher than every sequence ever given: a row's place in the outbox is never another row's again.
    func nextSequence() throws(SQLiteError) -> Int64 {
        (try database.first("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'") { $0.int64(0) } ?? 0) + 1
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

    /// The whole outbox, in the order of entry.
    func entries() throws(SQLiteError) -> [OutboxEntry] {
        try database.rows(
            """
            SELECT temp_id, row_id, peer_id, sequence, entered_at, state, known_id, is_cancelled, is_insisted,
                is_unfenced
            FROM outbox ORDER BY sequence
            """, map: Self.entry)
    }

    func entry(_ tempID: TempID) throws(SQLiteError) -> OutboxEntry? {
        try database.first(
            """
            SELECT temp_id, row_id, peer_id, sequence, entered_at, state, known_id, is_cancelled, is_insisted,
                is_unfenced
            FROM outbox WHERE temp_id = ?
            """, tempID.rawValue, map: Self.entry)
    }

    private static func entry(_ row: Statement) throws(SQLiteError) -> OutboxEntry {
        OutboxEntry(
            tempID: TempID(row.string(0)), rowID: RowID(row.int64(1)), peer: UserID(row.int64(2)),
            sequence: row.int64(3), enteredAt: Timestamp(microseconds: row.int64(4)),
            state: OutboxState(rawValue: row.int64(5)) ?? .held,
            knownID: row.optionalInt64(6).map { MessageID($0) }, isCancelled: row.bool(7),
            isInsisted: row.bool(8), isUnfenced: row.bool(9))
    }

    /// Claims a queued message for its first attempt. False when another program has changed it meanwhile, or
    /// has put one before it.
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

    /// Writes down that an attempt was made, whatever stands before it.
    func setAttempted(_ tempID: TempID, above knownID: MessageID) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET state = ?, known_id = ? WHERE temp_id = ?", OutboxState.attempted.rawValue,
            knownID.rawValue, tempID.rawValue)
    }

    /// Stores that an attempt by REST begins, or that it is over, on a server that forgets temp_ids. An earlier decision
    /// by the person does not cover this attempt.
    func setUnfenced(_ tempID: TempID, _ isUnfenced: Bool) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET is_unfenced = ?, is_insisted = 0 WHERE temp_id = ?", isUnfenced,
            tempID.rawValue)
    }

    /// Writes down that the server does not have the message and that it waits again.
    func requeue(_ tempID: TempID) throws(SQLiteError) {
        try database.run(
            """
            UPDATE outbox SET state = ?, failure = NULL, known_id = NULL, is_insisted = 0 WHERE temp_id = ?
            """, OutboxState.queued.rawValue, tempID.rawValue)
    }

    func fail(_ tempID: TempID, reason: String) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET state = ?, failure = ? WHERE temp_id = ?", OutboxState.failed.rawValue, reason,
            tempID.rawValue)
    }

    func hold(_ tempIDs: [TempID]) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            for tempID in tempIDs {
                try database.run(
                    "UPDATE outbox SET state = ? WHERE temp_id = ?", OutboxState.held.rawValue,
                    tempID.rawValue)
            }
        }
    }

    /// Puts a failed or held message behind everything entered since. Nil when it is neither.
    ///
    /// One of which an attempt was made may be at the server all the same, whatever was answered: it is of unknown fate
    /// again, and sent when it is not found there, or when nobody can tell.
    ///
    /// - Parameters:
    ///   - fresh: the name under which it shall go from now on, when not under its old one.
    ///   - time: when the person wanted it: its age counts from then, so that the next link does not hold it again.
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

    /// The person wants a message sent that waits already: its age counts from now on.
    func setEntered(_ tempID: TempID, at time: Timestamp) throws(SQLiteError) {
        try database.run(
            "UPDATE outbox SET entered_at = ? WHERE temp_id = ?", time.microseconds, tempID.rawValue)
    }

    /// Replaces the text of a message that no server can have. False when it is on its way or gone.
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

    /// What became of an unsent message that the person takes back.
    enum Discarded: Equatable { case removed(UserID), whenKnown(UserID), notThere }

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

    /// Removes an unsent message whose absence from the server is proved.
    func remove(_ entry: OutboxEntry) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in try removeRow(entry.rowID, of: entry.peer) }
    }

    private func removeRow(_ row: RowID, of peer: UserID) throws(SQLiteError) {
        try database.run("DELETE FROM messages WHERE row_id = ?", row.rawValue)
        try conversations.refreshLastRow(peer)
    }

    /// The trimmed text of an unsent message.
    func content(of tempID: TempID) throws(SQLiteError) -> String? {
        try database.first(
            "SELECT content FROM messages WHERE sender_id = ? AND temp_id = ?", me.rawValue, tempID.rawValue
        ) { $0.string(0) }
    }

    // MARK: Former servers

    /// Holds what is unsent: the history that it was entered for is set aside.
    ///
    /// - Returns: how many wait for the person's word now.
    func holdAll(since era: Int64) throws(SQLiteError) -> Int {
        // What was taken back on its way cannot be taken back from a server that is gone.
        try database.run(
            "DELETE FROM messages WHERE row_id IN (SELECT row_id FROM outbox WHERE is_cancelled)")
        // Numbers of the former server say nothing about this one.
        try database.run("UPDATE outbox SET known_id = NULL, is_insisted = 0, is_unfenced = 0")
        try database.run("UPDATE outbox SET era = ? WHERE era IS NULL", era)
        try database.run(
            "UPDATE outbox SET state = ?, hold = ? WHERE state IN (?, ?)", OutboxState.held.rawValue,
            HeldReason.formerServer.rawValue, OutboxState.queued.rawValue, OutboxState.attempted.rawValue)
        return database.changes
    }

    /// These were held with the others, but are given to the present server, whose answer is awaited.
    ///
    /// - Returns: how many are not held any more.
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

    /// Unsent messages that are held because of one.
    func heldCount() throws(SQLiteError) -> Int {
        try database.first("SELECT count(*) FROM outbox WHERE hold IS NOT NULL AND NOT is_cancelled") {
            $0.int(0)
        } ?? 0
    }
}
