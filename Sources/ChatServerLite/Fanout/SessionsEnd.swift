import ChatWire

/// Sessions of an account that were ended.
package struct SessionsEnd: Equatable, Sendable {
    let user: UserID
    let sessions: [EndedSession]
    /// Whether tokens without a session have ended too.
    let endsUnnamed: Bool

    /// Whether a token of this session has ended.
    func ends(_ session: SessionID?) -> Bool {
        guard let session else { return endsUnnamed }
        return sessions.contains { $0.id == session }
    }
}
