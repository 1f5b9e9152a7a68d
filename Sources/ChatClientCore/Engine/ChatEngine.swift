import ChatSQLite
import ChatWire
import Logging

/// Everything that the client decides, for one account: what is sent when, what is fetched, what goes into the cache,
/// what observers are told. It has no sockets, no clock, and no file except the cache. What happens outside comes in
/// through methods with a ``Moment``; what is to be done outside comes out of ``takeEffects()``.
///
/// The engine decides little itself. Its parts are structs with a state of their own, and the engine passes inputs to
/// them: ``EngineLink`` and ``SignInState`` (the link), ``IncomingEvents`` (its events), ``ServerSync`` with each
/// ``ServerQuestion`` (questions to the server and their answers), ``Outbox`` with ``Composing`` and ``Delivery``
/// (unsent messages), ``CacheView`` (what the screen shows). ``ChatClient`` drives the engine with real sockets, a
/// simulation with a model of a server.
final class ChatEngine {
    let core: EngineCore
    var composing = Composing()
    private var reconciling = OutboxReconciling()
    private var indexing = IndexingSchedule()
    private var pruning: PruningSchedule
    private var announced: StateAnnouncements

    /// Loads the outbox; does nothing else yet.
    init(
        store: ChatStore, token: String?, heldAfter: Duration, cacheLimits: CacheLimits = CacheLimits(),
        linkTimeout: Duration = EngineLink.openTimeout, canSignInAgain: Bool = false, logger: Logger,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(SQLiteError) {
        core = EngineCore(
            try EngineContext(
                store: store, token: token, heldAfter: heldAfter, logger: logger, generator: generator))
        core.context.link.openTimeout = linkTimeout
        if canSignInAgain { core.context.signIn.allowRenewal() }
        pruning = PruningSchedule(limits: cacheLimits)
        announced = StateAnnouncements(outbox: core.context.outbox.summary)
    }

    private var store: ChatStore { core.context.store }

    /// What is to be done outside, in order; each is handed out once.
    func takeEffects() -> [EngineEffect] { core.context.takeEffects() }

    // MARK: Time

    /// When ``tick(at:)`` has something to do; nil for never.
    var deadline: MonotonicInstant? {
        [
            core.context.outbox.deadline, core.context.requests.plan.deadline, core.context.company.deadline,
            core.context.link.deadline, indexing.deadline, pruning.deadline, reconciling.deadline,
        ].compactMap { $0 }.min()
    }

    /// Time has passed.
    func tick(at now: Moment) {
        for peer in core.context.company.expire(at: now.monotonic) {
            core.context.announce(.typing(peer, false))
        }
        core.context.emit(core.context.company.tick(at: now.monotonic))
        indexing.tick(at: now.monotonic, isHolder: core.context.link.isHolder, store, core.context.logger)
        if pruning.tick(at: now, store, core.context.logger) { core.context.announce(.conversations) }
        core.withStore(at: now) { () throws(SQLiteError) in
            try reconciling.tick(at: now.monotonic, &core.context)
        }
        core.perform(core.context.link.tick(at: now.monotonic), at: now)
        advance(at: now)
    }

    /// Does what is due: after every input.
    private func advance(at now: Moment) {
        core.advance(at: now)
        indexing.plan(at: now.monotonic, isHolder: core.context.link.isHolder, store)
        announced.update(&core.context)
    }

    // MARK: What is known

    var token: String? { core.context.signIn.token }
    var isSignedIn: Bool { core.context.signIn.isSignedIn }
    /// The server has said that the token belongs to the account of this cache.
    var isAccountKnown: Bool { core.context.signIn.isAccountKnown }
    var linkStage: EngineLink.Stage { core.context.link.stage }
    /// Why there is no link, as last seen.
    var linkFailure: LinkFailure { core.context.link.failure }
    /// This program is the one that may send and hold the link.
    var isHolder: Bool { core.context.link.isHolder }
    /// The answer to a message is awaited, before which the next one may not go.
    var awaitsAnswer: Bool { core.context.link.awaitsAnswer }
    /// Everything that was to be asked on this link has been answered.
    var hasCaughtUp: Bool { core.context.requests.plan.isFinished }
    /// Why the last answered question failed; nil when it did not.
    var callFailure: ChatError? { core.context.requests.failure }
    /// The contact list as it came last.
    var contacts: [Contact] { core.sync.contacts }

    // MARK: What is wanted of the link

    /// The program wants the link kept up, or not.
    func setWantsLink(_ wanted: Bool, at now: Moment) {
        guard core.context.link.want(wanted) else { return }
        if !wanted { core.endLink(.notStarted, at: now) }
        advance(at: now)
    }

    /// This program became the one that may send, or ceased to be.
    func setHolder(_ holds: Bool, at now: Moment) {
        guard holds != core.context.link.isHolder else { return }
        core.setHolder(holds, at: now)
        announced.forgetLink()
        pruning.plan(isHolder: holds, at: now.monotonic)
        advance(at: now)
    }

    /// The person wants a link now.
    func reconnectNow(at now: Moment) {
        core.context.link.personActed()
        core.context.link.stopWaiting()
        advance(at: now)
    }

    /// How long the server may take to answer a message on the link that is being opened.
    func answerTimeout(_ timeout: Duration) { core.context.outbox.patience = timeout }

    // MARK: What the socket does

    /// The socket is open.
    func linkOpened(_ number: Int, at now: Moment) {
        guard core.context.link.stage == .opening(number), let token = core.context.signIn.token else {
            return
        }
        core.perform(core.context.link.opened(number, token: token, at: now.monotonic), at: now)
        advance(at: now)
    }

    /// Text messages came, in this order.
    func linkReceived(_ texts: [[UInt8]], on number: Int, at now: Moment) {
        for text in texts {
            guard let actions = core.context.link.receive(text, on: number, at: now.monotonic) else { break }
            core.perform(actions, at: now)
        }
        core.flush(at: now)
        advance(at: now)
    }

    /// The socket could not be opened, or has ended.
    func linkEnded(_ number: Int, _ reason: LinkFailure, at now: Moment) {
        guard core.context.link.current == number else { return }
        core.dropLink(reason, at: now, isEnded: true)
        advance(at: now)
    }

    /// A proxy has refused an event on the link. A message is sent by REST instead. Any other event is dropped: the
    /// ones that matter are repeated.
    func linkRefused(_ text: [UInt8], status: Int, on number: Int, at now: Moment) {
        guard core.context.link.current == number else { return }
        core.proxyRefused(text, status: status, at: now)
        advance(at: now)
    }

    // MARK: The account

    /// The token came with the answer to a sign-in to this account.
    func accountIsConfirmed() { core.context.signIn.accountIsConfirmed() }

    /// Whether the token belongs to the account whose cache this is. When it does not, it is thrown away.
    func isCachesAccount(_ user: User, at now: Moment) -> Bool {
        defer { announced.update(&core.context) }
        return core.isCachesAccount(user, at: now)
    }

    /// The server does not accept the token: nothing is sent until somebody signs in again.
    ///
    /// - Parameter words: the server's words.
    func tokenRefused(_ words: String = "", at now: Moment) {
        core.tokenRefused(words, at: now)
        announced.update(&core.context)
    }

    /// Only the person can sign in: the outbox waits for that.
    func signInLost() {
        core.signInLost()
        announced.update(&core.context)
    }

    /// The cache starts over beside the history of another database.
    func historyWasSetAside(_ aside: HistorySetAside, at now: Moment) {
        core.historyWasSetAside(aside, at: now)
    }

    /// The person signed in again, or another program did.
    func renewToken(_ fresh: String, at now: Moment) {
        core.context.signIn.signedIn(with: fresh)
        core.context.outbox.resume()
        core.context.link.personActed()
        core.endLink(core.context.link.failure, at: now)
        advance(at: now)
    }

    /// The person has signed in with the number of this account.
    func signedIn(_ user: User, at now: Moment) throws(ChatError) {
        let aside = try store.reporting { () throws(SQLiteError) in try store.identity.claim(for: user) }
        if let aside { core.historyWasSetAside(aside, at: now) }
    }

    // MARK: Other programs

    /// Another program committed to the cache.
    func cacheChangedElsewhere(at now: Moment) {
        indexing.cacheChangedElsewhere()
        core.withStore(at: now) { () throws(SQLiteError) in
            try reconciling.reconcile(at: now.monotonic, &core.context)
            if core.context.link.isHolder {
                try core.sync.known.tellReadMarks(&core.context)
                try ServerSync.planDeletions(&core.context)
                try core.sync.planWishes(&core.context)
            }
        }
        core.context.announce(.conversations)
        core.context.announceWatched()
        core.context.add(.outboxMoved)
        advance(at: now)
    }

    /// The server answered a question, or could not.
    func receive<Question: ServerQuestion>(
        _ answer: Result<Question.Answer, ChatError>, to asked: Asked<Question>, at now: Moment
    ) {
        if core.receive(answer, to: asked, at: now) { advance(at: now) }
    }

    /// The cache failed while nobody waited for a result.
    func storageFailed(_ failure: SQLiteError, at now: Moment) { core.storageFailed(failure, at: now) }

    // MARK: What the person sees

    /// The state of the link: of this program's, or of the program that holds it.
    var linkState: LinkState { core.context.linkState }

    var outboxSummary: OutboxSummary { core.context.outbox.summary }

    /// The cache as the screen shows it now.
    var view: CacheView { CacheView(core.context) }

    func timeline(
        with peer: UserID, _ window: TimelineReader.Window, limit: Int
    ) throws(SQLiteError) -> Timeline {
        core.context.attention.watch(peer)
        let canFetch = try olderPage(of: peer) != nil
        return try view.timeline(with: peer, window, limit: limit, canFetch: canFetch)
    }

    func timeline(
        with peer: UserID, before: TimelinePosition?, limit: Int
    ) throws(SQLiteError) -> Timeline {
        try timeline(with: peer, before.map { .before($0) } ?? .newest, limit: limit)
    }

    /// The newest page of the conversation is in the cache.
    func isUpToDate(with peer: UserID) -> Bool {
        core.sync.known.isUpToDate(with: peer, core.context.requests.plan)
    }

    // MARK: What the person does

    /// Sets the conversation on the screen (nil: none).
    func open(_ peer: UserID?, isAttended: Bool = true, at now: Moment) {
        core.open(peer, isAttended: isAttended, at: now)
        advance(at: now)
    }

    /// The person has seen the conversation up to a message, or up to its end.
    func markRead(_ peer: UserID, upTo id: MessageID? = nil, at now: Moment) {
        core.withStore(at: now) { () throws(SQLiteError) in
            try core.sync.known.markRead(peer, upTo: id, &core.context)
        }
        advance(at: now)
    }

    func typing(_ isTyping: Bool, to peer: UserID, at now: Moment) {
        guard core.context.link.isUp else { return }
        core.context.join(peer)
        core.context.emit(core.context.company.typing(isTyping, to: peer, at: now.monotonic))
    }

    func setDraft(_ text: String, for peer: UserID) throws(ChatError) {
        try Composing.setDraft(text, for: peer, &core.context)
    }

    // MARK: Unsent messages

    /// Runs what the person does, then does what is due.
    private func act<Result>(
        at now: Moment, _ body: () throws(ChatError) -> Result
    ) throws(ChatError) -> Result {
        let result = try body()
        advance(at: now)
        return result
    }

    func send(_ text: String, to peer: UserID, at now: Moment) throws(ChatError) -> TempID {
        try act(at: now) { () throws(ChatError) in
            try composing.send(text, to: peer, at: now, &core.context)
        }
    }

    func retry(_ tempID: TempID, at now: Moment) throws(ChatError) {
        try act(at: now) { () throws(ChatError) in try Composing.retry(tempID, at: now, &core.context) }
    }

    /// Sends all held messages, in the order in which they were entered.
    func sendHeld(at now: Moment) throws(ChatError) {
        try act(at: now) { () throws(ChatError) in try Composing.sendHeld(at: now, &core.context) }
    }

    /// Takes all held messages back.
    func discardHeld(at now: Moment) throws(ChatError) {
        try act(at: now) { () throws(ChatError) in try Composing.discardHeld(&core.context) }
    }

    func sendAsNew(_ tempID: TempID, at now: Moment) throws(ChatError) -> TempID {
        try act(at: now) { () throws(ChatError) in try Composing.sendAsNew(tempID, at: now, &core.context) }
    }

    func edit(_ tempID: TempID, text: String, at now: Moment) throws(ChatError) {
        try act(at: now) { () throws(ChatError) in try Composing.edit(tempID, text: text, &core.context) }
    }

    func discard(_ tempID: TempID, at now: Moment) throws(ChatError) {
        try act(at: now) { () throws(ChatError) in try Composing.discard(tempID, &core.context) }
    }

    /// Deletes an own message by its row.
    func delete(_ row: RowID, at now: Moment) throws(ChatError) {
        try act(at: now) { () throws(ChatError) in try Composing.delete(row, &core.context) }
    }

    // MARK: Contacts and conversations

    /// Begins a change of a contact. The wish is on disk and on the screen when this returns.
    ///
    /// - Parameter person: a person who was just found, and is shown by name even before the server confirms.
    func beginContactChange(
        of user: UserID, isWanted: Bool, name: String?, knownAs person: Person?, at now: Moment
    ) throws(ChatError) -> ContactWishes.Start {
        let start = try core.sync.wishes.begin(
            user, isWanted: isWanted, name: name, knownAs: person, &core.context)
        if case .queued = start { planWishes(at: now) }
        return start
    }

    /// The server has answered the question of a change, or could not. False when the wish stays and is carried out
    /// later.
    func endContactChange<Question: ContactQuestion>(
        _ question: Question, _ result: Result<Question.Answer, ChatError>, at now: Moment
    ) throws(ChatError) -> Bool {
        let isDecided = try core.sync.wishes.end(question, result, &core.context)
        if !isDecided { planWishes(at: now) }
        return isDecided
    }

    /// Asks the server for what the person wants and no caller sees to.
    func planWishes(at now: Moment) {
        core.withStore(at: now) { () throws(SQLiteError) in try core.sync.planWishes(&core.context) }
        advance(at: now)
    }

    func deleteConversation(with peer: UserID, at now: Moment) throws(ChatError) {
        try core.deleteConversation(with: peer)
        advance(at: now)
    }

    /// The contact list that a change by the person asked for.
    func receive(listed: [Contact], leftOut: Int = 0, at now: Moment) throws(ChatError) {
        try core.keep(listed, isWhole: leftOut == 0, at: now)
        advance(at: now)
    }

    // MARK: Older messages

    /// What to request for messages older than those in the cache; nil when the server has none or gives none.
    func olderPage(of peer: UserID) throws(SQLiteError) -> OlderRequest? {
        try OlderMessages(core.context).request(of: peer)
    }

    func request(fillingGapAbove row: RowID) throws(SQLiteError) -> GapRequest {
        try OlderMessages(core.context).request(fillingGapAbove: row)
    }

    /// True when the cache holds more than before, or less is missing.
    func receiveOlder(
        _ messages: [Message], leftOut: Int = 0, for request: OlderRequest, at now: Moment
    ) throws(ChatError) -> Bool {
        let isMore = try core.takeOlder(messages, leftOut: leftOut, for: request, at: now)
        advance(at: now)
        return isMore
    }
}
