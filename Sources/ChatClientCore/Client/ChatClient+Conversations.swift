import ChatSQLite
import ChatWire

extension ChatClient {
    // MARK: Reading

    /// The conversations, most recent first: all people with messages, with a draft, or among the contacts.
    public func conversations() throws(ChatError) -> [Conversation] {
        guard session != nil else { return [] }
        return try show { (engine) throws(SQLiteError) in try engine.view.conversations() }
    }

    /// A page of a conversation from the cache: the newest `limit` messages, or those before a position.
    public func timeline(
        with peer: UserID, before: TimelinePosition? = nil, limit: Int
    ) throws(ChatError) -> Timeline {
        try show { (engine) throws(SQLiteError) in
            try engine.timeline(with: peer, before: before, limit: limit)
        }
    }

    /// The `limit` messages that follow a position; pass the newest row's position to get the page after it.
    public func timeline(
        with peer: UserID, after position: TimelinePosition, limit: Int
    ) throws(ChatError) -> Timeline {
        try show { (engine) throws(SQLiteError) in
            try engine.timeline(with: peer, .after(position), limit: limit)
        }
    }

    /// `limit` messages around a row: a search hit, or the first unread message. Empty when the row is gone.
    public func timeline(with peer: UserID, around row: RowID, limit: Int) throws(ChatError) -> Timeline {
        try show { (engine) throws(SQLiteError) in
            try engine.timeline(with: peer, .around(row), limit: limit)
        }
    }

    /// How many messages of each state the outbox holds.
    public func outboxSummary() -> OutboxSummary { session?.engine.outboxSummary ?? OutboxSummary() }

    // MARK: Sending

    /// Enters a message. When this returns, the message is on disk, and the same commit has cleared the
    /// conversation's draft.
    ///
    /// White space at both ends is removed, as on the server.
    ///
    /// - Throws: `ChatError.invalid` for an empty or too long text, a message to oneself, or a full outbox (10,000
    ///   unsent messages); `.notSignedIn`, `.storage`. Then the draft is unchanged.
    @discardableResult
    public func send(_ text: String, to peer: UserID) throws(ChatError) -> TempID {
        try act { (engine) throws(ChatError) in try engine.send(text, to: peer, at: .now) }
    }

    /// Deletes a message. One's own sent message is deleted for both sides, as soon as the server can be reached; an
    /// unsent one is discarded. Messages of others cannot be deleted.
    public func delete(_ row: RowID) throws(ChatError) {
        try act { (engine) throws(ChatError) in try engine.delete(row, at: .now) }
    }

    // MARK: What the person does

    /// Tells the other person, if the link is up, that the account types or has stopped. Call it for every key: the
    /// engine sends only what is needed, and stops by itself after a pause.
    public func typing(_ isTyping: Bool, to peer: UserID) {
        session?.engine.typing(isTyping, to: peer, at: .now)
        settle()
    }

    /// Sets the conversation on screen (nil: none). The engine joins its room and fetches what is missing; some
    /// servers mark it as read then.
    ///
    /// - Parameter isAttended: false while nobody seems to look at it; then the engine fetches nothing that would
    ///   mark it as read.
    public func open(_ peer: UserID?, isAttended: Bool = true) {
        session?.engine.open(peer, isAttended: isAttended, at: .now)
        settle()
    }

    /// Records that the person has seen a conversation up to a message, or up to its end. The server is told when
    /// there is a link. Where a mark always covers a whole conversation, it waits until everything was seen.
    public func markRead(_ peer: UserID, upTo id: MessageID? = nil) {
        session?.engine.markRead(peer, upTo: id, at: .now)
        settle()
    }
}
