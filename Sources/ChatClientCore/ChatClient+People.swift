import ChatWire

extension ChatClient {
    /// People on the server whose name or email contains `query`, at most 20.
    ///
    /// - Throws: `ChatError.invalid(.queryTooShort)` below two characters.
    public func findPeople(_ query: String) async throws(ChatError) -> [Person] {
        guard let session else { throw .notSignedIn }
        let query = strippedLikePython(query)
        guard query.unicodeScalars.count >= 2 else { throw .invalid(.queryTooShort) }
        let list = try await authorizedCall(API.findPeople(query), of: session)
        rest.note(list, "users")
        found = list.elements
        return found
    }

    /// The server's current list of contacts.
    @discardableResult
    public func contacts() async throws(ChatError) -> [Contact] {
        guard let session else { throw .notSignedIn }
        return try await refreshContacts(session)
    }

    private func refreshContacts(_ session: AccountSession) async throws(ChatError) -> [Contact] {
        let list = try await authorizedCall(API.contacts(), of: session)
        rest.note(list, "contacts")
        defer { settle() }
        try session.engine.receive(listed: list.elements, leftOut: list.leftOutCount, at: .now)
        return list.elements
    }

    /// Asks the server whether it still accepts the account's token.
    ///
    /// - Throws: `ChatError.unauthorized` when it does not; then nothing more is sent until the person signs in
    ///   again.
    public func verifyToken() async throws(ChatError) {
        guard let session else { throw .notSignedIn }
        try await authorizedCall(API.verify(), of: session)
    }

    /// The server's description of itself.
    public func serverInformation() async throws(ChatError) -> ServerInformation {
        try await rest.call(API.serverInformation(), token: nil)
    }
}
