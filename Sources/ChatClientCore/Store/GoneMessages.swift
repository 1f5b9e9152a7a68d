import ChatSQLite
import ChatWire

/// Messages that the server had confirmed and that are missing from its pages.
struct GoneMessages {
    let database: Database
    let me: UserID
    private var meta: MetaTable { MetaTable(database: database) }
    private var gaps: GapTable { GapTable(database: database) }
    private var outbox: OutboxTable { OutboxTable(database: database, me: me) }

    /// Remembers for a while a message that a page lacks and that counts as deleted. If another message comes with its
    /// id, that proves another database.
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

    /// The number of missing messages that are remembered.
    private static let missingMax = 1000

    /// Forgets missing messages, because the person or the server has deleted them.
    ///
    /// - Parameter peer: only those of this conversation; nil for all conversations.
    func forget(with peer: UserID?, upTo id: MessageID = MessageID(.max)) throws(SQLiteError) {
        try database.run(
            "DELETE FROM missing_messages WHERE (?1 IS NULL OR peer_id = ?1) AND server_id <= ?2",
            peer?.rawValue, id.rawValue)
    }

    /// After a page, offers to send again what a restored server has lost: own messages of the last former history
    /// enter the outbox as held. Only messages that this device has sent are offered, or two devices would send them
    /// twice.
    ///
    /// - Parameter isShown: whether the page shows anything. On a server where an empty page may be a failed read, an
    ///   empty page proves nothing.
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

    /// What is known about the end of a conversation while a page is compared with the cache.
    struct Tail {
        /// True on a server that announces deletions: there, what is missing was deleted.
        fileprivate let areDeletionsAnnounced: Bool
        /// The highest id on the page that was known before.
        fileprivate let newest: MessageID?
        /// The former ids of the conversation's messages that are held as gone, ascending. The last ones are dropped
        /// when no question can be about them any more.
        fileprivate var gone: [MessageID]

        /// The first of them after a message. Each call names an earlier message than the one before.
        fileprivate mutating func nextGone(after id: MessageID) -> MessageID? {
            while gone.count > 1, gone[gone.count - 2] > id { gone.removeLast() }
            return gone.last.flatMap { $0 > id ? $0 : nil }
        }

        /// The message is held as gone now.
        fileprivate mutating func hold(_ id: MessageID) {
            if nextGone(after: id) != nil { gone.removeLast() }
            gone.append(id)
        }
    }

    /// - Parameter newest: the highest id on the page that was known before.
    func tail(of peer: UserID, above newest: MessageID?) throws(SQLiteError) -> Tail {
        guard try !announcesDeletions() else {
            return Tail(areDeletionsAnnounced: true, newest: newest, gone: [])
        }
        let gone = try database.rows(
            """
            SELECT g.former_id FROM outbox o JOIN messages g ON g.row_id = o.row_id
            WHERE o.peer_id = ? AND o.hold = ? AND o.era IS NULL AND g.former_id IS NOT NULL
            ORDER BY g.former_id
            """, peer.rawValue, HeldReason.goneFromServer.rawValue
        ) { MessageID($0.int64(0)) }
        return Tail(areDeletionsAnnounced: false, newest: newest, gone: gone)
    }

    /// Holds an own message that is missing at the end of a conversation, instead of deleting it. Either the server was
    /// restored from a backup, or another device has deleted the message; a server that announces no deletions does not
    /// say which. The person decides.
    ///
    /// A message below the newest one on the page counts too when what followed it in the cache has been found gone.
    /// So the messages that a page lacks are passed in descending order.
    ///
    /// - Parameter id: the message, which the newest page lacks.
    /// - Returns: false when the message was not sent from this device or is missing elsewhere.
    func keepGone(
        _ id: MessageID, of peer: UserID, _ tail: inout Tail, _ effects: inout StoreEffects
    ) throws(SQLiteError) -> Bool {
        guard !tail.areDeletionsAnnounced else { return false }
        let isAtEnd = tail.newest.map { id > $0 } ?? false
        if !isAtEnd {
            guard let gone = tail.nextGone(after: id), try !hasMessage(between: id, and: gone, with: peer)
            else { return false }
        }
        let found = try database.first(
            """
            SELECT row_id FROM messages
            WHERE server_id = ? AND sender_id = ? AND temp_id IS NOT NULL AND NOT sent_elsewhere
            """, id.rawValue, me.rawValue
        ) { RowID($0.int64(0)) }
        guard let row = found else { return false }
        try database.run("UPDATE messages SET former_id = server_id WHERE row_id = ?", row.rawValue)
        try hold(row, goneSince: nil, peer: peer, &effects)
        tail.hold(id)
        return true
    }

    private func hasMessage(
        between id: MessageID, and end: MessageID, with peer: UserID
    ) throws(SQLiteError) -> Bool {
        try database.first(
            """
            SELECT EXISTS (
                SELECT 1 FROM messages
                WHERE peer_id = ? AND position > ? AND position < ? AND server_id IS NOT NULL)
            """, peer.rawValue, id.rawValue, end.rawValue
        ) { $0.bool(0) } ?? false
    }

    /// Puts a row back into the outbox, held.
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

    /// Puts the messages of a conversation that wait here into the order in which they were written: a page may prove a
    /// newer one gone before an older one.
    func putInOrder(with peer: UserID) throws(SQLiteError) {
        let waiting = try database.rows(
            """
            SELECT m.row_id FROM outbox o JOIN messages m ON m.row_id = o.row_id
            WHERE o.peer_id = ? AND o.hold = ? ORDER BY o.sequence
            """, peer.rawValue, HeldReason.goneFromServer.rawValue
        ) { RowID($0.int64(0)) }
        let written = try database.rows(
            """
            SELECT m.row_id FROM outbox o JOIN messages m ON m.row_id = o.row_id
            WHERE o.peer_id = ? AND o.hold = ? ORDER BY m.created_at, m.former_id
            """, peer.rawValue, HeldReason.goneFromServer.rawValue
        ) { RowID($0.int64(0)) }
        guard let first = written.indices.first(where: { waiting[$0] != written[$0] }) else { return }
        for row in written[first...] { try outbox.moveToEnd(row) }
    }
}
