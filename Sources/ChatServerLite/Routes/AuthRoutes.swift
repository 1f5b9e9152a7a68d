import ChatWire
import Logging

/// Accounts and tokens.
enum AuthRoutes {
    static let all = [
        Route(.post, "/api/auth/register", register),
        Route(.post, "/api/auth/login", login),
        Route(.get, "/api/auth/me") { (_, user, context) async throws(RouteError) in
            .success { write(context.configuration.behaviour.stored(user), to: &$0) }
        },
        Route(.get, "/api/auth/verify") { (_, _, _) async throws(RouteError) in
            .success("Token válido")
        },
        Route(.post, "/api/auth/refresh") { (_, user, context) async throws(RouteError) in
            .success { writer in
                writer.key("token")
                writer.string(context.signer.token(for: user, now: ServerClock.now()))
            }
        }.belonging(to: .refresh),
    ]

    @Sendable
    private static func register(
        _ request: RouteRequest, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let rules = AccountRules(context.configuration.behaviour.rules)
        let form = try RegistrationForm(try JSONBody(request), rules)
        let isTaken = try await routing { () async throws(StoreError) in
            try await context.store.lookUp { view in
                try rules.account(email: form.email, view) != nil
            }
        }
        // Asked again when it is written; this only spares the hash.
        if isTaken { throw .refused(.emailTaken) }
        guard
            let hash = try await hashing({ () async throws(FairWorker.Refused) in
                try await context.hasher.hash(
                    rules.significant(form.password), for: asker(request, form.email))
            })
        else { throw .refused(.passwordTooLong) }
        let user = try await context.perform(
            RegisterUser(name: form.name, email: form.email, passwordHash: hash))
        return signedIn(user, "Usuário registrado com sucesso", status: 201, context)
    }

    @Sendable
    private static func login(
        _ request: RouteRequest, _ context: ServerContext
    ) async throws(RouteError) -> RouteResponse {
        let rules = AccountRules(context.configuration.behaviour.rules)
        let body = try JSONBody(request)
        let email = AccountRules.canonical(try body.text("email"))
        let password = try body.text("password")
        if email.isEmpty || password.isEmpty { throw .refused(.missingFields) }
        let account = try await routing { () async throws(StoreError) in
            try await context.store.lookUp { view in
                try rules.account(email: email, view)
            }
        }
        let verdict = try await hashing { () async throws(FairWorker.Refused) in
            try await context.hasher.verify(
                rules.significant(password), against: account?.passwordHash, for: asker(request, email))
        }
        guard verdict.isRight, let account else {
            context.logger.notice(
                "a sign-in was refused",
                metadata: [
                    "address": "\(request.address)",
                    "user": "\(account.map { "\($0.user.id)" } ?? "unknown")",
                ])
            throw .refused(rules.signInRefusal(accountExists: account != nil))
        }
        if let renewed = verdict.renewed {
            // The cost has been changed. It may fail: there is a next time.
            _ = try? await context.perform(
                RenewPassword(user: account.user.id, hash: renewed, old: account.passwordHash))
        }
        let stored = context.configuration.behaviour.stored(account.user)
        return signedIn(stored, "Login realizado com sucesso", status: 200, context)
    }

    /// An account is one however its address is written, and whether it exists or not.
    private static func asker(_ request: RouteRequest, _ email: String) -> FairAsker {
        FairAsker(group: PeerNetwork.name(of: request.address), member: TextFolding.fold(email))
    }

    private static func hashing<Result>(
        _ body: () async throws(FairWorker.Refused) -> Result
    ) async throws(RouteError) -> Result {
        do {
            return try await body()
        } catch {
            throw .tooMany(retryAfter: error.retryAfter)
        }
    }

    private static func signedIn(
        _ user: User, _ message: String, status: Int, _ context: ServerContext
    ) -> RouteResponse {
        .success(message, status: status) { writer in
            write(user, to: &writer)
            writer.key("token")
            writer.string(context.signer.token(for: user, now: ServerClock.now()))
        }
    }

    private static func write(_ user: User, to writer: inout JSONWriter) {
        writer.key("user")
        user.write(to: &writer)
    }
}

/// What a new account is made of, checked in the API's order.
struct RegistrationForm: Equatable, Sendable {
    let name: String
    let email: String
    let password: String

    init(_ body: JSONBody, _ rules: AccountRules) throws(RouteError) {
        name = strippedLikePython(try body.text("name"))
        email = AccountRules.canonical(try body.text("email"))
        // A null password counts as a missing one, a null name or address as a wrong type (recorded).
        password = body.isBlank("password") ? "" : try body.text("password")
        if let refusal = rules.refusal(name: name, email: email, password: password) {
            throw .refused(refusal)
        }
    }
}
