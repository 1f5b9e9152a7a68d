import ChatSQLite

// How the facets of the client reach the session. Each call is one turn of the actor.
extension ChatClient {
    /// Carries out the engine's decisions. Call it after every input.
    func settle() { driver?.settle(on: self) }

    /// Lets `body` change something, and carries out what the engine decides then, even when `body` throws.
    func act<Result: Sendable>(
        _ body: @Sendable (AccountSession) throws(ChatError) -> Result
    ) throws(ChatError) -> Result {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        return try body(session)
    }

    /// Reads from the cache.
    func read<Result: Sendable>(
        _ body: @Sendable (AccountSession) throws(SQLiteError) -> Result
    ) throws(ChatError) -> Result {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in try body(session) }
    }

    /// Looks at the session, if there is one.
    func look<Result: Sendable>(_ body: @Sendable (AccountSession?) -> Result) -> Result { body(session) }

    /// Changes how conversations are listed in the cache, and announces it.
    func changeList(_ body: @Sendable (AccountSession) throws(SQLiteError) -> Void) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try storage { () throws(SQLiteError) in try body(session) }
        observers.announce(.conversations)
    }

    /// Turns errors of the cache into errors of the client.
    func storage<Result>(_ body: () throws(SQLiteError) -> Result) throws(ChatError) -> Result {
        do throws(SQLiteError) { return try body() } catch {
            session?.store.note(error)
            throw .storage(session?.store.reason(error) ?? error)
        }
    }
}
