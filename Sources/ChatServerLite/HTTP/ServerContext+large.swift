import ChatSQLite
import ChatWire

extension ServerContext {
    /// An answer that may be large. It is made on a reader's thread, JSON and all, and counted for the account until
    /// its reader has taken it.
    ///
    /// - Throws: `tooManyAnswers` when too much waits for this account already, `overloaded` when for all.
    func large(
        for user: User, _ make: @Sendable @escaping (ChatTables) throws(SQLiteError) -> RouteResponse
    ) async throws(RouteError) -> RouteResponse {
        try await large(for: user) { (tables: ChatTables) throws(SQLiteError) in (try make(tables), ()) }
            .answer
    }

    /// The same, with something that was found on the way.
    func large<Found: Sendable>(
        for user: User, _ make: @Sendable @escaping (ChatTables) throws(SQLiteError) -> (RouteResponse, Found)
    ) async throws(RouteError) -> (answer: RouteResponse, found: Found) {
        if answers.isUsedUp(by: user.id) { throw .tooManyAnswers }
        let made = try await routing { () async throws(StoreError) in
            try await store.read {
                [answers] (tables: ChatTables) throws(SQLiteError) -> (RouteResponse, Found)? in
                var (response, found) = try make(tables)
                response.hold = answers.hold(response.body.count, for: user.id)
                return response.hold == nil ? nil : (response, found)
            }
        }
        if let made { return (made.0, made.1) }
        throw answers.isUsedUp(by: user.id) ? .tooManyAnswers : .overloaded
    }
}
