import ChatWire

/// Stores a session that begins. The account's other sessions stay, up to ``perUserMax``.
package struct StartSession: StoreCommand {
    package let session: StoredSession
    /// The maximum number of sessions per account. A person uses a few devices; scripts may sign in each time
    /// they run.
    package static let perUserMax = 100
    /// The maximum number of expired sessions that are forgotten with one sign-in.
    private static let expiredMax = 100

    package init(_ session: StoredSession) { self.session = session }

    /// - Returns: the sessions that were ended to make room: those that were not seen for the longest time.
    package func apply(in transaction: any StorageTransaction) throws -> [EndedSession] {
        let now = transaction.now
        try transaction.deleteSessions(expiredAt: now, limit: Self.expiredMax)
        try transaction.saveSession(session)
        let others = try transaction.sessions(of: session.user, at: now).filter { $0.id != session.id }
        return try others.dropFirst(Self.perUserMax - 1).map { try transaction.end($0, at: now) }
    }
}

/// Records that sessions were used. One that is not stored, because a backup was restored or the disk was full
/// at the sign-in, is stored now. One that was ended stays ended.
package struct SaveSessions: StoreCommand {
    package let sessions: [StoredSession]

    package init(_ sessions: [StoredSession]) { self.sessions = sessions }

    package func apply(in transaction: any StorageTransaction) throws {
        for session in sessions { try transaction.saveSession(session) }
    }
}

/// Extends a session for a fresh token.
package struct ExtendSession: StoreCommand {
    package let session: StoredSession

    package init(_ session: StoredSession) { self.session = session }

    /// - Returns: false when the session was ended, so that there must be no further token.
    package func apply(in transaction: any StorageTransaction) throws -> Bool {
        try transaction.saveSession(session)
    }
}

/// Ends one session of an account.
package struct EndSession: StoreCommand {
    package let id: SessionID
    package let user: UserID

    package init(_ id: SessionID, of user: UserID) {
        self.id = id
        self.user = user
    }

    /// - Throws: `sessionUnknown` when the account has no such session, or no longer.
    package func apply(in transaction: any StorageTransaction) throws -> EndedSession {
        let now = transaction.now
        guard let found = try transaction.sessions(of: user, at: now).first(where: { $0.id == id }) else {
            throw Refusal.sessionUnknown
        }
        return try transaction.end(found, at: now)
    }
}

/// Ends all sessions of an account, or all but one.
package struct EndSessions: StoreCommand {
    package let user: UserID
    /// The session that stays.
    package let kept: SessionID?
    /// Tokens without a session, from earlier versions, become invalid if they were issued before this time;
    /// nil stands for now.
    package let unnamedBefore: Timestamp?

    package init(of user: UserID, except kept: SessionID? = nil, unnamedBefore: Timestamp? = nil) {
        self.user = user
        self.kept = kept
        self.unnamedBefore = unnamedBefore
    }

    package func apply(in transaction: any StorageTransaction) throws -> [EndedSession] {
        let now = transaction.now
        // A token says only in which second it was issued.
        try transaction.setTokenStart(unnamedBefore ?? Timestamp(seconds: now.seconds + 1), of: user)
        return try transaction.sessions(of: user, at: now).filter { $0.id != kept }
            .map { try transaction.end($0, at: now) }
    }
}

extension StorageTransaction {
    fileprivate func end(_ session: StoredSession, at time: Timestamp) throws -> EndedSession {
        try endSession(session.id, at: time)
        return EndedSession(id: session.id, expiresAt: session.expiresAt)
    }
}
