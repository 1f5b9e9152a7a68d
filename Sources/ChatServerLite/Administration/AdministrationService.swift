import ChatCrypto
import ChatWire

/// Carries out what those who run a server ask. It works on a storage, whether a server has it or a command.
struct AdministrationService: Sendable {
    let store: any Storage
    let rules: AccountRules
    let surroundings: any AdministrationSurroundings

    /// Carries out a request. Changes are on disk when this returns.
    func answer(
        _ request: AdministrationRequest
    ) async throws(AdministrationFailure) -> AdministrationAnswer {
        switch request {
        case .users(let after, let limit): return try await users(after: after, limit: limit)
        case .user(let name): return .user(try await user(named: name))
        case .addUser(let name, let email, let password):
            return .user(try await addUser(name: name, email: email, password: password))
        case .setPassword(let user, let password):
            try await setPassword(of: user, password)
            return .done(count: 1)
        case .setDisabled(let user, let isDisabled):
            let record = try await perform(SetAccountDisabled(user: user, isDisabled: isDisabled))
            await surroundings.accountChanged(user, isBlocked: isDisabled)
            surroundings.record(isDisabled ? "user disable" : "user enable", account: user)
            return .user(record)
        case .erase(let user, let withMessages):
            return .done(count: try await erase(user, withMessages: withMessages))
        case .exportAccount(let user):
            let account = try await exportAccount(user)
            surroundings.record("user export", account: user)
            return .account(account)
        case .exportMessages(let user, let after): return try await exportMessages(user, after: after)
        case .sessions(let user): return .sessions(try await sessions(of: user))
        case .endSession(let id, let user):
            let ended = try await perform(EndSession(id, of: user))
            await surroundings.sessionsEnded([ended], of: user, endsUnnamed: false)
            surroundings.record("session end", account: user)
            return .done(count: 1)
        case .endSessions(let user):
            let count = try await endSessions(of: user)
            surroundings.record("session end all", account: user)
            return .done(count: count)
        case .invite(let uses, let lifetime): return try await invite(uses: uses, lifetime: lifetime)
        case .invitations: return .invitations(try await invitations().map { NamedInvitation($0) })
        case .revoke(let invitation):
            try await revoke(invitation)
            return .done(count: 1)
        }
    }

    // MARK: Accounts

    private func users(after: UserID, limit: Int) async throws(AdministrationFailure) -> AdministrationAnswer
    {
        let users = try await read { view in try view.accountRecords(after: after, limit: limit) }
        return .users(users, next: users.count < limit ? nil : users.last?.user.id)
    }

    private func user(named name: String) async throws(AdministrationFailure) -> AccountRecord {
        let found = try await read { [rules] view -> AccountRecord? in
            if let number = Int64(name) { return try view.accountRecord(UserID(number)) }
            let account = try rules.account(email: AccountRules.canonical(name), view)
            return try account.flatMap { try view.accountRecord($0.user.id) }
        }
        guard let found else { throw .unknownUser }
        return found
    }

    private func addUser(
        name: String, email: String, password: String
    ) async throws(AdministrationFailure) -> AccountRecord {
        let (name, email) = (strippedLikePython(name), AccountRules.canonical(email))
        if let refusal = rules.refusal(name: name, email: email, password: password) {
            throw .refused(reason: AdministrationFailure.words(for: refusal))
        }
        let hash = try await hash(password)
        let user = try await perform(RegisterUser(name: name, email: email, passwordHash: hash))
        surroundings.record("user add", account: user.id)
        return AccountRecord(user: user, state: .active)
    }

    private func setPassword(of user: UserID, _ password: String) async throws(AdministrationFailure) {
        // The other two are beyond reproach.
        if let refusal = rules.refusal(name: "a", email: "a@a.example", password: password) {
            throw .refused(reason: AdministrationFailure.words(for: refusal))
        }
        try await perform(SetPassword(user: user, hash: try await hash(password)))
        surroundings.record("user password", account: user)
        // Whoever knew the former password may be signed in.
        _ = try await endSessions(of: user)
    }

    private func hash(_ password: String) async throws(AdministrationFailure) -> String {
        guard let hash = try await surroundings.hash(rules.significant(password)) else {
            throw .refused(reason: AdministrationFailure.words(for: .passwordTooLong))
        }
        return hash
    }

    /// - Returns: how many messages were deleted.
    private func erase(_ user: UserID, withMessages: Bool) async throws(AdministrationFailure) -> Int {
        let secret = Base64URL.encode(RandomBytes.generate(9)).lowercased()
        try await perform(EraseAccount(user: user, secret: secret))
        await surroundings.accountChanged(user, isBlocked: true)
        surroundings.record("user delete", account: user)
        var names = ForgetContactName(user: user)
        while let last = try await perform(names) { names.after = last }
        guard withMessages else { return 0 }
        var count = 0
        var messages = DeleteOwnMessages(user: user)
        while true {
            let outcome = try await perform(messages)
            await surroundings.announce(messages.announcements(of: outcome))
            count += outcome.deleted.count
            guard let next = outcome.next else { return count }
            messages.after = next
        }
    }

    // MARK: Sessions

    private func sessions(of user: UserID) async throws(AdministrationFailure) -> [UserSession] {
        let now = ServerClock.now()
        return try await read { view in try view.sessions(of: user, at: now).map { UserSession($0) } }
    }

    /// - Returns: how many sessions were ended.
    private func endSessions(of user: UserID) async throws(AdministrationFailure) -> Int {
        let ended = try await perform(EndSessions(of: user))
        await surroundings.sessionsEnded(ended, of: user, endsUnnamed: true)
        return ended.count
    }

    // MARK: Exports

    private func exportAccount(_ user: UserID) async throws(AdministrationFailure) -> JSONValue {
        let now = ServerClock.now()
        let account = try await read { view -> JSONValue? in
            guard let record = try view.accountRecord(user), !record.isDeleted else { return nil }
            return [
                "user": record.json,
                "contacts": .array(try view.contacts(of: user, in: .exact).map { try Self.json($0) }),
                "sessions": .array(
                    try view.sessions(of: user, at: now).map { try Self.json(UserSession($0)) }),
                "push_subscriptions": .array(
                    try view.subscriptions(of: user).sorted { $0.key < $1.key }.map {
                        ["endpoint": .string($0.value.endpoint)]
                    }),
            ]
        }
        guard let account else { throw .unknownUser }
        return account
    }

    private func exportMessages(
        _ user: UserID, after: MessageID
    ) async throws(AdministrationFailure) -> AdministrationAnswer {
        try await read { view in
            let page = try view.messages(of: user, after: after, limit: AdministrationRequest.exportMax)
            return .messages(try page.messages.map { try Self.json($0) }, next: page.next)
        }
    }

    private static func json(_ object: some WireObject) throws -> JSONValue {
        var writer = JSONWriter()
        object.write(to: &writer)
        return try JSONValue(parsing: writer.finished())
    }

    // MARK: Invitations

    private func invite(
        uses: Int, lifetime: Int
    ) async throws(AdministrationFailure) -> AdministrationAnswer {
        let code = Invitation.freshCode()
        let expiry = ServerClock.now().microseconds + Int64(lifetime) * 1_000_000
        let invitation = Invitation(
            codeHash: Invitation.hash(of: code), expiresAt: Timestamp(microseconds: expiry), usesLeft: uses)
        try await perform(CreateInvitation(invitation))
        surroundings.record("invite", account: nil)
        return .invitation(code: code, NamedInvitation(invitation))
    }

    private func invitations() async throws(AdministrationFailure) -> [Invitation] {
        let now = ServerClock.now()
        return try await read { view in try view.invitations(validAt: now, limit: 1000) }
    }

    private func revoke(_ name: String) async throws(AdministrationFailure) {
        let named = try await invitations().first { NamedInvitation.name(of: $0.codeHash) == name }
        let hash = named?.codeHash ?? Invitation.hash(of: name)
        guard try await perform(RevokeInvitation(codeHash: hash)) else { throw .unknownInvitation }
        surroundings.record("invite revoke", account: nil)
    }

    // MARK: The storage

    private func read<Answer: Sendable>(
        _ body: @Sendable @escaping (any StorageView) throws -> Answer
    ) async throws(AdministrationFailure) -> Answer {
        do throws(StoreError) {
            return try await store.read(body)
        } catch {
            throw AdministrationFailure(error)
        }
    }

    @discardableResult
    private func perform<Command: StoreCommand>(
        _ command: Command
    ) async throws(AdministrationFailure) -> Command.Outcome {
        let result: Result<Command.Outcome, StoreError> = await withCheckedContinuation { continuation in
            store.submit(command) { continuation.resume(returning: $0) }
        }
        do throws(StoreError) {
            return try result.get()
        } catch {
            throw AdministrationFailure(error)
        }
    }
}

/// What surrounds the storage that is administered: a running server, or nothing.
protocol AdministrationSurroundings: Sendable {
    /// Nil when the password cannot be hashed.
    func hash(_ password: String) async throws(AdministrationFailure) -> String?
    /// The account may no longer be used, or may be again. When this returns, nobody uses it who may not.
    func accountChanged(_ user: UserID, isBlocked: Bool) async
    /// Sessions of an account were ended, and the tokens that have none if so. When this returns, their tokens are
    /// refused.
    func sessionsEnded(_ sessions: [EndedSession], of user: UserID, endsUnnamed: Bool) async
    /// Tells those who are connected.
    func announce(_ announcements: [Announcement]) async
    /// Records an act in the audit log.
    func record(_ act: String, account: UserID?)
}

/// A running server.
extension ServerContext: AdministrationSurroundings {
    func hash(_ password: String) async throws(AdministrationFailure) -> String? {
        do {
            return try await hasher.hash(
                password, for: FairAsker(group: "administration", member: "administration"))
        } catch {
            throw .storage(reason: "too many passwords wait to be checked; try again")
        }
    }

    func accountChanged(_ user: UserID, isBlocked: Bool) async {
        blocked.set(user, isBlocked: isBlocked)
        if isBlocked { await hub.dismiss(user) }
    }

    func sessionsEnded(_ sessions: [EndedSession], of user: UserID, endsUnnamed: Bool) async {
        sessionsWereEnded(sessions, of: user, endsUnnamed: endsUnnamed, by: .administration)
    }

    func announce(_ announcements: [Announcement]) async {
        await hub.announceNow(announcements)
    }

    func record(_ act: String, account: UserID?) {
        record(.administration(act), account: account, from: nil)
    }

    /// The administration of this server.
    var administration: AdministrationService {
        AdministrationService(
            store: store, rules: AccountRules(configuration.behaviour.rules), surroundings: self)
    }
}
