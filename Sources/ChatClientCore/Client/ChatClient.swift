import ChatNet
import ChatSQLite
import ChatWire
import Logging

/// A person's chats on one server: everything that a program needs to show them and to take part.
///
/// Reads are answered from the cache on disk and never wait for the network. A message is on disk when
/// ``send(_:to:)`` returns. It is delivered once and in order, whatever happens to the link, the program or the
/// machine. Several programs may use one account at once: one of them holds the link, and the others see its work in
/// the cache.
///
/// let client = try ChatClient(configuration: configuration) try await client.signIn(email: "ana@exemplo.com",
/// password: password) await client.connect() for await change in await client.changes() { … }
///
/// The actor runs on its own thread, which also does the network's work.
public actor ChatClient {
    /// The configuration that the client was made with.
    public nonisolated let configuration: ClientConfiguration

    nonisolated let thread: IOThread
    let http: HTTPClient
    let rest: RESTClient
    /// The notice about the cache that was opened first; the first observer receives it too.
    public nonisolated let openingNotice: ChatNotice?

    nonisolated let observers = ChangeObservers()
    let files: ProfileFiles
    var driver: EngineDriver?
    var wantsLink = false
    var waiters = OutcomeWaiters()
    var session: AccountSession? { driver?.session }
    /// The result of the last search for people.
    var found: [Person] = []

    /// The thread that the client lives on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Opens the cache of the account that was signed in last; it does not use the network.
    ///
    /// A cache that is damaged, or written by a newer version, is set aside. Its unsent messages are rescued into the
    /// new one if they can be read. ``ChatNotice/cacheSetAside(path:rescued:)`` tells the first observer.
    ///
    /// - Throws: `ChatError.file` when the directories cannot be created or read, `.storage` when no cache can be
    ///   opened.
    public init(configuration: ClientConfiguration) throws(ChatError) {
        self.configuration = configuration
        let thread = IOThread()
        self.thread = thread
        let http = HTTPClient(thread: thread, configuration: configuration.net)
        self.http = http
        rest = RESTClient(
            http: http, server: configuration.server, agent: configuration.agent,
            logger: configuration.logger)
        let files = try ProfileFiles(
            directories: configuration.directories, profile: configuration.profile,
            server: configuration.server)
        self.files = files
        var opened: AccountSession?
        if let saved = try files.loadAccount() {
            opened = try AccountSession(
                saved: saved, files: files.account(saved.user), configuration: configuration)
        }
        openingNotice = opened?.openingNotice
        driver = opened.map { EngineDriver($0) }
    }

    deinit { observers.finish() }

    // MARK: The account

    /// The signed-in account; nil when nobody is signed in, or when the token was refused.
    public var account: Account? {
        guard let session, session.engine.isSignedIn else { return nil }
        return session.account
    }

    /// The user whose cache is open, even after the token was refused, when ``account`` is nil.
    public var owner: User? { session?.user }

    /// Creates an account on the server and signs in to it. Where the server asks for a proof of work, it is
    /// computed first.
    ///
    /// - Parameter invitation: the code of an invitation, for servers that ask for one.
    /// - Throws: `ChatError.refused` with the server's words, `.network` and the other link errors.
    @discardableResult
    public func register(
        name: String, email: String, password: String, invitation: String? = nil
    ) async throws(ChatError) -> Account {
        try await adopt(
            rest.register(name: name, email: email, password: password, invitation: invitation))
    }

    /// Signs in. The token is kept in a file that only its owner can read.
    ///
    /// Signing in again to the same account keeps its cache and its outbox. Another account has its own.
    ///
    /// - Throws: `ChatError.refused` with the server's words when the email or the password is wrong.
    @discardableResult
    public func signIn(email: String, password: String) async throws(ChatError) -> Account {
        try await adopt(rest.call(API.login(email: email, password: password), token: nil))
    }

    /// Signs in with a token from elsewhere, after asking the server for the user that it belongs to.
    ///
    /// - Throws: `ChatError.unauthorized` when the server does not accept it.
    @discardableResult
    public func signIn(token: String) async throws(ChatError) -> Account {
        let user = try await rest.call(API.me(), token: token)
        // The token is the one that is kept, and the server now assigns it to another user.
        if let session, session.engine.token == token,
            user.id != session.user.id || user.email != session.user.email
        {
            _ = session.engine.isCachesAccount(user, at: .now)
            settle()
            throw .unauthorized(message: "")
        }
        return try await adopt(SignIn(user: user, token: token))
    }

    /// Forgets the token and ends the link. The cache and the outbox stay for the next time. The session on the server is
    /// ended meanwhile, if the server can be reached.
    ///
    /// - Returns: the end of the session on the server. The account is signed out here in any case.
    @discardableResult
    public func signOut() async throws(ChatError) -> Task<SignOutOutcome, Never> {
        let token = session?.engine.token
        let wanted = wantsLink
        await disconnect()
        wantsLink = wanted
        try files.forgetAccount()
        driver = nil
        observers.announce(.account(nil))
        observers.announce(.link(.signedOut))
        observers.announce(.conversations)
        waiters.signedOut()
        return Task {
            guard let token else { return .nothingToEnd }
            return await rest.endSession(of: token)
        }
    }

    /// Keeps the token and makes the account the client's.
    private func adopt(_ signIn: SignIn) async throws(ChatError) -> Account {
        let saved = ProfileFiles.SavedAccount(user: signIn.user, token: signIn.token)
        if let session, session.user.id == signIn.user.id {
            try files.save(saved)
            try session.engine.signedIn(signIn.user, at: .now)
            session.user = signIn.user
            session.engine.renewToken(signIn.token, at: .now)
            session.engine.accountIsConfirmed()
            settle()
        } else {
            let wanted = wantsLink
            let before = session
            await disconnect()
            wantsLink = wanted
            let fresh = try AccountSession(
                saved: saved, files: files.account(signIn.user), configuration: configuration)
            try files.save(saved)
            fresh.engine.accountIsConfirmed()
            let driver = EngineDriver(fresh)
            self.driver = driver
            if let before { inherit(before) }
            if wanted { driver.startLink(on: self) }
        }
        let account = Account(
            user: signIn.user, expiresAt: TokenClaims(token: signIn.token)?.expiresAt)
        observers.announce(.account(account))
        observers.announce(.link(linkState))
        observers.announce(.conversations)
        return account
    }

    /// The same person has another number now: the server's database was recreated.
    private func inherit(_ before: AccountSession) {
        guard let session, before.user.email.lowercased() == session.user.email.lowercased() else { return }
        do throws(SQLiteError) {
            let aside = try session.store.inheritance.takeOver(from: before.files.cache, of: before.user.id)
            if let aside { session.engine.historyWasSetAside(aside, at: .now) }
        } catch {
            // The content of the former cache stays there.
            configuration.logger.error("a former cache was not taken over", metadata: ["error": "\(error)"])
        }
        settle()
    }

    // MARK: The link

    /// Keeps the realtime link up from now on, and reconnects with backoff. Returns at once. Call ``disconnect()``
    /// before you release the client: a connected client stays alive.
    ///
    /// When another program holds the account's link, this one watches, and takes over when the other one ends.
    public func connect() {
        wantsLink = true
        driver?.startLink(on: self)
    }

    /// Ends the link and the automatic reconnecting. Unsent messages stay in the outbox.
    public func disconnect() async {
        wantsLink = false
        guard let driver else { return }
        driver.session.engine.setWantsLink(false, at: .now)
        settle()
        await driver.stopLink(on: self)
    }

    /// Tries at once, without waiting for the current delay; takes the account back when it is in use elsewhere.
    public func reconnectNow() {
        guard let session else { return }
        // Another program may have signed in again in the meantime.
        if !session.engine.isSignedIn, let saved = (try? files.loadAccount()).flatMap({ $0 }),
            saved.user.id == session.user.id, let token = saved.token
        {
            session.engine.renewToken(token, at: .now)
            observers.announce(.account(session.account))
        }
        session.engine.reconnectNow(at: .now)
        settle()
    }

    /// The state of the account's link, in this program or in the program that holds it.
    public var linkState: LinkState { session?.engine.linkState ?? .signedOut }

    /// Whether this program's link now uses a WebSocket; false without a link, and while it polls.
    public var isOverWebSocket: Bool { driver?.links?.isOverWebSocket ?? false }

    /// The current time on the clock that ``LinkState/offline(reason:nextTry:)`` uses.
    public static var now: MonotonicInstant { MonotonicClock.now }

    /// The changes from now on. Any number of observers may watch. A slow one delays nobody: changes of one kind are
    /// coalesced until it takes them.
    public func changes() -> AsyncStream<ChatChange> {
        let stream = observers.add()
        if let notice = session?.takeOpeningNotice() { observers.announce(.notice(notice)) }
        return stream
    }

    // MARK: The server

    /// Asks the server whether it still accepts the account's token.
    ///
    /// - Throws: `ChatError.unauthorized` when it does not; then nothing more is sent until the person signs in
    ///   again.
    public func verifyToken() async throws(ChatError) {
        guard let session else { throw .notSignedIn }
        try await session.call(API.verify(), on: self)
    }

    /// The server's description of itself.
    public func serverInformation() async throws(ChatError) -> ServerInformation {
        try await rest.call(API.serverInformation(), token: nil)
    }
}
