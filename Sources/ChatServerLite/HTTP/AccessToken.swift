import ChatWire

/// The token in a request's `Authorization` header.
enum AccessToken {
    /// The user that the request's token was issued for.
    ///
    /// - Throws: `unauthorized` when the token is missing or not valid, or its user does not exist.
    static func user(of request: RouteRequest, _ context: ServerContext) async throws(RouteError) -> User {
        let token: String
        do {
            token = try text(of: request.headers["Authorization"])
        } catch {
            throw .unauthorized(error)
        }
        guard let holder = try? context.signer.holder(of: token, now: ServerClock.now()),
            !context.blocked.contains(holder.user)
        else { throw .unauthorized(.invalid) }
        let user = try await routing { () async throws(StoreError) in
            try await context.store.lookUp { view in
                try view.user(holder.user)
            }
        }
        guard let user, context.signer.accepts(holder, for: user) else { throw .unauthorized(.invalid) }
        request.note?.account = user.id
        return user
    }

    /// Checks that the request has a token that this server signed and that has not expired. It does not
    /// check that the user exists.
    static func check(_ request: RouteRequest, _ context: ServerContext) throws(RouteError) {
        let token: String
        do {
            token = try text(of: request.headers["Authorization"])
        } catch {
            throw .unauthorized(error)
        }
        guard (try? context.signer.user(of: token, now: ServerClock.now())) != nil else {
            throw .unauthorized(.invalid)
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
