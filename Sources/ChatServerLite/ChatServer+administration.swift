extension ChatServer {
    /// Creates an invitation, and records that in the audit log.
    ///
    /// - Parameters:
    ///   - uses: how many accounts it may create.
    ///   - lifetime: how long it is valid.
    /// - Returns: its code. The database keeps only the hash.
    package func invite(
        uses: Int = 1, lifetime: Duration = .seconds(7 * 24 * 3600)
    ) async throws(AdministrationFailure) -> String {
        let seconds = Int(lifetime.components.seconds)
        let answer = try await context.administration.answer(.invite(uses: uses, lifetime: seconds))
        guard case .invitation(let code, _) = answer else { throw .malformed }
        return code
    }
}
