import ChatWire
import Logging

/// The routes of accounts and tokens.
enum AuthRoutes {
    static let all = [
        Route(register, limit: .signUp), Route(challenge), Route(login, limit: .signIn),
        Route { (_: RouteCall<API.Me>, user, context) async throws(RouteError) in
            Reply(context.configuration.behaviour.stored(user))
        },
        Route { (_: RouteCall<API.Verify>, _, _) async throws(RouteError) in
            Reply(message: "Token válido")
        },
        Route { (call: RouteCall<API.Refresh>, user, context) async throws(RouteError) in
            guard let holder = call.holder else { throw .unauthorized(.missing) }
            let token = try await context.renewToken(of: holder, for: user, call.request)
            context.record(.tokenRenewed, account: user.id, from: call.request.client)
            return Reply(token)
        },
    ]

    @Sendable
    private static func register(
        _ call: RouteCall<API.Register>, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Register> {
        do throws(RouteError) {
            let user = try await signUp(call, context)
            context.counters.add(.signedUp)
            context.record(.signedUp, account: user.id, from: call.request.client)
            return Reply(
                await signedIn(user, call.request, context), message: "Usuário registrado com sucesso")
        } catch .refused(let refusal) {
            context.counters.add(.signUpRefused)
            context.recordRefusal(
                .signUpRefused(reason: "\(refusal)"), by: .signUp, from: call.request.client)
            throw .refused(refusal)
        } catch {
            throw error
        }
    }

    private static func signUp(
        _ call: RouteCall<API.Register>, _ context: ServerContext
    ) async throws(RouteError) -> User {
        if context.configuration.registration == .closed { throw .refused(.registrationClosed) }
        let rules = AccountRules(context.configuration.behaviour.rules)
        let body = try call.body()
        let form = try RegistrationForm(body, rules)
        let invitation = try invitation(in: body, context)
        if let challenges = context.challenges {
            guard let text = body[API.Register.challenge]?.stringValue,
                let number = body[API.Register.number]?.integerValue, challenges.accept(text, number)
            else { throw .refused(.proofMissing) }
        }
        let isTaken = try await routing { () async throws(StoreError) in
            try await context.store.lookUp { view in
                try rules.account(email: form.email, view) != nil
            }
        }
        // This check only saves the hashing. The command checks again.
        if isTaken { throw .refused(.emailTaken) }
        guard
            let hash = try await hashing(
                context,
                { () async throws(FairWorker.Refused) in
                    try await context.hasher.hash(
                        rules.significant(form.password), for: asker(call.request, form.email))
                })
        else { throw .refused(.passwordTooLong) }
        return try await context.perform(
            RegisterUser(
                name: form.name, email: form.email, passwordHash: hash, invitation: invitation))
    }

    /// The hash of the invitation; nil where none is needed. The command checks it.
    private static func invitation(
        in body: JSONBody, _ context: ServerContext
    ) throws(RouteError) -> [UInt8]? {
        guard context.configuration.registration == .invite else { return nil }
        guard let code = body[API.Register.invitation]?.stringValue, !code.isEmpty else {
            throw .refused(.invitationMissing)
        }
        return Invitation.hash(of: code)
    }

    @Sendable
    private static func challenge(
        _ call: RouteCall<API.Challenge>, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Challenge> {
        guard let challenges = context.challenges else { throw .notFound }
        return Reply(challenges.issue())
    }

    @Sendable
    private static func login(
        _ call: RouteCall<API.Login>, _ context: ServerContext
    ) async throws(RouteError) -> Reply<API.Login> {
        let rules = AccountRules(context.configuration.behaviour.rules)
        let body = try call.body()
        let email = AccountRules.canonical(try body.text(API.Login.email))
        let password = try body.text(API.Login.password)
        if email.isEmpty || password.isEmpty { throw .refused(.missingFields) }
        let attempt = SignInAttempt(
            asker: asker(call.request, email), client: call.request.client, context: context)
        try attempt.begin()
        let checked: (account: StoredAccount?, verdict: PasswordHasher.Verdict)
        do throws(RouteError) {
            checked = try await check(rules.significant(password), of: email, attempt, rules, context)
        } catch {
            attempt.takeBack()
            throw error
        }
        guard checked.verdict.isRight, let account = checked.account else {
            attempt.failed(at: checked.account)
            throw .refused(rules.signInRefusal(accountExists: checked.account != nil))
        }
        guard !context.blocked.contains(account.user.id) else {
            attempt.refused(at: account)
            throw .refused(.accountDisabled)
        }
        attempt.succeeded(at: account)
        if let renewed = checked.verdict.renewed {
            // The cost was changed. If this fails, the next sign-in tries again.
            _ = try? await context.perform(
                RenewPassword(user: account.user.id, hash: renewed, old: account.passwordHash))
        }
        let stored = context.configuration.behaviour.stored(account.user)
        return Reply(
            await signedIn(stored, call.request, context), message: "Login realizado com sucesso")
    }

    /// The account, and whether the password is its own. An unknown account takes as long as a known one.
    private static func check(
        _ password: String, of email: String, _ attempt: SignInAttempt, _ rules: AccountRules,
        _ context: ServerContext
    ) async throws(RouteError) -> (account: StoredAccount?, verdict: PasswordHasher.Verdict) {
        let account = try await routing { () async throws(StoreError) in
            try await context.store.lookUp { view in
                try rules.account(email: email, view)
            }
        }
        let verdict = try await hashing(context) { () async throws(FairWorker.Refused) in
            try await context.hasher.verify(password, against: account?.passwordHash, for: attempt.asker)
        }
        return (account, verdict)
    }

    /// The asker for the fair queue. All spellings of an address count as one account, whether it exists or
    /// not.
    private static func asker(_ request: RouteRequest, _ email: String) -> FairAsker {
        FairAsker(group: PeerNetwork.name(of: request.client.text), member: TextFolding.fold(email))
    }

    private static func hashing<Result>(
        _ context: ServerContext, _ body: () async throws(FairWorker.Refused) -> Result
    ) async throws(RouteError) -> Result {
        do {
            return try await body()
        } catch {
            context.counters.add(.passwordQueueFull)
            throw .tooMany(retryAfter: error.retryAfter)
        }
    }

    private static func signedIn(
        _ user: User, _ request: RouteRequest, _ context: ServerContext
    ) async -> SignIn {
        SignIn(user: user, token: await context.beginSession(of: user, request))
    }
}

/// The fields of a new account, checked in the API's order.
struct RegistrationForm: Equatable, Sendable {
    let name: String
    let email: String
    let password: String

    init(_ body: JSONBody, _ rules: AccountRules) throws(RouteError) {
        name = strippedLikePython(try body.text(API.Register.name))
        email = AccountRules.canonical(try body.text(API.Register.email))
        // As recorded, a null password counts as missing, but a null name or address as a wrong type.
        password = body.isBlank(API.Register.password) ? "" : try body.text(API.Register.password)
        if let refusal = rules.refusal(name: name, email: email, password: password) {
            throw .refused(refusal)
        }
    }
}
