import ChatSQLite
import ChatWire

/// Messages that the server had confirmed and that its pages lack.
struct GoneMessages {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var gaps: GapTable { GapTable(database: database) }
    private var outbox: OutboxTable { OutboxTable(database: database, me: me) }

    /// A page lacks a message, which is taken for deleted: what is needed to see that it was not, when another message
    /// comes with its number, is remembered for a while.
    func remember(_ id: MessageID) throws(SQLiteError) {
        try database.run(
            """
            INSERT OR REPLACE INTO missing_messages
                (server_id, peer_id, sender_id, temp_id, content, created_at, state, sent_elsewhere)
            SELECT server_id, peer_id, sender_id, temp_id, CASE WHEN sender_id = ?1 THEN content END,
                created_at, state, sent_elsewhere
            FROM messages WHERE server_id = ?2
            """, me.rawValue, id.rawValue)
        try database.run(
            """
            DELETE FROM missing_messages WHERE server_id <= (
                SELECT server_id FROM missing_messages ORDER BY server_id DESC LIMIT 1 OFFSET ?)
            """, Self.missingMax)
    }

    private static let missingMax = 1000

    /// The person, or the server by its word, has deleted it: nothing of it is remembered.
    func forget(with peer: UserID?, upTo id: MessageID = MessageID(.max)) throws(SQLiteError) {
        try database.run(
            "DELETE FROM missing_messages WHERE (?1 IS NULL OR peer_id = ?1) AND server_id <= ?2",
            peer?.rawValue, id.rawValue)
    }

    /// After a page: puts own messages of the former history that the server lacks into the outbox, so that the person can
    /// send them again. Only messages that were sent from this device: each device offers its own, or they would be sent
    /// twice.
    ///
    /// - Parameter isShown: whether the page shows anything. Where an empty one may be a failure, it proves nothing.
    func holdGone(
        with peer: UserID, isShown: Bool, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        if !isShown, try !announcesDeletions() { return }
        let latest = try database.first("SELECT era, reason FROM former_servers ORDER BY era DESC LIMIT 1") {
            (era: $0.int64(0), reason: FormerServerReason(rawValue: $0.int64(1)))
        }
        guard let latest, latest.reason != .otherAccount,
            try gaps.fetchState(of: peer).contiguousTo != nil
        else { return }
        let edges = try gaps.edges(of: peer)
        let own = try database.rows(
            """
            SELECT row_id, former_id FROM messages
            WHERE peer_id = ? AND former = ? AND sender_id = ? AND temp_id IS NOT NULL AND NOT sent_elsewhere
            ORDER BY position
            """, peer.rawValue, latest.era, me.rawValue
        ) { (row: RowID($0.int64(0)), id: $0.int64(1)) }
        for one in own where !edges.contains(where: { $0.after < one.id && one.id < $0.before }) {
            try hold(one.row, goneSince: latest.era, peer: peer, &effects)
        }
    }

    private func announcesDeletions() throws(SQLiteError) -> Bool {
        try meta.text(.capabilities)?.contains(Capability.deletions.rawValue) == true
    }

    /// An own message that was sent from here, and that the newest page of a server that announces no deletions lacks
    /// above all of it that was known before: a backup of the server was put back, or another device deleted it. It is
    /// not forgotten here before the person says so.
    ///
    /// - Returns: false for any other message.
    func keepGone(
        _ id: MessageID, above newest: MessageID?, _ effects: inout StoreEffects
    ) throws(SQLiteError) -> Bool {
        guard let newest, id > newest, try !announcesDeletions() else { return false }
        let found = try database.first(
            """
            SELECT row_id, peer_id FROM messages
            WHERE server_id = ? AND sender_id = ? AND temp_id IS NOT NULL AND NOT sent_elsewhere
            """, id.rawValue, me.rawValue
        ) { (row: RowID($0.int64(0)), peer: UserID($0.int64(1))) }
        guard let found else { return false }
        try database.run(
            "UPDATE messages SET former_id = server_id WHERE row_id = ?", found.row.rawValue)
        try hold(found.row, goneSince: nil, peer: found.peer, &effects)
        return true
    }

    private func hold(
        _ row: RowID, goneSince era: Int64?, peer: UserID, _ effects: inout StoreEffects
    ) throws(SQLiteError) {
        let sequence = try outbox.nextSequence()
        try database.run(
            "UPDATE messages SET server_id = NULL, former = NULL, state = ?, position = ? WHERE row_id = ?",
            StoredState.unsent.rawValue, TimelinePosition(unsent: sequence).rawValue, row.rawValue)
        try database.run(
            """
            INSERT INTO outbox (sequence, row_id, peer_id, temp_id, state, entered_at, hold, era)
            SELECT ?, row_id, peer_id, temp_id, ?, created_at, ?, ? FROM messages WHERE row_id = ?
            """, sequence, OutboxState.held.rawValue, HeldReason.goneFromServer.rawValue, era, row.rawValue)
        effects.goneFromServer += 1
        effects.touch(peer)
    }
}
