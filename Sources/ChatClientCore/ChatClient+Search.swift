import ChatNet
import ChatSQLite
import ChatWire

extension ChatClient {
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
    public func search(
        _ text: String, with peer: UserID? = nil, after cursor: SearchCursor? = nil, limit: Int = 50,
        order: SearchOrder = .newest
    ) throws(ChatError) -> SearchPage {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in
            try session.engine.view.search(text, with: peer, after: cursor, limit: limit, order: order)
        }
    }

    /// Completes the index of the cache. Otherwise the program with the link does this gradually. Other calls run
    /// between its steps.
    ///
    /// - Parameter progress: receives the number of remaining messages after each step.
    public func completeSearchIndex(
        progress: @Sendable (Int) -> Void = { _ in }
    ) async throws(ChatError) {
        while let session,
            try storage({ () throws(SQLiteError) in
                try session.store.searchIndex.extend(limit: IndexingSchedule.step)
            })
        {
            progress(try storage { () throws(SQLiteError) in try session.store.searchIndex.waitingCount() })
            await Task.yield()
        }
    }
}
