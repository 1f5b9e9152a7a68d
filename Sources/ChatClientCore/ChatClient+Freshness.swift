import ChatSQLite
import ChatWire

extension ChatClient {
    /// Whether the cache holds the newest messages of a conversation: they were fetched since the link came up. When
    /// another program holds the link, its state counts.
    public func isUpToDate(with peer: UserID) -> Bool {
        guard let engine = session?.engine, engine.linkState == .online else { return false }
        return engine.isUpToDate(with: peer) || !engine.isHolder
    }

    /// Whether the cache holds everything that the server had to tell when the link came up, and since. When another
    /// program holds the link, its state counts.
    public var isCaughtUp: Bool {
        guard let engine = session?.engine, engine.linkState == .online else { return false }
        return !engine.isHolder || engine.hasCaughtUp
    }

    /// Why the last request failed; nil when it did not.
    public var callFailure: ChatError? { session?.engine.callFailure }

    /// Whether a message waits for the program that holds the link, and that program has not taken it up. A running
    /// program takes it up within milliseconds.
    public func isNeglected(_ tempID: TempID) -> Bool {
        guard let session, !session.engine.isHolder else { return false }
        return ((try? session.store.outbox.entry(tempID)) ?? nil)?.state == .queued
    }

    /// Whether the server still has to be told of something that the person did: reading, deleting, changing
    /// contacts.
    public func hasUntoldWishes() throws(ChatError) -> Bool {
        guard let session else { return false }
        return try storage { () throws(SQLiteError) in try session.store.hasUntoldWishes() }
    }
}
