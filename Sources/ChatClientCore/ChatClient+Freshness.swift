import ChatSQLite
import ChatWire

extension ChatClient {
    /// Whether the cache holds the newest messages of a conversation: they were fetched since the link came
    /// up. A program that leaves the link to another one takes that one's word for it.
    public func isUpToDate(with peer: UserID) -> Bool {
        guard let engine = session?.engine, engine.linkState == .online else { return false }
        return engine.isUpToDate(with: peer) || !engine.isHolder
    }

    /// Whether the cache holds all that the server had to tell when the link came up, and since. A program
    /// that leaves the link to another one takes that one's word for it.
    public var isCaughtUp: Bool {
        guard let engine = session?.engine, engine.linkState == .online else { return false }
        return !engine.isHolder || engine.plan.isFinished
    }

    /// What stands between the client and the server's answers: why the last question failed, nil when it did not.
    public var callFailure: ChatError? { session?.engine.callFailure }

    /// Whether an entered message waits for another program, which holds the link and has not taken it up: it takes
    /// milliseconds when that program runs.
    public func isNeglected(_ tempID: TempID) -> Bool {
        guard let engine = session?.engine, !engine.isHolder else { return false }
        return ((try? engine.store.outboxEntry(tempID)) ?? nil)?.state == .queued
    }

    /// Whether something that the person did (reading, deleting, changing contacts) has yet to be told to the server.
    public func hasUntoldWishes() throws(ChatError) -> Bool {
        guard let session else { return false }
        return try storage { () throws(SQLiteError) in try session.engine.store.hasUntoldWishes() }
    }
}
