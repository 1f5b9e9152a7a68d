import ChatNet
import ChatSQLite
import ChatWire
import Logging

/// A person's chats on one server: everything a program needs to show them, and to take part.
///
/// Reading is answered from the cache on the disk and never waits for the network. What is entered is on the
/// disk when ``send(_:to:)`` returns, and is delivered once, in order, whatever happens to the link, the
/// program or the machine. Several programs may use one account at once: one of them holds the link, the
/// others see its work in the cache.
///
///     let client = try ChatClient(configuration: configuration)
///     try await client.signIn(email: "ana@exemplo.com", password: password)
///     await client.connect()
///     for await change in await client.changes() { … }
///
/// The actor lives on a thread of its own, which also does the network's work.
public actor ChatClient {
    /// What the client was made with.
    public nonisolated let configuration: ClientConfiguration

    nonisolated let thread: IOThread
    let http: HTTPClient
    /// What there is to say of the cache that was opened first; the first observer is told it too.
    public nonisolated let openingNotice: ChatNotice?

    nonisolated let observers = ChangeObservers()
    let files: ProfileFiles
    var session: AccountSession?
    var wantsLink = false
    var waiters = OutcomeWaiters()
    /// What the last search for people found.
    var found: [Person] = []

    /// The thread that the client lives on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Opens the cache of the account that was signed in last; does nothing on the network.
    ///
    /// A cache that is damaged, or written by a newer version, is set aside and its unsent messages are saved
    /// into the new one where they can be read: ``ChatNotice/cacheSetAside(path:rescued:)`` says so to the
    /// first observer.
    ///
    /// - Throws: `ChatError.file` when the directories cannot be made or read, `.storage` when no cache can
    ///   be opened.
    public init(configuration: ClientConfiguration) throws(ChatError) {
        self.configuration = configuration
        let thread = IOThread()
        self.thread = thread
        http = HTTPClient(thread: thread, configuration: configuration.net)
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
        session = opened
    }

    deinit { observers.finish() }

    // MARK: The account

    /// Who is signed in; nil when nobody is, or when the token was refused.
    public var account: Account? {
        guard let session, session.engine.isSignedIn else { return nil }
        return session.account
    }

    /// Whose cache is open: also after the token was refused, when ``account`` is nil.
    public var owner: User? { session?.user }

    /// Makes an account on the server and signs in to it.
    ///
    /// - Throws: `ChatError.refused` with the server's words, `.network` and the other link errors.
    @discardableResult
    public func register(
        name: String, email: String, password: String
    ) async throws(ChatError) -> Account {
        try await adopt(call(API.register(name: name, email: email, password: password), token: nil))
    }

    /// Signs in; the token is kept in a file that only its owner can read.
    ///
    /// Signing in again to the same account keeps its cache and its outbox. Another account has its own.
    ///
    /// - Throws: `ChatError.refused` with the server's words when email or password are wrong.
    @discardableResult
    public func signIn(email: String, password: String) async throws(ChatError) -> Account {
        try await adopt(call(API.login(email: email, password: password), token: nil))
    }

    /// Signs in with a token from elsewhere, after asking the server whose it is.
    ///
    /// - Throws: `ChatError.unauthorized` when the server does not accept it.
    @discardableResult
    public func signIn(token: String) async throws(ChatError) -> Account {
        let user = try await call(API.me(), token: token)
        // The very token that is kept, by which the server knows somebody else now.
        if let session, session.engine.token == token,
            user.id != session.user.id || user.email != session.user.email
        {
            _ = session.engine.isCachesAccount(user, at: .now)
            settle()
            throw .unauthorized(message: "")
        }
        return try await adopt(SignIn(user: user, token: token))
    }

    /// Forgets the token and ends the link. The cache and the outbox stay for the next time.
    public func signOut() async throws(ChatError) {
        let wanted = wantsLink
        await disconnect()
        wantsLink = wanted
        try files.forgetAccount()
        session = nil
        observers.announce(.account(nil))
        observers.announce(.link(.signedOut))
        observers.announce(.conversations)
        wakeWaiters()
    }

    /// Keeps the token and makes the account the client's.
    private func adopt(_ signIn: SignIn) async throws(ChatError) -> Account {
        let saved = ProfileFiles.SavedAccount(user: signIn.user, token: signIn.token)
        if let session, session.user.id == signIn.user.id {
            try files.save(saved)
            try session.engine.signedIn(signIn.user, at: .now)
            session.user = signIn.user
            session.engine.renewToken(signIn.token, at: .now)
            session.engine.isAccountKnown = true
            settle()
        } else {
            let wanted = wantsLink
            let before = session
            await disconnect()
            wantsLink = wanted
            let fresh = try AccountSession(
                saved: saved, files: files.account(signIn.user), configuration: configuration)
            try files.save(saved)
            fresh.engine.isAccountKnown = true
            session = fresh
            if let before { inherit(before) }
            if wanted { startLink(of: fresh) }
        }
        let account = Account(
            user: signIn.user, expiresAt: TokenClaims(token: signIn.token)?.expiresAt)
        observers.announce(.account(account))
        observers.announce(.link(linkState))
        observers.announce(.conversations)
        return account
    }

    /// The same person has another number: their server's database was made anew.
    private func inherit(_ before: AccountSession) {
        guard let session, before.user.email.lowercased() == session.user.email.lowercased() else { return }
        do throws(SQLiteError) {
            let aside = try session.engine.store.inherit(from: before.files.cache, of: before.user.id)
            if let aside { session.engine.historyWasSetAside(aside, at: .now) }
        } catch {
            // What is there stays there.
            configuration.logger.error("a former cache was not taken over", metadata: ["error": "\(error)"])
        }
        settle()
    }

    /// Why a part of the cache is of a server that is there no more, as long as something of it is left: messages, or
    /// unsent ones that wait for the person's word. Nil without such.
    public func formerServer() throws(ChatError) -> FormerServer? {
        guard let session else { return nil }
        return try storage { () throws(SQLiteError) in
            let store = session.engine.store
            let messages = try store.formerCount()
            let held = try store.heldOfFormerServers()
            guard messages + held > 0 else { return nil }
            return FormerServer(reason: try store.formerReason(), messages: messages, held: held)
        }
    }

    // MARK: The link

    /// Keeps the realtime link up from now on, reconnecting with growing delays. Returns at once. Call
    /// ``disconnect()`` before letting go of the client: a connected one lives on.
    ///
    /// When another program holds the account's link this one watches, and takes over when that one ends.
    public func connect() {
        wantsLink = true
        if let session { startLink(of: session) }
    }

    /// Ends the link, and with it the automatic reconnecting. Unsent messages stay in the outbox.
    public func disconnect() async {
        wantsLink = false
        guard let session else { return }
        session.engine.setWantsLink(false, at: .now)
        settle()
        await stopLink(of: session)
    }

    /// Tries at once instead of at the end of the present delay; takes the account back when it is in use
    /// elsewhere.
    public func reconnectNow() {
        guard let session else { return }
        // Another program may have signed in again meanwhile.
        if !session.engine.isSignedIn, let saved = (try? files.loadAccount()).flatMap({ $0 }),
            saved.user.id == session.user.id, let token = saved.token
        {
            session.engine.renewToken(token, at: .now)
            observers.announce(.account(session.account))
        }
        session.engine.reconnectNow(at: .now)
        settle()
    }

    /// The state of the link: of this program's, or of the program that holds it for this account.
    public var linkState: LinkState { session?.engine.linkState ?? .signedOut }

    /// Whether this program's link goes over a WebSocket by now; false without a link, and while it polls.
    public var isOverWebSocket: Bool { session?.link?.isWebSocket ?? false }

    /// The present on the clock that ``LinkState/offline(reason:nextTry:)`` uses.
    public static var now: MonotonicInstant { MonotonicClock.now }

    /// The changes from now on. Any number of observers may watch; a slow one delays nobody, since changes
    /// of one kind are coalesced until it takes them.
    public func changes() -> AsyncStream<ChatChange> {
        let stream = observers.add()
        if let notice = session?.takeOpeningNotice() { observers.announce(.notice(notice)) }
        return stream
    }
}
