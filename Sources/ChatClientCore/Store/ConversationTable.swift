import ChatSQLite
import ChatWire

/// The conversations: their list, drafts and pins.
struct ConversationTable {
    let database: Database
    let me: UserID

    // MARK: The list

    /// The columns of a line in the list.
    private enum Column: Int32, SelectedColumn {
        case peer, name, email, isContact, isNameGiven, lastSeen
        case lastRow, content, sender, time, state, outboxState
        case serverPreview, serverTime, unread, draft, isPinned, isMuted

        var sql: String {
            switch self {
            case .peer: "c.peer_id"
            case .name:
                """
                CASE WHEN w.is_wanted = 0 THEN coalesce(p.name, f.shown_name, '')
                    ELSE coalesce(w.name, p.contact_name, p.name, f.shown_name, '') END
                """
            case .email: "coalesce(p.email, f.email)"
            case .isContact: "coalesce(w.is_wanted, p.contact_id IS NOT NULL)"
            case .isNameGiven:
                """
                coalesce(w.is_wanted, p.contact_id IS NOT NULL)
                    AND coalesce(w.name, p.contact_name, p.name, '') <> coalesce(p.name, '')
                """
            case .lastSeen: "p.last_seen"
            case .lastRow: "c.last_row_id"
            case .content: "m.content"
            case .sender: "m.sender_id"
            case .time: "m.created_at"
            case .state: "m.state"
            case .outboxState: "o.state"
            case .serverPreview: "c.server_preview"
            case .serverTime: "c.server_time"
            case .unread: "c.unread"
            case .draft: "c.draft"
            case .isPinned: "c.is_pinned"
            case .isMuted: "c.is_muted"
            }
        }
    }

    private static let list = """
        SELECT \(Column.selection)
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
        """

    /// The list, most recent first. The engine adds presence and typing, which are never stored.
    func all() throws(SQLiteError) -> [Conversation] {
        try database.rows(Self.list) { conversation(SelectedRow($0)) }
    }

    private func conversation(_ row: SelectedRow<Column>) -> Conversation {
        let peer = row.user(.peer)
        let name = row.string(.name)
        let ownTime = row.isNull(.lastRow) ? nil : row.time(.time)
        let serverTime = row.time(.serverTime)
        // The server's list may know a newer message than the cache. An unsent message is last in any case.
        let isServerNewer = row.isNull(.outboxState) && isLater(serverTime, than: ownTime)
        let sender = row.optionalInt64(.sender).map { UserID($0) }
        return Conversation(
            peer: peer,
            name: VisibleText.hasSign(name) ? name : "#\(peer)",
            email: row.optionalString(.email),
            preview: row.optionalString(isServerNewer ? .serverPreview : .content),
            previewIsMine: !isServerNewer && sender == me,
            previewState: isServerNewer || ownTime == nil
                ? nil : RowState(stored: row.int64(.state), outbox: row.optionalInt64(.outboxState)),
            lastTime: isServerNewer ? serverTime : ownTime,
            unread: row.int(.unread),
            presence: .unknown,
            lastSeen: row.time(.lastSeen),
            isTyping: false,
            draft: row.optionalString(.draft),
            isContact: row.bool(.isContact),
            isNameGiven: row.bool(.isNameGiven),
            isPinned: row.bool(.isPinned),
            isMuted: row.bool(.isMuted))
    }

    private func isLater(_ time: Timestamp?, than other: Timestamp?) -> Bool {
        guard let time else { return false }
        return other.map { time > $0 } ?? true
    }

    /// Keeps a conversation above the others, or no longer does.
    func setPinned(_ pinned: Bool, for peer: UserID) throws(SQLiteError) {
        try ensure(peer)
        try database.run(
            "UPDATE conversations SET is_pinned = ?1 WHERE peer_id = ?2 AND is_pinned <> ?1", pinned,
            peer.rawValue)
    }

    /// Keeps a conversation from notifying, or no longer does.
    func setMuted(_ muted: Bool, for peer: UserID) throws(SQLiteError) {
        try ensure(peer)
        try database.run(
            "UPDATE conversations SET is_muted = ?1 WHERE peer_id = ?2 AND is_muted <> ?1", muted,
            peer.rawValue)
    }

    /// Makes sure that a conversation has a row in the table.
    func ensure(_ peer: UserID) throws(SQLiteError) {
        try database.run("INSERT OR IGNORE INTO conversations (peer_id) VALUES (?)", peer.rawValue)
    }

    /// Points the line of a conversation in the list to its last row.
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

    /// The same for all conversations.
    func refreshLastRows() throws(SQLiteError) {
        let peers = try database.rows("SELECT peer_id FROM conversations") { UserID($0.int64(0)) }
        for peer in peers { try refreshLastRow(peer) }
    }

    // MARK: Drafts

    /// The draft of a conversation; empty when there is none.
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

    // MARK: Opening

    /// The peers of the most recent conversations.
    func recentPeers(limit: Int) throws(SQLiteError) -> [UserID] {
        try database.rows(
            """
            SELECT peer_id FROM conversations
            ORDER BY max(coalesce(last_time, 0), coalesce(server_time, 0)) DESC LIMIT ?
            """, limit
        ) { UserID($0.int64(0)) }
    }

    /// Remembers that the person has opened the conversation.
    func setOpened(_ peer: UserID) throws(SQLiteError) {
        try database.run(
            """
            INSERT INTO conversations (peer_id, was_opened) VALUES (?, 1)
            ON CONFLICT (peer_id) DO UPDATE SET was_opened = 1 WHERE was_opened = 0
            """, peer.rawValue)
    }
}
