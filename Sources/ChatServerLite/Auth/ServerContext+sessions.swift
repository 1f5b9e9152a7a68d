import ChatWire

extension ServerContext {
    /// What a token says, if it is valid at this time. Whether its account exists is another question; see
    /// ``StorageView/user(of:by:)``.
    func holder(
        of token: String, now: Timestamp = ServerClock.now()
    ) throws(TokenProblem) -> TokenSigner.Holder {
        let holder: TokenSigner.Holder
        do {
            holder = try signer.holder(of: token, now: now)
        } catch {
            throw .invalid
        }
        guard !blocked.contains(holder.user) else { throw .invalid }
        if let session = holder.session, sessions.isEnded(session) { throw .sessionEnded }
        return holder
    }

    /// Begins a session and makes its first token. When the session cannot be stored, it begins nevertheless: it
    /// is stored with its next use, and a full disk keeps nobody out.
    func beginSession(of user: User, _ request: RouteRequest) async -> String {
        let now = ServerClock.now()
        guard configuration.behaviour.has(.sessions) else { return signer.token(for: user, now: now) }
        let session = session(.random(), of: user, request, now)
        do throws(RouteError) {
            sessionsWereEnded(try await perform(StartSession(session)), of: user.id, by: .limit)
        } catch {
            if case .storage(let failure) = error { logFailure(.storage(failure)) }
        }
        return signer.token(for: user, session: session.id, now: now)
    }

    /// A fresh token of the session of `holder`; one without a session begins a session.
    ///
    /// - Throws: `unauthorized` when the session was ended meanwhile.
    func renewToken(
        of holder: TokenSigner.Holder, for user: User, _ request: RouteRequest
    ) async throws(RouteError) -> String {
        guard let id = holder.session, configuration.behaviour.has(.sessions) else {
            return await beginSession(of: user, request)
        }
        let now = ServerClock.now()
        let session = session(id, of: user, request, now)
        guard try await perform(ExtendSession(session)) else { throw .unauthorized(.sessionEnded) }
        hub.tell { $0.extend(id, of: user.id, until: session.expiresAt) }
        return signer.token(for: user, session: id, now: now)
    }

    private func session(
        _ id: SessionID, of user: User, _ request: RouteRequest, _ now: Timestamp
    ) -> StoredSession {
        StoredSession(
            id: id, user: user.id, createdAt: now, lastSeenAt: now,
            expiresAt: signer.expiry(ofTokenFrom: signer.issue(for: user, now: now)),
            address: String(request.client.text.prefix(64)), agent: request.agent)
    }

    /// Ends one session of an account, and closes its connections.
    ///
    /// - Throws: `refused(.sessionUnknown)` when the account has no such session, or no longer.
    func endSession(
        _ id: SessionID, of user: UserID, by cause: SessionEndCause, from client: ClientAddress? = nil
    ) async throws(RouteError) {
        let ended = try await perform(EndSession(id, of: user))
        sessionsWereEnded([ended], of: user, by: cause, from: client)
    }

    /// Ends all sessions of an account, or all but one, and closes their connections. Tokens without a session end
    /// too.
    ///
    /// - Parameter kept: the token that stays valid.
    /// - Returns: how many sessions were ended.
    func endSessions(
        of user: UserID, except kept: TokenSigner.Holder? = nil, by cause: SessionEndCause,
        from client: ClientAddress? = nil
    ) async throws(RouteError) -> Int {
        // A token without a session cannot be told from others like it, but those that are older can.
        let unnamedBefore = kept?.session == nil ? kept?.issuedAt.map { Timestamp(seconds: $0) } : nil
        let ended = try await perform(
            EndSessions(of: user, except: kept?.session, unnamedBefore: unnamedBefore))
        sessionsWereEnded(
            ended, of: user, endsUnnamed: kept == nil || kept?.session != nil, by: cause, from: client)
        return ended.count
    }

    /// Makes it known that sessions were ended: no request passes any more, and their sockets close.
    func sessionsWereEnded(
        _ ended: [EndedSession], of user: UserID, endsUnnamed: Bool = false, by cause: SessionEndCause,
        from client: ClientAddress? = nil
    ) {
        guard !ended.isEmpty || endsUnnamed else { return }
        sessions.end(ended)
        for session in ended {
            record(.sessionEnded(session.id, cause), account: user, from: client)
        }
        let end = SessionsEnd(user: user, sessions: ended, endsUnnamed: endsUnnamed)
        hub.tell { $0.end(end) }
    }
}

/// Who ended a session.
enum SessionEndCause: String, Sendable {
    /// The person, from this session or from another one.
    case person
    /// The account has too many sessions.
    case limit
    case administration
}

extension StorageView {
    /// The account of a valid token; nil when it does not exist, or when the token cannot be its own.
    func user(of holder: TokenSigner.Holder, by signer: TokenSigner) throws -> User? {
        guard let user = try user(holder.user), signer.accepts(holder, for: user) else { return nil }
        if holder.session == nil, let start = try tokenStart(of: user.id) {
            guard let issued = holder.issuedAt, issued >= start.seconds else { return nil }
        }
        return user
    }
}
