import ChatSQLite
import ChatWire

extension ChatClient {
    // MARK: Reading

    /// The list, most recent first: everyone with messages, a draft, or a place among the contacts.
    public func conversations() throws(ChatError) -> [Conversation] {
        guard let session else { return [] }
        return try storage { () throws(SQLiteError) in try session.engine.conversations() }
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

    /// The `limit` messages that follow a position: give the newest row's for the page after it.
    public func timeline(
        with peer: UserID, after position: TimelinePosition, limit: Int
    ) throws(ChatError) -> Timeline {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.engine.timeline(with: peer, .after(position), limit: limit)
        }
    }

    /// `limit` messages with a row in their middle: what a search found, the first unread one. Empty when the
    /// row is gone.
    public func timeline(with peer: UserID, around row: RowID, limit: Int) throws(ChatError) -> Timeline {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.engine.timeline(with: peer, .around(row), limit: limit)
        }
    }

    /// The first message in the cache that is not older than `time`; the last one when all are; nil in an
    /// empty conversation.
    public func position(with peer: UserID, at time: Timestamp) throws(ChatError) -> RowID? {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.engine.store.position(with: peer, at: time)
        }
    }

    /// The first message of the other person that the account has not seen, as far as the cache holds it.
    public func firstUnread(with peer: UserID) throws(ChatError) -> RowID? {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in try session.engine.store.firstUnread(with: peer) }
    }

    /// How many messages of each state the outbox holds.
    public func outboxSummary() -> OutboxSummary { session?.engine.outboxSummary ?? OutboxSummary() }

    /// The unsent messages, in the order of entry, each with the person it is for.
    public func outboxRows() throws(ChatError) -> [(peer: UserID, row: TimelineRow)] {
        guard let session else { return [] }
        return try storage { () throws(SQLiteError) in try session.engine.outboxRows() }
    }

    // MARK: Sending

    /// Enters a message: it is on the disk when this returns, and the conversation's draft is gone with the
    /// same commit.
    ///
    /// White space at both ends is taken off, as the server does.
    ///
    /// - Throws: `ChatError.invalid` for an empty or too long text, a message to oneself, or a full outbox (10,000
    ///   unsent messages); `.notSignedIn`, `.storage`. The draft is untouched then.
    @discardableResult
    public func send(_ text: String, to peer: UserID) throws(ChatError) -> TempID {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        return try session.engine.send(text, to: peer, at: .now)
    }

    /// Waits for the fate of an entered message, for at most `timeout`.
    ///
    /// Call ``connect()`` before: it makes this program send, or see what the one that sends does.
    ///
    /// - Returns: `.queued` when the time is over and the message still waits to be sent.
    /// - Throws: `ChatError.invalid(.unknownMessage)` for a message that this cache never held.
    public func outcome(of tempID: TempID, timeout: Duration) async throws(ChatError) -> SendOutcome {
        guard let session else { throw .notSignedIn }
        return try await waitForOutcome(of: tempID, in: session, timeout: timeout)
    }

    /// Sends a failed or held message again, behind what was entered since, under its old temp_id; a queued
    /// one at once, without waiting for its delay.
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

    /// Sends a failed or held message under a new temp_id, behind what was entered since. When the server has
    /// the first one after all, there will be two: for the person to decide.
    ///
    /// - Returns: the new temp_id; the row's ``TimelineRow/id`` stays.
    @discardableResult
    public func sendAsNew(_ tempID: TempID) throws(ChatError) -> TempID {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        return try session.engine.sendAsNew(tempID, at: .now)
    }

    /// Replaces the text of a message that has not been given to the server: queued, held or failed.
    public func edit(_ tempID: TempID, text: String) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.edit(tempID, text: text, at: .now)
    }

    /// Takes an unsent message back. One that is on its way is deleted as soon as the server's id is known.
    public func discard(_ tempID: TempID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.discard(tempID, at: .now)
    }

    /// The row of the message that the server numbered `id`, and whose conversation it stands in; nil when the cache
    /// does not hold it.
    public func row(of id: MessageID) throws(ChatError) -> (peer: UserID, row: TimelineRow)? {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in try session.engine.store.timelineRow(id) }
    }

    /// Deletes a message: an own sent one for both sides, as soon as the server can be reached; an unsent one
    /// is discarded. Messages of others cannot be deleted.
    public func delete(_ row: RowID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.delete(row, at: .now)
    }

    // MARK: Drafts

    /// The unfinished text of a conversation; empty when there is none.
    public func draft(for peer: UserID) -> String {
        // A cache that cannot be read shows itself in every other call.
        (try? session?.engine.store.draft(for: peer)) ?? ""
    }

    /// Keeps the unfinished text of a conversation across restarts. Each call is a commit: call it when
    /// typing pauses, not on every key.
    public func setDraft(_ text: String, for peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.setDraft(text, for: peer)
    }

    // MARK: What the person does

    /// Tells the other person, if the link is up, that the account types or has stopped. Call it as often as
    /// keys are pressed: the engine sends what is needed, and stops by itself after a pause.
    public func typing(_ isTyping: Bool, to peer: UserID) {
        session?.engine.typing(isTyping, to: peer, at: .now)
        settle()
    }

    /// Says which conversation is on screen (nil: none). The engine joins its room and fetches what is
    /// missing of it, which on some servers marks it as read there.
    ///
    /// - Parameter isAttended: false while nobody is known to look at it: what marks it as read waits then.
    public func open(_ peer: UserID?, isAttended: Bool = true) {
        session?.engine.open(peer, isAttended: isAttended, at: .now)
        settle()
    }

    /// Says that the person has seen a conversation up to a message, or up to its end. Told to the server when
    /// there is a link, kept until then; where a mark covers a whole conversation, kept until all was seen.
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
        note(list, "messages")
        defer { settle() }
        return try session.engine.receiveOlder(
            list.elements, leftOut: list.leftOutCount, for: request, at: .now)
    }

    /// Fetches what is missing above a row with ``TimelineRow/isGapAbove``: up to 200 messages, from its end.
    /// What is still missing then is a gap further up.
    ///
    /// - Throws: `ChatError.invalid(.gapOutOfReach)` when the server gives no messages that old (the original
    ///   server gives the newest 200 of a conversation), and the link's errors.
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
            note(list, "messages")
            defer { settle() }
            _ = try session.engine.receiveOlder(
                list.elements, leftOut: list.leftOutCount, for: request, at: .now)
        }
    }
}
