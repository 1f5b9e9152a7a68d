import ChatWire

extension ChatServer {
    /// Creates an invitation, and records that in the audit log.
    ///
    /// - Parameters:
    ///   - uses: how many accounts it may create.
    ///   - lifetime: how long it is valid.
    /// - Returns: its code. The database keeps only the hash.
    package func invite(uses: Int = 1, lifetime: Duration = .seconds(7 * 24 * 3600)) async throws(StoreError)
        -> String
    {
        let code = Invitation.freshCode()
        let expiry = ServerClock.now().microseconds + lifetime.nanoseconds / 1000
        let invitation = Invitation(
            codeHash: Invitation.hash(of: code), expiresAt: Timestamp(microseconds: expiry), usesLeft: uses)
        let result: Result<Void, StoreError> = await withCheckedContinuation { continuation in
            context.store.submit(CreateInvitation(invitation)) { continuation.resume(returning: $0) }
        }
        try result.get()
        context.record(.administration("invite"))
        return code
    }
}
