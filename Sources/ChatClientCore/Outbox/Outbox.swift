import ChatWire

/// The order in which entered messages go to the server, and what is known about each: a state machine without clock,
/// disk or network.
///
/// Messages to one person go one at a time, in the order of entry. Different people's go side by side. A message that
/// was given to the server, and not answered before the link broke, is *unknown*. It stays first of its conversation,
/// and the others wait until it is settled. A server that recognises a temp_id gets it again under the same one. On any
/// other server the conversation is fetched and searched (``Resolution``).
///
/// The owner keeps the disk in step: it writes what a method returns or asks for before it acts on it. So a restart
/// finds everything that is here, except for `sending`, which comes back as unknown.
struct Outbox: Equatable, Sendable {
    /// How an unknown message is settled on the server at hand.
    enum ResendPolicy: Equatable, Sendable {
        /// The server has not said yet what it can do: unknown messages wait, new ones go.
        case undecided
        /// The server recognises the temp_id of a message it has: sending again is safe.
        case idempotent
        /// The server would store a second message: look first.
        case lookFirst
    }

    /// What the owner is to do.
    enum Action: Equatable, Sendable {
        /// Write down that the attempt begins, then give the message to the link.
        case transmit(TempID)
        /// Fetch the newest page of the conversation and call ``resolve(_:with:)``.
        case lookUp(UserID)
        /// Write down that these are held now, and ask the person.
        case hold([TempID])
        /// The link takes messages and answers none: replace it.
        case replaceLink
    }

    /// How long the server may take to answer a send.
    static let answerTimeout = Duration.seconds(15)
    /// How many conversations send side by side.
    static let parallelMax = 8

    /// How long the server may take on the present link.
    var patience = Self.answerTimeout
    private var queue = OutboxItems()
    private var lookUps = LookUps()
    /// What the server asked to be sent later.
    private var postponed = Postponements()
    private var isLinkUp = false
    private(set) var isPaused = false
    private var policy = ResendPolicy.undecided
    /// People whose conversation the server is to delete first: it would delete what is sent before that.
    private var deleting: Set<UserID> = []
    /// Queued for longer than this when the link returns means held.
    private let heldAfter: Duration

    init(heldAfter: Duration) { self.heldAfter = heldAfter }

    var items: [TempID: OutboxItem] { queue.all }

    /// Given to the link: its answer is awaited from now on.
    private mutating func begin(_ tempID: TempID, at now: MonotonicInstant) {
        let due = now + patience
        queue.change(tempID) { $0.state = .sending(until: due) }
    }

    /// The message now goes by REST instead of the link; the wait for its answer starts over.
    mutating func goesByREST(_ tempID: TempID, isUnfenced: Bool, at now: MonotonicInstant) {
        guard items[tempID]?.state.isAwaitingAnswer == true else { return }
        queue.change(tempID) {
            $0.state = .sending(until: now + Self.answerTimeout)
            if isUnfenced { ($0.entry.isUnfenced, $0.entry.isInsisted) = (true, false) }
        }
    }

    /// The attempt by REST has stored nothing and will store nothing.
    mutating func isFencedAgain(_ tempID: TempID) {
        queue.change(tempID) { ($0.entry.isUnfenced, $0.entry.isInsisted) = (false, false) }
    }

    /// Whether the server stores a message that is sent twice under one temp_id only once.
    var recognisesNames: Bool { policy == .idempotent }

    // MARK: What the disk holds

    /// Takes over what the disk holds: at the start, and when another program has changed it.
    ///
    /// - Returns: conversations whose rows changed.
    mutating func reconcile(with entries: [OutboxEntry]) -> Set<UserID> {
        var changed: Set<UserID> = []
        let present = Set(entries.map(\.tempID))
        for (tempID, item) in items where !present.contains(tempID) {
            changed.insert(item.entry.peer)
            remove(tempID)
        }
        for entry in entries {
            guard let known = items[entry.tempID] else {
                insert(entry)
                changed.insert(entry.peer)
                continue
            }
            guard known.entry != entry else { continue }
            changed.insert(entry.peer)
            update(known, to: entry)
        }
        return changed
    }

    private mutating func update(_ known: OutboxItem, to entry: OutboxEntry) {
        insert(entry)
        // The attempt that runs is not on the disk in full; its answer will settle the rest.
        guard known.state.isOnItsWay, entry.state == .attempted else { return }
        queue.change(entry.tempID) { $0.state = known.state }
    }

    private mutating func insert(_ entry: OutboxEntry) {
        let state: OutboxItem.State =
            switch entry.state {
            case .queued: .queued
            case .attempted: .unknown
            case .failed: .failed
            case .held: .held
            }
        queue[entry.tempID] = OutboxItem(entry: entry, state: state)
    }

    /// Forgets a message: it is at the server, or the person took it back.
    mutating func remove(_ tempID: TempID) {
        postponed.remove(tempID)
        queue[tempID] = nil
    }

    // MARK: Entering

    /// The door for every message: nothing is given to the link while this is false.
    private var isOpen: Bool { isLinkUp && !isPaused }

    /// How many more conversations may send side by side.
    private var room: Int { Self.parallelMax - queue.sending.count }

    /// True when a message that is entered now may be given to the link at once.
    func canSendAtOnce(to peer: UserID) -> Bool {
        isOpen && room > 0 && queue.isLineEmpty(peer) && !deleting.contains(peer)
    }

    /// Takes in a message that is on the disk. An `attempted` one was entered with its first attempt, which
    /// the caller makes now.
    mutating func enter(_ entry: OutboxEntry, at now: MonotonicInstant) {
        insert(entry)
        if entry.state == .attempted {
            begin(entry.tempID, at: now)
        }
    }

    /// The person wants it sent, whatever stood against it: at the place that the entry's sequence says.
    mutating func retry(_ entry: OutboxEntry) {
        insert(entry)
        lookUps.startOver(entry.peer)
    }

    /// The attempt is on the disk.
    mutating func noteAttempt(_ tempID: TempID, above knownID: MessageID) {
        guard let item = items[tempID], item.entry.state == .queued else { return }
        queue.change(tempID) {
            $0.entry.state = .attempted
            $0.entry.knownID = item.entry.knownID ?? knownID
        }
    }

    /// The attempt was not made: the disk says that it is not this message's turn.
    mutating func noAttempt(_ tempID: TempID) {
        guard let item = items[tempID], item.state.isAwaitingAnswer else { return }
        queue.change(tempID) { $0.state = item.entry.state == .attempted ? .unknown : .queued }
    }

    /// The person took a message back that is on its way: it is to be deleted once it is known.
    mutating func cancelWhenKnown(_ tempID: TempID) {
        queue.change(tempID) { $0.entry.isCancelled = true }
    }

    // MARK: The link

    /// The server has accepted the link. Messages queued for too long are held.
    mutating func linkCameUp(at wall: Timestamp) -> [Action] {
        isLinkUp = true
        policy = .undecided
        lookUps.linkCameUp()
        for tempID in queue.aside { queue.change(tempID) { $0.state = .unknown } }
        let tooOld = items.values.filter { item in
            guard item.state == .queued else { return false }
            return Duration.microseconds(wall.microseconds &- item.entry.enteredAt.microseconds) > heldAfter
        }.map(\.entry).sorted { $0.sequence < $1.sequence }.map(\.tempID)
        for tempID in tooOld {
            park(tempID)
        }
        return tooOld.isEmpty ? [] : [.hold(tooOld)]
    }

    /// The server's capabilities are known.
    mutating func decide(_ policy: ResendPolicy) { self.policy = policy }

    /// The link is gone: what was given to it and not answered is unknown now.
    mutating func linkWentDown() {
        isLinkUp = false
        policy = .undecided
        postponed.linkWentDown()
        lookUps.linkWentDown()
        for (tempID, item) in items {
            switch item.state {
            // An attempt that could not be written down was not made.
            case .sending where item.entry.state == .queued: queue.change(tempID) { $0.state = .queued }
            case .sending, .resolving: queue.change(tempID) { $0.state = .unknown }
            case .queued, .unknown, .failed, .held: break
            }
        }
    }

    /// Nothing is sent until ``resume()``: the server does not accept the token.
    mutating func pause() { isPaused = true }

    mutating func resume() { isPaused = false }

    // MARK: Answers

    /// The server refused the message for good.
    mutating func fail(_ tempID: TempID) {
        queue.change(tempID) {
            $0.state = .failed
            $0.entry.state = .failed
        }
    }

    /// The server cannot take the message now: it goes again after a while, and those behind it wait. What was
    /// refused may be stored all the same, so that its fate is unknown.
    mutating func postpone(_ tempID: TempID, until: MonotonicInstant) {
        guard let item = items[tempID] else { return }
        queue.change(tempID) { $0.state = item.entry.state == .queued ? .queued : .unknown }
        postponed.add(tempID, until: until)
    }

    /// How often the server has asked to be given the message later, on this link.
    func refusals(of tempID: TempID) -> Int { postponed.refusals(of: tempID) }

    /// True while the message waits as the server asked.
    func isPostponed(_ tempID: TempID) -> Bool { postponed.contains(tempID) }

    /// The person does not want to wait. The age of a message counts from then on.
    mutating func goOn(_ tempID: TempID, enteredAt: Timestamp) {
        postponed.end(tempID)
        queue.change(tempID) { $0.entry.enteredAt = enteredAt }
    }

    /// Waits for the person; what the person took back, for the next link.
    private mutating func park(_ tempID: TempID) {
        queue.change(tempID) {
            $0.state = .held
            $0.entry.state = .held
        }
    }

    /// True when the next page that proves nothing is the last one that is waited for.
    func isLastLook(at peer: UserID) -> Bool { lookUps.isLast(of: peer) }

    /// Settles the unknown messages of a conversation by what its newest page shows. The owner writes it
    /// down.
    mutating func resolve(_ peer: UserID, with outcomes: [Resolution.Outcome], at now: MonotonicInstant) {
        let isUnproved = outcomes.contains { if case .unproved = $0 { true } else { false } }
        lookUps.looked(at: peer, isUnproved: isUnproved, at: now)
        for case .found(let tempID, _) in outcomes { remove(tempID) }
        for outcome in outcomes {
            guard items[outcome.tempID]?.state == .resolving else { continue }
            switch outcome {
            case .found: break
            case .absent(let tempID):
                queue.change(tempID) {
                    $0.state = .queued
                    $0.entry.state = .queued
                    $0.entry.knownID = nil
                    $0.entry.isInsisted = false
                }
            case .unproved(let tempID): queue.change(tempID) { $0.state = .unknown }
            case .undecidable(let tempID): park(tempID)
            }
        }
    }

    /// The page would mark messages as read that the person has not seen: ask again after ``opened(_:)``.
    mutating func deferLookUp(_ peer: UserID) {
        lookUps.defer(peer)
        for entry in queue.resolving(peer) { queue.change(entry.tempID) { $0.state = .unknown } }
    }

    /// Nothing in the conversation is unread any more: it may be looked up.
    mutating func opened(_ peer: UserID) { lookUps.opened(peer) }

    /// The unknown messages of a conversation, whose fate is being looked up.
    func resolving(_ peer: UserID) -> [OutboxEntry] { queue.resolving(peer) }

    /// Those of a conversation that wait for the person because nobody could tell whether the server has them.
    func undecided(_ peer: UserID) -> [OutboxEntry] { queue.undecided(peer) }

    // MARK: Deletions of conversations

    /// The server is to delete a conversation: what was not sent yet stays queued until it has.
    mutating func awaitDeletion(of peer: UserID) { deleting.insert(peer) }

    /// The conversation is deleted, or will not be before what waits.
    mutating func deletionIsOver(of peer: UserID) { deleting.remove(peer) }

    /// Deletions of other conversations are not waited for any longer.
    mutating func awaitDeletionsOnly(of peers: [UserID]) { deleting.formIntersection(peers) }

    // MARK: Turns

    /// What is due now. Call it after every other call, and when ``deadline`` has come.
    mutating func next(at now: MonotonicInstant) -> [Action] {
        guard isOpen else { return [] }
        if queue.sending.values.contains(where: { $0 <= now }) { return [.replaceLink] }
        postponed.expire(at: now)
        lookUps.beginTurn()
        var actions: [Action] = []
        var free = room
        for tempID in queue.heads where free > 0 {
            guard let action = turn(of: tempID, at: now) else { continue }
            actions.append(action)
            free -= 1
        }
        return actions
    }

    private mutating func turn(of tempID: TempID, at now: MonotonicInstant) -> Action? {
        guard let item = items[tempID], !isPostponed(tempID) else { return nil }
        switch item.state {
        case .queued:
            guard !deleting.contains(item.entry.peer) else { return nil }
            begin(tempID, at: now)
            return .transmit(tempID)
        case .unknown:
            switch policy {
            case .undecided: return nil
            // What the person took back is not sent again to find out.
            case .idempotent where !item.entry.isCancelled:
                begin(tempID, at: now)
                return .transmit(tempID)
            case .idempotent, .lookFirst:
                return lookUp(tempID, of: item.entry.peer, at: now)
            }
        case .sending, .resolving, .failed, .held: return nil
        }
    }

    private mutating func lookUp(_ tempID: TempID, of peer: UserID, at now: MonotonicInstant) -> Action? {
        guard lookUps.mayLook(at: peer, at: now) else { return nil }
        queue.change(tempID) { $0.state = .resolving }
        return .lookUp(peer)
    }

    /// When ``next(at:)`` has something to do without any other call; nil for never.
    var deadline: MonotonicInstant? {
        guard isOpen else { return nil }
        return [queue.sending.values.min(), postponed.deadline, lookUps.next].compactMap { $0 }.min()
    }

    // MARK: For the screen

    /// The state that the disk does not know.
    func isSending(_ tempID: TempID) -> Bool {
        guard case .sending = items[tempID]?.state else { return false }
        return true
    }

    /// True while a message to this person is given to the link and not answered.
    func isSending(to peer: UserID) -> Bool { queue.isSending(to: peer) }

    var summary: OutboxSummary {
        var summary = queue.counts
        summary.isPaused = isPaused
        return summary
    }
}
