import ChatWire

extension ServerContext {
    /// Makes a response that may be large. It is made on a reader's thread, including its JSON, and its bytes
    /// count for the account until the client has read them.
    ///
    /// - Throws: `tooManyAnswers` when too many bytes wait for this account, `overloaded` when too many wait
    ///   for all accounts.
    func large(
        for user: User, _ make: @Sendable @escaping (any StorageView) throws -> RouteResponse
    ) async throws(RouteError) -> RouteResponse {
        try await large(for: user) { view in (try make(view), ()) }.answer
    }

    /// Makes a response that may be large, and also returns a value found on the way.
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
