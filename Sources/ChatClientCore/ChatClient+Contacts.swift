import ChatNet
import ChatSQLite
import ChatWire

/// What became of a change that the person wants.
public enum ContactChange: Sendable, Equatable {
    /// The server has done it; with its entry for the person, where there is one now.
    case applied(Contact?)
    /// It is on the disk and shown, and will be done when the server can be reached. Should the server refuse
    /// it then, ``ChatNotice/contactChangeRefused(_:reason:)`` says so.
    case queued
}

extension ChatClient {
    /// Puts a person among the contacts, under their own name when `name` is nil.
    ///
    /// Shown at once and kept on the disk: without a link the server is told when there is one. Changes of one
    /// contact coalesce.
    ///
    /// - Throws: `ChatError.refused` with the server's words; the list is as before then.
    @discardableResult
    public func addContact(_ user: UserID, name: String? = nil) async throws(ChatError) -> ContactChange {
        let name = try name.map { (name) throws(ChatError) in try Self.checked(name: name) }
        return try await change(user, isWanted: true, name: name)
    }

    /// Gives a contact another name; a person who is none becomes one. As ``addContact(_:name:)``.
    @discardableResult
    public func renameContact(_ user: UserID, to name: String) async throws(ChatError) -> ContactChange {
        try await change(user, isWanted: true, name: Self.checked(name: name))
    }

    /// Takes a person off the list of contacts; the messages stay. As ``addContact(_:name:)``.
    @discardableResult
    public func removeContact(_ user: UserID) async throws(ChatError) -> ContactChange {
        try await change(user, isWanted: false, name: nil)
    }

    private static func checked(name: String) throws(ChatError) -> String {
        let name = strippedLikePython(name)
        guard !name.isEmpty else { throw .invalid(.emptyName) }
        return name
    }

    private func change(
        _ user: UserID, isWanted: Bool, name: String?
    ) async throws(ChatError) -> ContactChange {
        guard let session else { throw .notSignedIn }
        guard user != session.user.id else { throw .invalid(.ownAccount) }
        let engine = session.engine
        if let person = found.first(where: { $0.id == user }) {
            // Whom the person has just found is to be shown by name, also before the server says so.
            _ = try storage { () throws(SQLiteError) in try engine.store.apply([.person(person)]) }
        }
        let wish = try engine.wish(user, isWanted: isWanted, name: name, at: .now)
        let step = try storage { () throws(SQLiteError) in try engine.store.nextStep(of: wish) }
        guard let step else {
            try storage { () throws(SQLiteError) in try engine.store.forget(wish) }
            settle()
            return .applied(engine.contacts.first { $0.userID == user })
        }
        // No use in trying while the link keeps failing; and another program sees to what it has begun.
        if case .offline(_, .some) = engine.linkState { return queued(session) }
        guard engine.isSignedIn, engine.wishesInHand.insert(user).inserted else { return queued(session) }
        settle()
        do throws(ChatError) {
            let contact = try await carryOut(step, of: session)
            engine.wishesInHand.remove(user)
            defer { settle() }
            try storage { () throws(SQLiteError) in try engine.store.fulfil(wish, step, contact: contact) }
            observers.announce(.conversations)
            let list = try? await contacts()
            return .applied(list?.first { $0.userID == user })
        } catch {
            engine.wishesInHand.remove(user)
            guard case .refused = error else { return queued(session) }
            try storage { () throws(SQLiteError) in try engine.store.forget(wish) }
            observers.announce(.conversations)
            _ = try? await contacts()
            throw error
        }
    }

    private func queued(_ session: AccountSession) -> ContactChange {
        session.engine.withStore(at: .now) { () throws(SQLiteError) in try session.engine.planWishes() }
        session.engine.advance(at: .now)
        settle()
        return .queued
    }

    private func carryOut(
        _ step: ContactStep, of session: AccountSession
    ) async throws(ChatError) -> Contact? {
        switch step {
        case .add(let user, let name):
            return try await authorizedCall(API.addContact(user, name: name), of: session)
        case .rename(let id, let name):
            try await authorizedCall(API.renameContact(id, to: name), of: session)
        case .remove(let id): try await authorizedCall(API.removeContact(id), of: session)
        }
        return nil
    }

    /// Deletes a conversation for both sides: at once here, on the server as soon as it can be reached. Unsent
    /// messages stay.
    ///
    /// When the other person has written before the server could be told, it is not told, since it would
    /// delete that unseen: ``ChatNotice/conversationKept(_:reason:)`` says so.
    public func deleteConversation(with peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.deleteConversation(with: peer, at: .now)
    }

    /// Puts a conversation above the others, or back among them: in this cache only.
    public func setPinned(_ pinned: Bool, for peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try storage { () throws(SQLiteError) in try session.engine.store.setPinned(pinned, for: peer) }
        observers.announce(.conversations)
    }

    /// Notes that the person does not want to be told of a conversation's messages: in this cache only, and
    /// for the program that shows them to heed.
    public func setMuted(_ muted: Bool, for peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try storage { () throws(SQLiteError) in try session.engine.store.setMuted(muted, for: peer) }
        observers.announce(.conversations)
    }
}
