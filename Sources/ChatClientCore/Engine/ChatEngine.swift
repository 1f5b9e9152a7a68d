import ChatSQLite
import ChatWire
import Logging

/// Everything the client decides, for one account: what is sent when, what is fetched, what goes into the
/// cache, what is said to observers. No socket, no file but the cache, no clock: what happens outside comes
/// in through methods with a ``Moment``, what is to be done outside comes out of ``takeEffects()``.
///
/// The parts are machines of their own (``Outbox``, ``RealtimeSession``, ``ReconnectPolicy``,
/// ``SyncPlan``); the engine carries facts between them and the ``ChatStore``. ``ChatClient`` drives it
/// with real sockets, a simulation with a model of a server.
final class ChatEngine {
    let store: ChatStore
    let me: UserID
    let logger: Logger
    var generator: any RandomNumberGenerator & Sendable

    var token: String?
    /// The server has said that the token speaks for the account whose cache this is.
    var isAccountKnown = false
    var effects: [EngineEffect] = []

    // The link.
    var link = Link.idle
    var linkNumber = 0
    var session: RealtimeSession?
    var reconnect = ReconnectPolicy()
    /// Why there is no link, as last seen.
    var failure = LinkFailure.notStarted
    var wantsLink = false
    var renewal = Renewal.impossible
    /// This program is the one that may send and hold the link.
    var isHolder = false
    var announcedLink: LinkState?

    // What the link carries.
    var outbox: Outbox
    /// When the outbox was last read because another program had committed, and when it is read again.
    var reconciledAt: MonotonicInstant?
    var reconcileDue: MonotonicInstant?
    var acknowledgements: [UInt64: Acknowledged] = [:]
    /// What the server said last that belongs to no message.
    var lastServerError: String?
    /// The highest id that was known when the server accepted the link, or that the link has told of since. The server
    /// tells things in their order: what an event without an end is about ends here, whatever REST has brought meanwhile.
    var toldOnLink = MessageID(0)
    /// Peers to whom something was sent on this link before the list of contacts came: what the list shows of them may be
    /// that, and hide what came before it.
    var writtenBeforeList: Set<UserID> = []
    /// Facts that came with one burst of events, to be committed together.
    var pendingChanges: [StoreChange] = []
    var joined: Set<UserID> = []
    var presence = PresenceBook()
    /// What the cache says of it for other programs, since the link came up.
    var publishedPresence: String?
    var typists = IncomingTyping()
    var typing = OutgoingTyping()

    // What is asked by REST.
    var plan = SyncPlan()
    var calls: [Int: RunningCall] = [:]
    var callNumber = 0
    /// Why the question that was answered last was not answered as it should be; nil when it was.
    var callFailure: ChatError?
    var capabilities: Set<Capability>?
    /// Conversations whose newest page was fetched on this link.
    var fresh: Set<UserID> = []
    /// The changes that are followed began with the very first one.
    var isFirstStream = false
    /// What the list of contacts said of a conversation when its page was fetched last.
    var fetchedFor: [UserID: Newest] = [:]
    /// Senders whose messages arrived while the unread counts were on their way.
    var unsettled: Set<UserID> = []
    /// Until when a message that arrives may be one that the unread counts told of before it came.
    var countsAreFreshUntil: MonotonicInstant?
    var contacts: [Contact] = []
    /// What the list of contacts, asked for on this link, says of the newest messages.
    var listed: [UserID: ListedNewest] = [:]
    /// Empty pages that wait for the list of contacts, which says whether that can be.
    var unwitnessed: [ConversationPage] = []
    /// How often, on this link, the newest page of a conversation contradicted what is known of it.
    var contradictions: [UserID: Int] = [:]
    /// Open conversations whose beginning was asked for a second time on this link.
    var confirmed: Set<UserID> = []
    var stream = StreamProgress()
    /// Of whom the last counts said that nothing is unread, while the cache held something.
    var uncounted: Set<UserID> = []
    /// Those whose read marks waited when the last count was wholly empty.
    var emptilyCounted: Set<UserID> = []
    /// Since when each list of contacts on this link has been empty.
    var listIsEmptySince: MonotonicInstant?
    /// How often in a row counts said so and nothing else did.
    var doubtfulCounts = 0
    /// What is news on this link is known: what the server is told of reading does not cover it unseen.
    var isCaughtUp = false
    /// Peers that were counted while the server had not handled a read mark: to be counted again.
    var miscounted: Set<UserID> = []

    // The search index.
    var indexDue: MonotonicInstant?
    /// The changes of the cache that the index knows of.
    var indexedChanges: Int64 = -1

    // What of a long history stays.
    let cacheLimits: CacheLimits
    var pruneDue: MonotonicInstant?

    // What the person wants of contacts.
    /// Those about whom a caller asks the server himself, and waits for the answer.
    var wishesInHand: Set<UserID> = []
    var refusedWishes: [UserID: RefusedWish] = [:]
    /// Conversations that were fetched to see whether they went on since they were deleted here.
    var lookedBeforeDeletion: Set<UserID> = []

    // What the person does.
    var openPeer: UserID?
    /// True while somebody is there to see the open conversation.
    var isAttended = false
    /// Conversations that somebody in this program has looked at: told when another program changes the
    /// cache.
    var watched: Set<UserID> = []
    var announcedOutbox: OutboxSummary?

    /// The stages of the link.
    enum Link: Equatable {
        case idle
        case waiting(until: MonotonicInstant)
        /// The socket is being opened, or the server's answer to the token awaited.
        case opening(Int)
        /// The server has accepted the token, and is asked whose it is: until then nothing is told to it, and
        /// nothing that it tells goes into the cache.
        case checking(Int)
        case up(Int)
        /// The server refused the token; it is asked once more by REST.
        case verifying
        case displaced(until: MonotonicInstant)
    }

    /// What an acknowledgement will be about.
    enum Acknowledged: Equatable {
        case message(TempID)
        case readMark(UserID, upTo: MessageID)
    }

    struct RunningCall: Equatable {
        let step: SyncPlan.Step?
        let call: EngineCall
        /// The highest id in the cache when the question went out.
        let knownAtRequest: MessageID
        /// What it is to bring about.
        var wish: ContactWish?
    }

    /// How many unsent messages the outbox takes: far more than anybody writes in one go, and few enough that a
    /// program that runs wild is stopped.
    var outboxLimit = 10_000

    /// How long the server may take to open a session, and to answer the token in it.
    var linkTimeout = Duration.seconds(15)

    /// How long the server may take to answer a message.
    var answerTimeout: Duration {
        get { outbox.patience }
        set { outbox.patience = newValue }
    }

    /// Loads the outbox; does nothing else yet.
    init(
        store: ChatStore, token: String?, heldAfter: Duration, cacheLimits: CacheLimits = CacheLimits(),
        logger: Logger,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(SQLiteError) {
        self.store = store
        me = store.me
        self.token = token
        self.logger = logger
        self.generator = generator
        self.cacheLimits = cacheLimits
        outbox = Outbox(heldAfter: heldAfter)
        _ = outbox.reconcile(with: try store.outbox.entries())
        if token == nil { outbox.pause() }
        announcedOutbox = outbox.summary
    }

    var isSignedIn: Bool { token != nil }

    /// What is to be done outside, in order; each is handed out once.
    func takeEffects() -> [EngineEffect] {
        defer { effects = [] }
        return effects
    }

    /// When ``tick(at:)`` has something to do; nil for never.
    var deadline: MonotonicInstant? {
        var deadlines = [
            outbox.deadline, plan.deadline, typists.deadline, typing.deadline, session?.deadline, indexDue,
            pruneDue, reconcileDue,
        ]
        switch link {
        case .waiting(let until), .displaced(let until): deadlines.append(until)
        case .idle, .opening, .checking, .up, .verifying: break
        }
        return deadlines.compactMap { $0 }.min()
    }

    /// Time has passed.
    func tick(at now: Moment) {
        for peer in typists.expire(at: now.monotonic) { announce(.typing(peer, false)) }
        for event in typing.tick(at: now.monotonic) { emit(event) }
        advanceIndex(at: now)
        advancePruning(at: now)
        advanceReconciling(at: now)
        if var current = session {
            let actions = current.tick(at: now.monotonic)
            session = current
            perform(actions, at: now)
        }
        advance(at: now)
    }

    /// Does what is due: after every input.
    func advance(at now: Moment) {
        advanceLink(at: now)
        advanceOutbox(at: now)
        advancePlan(at: now)
        planIndex(at: now)
        announceStates()
    }

    func announce(_ change: ChatChange) { effects.append(.change(change)) }

    /// Tells observers of the link and the outbox, when they differ from what was told last.
    func announceStates() {
        let state = linkState
        if state != announcedLink {
            announcedLink = state
            announce(.link(state))
            publishLink(state)
            publishedPresence = nil
        }
        publishPresence()
        let summary = outbox.summary
        if summary != announcedOutbox {
            announcedOutbox = summary
            announce(.outbox(summary))
        }
    }

    /// Tells observers what a batch of changes did to the cache.
    func announce(_ effects: StoreEffects) {
        for peer in effects.timelines.sorted() { announce(.timeline(peer)) }
        if effects.isListChanged { announce(.conversations) }
    }

    /// A failure of the cache while nobody waits for a result: the link goes, since what it brings could
    /// not be kept, and comes back with the usual delays; the server is asked then for what was missed.
    func storageFailed(_ failure: SQLiteError, at now: Moment) {
        store.note(failure)
        let error = store.reason(failure)
        logger.error("the cache cannot be used", metadata: ["error": "\(error)"])
        announce(.notice(.storage(error)))
        dropLink(.storage(error), at: now)
    }

    /// Runs `body`, which uses the cache, where an error has no caller to go to.
    func withStore(at now: Moment, _ body: () throws(SQLiteError) -> Void) {
        do throws(SQLiteError) { try body() } catch { storageFailed(error, at: now) }
    }
}
