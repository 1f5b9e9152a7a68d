import ChatSQLite
import ChatWire

extension ChatClient {
    // MARK: Reading

    /// The conversations, most recent first: all people with messages, with a draft, or among the contacts.
    public func conversations() throws(ChatError) -> [Conversation] {
        guard let session else { return [] }
        return try storage { () throws(SQLiteError) in try session.engine.view.conversations() }
    }

    /// A page of a conversation from the cache: the newest `limit` messages, or those before a position.
    public func timeline(
        with peer: UserID, before: TimelinePosition? = nil, limit: Int
    ) throws(ChatError) -> Timeline {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.engine.timeline(with: peer, before: before, limit: limit)
        }
    }

    /// The `limit` messages that follow a position; pass the newest row's position to get the page after it.
    public func timeline(
        with peer: UserID, after position: TimelinePosition, limit: Int
    ) throws(ChatError) -> Timeline {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.engine.timeline(with: peer, .after(position), limit: limit)
        }
    }

    /// `limit` messages around a row: a search hit, or the first unread message. Empty when the row is gone.
    public func timeline(with peer: UserID, around row: RowID, limit: Int) throws(ChatError) -> Timeline {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.engine.timeline(with: peer, .around(row), limit: limit)
        }
    }

    /// The first message in the cache that is not older than `time`; the last one when all are older; nil in an empty
    /// conversation.
    public func position(with peer: UserID, at time: Timestamp) throws(ChatError) -> RowID? {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.store.timeline.position(with: peer, at: time)
        }
    }

    /// The first unread message of the other person in the cache.
    public func firstUnread(with peer: UserID) throws(ChatError) -> RowID? {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in try session.store.timeline.firstUnread(with: peer) }
    }

    /// How many messages of each state the outbox holds.
    public func outboxSummary() -> OutboxSummary { session?.engine.outboxSummary ?? OutboxSummary() }

    /// The unsent messages in the order of entry, each with its receiver.
    public func outboxRows() throws(ChatError) -> [(peer: UserID, row: TimelineRow)] {
        guard let session else { return [] }
        return try storage { () throws(SQLiteError) in try session.engine.view.outboxRows() }
    }

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
        guard let session else { throw .notSignedIn }
        defer { settle() }
        return try session.engine.send(text, to: peer, at: .now)
    }

    /// Waits for the outcome of an entered message, for at most `timeout`.
    ///
    /// Call ``connect()`` first: it makes this program send, or follow the program that sends.
    ///
    /// - Returns: `.queued` when the time is over and the message still waits.
    /// - Throws: `ChatError.invalid(.unknownMessage)` for a message that this cache never held.
    public func outcome(of tempID: TempID, timeout: Duration) async throws(ChatError) -> SendOutcome {
        guard let session else { throw .notSignedIn }
        return try await waitForOutcome(of: tempID, in: session, timeout: timeout)
    }

    /// Sends a failed or held message again with its old temp_id, after the messages that were entered since. A
    /// queued one is sent at once, without waiting for its delay.
    public func retry(_ tempID: TempID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.retry(tempID, at: .now)
    }

    /// Sends all held messages, in the order in which they were entered.
    public func sendHeld() throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.sendHeld(at: .now)
    }

    /// Takes all held messages back.
    public func discardHeld() throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.discardHeld(at: .now)
    }

    /// Sends a failed or held message with a new temp_id, after the messages that were entered since. If the server
    /// has the first one after all, there will be two: the person decides.
    ///
    /// - Returns: the new temp_id; the row's ``TimelineRow/id`` stays.
    @discardableResult
    public func sendAsNew(_ tempID: TempID) throws(ChatError) -> TempID {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        return try session.engine.sendAsNew(tempID, at: .now)
    }

    /// Replaces the text of a message that was not given to the server: queued, held or failed.
    public func edit(_ tempID: TempID, text: String) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.edit(tempID, text: text, at: .now)
    }

    /// Takes an unsent message back. A message in flight is deleted as soon as the server's id is known.
    public func discard(_ tempID: TempID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.discard(tempID, at: .now)
    }

    /// The row of the message with the server's id `id`, and its conversation; nil when the cache does not hold it.
    public func row(of id: MessageID) throws(ChatError) -> (peer: UserID, row: TimelineRow)? {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in try session.store.timeline.row(id) }
    }

    /// Deletes a message. One's own sent message is deleted for both sides, as soon as the server can be reached; an
    /// unsent one is discarded. Messages of others cannot be deleted.
    public func delete(_ row: RowID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.delete(row, at: .now)
    }

    // MARK: Drafts

    /// The unfinished text of a conversation; empty when there is none.
    public func draft(for peer: UserID) -> String {
        // A cache that cannot be read shows itself in every other call.
        (try? session?.store.conversations.draft(for: peer)) ?? ""
    }

    /// Keeps the unfinished text of a conversation across restarts. Each call is a commit: call it when typing
    /// pauses, not for every key.
    public func setDraft(_ text: String, for peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.setDraft(text, for: peer)
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

    /// Fetches messages older than those in the cache.
    ///
    /// - Returns: true when the cache now holds more than before.
    public func fetchOlder(with peer: UserID) async throws(ChatError) -> Bool {
        guard let session else { throw .notSignedIn }
        guard
            let request = try storage({ () throws(SQLiteError) in
                try session.engine.olderPage(of: peer)
            })
        else { return false }
        let list = try await authorizedCall(request.call, of: session)
        rest.note(list, "messages")
        defer { settle() }
        return try session.engine.receiveOlder(
            list.elements, leftOut: list.leftOutCount, for: request, at: .now)
    }

    /// Fills the gap above a row with ``TimelineRow/isGapAbove``, from its end: up to 200 messages. What is still
    /// missing becomes a gap further up.
    ///
    /// - Throws: `ChatError.invalid(.gapOutOfReach)` when the server offers no messages that old (the original server
    ///   returns the newest 200 of a conversation), and the link's errors.
    public func fillGap(_ row: RowID) async throws(ChatError) {
        guard let session else { throw .notSignedIn }
        let request = try storage { () throws(SQLiteError) in
            try session.engine.request(fillingGapAbove: row)
        }
        switch request {
        case .filled: return
        case .outOfReach: throw .invalid(.gapOutOfReach)
        case .ask(let request):
            let list = try await authorizedCall(request.call, of: session)
            rest.note(list, "messages")
            defer { settle() }
            _ = try session.engine.receiveOlder(
                list.elements, leftOut: list.leftOutCount, for: request, at: .now)
        }
    }
}
