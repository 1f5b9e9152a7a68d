import ChatWire

/// The token in a request's `Authorization` header.
enum AccessToken {
    /// The user of a request, and what the token says.
    struct Caller: Sendable {
        let user: User
        let holder: TokenSigner.Holder
    }

    /// Who makes the request. The session of the token counts as used.
    ///
    /// - Throws: `unauthorized` when the token is missing or not valid, its session was ended, or its user does not
    ///   exist.
    static func caller(of request: RouteRequest, _ context: ServerContext) async throws(RouteError) -> Caller
    {
        let holder = try check(request, context)
        let user = try await routing { [signer = context.signer] () async throws(StoreError) in
            try await context.store.lookUp { view in try view.user(of: holder, by: signer) }
        }
        guard let user else { throw .unauthorized(.invalid) }
        context.sessions.saw(
            holder, address: String(request.client.text.prefix(64)), agent: request.agent,
            at: ServerClock.now())
        request.note?.account = user.id
        return Caller(user: user, holder: holder)
    }

    /// Checks that the request has a token that this server signed, that has not expired, and whose session was not
    /// ended. It does not check that the user exists.
    @discardableResult
    static func check(
        _ request: RouteRequest, _ context: ServerContext
    ) throws(RouteError) -> TokenSigner.Holder {
        do {
            return try context.holder(of: try text(of: request.headers["Authorization"]))
        } catch {
            throw .unauthorized(error)
        }
    }

    /// The token in a header's value, which is the scheme in any case, white space, and the token.
    static func text(of header: String?) throws(TokenProblem) -> String {
        guard let header, !header.isEmpty else { throw .missing }
        let parts = header.split { $0 == " " || $0 == "\t" }
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw .malformed }
        return String(parts[1])
    }
}
