import ChatWire

/// One sign-in of an account, from which its tokens come. It lasts until its newest token expires, or until
/// it is ended.
package struct StoredSession: Equatable, Sendable {
    package var id: SessionID
    package var user: UserID
    package var createdAt: Timestamp
    /// When the session was last used, to a minute.
    package var lastSeenAt: Timestamp
    /// When the newest token of the session expires.
    package var expiresAt: Timestamp
    /// Where it was last used from.
    package var address: String
    /// What the client calls itself (`User-Agent`); empty when it says nothing.
    package var agent: String

    package init(
        id: SessionID, user: UserID, createdAt: Timestamp, lastSeenAt: Timestamp, expiresAt: Timestamp,
        address: String, agent: String
    ) {
        self.id = id
        self.user = user
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.address = address
        self.agent = agent
    }
}

/// A session that was ended before its tokens expired. Until then, somebody must remember it.
package struct EndedSession: Hashable, Sendable {
    package var id: SessionID
    /// When its newest token expires.
    package var expiresAt: Timestamp

    package init(id: SessionID, expiresAt: Timestamp) {
        self.id = id
        self.expiresAt = expiresAt
    }
}

extension SessionID {
    /// A number that nobody can guess: 52 random bits, which JavaScript can hold exactly.
    package static func random() -> SessionID { SessionID(.random(in: 1..<1 << 52)) }
}

extension UserSession {
    /// The session as its owner sees it.
    init(_ session: StoredSession, isCurrent: Bool = false) {
        self.init(
            id: session.id, isCurrent: isCurrent, createdAt: session.createdAt,
            lastSeenAt: session.lastSeenAt, expiresAt: session.expiresAt, address: session.address,
            agent: session.agent)
    }
}
