import ChatWire

extension ServerContext {
    /// An answer that may be large. It is made on a reader's thread, JSON and all, and counted for the account until
    /// its reader has taken it.
    ///
    /// - Throws: `tooManyAnswers` when too much waits for this account already, `overloaded` when for all.
    func large(
        for user: User, _ make: @Sendable @escaping (any StorageView) throws -> RouteResponse
    ) async throws(RouteError) -> RouteResponse {
        try await large(for: user) { view in (try make(view), ()) }.answer
    }

    /// The same, with something that was found on the way.
    func large<Found: Sendable>(
        for user: User, _ make: @Sendable @escaping (any StorageView) throws -> (RouteResponse, Found)
    ) async throws(RouteError) -> (answer: RouteResponse, found: Found) {
        if answers.isUsedUp(by: user.id) { throw .tooManyAnswers }
        let made = try await routing { () async throws(StoreError) in
            try await store.read { [answers] view -> (RouteResponse, Found)? in
                var (response, found) = try make(view)
                response.hold = answers.hold(response.body.count, for: user.id)
                return response.hold == nil ? nil : (response, found)
            }
        }
        if let made { return (made.0, made.1) }
        throw answers.isUsedUp(by: user.id) ? .tooManyAnswers : .overloaded
    }
}
