import ChatSQLite
import ChatWire

extension ChatClient {
    /// The history of the conversations.
    public nonisolated var history: ConversationHistory { ConversationHistory(client: self) }
}

/// Places in the history of the conversations, and the parts of it that the cache does not hold.
public struct ConversationHistory: Sendable {
    let client: ChatClient

    /// The first message in the cache that is not older than `time`; the last one when all are older; nil in an empty
    /// conversation.
    nonisolated(nonsending) public func position(
        with peer: UserID, at time: Timestamp
    ) async throws(ChatError) -> RowID? {
        try await client.read { (store) throws(SQLiteError) in
            try store.timeline.position(with: peer, at: time)
        }
    }

    /// The first unread message of the other person in the cache.
    nonisolated(nonsending) public func firstUnread(with peer: UserID) async throws(ChatError) -> RowID? {
        try await client.read { (store) throws(SQLiteError) in
            try store.timeline.firstUnread(with: peer)
        }
    }

    /// The row of the message with the server's id `id`, and its conversation; nil when the cache does not hold it.
    nonisolated(nonsending) public func row(
        of id: MessageID
    ) async throws(ChatError) -> (peer: UserID, row: TimelineRow)? {
        try await client.read { (store) throws(SQLiteError) in try store.timeline.row(id) }
    }

    /// Searches the cache for messages that contain all words of `text`, in one conversation or in all.
    ///
    /// Case and accents do not matter, and the last word may be a prefix. Words in quotation marks, or without white
    /// space between them, must follow each other. In scripts without spaces, any part of a text is found; so are
    /// emoji, whatever their skin tone. Unsent messages are found too, deleted ones are not. No text is an error: a
    /// text without a word finds nothing.
    ///
    /// - Parameters:
    ///   - cursor: the previous page's ``SearchPage/next``, for the same text and order.
    ///   - limit: at most 1,000.
    nonisolated(nonsending) public func search(
        _ text: String, with peer: UserID? = nil, after cursor: SearchCursor? = nil, limit: Int = 50,
        order: SearchOrder = .newest
    ) async throws(ChatError) -> SearchPage {
        try await client.show { (engine) throws(SQLiteError) in
            try engine.view.search(text, with: peer, after: cursor, limit: limit, order: order)
        }
    }

    /// Fetches messages older than those in the cache.
    ///
    /// - Returns: true when the cache now holds more than before.
    nonisolated(nonsending) public func fetchOlder(with peer: UserID) async throws(ChatError) -> Bool {
        try await fetchOlder(with: peer, on: client)
    }

    private func fetchOlder(with peer: UserID, on client: isolated ChatClient) async throws(ChatError) -> Bool
    {
        let request = try client.show { (engine) throws(SQLiteError) in try engine.olderPage(of: peer) }
        guard let request else { return false }
        return try await ask(request, on: client)
    }

    /// Asks for older messages; true when the cache now holds more than before.
    private func ask(_ request: OlderRequest, on client: isolated ChatClient) async throws(ChatError) -> Bool
    {
        let rest = client.rest
        return try await client.exchange(request.call) { (engine, list) throws(ChatError) in
            rest.note(list, "messages")
            return try engine.receiveOlder(
                list.elements, leftOut: list.leftOutCount, for: request, at: .now)
        }
    }

    /// Fills the gap above a row with ``TimelineRow/isGapAbove``, from its end: up to 200 messages. What is still
    /// missing becomes a gap further up.
    ///
    /// - Throws: `ChatError.invalid(.gapOutOfReach)` when the server offers no messages that old (the original server
    ///   returns the newest 200 of a conversation), and the link's errors.
    nonisolated(nonsending) public func fillGap(_ row: RowID) async throws(ChatError) {
        try await fillGap(row, on: client)
    }

    private func fillGap(_ row: RowID, on client: isolated ChatClient) async throws(ChatError) {
        let request = try client.show { (engine) throws(SQLiteError) in
            try engine.request(fillingGapAbove: row)
        }
        switch request {
        case .filled: return
        case .outOfReach: throw .invalid(.gapOutOfReach)
        case .ask(let request): _ = try await ask(request, on: client)
        }
    }
}
