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
        // A person who was just found is shown by name even before the server confirms.
        let person = found.first { $0.id == user }
        let start = try session.engine.beginContactChange(
            of: user, isWanted: isWanted, name: name, knownAs: person, at: .now)
        settle()
        switch start {
        case .done: return .applied(session.engine.contacts.first { $0.userID == user })
        case .queued: return .queued
        case .ask(let question): return try await carryOut(question, of: session)
        }
    }

    private func carryOut<Question: ContactQuestion>(
        _ question: Question, of session: AccountSession
    ) async throws(ChatError) -> ContactChange {
        let result: Result<Question.Answer, ChatError>
        do throws(ChatError) {
            result = .success(try await authorizedCall(question.call, of: session))
        } catch {
            result = .failure(error)
        }
        defer { settle() }
        guard try session.engine.endContactChange(question, result, at: .now) else { return .queued }
        settle()
        let list = try? await contacts()
        if case .failure(let error) = result { throw error }
        return .applied(list?.first { $0.userID == question.wish.user })
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
        try storage { () throws(SQLiteError) in try session.store.conversations.setPinned(pinned, for: peer) }
        observers.announce(.conversations)
    }

    /// Records that the person does not want notifications of a conversation's messages, in this cache only. The
    /// program that shows notifications must respect it.
    public func setMuted(_ muted: Bool, for peer: UserID) throws(ChatError) {
        guard let session else { throw .notSignedIn }
        defer { settle() }
        try storage { () throws(SQLiteError) in try session.store.conversations.setMuted(muted, for: peer) }
        observers.announce(.conversations)
    }
}
