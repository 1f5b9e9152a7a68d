import ChatNet
import ChatWire

extension ChatClient {
    /// The account's sessions on the server.
    public nonisolated var sessions: SessionList { SessionList(client: self) }
}

/// The sign-ins of the account on all devices. Only a server with `Capability.sessions` has them; another one refuses
/// with status 404.
public struct SessionList: Sendable {
    let client: ChatClient

    /// All sessions, the one that was used last comes first.
    nonisolated(nonsending) public func list() async throws(ChatError) -> [UserSession] {
        let list = try await client.call(API.sessions())
        client.rest.note(list, "sessions")
        return list.elements
    }

    /// Ends a session: its client must sign in again. It may be the current one.
    ///
    /// - Throws: `ChatError.refused` when the account has no such session, or no longer.
    nonisolated(nonsending) public func end(_ id: SessionID) async throws(ChatError) {
        try await client.call(API.endSession(id))
    }

    /// Ends all sessions but the current one.
    ///
    /// - Returns: how many were ended.
    nonisolated(nonsending) public func endOthers() async throws(ChatError) -> Int {
        try await client.call(API.endOtherSessions())
    }
}

/// Whether the server knows that the account has signed out.
public enum SignOutOutcome: Equatable, Sendable {
    /// The session has ended: a copy of its token is worthless.
    case ended
    /// The server could not be told. The session lasts until its token expires, or until it is ended from another
    /// device.
    case untold
    /// There was no session to end: nobody was signed in, or the server has none.
    case nothingToEnd
}
