import ChatNet
import ChatSQLite
import ChatWire

/// The result of a change that the person wants.
public enum ContactChange: Sendable, Equatable {
    /// The server has made the change; with its entry for the person, if there is one now.
    case applied(Contact?)
    /// The change is on disk and visible. It is made when the server can be reached. If the server then refuses it,
    /// ``ChatNotice/contactChangeRefused(_:reason:)`` says so.
    case queued
}

extension ChatClient {
    /// Adds a person to the contacts, with their own name when `name` is nil.
    ///
    /// The change is visible at once and kept on disk; while offline, the server is told as soon as there is a link.
    /// Changes of one contact coalesce.
    ///
    /// - Throws: `ChatError.refused` with the server's words; then the list is as before.
    @discardableResult
    public func addContact(_ user: UserID, name: String? = nil) async throws(ChatError) -> ContactChange {
        let name = try name.map { (name) throws(ChatError) in try Self.checked(name: name) }
        return try await change(user, isWanted: true, name: name)
    }

    /// Renames a contact; a person who is not a contact becomes one. Like ``addContact(_:name:)``.
    @discardableResult
    public func renameContact(_ user: UserID, to name: String) async throws(ChatError) -> ContactChange {
        try await change(user, isWanted: true, name: Self.checked(name: name))
    }

    /// Removes a person from the contacts; the messages stay. Like ``addContact(_:name:)``.
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
            // A person who was just found is shown by name even before the server confirms.
            _ = try storage { () throws(SQLiteError) in try engine.store.apply([.person(person)]) }
        }
        let wish = try engine.wish(user, isWanted: isWanted, name: name, at: .now)
        let step = try storage { () throws(SQLiteError) in try engine.store.wishes.nextStep(of: wish) }
        guard let step else {
            try storage { () throws(SQLiteError) in try engine.store.wishes.forget(wish) }
            settle()
            return .applied(engine.contacts.first { $0.userID == user })
        }
        // A call is useless while the link keeps failing; and when another program has the link, it completes the
        // change.
        if case .offline(_, .some) = engine.linkState { return queued(session) }
        guard engine.isSignedIn, engine.wishesInHand.insert(user).inserted else { return queued(session) }
        settle()
        do throws(ChatError) {
            let contact = try await carryOut(step, of: session)
            engine.wishesInHand.remove(user)
            defer { settle() }
            try storage { () throws(SQLiteError) in
                try engine.store.wishes.fulfil(wish, step, contact: contact)
            }
            observers.announce(.conversations)
            let list = try? await contacts()
            return .applied(list?.first { $0.userID == user })
        } catch {
            engine.wishesInHand.remove(user)
            guard case .refused = error else { return queued(session) }
            try storage { () throws(SQLiteError) in try engine.store.wishes.forget(wish) }
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
    /// If the other person has written before the server could be told, the server is not told, because it would
    /// delete those messages unseen: ``ChatNotice/conversationKept(_:reason:)`` says so.
    public func deleteConversation(with peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try session.engine.deleteConversation(with: peer, at: .now)
    }

    /// Pins a conversation above the others, or unpins it, in this cache only.
    public func setPinned(_ pinned: Bool, for peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try storage { () throws(SQLiteError) in
            try session.engine.store.conversations.setPinned(pinned, for: peer)
        }
        observers.announce(.conversations)
    }

    /// Records that the person does not want notifications of a conversation's messages, in this cache only. The
    /// program that shows notifications must respect it.
    public func setMuted(_ muted: Bool, for peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try storage { () throws(SQLiteError) in
            try session.engine.store.conversations.setMuted(muted, for: peer)
        }
        observers.announce(.conversations)
    }
}
