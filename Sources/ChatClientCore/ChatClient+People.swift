import ChatWire

extension ChatClient {
    /// People on the server whose name or email contains `query`, at most 20.
    ///
    /// - Throws: `ChatError.invalid(.queryTooShort)` below two characters.
    public func findPeople(_ query: String) async throws(ChatError) -> [Person] {
        guard let session else { throw .notSignedIn }
        let query = strippedLikePython(query)
        guard query.unicodeScalars.count >= 2 else { throw .invalid(.queryTooShort) }
        return try await authorizedCall(API.findPeople(query), of: session)
    }

    /// Puts a person among the contacts, under their own name when `name` is nil.
    @discardableResult
    public func addContact(_ user: UserID, name: String? = nil) async throws(ChatError) -> Contact {
        guard let session else { throw .notSignedIn }
        _ = try await authorizedCall(API.addContact(user, name: name), of: session)
        let contacts = try await refreshContacts(session)
        guard let contact = contacts.first(where: { $0.userID == user }) else {
            throw .unexpectedAnswer("the added contact is not in the list")
        }
        return contact
    }

    /// Gives a contact another name.
    public func renameContact(_ contact: ContactID, to name: String) async throws(ChatError) {
        guard let session else { throw .notSignedIn }
        _ = try await authorizedCall(API.renameContact(contact, to: name), of: session)
        _ = try await refreshContacts(session)
    }

    /// Takes a person off the list of contacts; the messages stay.
    public func removeContact(_ contact: ContactID) async throws(ChatError) {
        guard let session else { throw .notSignedIn }
        _ = try await authorizedCall(API.removeContact(contact), of: session)
        _ = try await refreshContacts(session)
    }

    /// The contacts as the server has them now.
    @discardableResult
    public func contacts() async throws(ChatError) -> [Contact] {
        guard let session else { throw .notSignedIn }
        return try await refreshContacts(session)
    }

    private func refreshContacts(_ session: AccountSession) async throws(ChatError) -> [Contact] {
        let contacts = try await authorizedCall(API.contacts(), of: session)
        defer { settle() }
        try session.engine.receive(listed: contacts, at: .now)
        return contacts
    }

    /// Asks the server whether it still takes the account's token.
    ///
    /// - Throws: `ChatError.unauthorized` when it does not; nothing more is sent then until the person signs
    ///   in again.
    public func verifyToken() async throws(ChatError) {
        guard let session else { throw .notSignedIn }
        try await authorizedCall(API.verify(), of: session)
    }

    /// What the server says about itself.
    public func serverInformation() async throws(ChatError) -> ServerInformation {
        try await call(API.serverInformation(), token: nil)
    }
}
