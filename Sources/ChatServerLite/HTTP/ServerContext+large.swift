import ChatWire

extension ServerContext {
    /// Makes a response that may be large. It is made on a reader's thread, including its JSON, and its bytes
    /// count for the account until the client has read them.
    ///
    /// - Throws: `tooManyAnswers` when too many bytes wait for this account, `overloaded` when too many wait
    ///   for all accounts.
    func large<Called: Endpoint>(
        for user: User, _ make: @Sendable @escaping (any StorageView) throws -> Reply<Called>
    ) async throws(RouteError) -> Reply<Called> {
        try await large(for: user) { view in (try make(view), ()) }.answer
    }

    /// Makes a response that may be large, and also returns a value found on the way.
    func large<Called: Endpoint, Found: Sendable>(
        for user: User, _ make: @Sendable @escaping (any StorageView) throws -> (Reply<Called>, Found)
    ) async throws(RouteError) -> (answer: Reply<Called>, found: Found) {
        if answers.isUsedUp(by: user.id) { throw .tooManyAnswers }
        let made = try await routing { () async throws(StoreError) in
            try await store.read { [answers] view -> (Reply<Called>, Found)? in
                var (reply, found) = try make(view)
                reply.response.hold = answers.hold(reply.response.body.count, for: user.id)
                return reply.response.hold == nil ? nil : (reply, found)
            }
        }
        if let made { return (made.0, made.1) }
        throw answers.isUsedUp(by: user.id) ? .tooManyAnswers : .overloaded
    }
}
