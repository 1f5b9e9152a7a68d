import ChatNet
import ChatSQLite
import ChatWire

extension ChatClient {
    /// The contacts, and other people on the server.
    public nonisolated var contacts: ContactList { ContactList(client: self) }
}

/// The people whom the account knows, and the search for others.
public struct ContactList: Sendable {
    let client: ChatClient

    /// The server's current list of contacts.
    @discardableResult
    nonisolated(nonsending) public func list() async throws(ChatError) -> [Contact] {
        try await list(on: client)
    }

    private func list(on client: isolated ChatClient) async throws(ChatError) -> [Contact] {
        let rest = client.rest
        return try await client.exchange(API.contacts()) { (engine, list) throws(ChatError) in
            rest.note(list, "contacts")
            try engine.receive(listed: list.elements, leftOut: list.leftOutCount, at: .now)
            return list.elements
        }
    }

    /// Adds a person to the contacts, with their own name when `name` is nil.
    ///
    /// The change is visible at once and kept on disk; while offline, the server is told as soon as there is a link.
    /// Changes of one contact coalesce.
    ///
    /// - Throws: `ChatError.refused` with the server's words; then the list is as before.
    @discardableResult
    nonisolated(nonsending) public func add(
        _ user: UserID, name: String? = nil
    ) async throws(ChatError) -> ContactChange {
        let name = try name.map { (name) throws(ChatError) in try Self.checked(name: name) }
        return try await change(user, isWanted: true, name: name, on: client)
    }

    /// Renames a contact; a person who is not a contact becomes one. Like ``add(_:name:)``.
    @discardableResult
    nonisolated(nonsending) public func rename(
        _ user: UserID, to name: String
    ) async throws(ChatError) -> ContactChange {
        try await change(user, isWanted: true, name: Self.checked(name: name), on: client)
    }

    /// Removes a person from the contacts; the messages stay. Like ``add(_:name:)``.
    @discardableResult
    nonisolated(nonsending) public func remove(
        _ user: UserID
    ) async throws(ChatError) -> ContactChange {
        try await change(user, isWanted: false, name: nil, on: client)
    }

    private static func checked(name: String) throws(ChatError) -> String {
        let name = strippedLikePython(name)
        guard !name.isEmpty else { throw .invalid(.emptyName) }
        return name
    }

    private func change(
        _ user: UserID, isWanted: Bool, name: String?, on client: isolated ChatClient
    ) async throws(ChatError) -> ContactChange {
        // A person who was just found is shown by name even before the server confirms.
        let person = client.found.first { $0.id == user }
        let start = try client.act { (engine) throws(ChatError) in
            try engine.beginContactChange(
                of: user, isWanted: isWanted, name: name, knownAs: person, at: .now)
        }
        switch start {
        case .done: return .applied(client.look { $0?.contacts.first { $0.userID == user } })
        case .queued: return .queued
        case .ask(let question): return try await carryOut(question, on: client)
        }
    }

    private func carryOut<Question: ContactQuestion>(
        _ question: Question, on client: isolated ChatClient
    ) async throws(ChatError) -> ContactChange {
        let (isDecided, refusal) = try await client.attempt(question.call) {
            (engine, result) throws(ChatError) -> (Bool, ChatError?) in
            let isDecided = try engine.endContactChange(question, result, at: .now)
            guard case .failure(let error) = result else { return (isDecided, nil) }
            return (isDecided, error)
        }
        guard isDecided else { return .queued }
        let listed = try? await list(on: client)
        if let refusal { throw refusal }
        return .applied(listed?.first { $0.userID == question.wish.user })
    }

    /// People on the server whose name or email contains `query`, at most 20.
    ///
    /// - Throws: `ChatError.invalid(.queryTooShort)` below two characters.
    nonisolated(nonsending) public func findPeople(_ query: String) async throws(ChatError) -> [Person] {
        try await findPeople(query, on: client)
    }

    private func findPeople(
        _ query: String, on client: isolated ChatClient
    ) async throws(ChatError) -> [Person] {
        guard client.session != nil else { throw .notSignedIn }
        let query = strippedLikePython(query)
        guard query.unicodeScalars.count >= 2 else { throw .invalid(.queryTooShort) }
        let list = try await client.call(API.findPeople(query))
        client.rest.note(list, "users")
        client.found = list.elements
        return list.elements
    }
}

/// The result of a change that the person wants.
public enum ContactChange: Sendable, Equatable {
    /// The server has made the change; with its entry for the person, if there is one now.
    case applied(Contact?)
    /// The change is on disk and visible. It is made when the server can be reached. If the server then refuses it,
    /// ``ChatNotice/contactChangeRefused(_:reason:)`` says so.
    case queued
}
