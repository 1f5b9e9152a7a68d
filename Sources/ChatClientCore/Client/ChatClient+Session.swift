import ChatSQLite
import ChatWire

// What the facets of the client are handed of the account: its engine, its cache, or an answer of the server. None of
// them sees the session. Each call, or each step between two waits, is one turn of the actor.
extension ChatClient {
    /// Carries out the engine's decisions. Call it after every input.
    func settle() { driver?.settle(on: self) }

    /// Lets `body` change something, and carries out what the engine decides then, even when `body` throws.
    func act<Result: Sendable>(
        _ body: @Sendable (ChatEngine) throws(ChatError) -> Result
    ) throws(ChatError) -> Result {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        return try body(session.engine)
    }

    /// Reads what the engine shows of the cache.
    func show<Result: Sendable>(
        _ body: @Sendable (ChatEngine) throws(SQLiteError) -> Result
    ) throws(ChatError) -> Result {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in try body(session.engine) }
    }

    /// Reads from the cache, or works on what only this machine has of it.
    func read<Result: Sendable>(
        _ body: @Sendable (ChatStore) throws(SQLiteError) -> Result
    ) throws(ChatError) -> Result {
        guard let session else { throw .notSignedIn }
        return try storage { () throws(SQLiteError) in try body(session.store) }
    }

    /// Looks at what the engine knows; nil when nobody is signed in.
    func look<Result: Sendable>(_ body: @Sendable (ChatEngine?) -> Result) -> Result {
        body(session?.engine)
    }

    /// Changes how conversations are listed in the cache, and announces it.
    func changeList(_ body: @Sendable (ChatStore) throws(SQLiteError) -> Void) throws(ChatError) {
        defer { settle() }
        try read(body)
        observers.announce(.conversations)
    }

    /// The files of the account.
    ///
    /// - Throws: `ChatError.notSignedIn`.
    func accountFiles() throws(ChatError) -> AccountFiles {
        guard let session else { throw .notSignedIn }
        return session.files
    }

    /// Makes a call with the account's token.
    func call<Response: Sendable>(_ call: APICall<Response>) async throws(ChatError) -> Response {
        guard let session else { throw .notSignedIn }
        return try await session.call(call, on: self)
    }

    /// Makes a call with the account's token, and gives the answer to the engine of the account that has asked, even
    /// when another one is signed in by then.
    func exchange<Response: Sendable, Result: Sendable>(
        _ call: APICall<Response>,
        _ take: @Sendable (ChatEngine, Response) throws(ChatError) -> Result
    ) async throws(ChatError) -> Result {
        guard let session else { throw .notSignedIn }
        let response = try await session.call(call, on: self)
        defer { settle() }
        return try take(session.engine, response)
    }

    /// The same, when the engine also has to learn of a refusal or a failure.
    func attempt<Response: Sendable, Outcome: Sendable>(
        _ call: APICall<Response>,
        _ take: @Sendable (ChatEngine, Result<Response, ChatError>) throws(ChatError) -> Outcome
    ) async throws(ChatError) -> Outcome {
        guard let session else { throw .notSignedIn }
        let result: Result<Response, ChatError>
        do throws(ChatError) {
            result = .success(try await session.call(call, on: self))
        } catch {
            result = .failure(error)
        }
        defer { settle() }
        return try take(session.engine, result)
    }

    /// Turns errors of the cache into errors of the client.
    func storage<Result>(_ body: () throws(SQLiteError) -> Result) throws(ChatError) -> Result {
        do throws(SQLiteError) { return try body() } catch {
            session?.store.note(error)
            throw .storage(session?.store.reason(error) ?? error)
        }
    }
}
