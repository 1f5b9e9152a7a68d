import ChatSQLite
import ChatWire
import Logging

/// What more than one part of the engine needs: the cache, the sign-in, the link, the questions to the server, the
/// outbox, and what the person has on the screen. What the parts want done outside is gathered here in order and comes
/// out of ``takeEffects()``.
struct EngineContext {
    let store: ChatStore
    let logger: Logger
    private var generator: any RandomNumberGenerator & Sendable
    var signIn: SignInState
    var link = EngineLink()
    var requests = Requests()
    var outbox: Outbox
    var company = Company()
    var attention = Attention()
    private var effects: [EngineEffect] = []

    /// Loads the outbox; does nothing else yet.
    init(
        store: ChatStore, token: String?, heldAfter: Duration, logger: Logger,
        generator: any RandomNumberGenerator & Sendable
    ) throws(SQLiteError) {
        self.store = store
        self.logger = logger
        self.generator = generator
        signIn = SignInState(token: token)
        outbox = Outbox(heldAfter: heldAfter)
        _ = outbox.reconcile(with: try store.outbox.entries())
        if token == nil { outbox.pause() }
    }

    var me: UserID { store.me }

    mutating func freshTempID() -> TempID { TempID.random(using: &generator) }

    // MARK: What is to be done outside

    /// What is to be done outside, in order; each is handed out once.
    mutating func takeEffects() -> [EngineEffect] {
        defer { effects = [] }
        return effects
    }

    mutating func add(_ effect: EngineEffect) { effects.append(effect) }

    mutating func announce(_ change: ChatChange) { effects.append(.change(change)) }

    /// Tells observers what a batch of changes did to the cache.
    mutating func announce(_ effects: StoreEffects) {
        for peer in effects.timelines.sorted() { announce(.timeline(peer)) }
        if effects.isListChanged { announce(.conversations) }
    }

    /// Rows of a conversation look different now.
    mutating func announceRows(of peer: UserID) {
        announce(.timeline(peer))
        announce(.conversations)
    }

    mutating func announceWatched() {
        for peer in attention.watched.sorted() { announce(.timeline(peer)) }
    }

    /// An unsent message of a conversation has another state now.
    mutating func outboxMoved(_ peer: UserID) {
        announceRows(of: peer)
        add(.outboxMoved)
    }

    // MARK: The server

    var canPeek: Bool { requests.can(.peek) }

    /// True for a server that gives pages below an id, and so in the order of ids.
    var canPage: Bool { requests.can(.paging) }

    /// Tells the server, if the link is up.
    mutating func emit(_ event: ClientEvent, acknowledgedAs what: EngineLink.Acknowledged? = nil) {
        for text in link.emit(event, acknowledgedAs: what) { effects.append(.send(text)) }
    }

    mutating func emit(_ events: [ClientEvent]) {
        for event in events { emit(event) }
    }

    /// Only those in the room of a conversation are told of typing, and only they may tell.
    mutating func join(_ peer: UserID) {
        if link.joins(peer) { emit(.joinConversation(peer)) }
    }

    /// Asks the server by REST.
    mutating func ask<Question: ServerQuestion>(_ question: Question, for step: SyncPlan.Step? = nil) {
        var known = MessageID(0)
        // A cache that cannot be read shows itself when the answer is written.
        if question.comparesNewestID { known = (try? store.messages.newestID()) ?? known }
        effects.append(.ask(requests.start(question, for: step, knownAtRequest: known)))
    }

    mutating func postpone(_ step: SyncPlan.Step, retryAfter: Duration?, at now: Moment) {
        requests.postpone(step, retryAfter: retryAfter, at: now.monotonic, using: &generator)
    }

    /// Plans the exchange of a token that does not last much longer, where the server can.
    mutating func renewTokenIfDue(at now: Moment) {
        guard requests.can(.refresh), signIn.isRenewalDue(at: now.wall) else { return }
        requests.plan.add(.renewToken)
    }

    // MARK: The outbox

    /// The message stays first of its conversation, and what is behind it waits, so that the order is kept.
    ///
    /// - Parameter retryAfter: the server's word on the delay.
    mutating func postpone(_ tempID: TempID, retryAfter: Duration? = nil, at now: Moment) {
        let refusals = outbox.refusals(of: tempID)
        let delay = Backoff.connecting.delay(afterFailures: refusals + 1, using: &generator)
        let pause = max(Backoff.connecting.first + delay, retryAfter ?? .zero)
        outbox.postpone(tempID, until: now.monotonic + pause)
        logger.info("the server takes no message now", metadata: ["temp_id": "\(tempID)"])
    }

    /// Takes over what another program did to the outbox.
    mutating func reconcileOutbox() throws(SQLiteError) {
        let changed = outbox.reconcile(with: try store.outbox.entries())
        guard !changed.isEmpty else { return }
        for peer in changed.sorted() { announce(.timeline(peer)) }
        announce(.conversations)
        add(.outboxMoved)
    }

    // MARK: The end of a link

    mutating func closeLink() {
        if let number = link.current { add(.closeLink(number)) }
    }

    /// What was true of the link is true no more.
    mutating func forgetLink() {
        link.forgetConnection()
        requests.linkWentDown()
        outbox.linkWentDown()
        for peer in company.linkWentDown() { announce(.typing(peer, false)) }
        announce(.conversations)
        add(.outboxMoved)
        announceWatched()
    }

    /// Plans another link after a delay.
    mutating func waitForLink(_ reason: LinkFailure, retryAfter: Duration?, at now: Moment) {
        link.wait(reason, retryAfter: retryAfter, at: now.monotonic, using: &generator)
        logger.info("no link", metadata: ["reason": "\(reason)"])
    }

    mutating func displaceLink(at now: Moment) {
        link.displace(at: now.monotonic, using: &generator)
        announce(.notice(.inUseElsewhere))
    }

    /// Messages that were given to the server at the other end: its answers tell what became of them.
    var awaitedMessages: [TempID] {
        guard link.isUp else { return [] }
        return outbox.items.values.filter { $0.state.isAwaitingAnswer }.map(\.entry.tempID)
    }
}

extension ChatStore {
    /// Errors of the cache, for callers of the public interface.
    func reporting<Result>(_ body: () throws(SQLiteError) -> Result) throws(ChatError) -> Result {
        do throws(SQLiteError) { return try body() } catch {
            note(error)
            throw .storage(reason(error))
        }
    }
}
