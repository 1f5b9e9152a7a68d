import ChatSQLite
import ChatWire

/// The conversations: the list and its lines, drafts, pins.
struct ConversationTable {
    let database: Database
    let me: UserID

    /// The list, most recent first. Presence and typing are the engine's to add: they are never stored.
    func all() throws(SQLiteError) -> [Conversation] {
        try database.rows(
            """
            SELECT c.peer_id,
                CASE WHEN w.is_wanted = 0 THEN coalesce(p.name, f.shown_name, '')
                    ELSE coalesce(w.name, p.contact_name, p.name, f.shown_name, '') END,
                coalesce(p.email, f.email), coalesce(w.is_wanted, p.contact_id IS NOT NULL), p.last_seen,
                m.content, m.sender_id, m.created_at, m.state, o.state,
                c.server_preview, c.server_time, c.unread, c.draft, c.last_row_id, c.is_pinned, c.is_muted,
                coalesce(w.is_wanted, p.contact_id IS NOT NULL)
                    AND coalesce(w.name, p.contact_name, p.name, '') <> coalesce(p.name, '')
            FROM conversations c
            LEFT JOIN people p ON p.user_id = c.peer_id
            LEFT JOIN messages m ON m.row_id = c.last_row_id
            LEFT JOIN outbox o ON o.row_id = c.last_row_id
            LEFT JOIN former_people f ON f.user_id = c.peer_id AND p.user_id IS NULL
                AND f.era = (SELECT max(era) FROM former_people WHERE user_id = c.peer_id)
            LEFT JOIN contact_wishes w ON w.user_id = c.peer_id
            WHERE c.last_row_id IS NOT NULL OR coalesce(w.is_wanted, p.contact_id IS NOT NULL)
                OR c.draft IS NOT NULL
                OR c.unread > 0 OR c.is_pinned
            ORDER BY c.is_pinned DESC,
                max(coalesce(c.last_time, 0), coalesce(c.server_time, 0)) DESC, c.peer_id
            """, map: conversation)
    }

    private func conversation(_ row: Statement) throws(SQLiteError) -> Conversation {
        let peer = UserID(row.int64(0))
        let name = row.string(1)
        let ownTime = row.isNull(14) ? nil : row.optionalInt64(7)
        let serverTime = row.optionalInt64(11)
        // The server's list may know of a newer message than the cache; an unsent one stands last anyway.
        let isUnsent = !row.isNull(9)
        let isServerNewer = !isUnsent && (serverTime ?? .min) > (ownTime ?? .min)
        let sender = row.optionalInt64(6).map { UserID($0) }
        return Conversation(
            peer: peer,
            name: VisibleText.hasSign(name) ? name : "#\(peer)",
            email: row.optionalString(2),
            preview: isServerNewer ? row.optionalString(10) : row.optionalString(5),
            previewIsMine: !isServerNewer && sender == me,
            previewState: isServerNewer || ownTime == nil
                ? nil : RowState(stored: row.int64(8), outbox: row.optionalInt64(9)),
            lastTime: (isServerNewer ? serverTime : ownTime).map { Timestamp(microseconds: $0) },
            unread: row.int(12),
            presence: .unknown,
            lastSeen: row.optionalInt64(4).map { Timestamp(microseconds: $0) },
            isTyping: false,
            draft: row.optionalString(13),
            isContact: row.bool(3),
            isNameGiven: row.bool(17),
            isPinned: row.bool(15),
            isMuted: row.bool(16))
    }

    /// Puts a conversation above the others, or back among them.
    func setPinned(_ pinned: Bool, for peer: UserID) throws(SQLiteError) {
        try ensure(peer)
        try database.run(
            "UPDATE conversations SET is_pinned = ?1 WHERE peer_id = ?2 AND is_pinned <> ?1", pinned,
            peer.rawValue)
    }

    func setMuted(_ muted: Bool, for peer: UserID) throws(SQLiteError) {
        try ensure(peer)
        try database.run(
            "UPDATE conversations SET is_muted = ?1 WHERE peer_id = ?2 AND is_muted <> ?1", muted,
            peer.rawValue)
    }

    /// Makes sure that a conversation has its row in the list.
    func ensure(_ peer: UserID) throws(SQLiteError) {
        try database.run("INSERT OR IGNORE INTO conversations (peer_id) VALUES (?)", peer.rawValue)
    }

    /// Points a conversation's line in the list to its last row.
    func refreshLastRow(_ peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            UPDATE conversations SET (last_row_id, last_time) = (
                SELECT m.row_id, m.created_at FROM messages m LEFT JOIN outbox o ON o.row_id = m.row_id
                WHERE m.peer_id = conversations.peer_id AND coalesce(o.is_cancelled, 0) = 0
                ORDER BY m.position DESC LIMIT 1)
            WHERE peer_id = ?
            """, peer.rawValue)
    }

    // MARK: Drafts

    func draft(for peer: UserID) throws(SQLiteError) -> String {
        try database.first("SELECT draft FROM conversations WHERE peer_id = ?", peer.rawValue) {
            $0.string(0)
        } ?? ""
    }

    func setDraft(_ text: String, for peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO conversations (peer_id, draft) VALUES (?, ?)
            ON CONFLICT (peer_id) DO UPDATE SET draft = excluded.draft
            """, peer.rawValue, text.isEmpty ? nil : text)
    }

    // MARK: What is open

    /// The peers of the most recent conversations.
    func recentPeers(limit: Int) throws(SQLiteError) -> [UserID] {
        try database.rows(
            """
            SELECT peer_id FROM conversations
            ORDER BY max(coalesce(last_time, 0), coalesce(server_time, 0)) DESC LIMIT ?
            """, limit
        ) { UserID($0.int64(0)) }
    }

    func setOpened(_ peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO conversations (peer_id, was_opened) VALUES (?, 1)
            ON CONFLICT (peer_id) DO UPDATE SET was_opened = 1 WHERE was_opened = 0
            """, peer.rawValue)
    }
}
