import ChatWire

/// The order in which entered messages go to the server, and what is known of each: a state machine without
/// clock, disk or network.
///
/// Messages to one person go one at a time, in the order of entry; different people's go side by side. A
/// message that was given to the server and not answered before the link broke is *unknown*. It is the
/// first of its conversation and stops it until it is settled: on a server that recognises a temp_id it
/// simply goes again under the same one; on any other the conversation is fetched and searched
/// (``Resolution``).
///
/// The owner keeps the disk in step: it writes what a method returns or asks for before it acts on it, so
/// that nothing here is more than what a restart would find, except for `sending`, which comes back as
/// unknown.
struct Outbox: Equatable, Sendable {
    /// What a message waits for.
    enum State: Equatable, Sendable {
        /// Its turn.
        case queued
        /// The server's answer, until the deadline.
        case sending(until: MonotonicInstant)
        /// To be settled: the server may have it or not.
        case unknown
        /// The same, and the question has been asked.
        case resolving
        case failed
        case held
    }

    struct Item: Equatable, Sendable {
        var entry: OutboxEntry
        var state: State
    }

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
    private(set) var items: [TempID: Item] = [:]
    /// Of each conversation what is to be sent or settled, in order of entry: without failed and held messages, which
    /// are parked.
    private var lines: [UserID: OutboxLine] = [:]
    // What would have to be looked for among all of `items`.
    private var sending: [TempID: MonotonicInstant] = [:]
    private var resolving: Set<TempID> = []
    /// Taken back, and nobody can tell whether the server has them: asked about once on each link, beside the others.
    private var aside: Set<TempID> = []
    /// Held because nobody could tell: a page that shows them after all settles them.
    private var undecided: Set<TempID> = []
    private var counts = OutboxSummary()
    private var isLinkUp = false
    private(set) var isPaused = false
    private var policy = ResendPolicy.undecided
    /// Conversations that may not be looked up before the person opens them.
    private var deferred: Set<UserID> = []
    /// How often a conversation was looked up on this link without a result, and when it is looked up again.
    private var looks: [UserID: LookUps] = [:]
    private var nextLook: MonotonicInstant?
    /// People whose conversation the server is to delete first: it would delete what is sent before that.
    private var deleting: Set<UserID> = []
    /// What the server asked to be sent later.
    private var pauses: [TempID: Pause] = [:]
    /// Queued for longer than this when the link returns means held.
    private let heldAfter: Duration

    private struct Pause: Equatable, Sendable {
        /// Nil once it is over.
        var until: MonotonicInstant?
        var refusals: Int
    }

    private struct LookUps: Equatable {
        var count: Int
        var notBefore: MonotonicInstant
    }

    init(heldAfter: Duration) { self.heldAfter = heldAfter }

    /// The one way in which an item changes: what is derived from the items changes with it, so that no call costs
    /// more the longer the queue is.
    private mutating func set(_ tempID: TempID, to item: Item?) {
        let old = items[tempID]
        if let old { count(old, by: -1) }
        if old?.lineNumber != item?.lineNumber || old?.entry.peer != item?.entry.peer {
            if let old, let number = old.lineNumber { leaveLine(tempID, number, of: old.entry.peer) }
            if let item, let number = item.lineNumber {
                lines[item.entry.peer, default: OutboxLine()].insert(tempID, at: number)
            }
        }
        items[tempID] = item
        sending[tempID] = item?.state.answerDue
        if item?.state == .resolving { resolving.insert(tempID) } else { resolving.remove(tempID) }
        if item?.isAside == true { aside.insert(tempID) } else { aside.remove(tempID) }
        if item?.isUndecided == true { undecided.insert(tempID) } else { undecided.remove(tempID) }
        if let item { count(item, by: 1) }
    }

    private mutating func change(_ tempID: TempID, _ body: (inout Item) -> Void) {
        guard var item = items[tempID] else { return }
        body(&item)
        set(tempID, to: item)
    }

    /// Given to the link: its answer is awaited from now on.
    private mutating func begin(_ tempID: TempID, at now: MonotonicInstant) {
        let due = now + patience
        change(tempID) { $0.state = .sending(until: due) }
    }

    /// The message now goes by REST instead of the link; the wait for its answer starts over.
    mutating func goesByREST(_ tempID: TempID, isUnfenced: Bool, at now: MonotonicInstant) {
        guard items[tempID]?.state.isAwaitingAnswer == true else { return }
        change(tempID) {
            $0.state = .sending(until: now + Self.answerTimeout)
            if isUnfenced { ($0.entry.isUnfenced, $0.entry.isInsisted) = (true, false) }
        }
    }

    /// The attempt by REST has stored nothing and will store nothing.
    mutating func isFencedAgain(_ tempID: TempID) {
        change(tempID) { ($0.entry.isUnfenced, $0.entry.isInsisted) = (false, false) }
    }

    /// Whether the server stores a message that is sent twice under one temp_id only once.
    var recognisesNames: Bool { policy == .idempotent }

    private mutating func leaveLine(_ tempID: TempID, _ number: Int64, of peer: UserID) {
        lines[peer]?.remove(tempID, at: number)
        if lines[peer]?.first == nil { lines[peer] = nil }
    }

    private mutating func count(_ item: Item, by step: Int) {
        guard !item.entry.isCancelled else { return }
        switch item.state {
        case .queued: counts.queued += step
        case .sending: counts.sending += step
        case .unknown, .resolving: counts.unknown += step
        case .failed: counts.failed += step
        case .held: counts.held += step
        }
    }

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

    private mutating func update(_ known: Item, to entry: OutboxEntry) {
        let pause = pauses[entry.tempID]
        insert(entry)
        if entry.state == known.entry.state { pauses[entry.tempID] = pause }
        // The attempt that runs is not on the disk in full; its answer will settle the rest.
        guard known.state.isOnItsWay, entry.state == .attempted else { return }
        change(entry.tempID) { $0.state = known.state }
    }

    private mutating func insert(_ entry: OutboxEntry) {
        let state: State =
            switch entry.state {
            case .queued: .queued
            case .attempted: .unknown
            case .failed: .failed
            case .held: .held
            }
        set(entry.tempID, to: Item(entry: entry, state: state))
    }

    /// Forgets a message: it is at the server, or the person took it back.
    mutating func remove(_ tempID: TempID) {
        pauses[tempID] = nil
        set(tempID, to: nil)
    }

    // MARK: Entering

    /// True when a message entered now would be given to the link at once.
    func canSendAtOnce(to peer: UserID) -> Bool {
        guard isLinkUp, !isPaused, sending.count < Self.parallelMax else { return false }
        return lines[peer] == nil && !deleting.contains(peer)
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
        looks[entry.peer] = nil
    }

    /// The attempt is on the disk.
    mutating func noteAttempt(_ tempID: TempID, above knownID: MessageID) {
        guard let item = items[tempID], item.entry.state == .queued else { return }
        change(tempID) {
            $0.entry.state = .attempted
            $0.entry.knownID = item.entry.knownID ?? knownID
        }
    }

    /// The attempt was not made: the disk says that it is not this message's turn.
    mutating func noAttempt(_ tempID: TempID) {
        guard let item = items[tempID], item.state.isAwaitingAnswer else { return }
        change(tempID) { $0.state = item.entry.state == .attempted ? .unknown : .queued }
    }

    /// The person took a message back that is on its way: it is to be deleted once it is known.
    mutating func cancelWhenKnown(_ tempID: TempID) {
        change(tempID) { $0.entry.isCancelled = true }
    }

    // MARK: The link

    /// The server has accepted the link. Messages queued for too long are held.
    mutating func linkCameUp(at wall: Timestamp) -> [Action] {
        isLinkUp = true
        policy = .undecided
        looks = [:]
        for tempID in aside { change(tempID) { $0.state = .unknown } }
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
        pauses = [:]
        nextLook = nil
        for (tempID, item) in items {
            switch item.state {
            // An attempt that could not be written down was not made.
            case .sending where item.entry.state == .queued: change(tempID) { $0.state = .queued }
            case .sending, .resolving: change(tempID) { $0.state = .unknown }
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
        change(tempID) {
            $0.state = .failed
            $0.entry.state = .failed
        }
    }

    /// The server cannot take the message now: it goes again after a while, and those behind it wait. What was
    /// refused may be stored all the same, so that its fate is unknown.
    mutating func postpone(_ tempID: TempID, until: MonotonicInstant) {
        guard let item = items[tempID] else { return }
        change(tempID) { $0.state = item.entry.state == .queued ? .queued : .unknown }
        pauses[tempID] = Pause(until: until, refusals: refusals(of: tempID) + 1)
    }

    /// How often the server has asked to be given the message later, on this link.
    func refusals(of tempID: TempID) -> Int { pauses[tempID]?.refusals ?? 0 }

    /// True while the message waits as the server asked.
    func isPostponed(_ tempID: TempID) -> Bool { pauses[tempID]?.until != nil }

    /// The person does not want to wait. The age of a message counts from then on.
    mutating func goOn(_ tempID: TempID, enteredAt: Timestamp) {
        pauses[tempID]?.until = nil
        change(tempID) { $0.entry.enteredAt = enteredAt }
    }

    /// Waits for the person; what the person took back, for the next link.
    private mutating func park(_ tempID: TempID) {
        change(tempID) {
            $0.state = .held
            $0.entry.state = .held
        }
    }

    /// How long a conversation is looked up again for: pauses that double from two seconds on.
    static let lookUpsMax = 6

    /// True when the next page that proves nothing is the last that is waited for.
    func isLastLook(at peer: UserID) -> Bool { (looks[peer]?.count ?? 0) + 1 >= Self.lookUpsMax }

    /// Settles the unknown messages of a conversation by what its newest page shows. The owner writes it
    /// down.
    mutating func resolve(_ peer: UserID, with outcomes: [Resolution.Outcome], at now: MonotonicInstant) {
        let isUnproved = outcomes.contains { if case .unproved = $0 { true } else { false } }
        let count = isUnproved ? (looks[peer]?.count ?? 0) + 1 : 0
        looks[peer] = isUnproved ? LookUps(count: count, notBefore: now + .seconds(1 << min(count, 9))) : nil
        for case .found(let tempID, _) in outcomes { remove(tempID) }
        for outcome in outcomes {
            guard items[outcome.tempID]?.state == .resolving else { continue }
            switch outcome {
            case .found: break
            case .absent(let tempID):
                change(tempID) {
                    $0.state = .queued
                    $0.entry.state = .queued
                    $0.entry.knownID = nil
                    $0.entry.isInsisted = false
                }
            case .unproved(let tempID): change(tempID) { $0.state = .unknown }
            case .undecidable(let tempID): park(tempID)
            }
        }
    }

    /// The page would mark messages as read that the person has not seen: ask again after ``opened(_:)``.
    mutating func deferLookUp(_ peer: UserID) {
        deferred.insert(peer)
        for tempID in resolving where items[tempID]?.entry.peer == peer {
            change(tempID) { $0.state = .unknown }
        }
    }

    /// Nothing in the conversation is unread any more: it may be looked up.
    mutating func opened(_ peer: UserID) { deferred.remove(peer) }

    /// The unknown messages of a conversation, whose fate is being looked up.
    func resolving(_ peer: UserID) -> [OutboxEntry] { entries(of: resolving, for: peer) }

    /// Those of a conversation that wait for the person because nobody could tell whether the server has them.
    func undecided(_ peer: UserID) -> [OutboxEntry] { entries(of: undecided, for: peer) }

    private func entries(of tempIDs: Set<TempID>, for peer: UserID) -> [OutboxEntry] {
        tempIDs.compactMap { items[$0]?.entry }.filter { $0.peer == peer }.sorted {
            $0.sequence < $1.sequence
        }
    }

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
        guard isLinkUp, !isPaused else { return [] }
        if sending.values.contains(where: { $0 <= now }) { return [.replaceLink] }
        for (tempID, pause) in pauses where pause.until.map({ $0 <= now }) ?? false {
            pauses[tempID]?.until = nil
        }
        nextLook = nil
        var actions: [Action] = []
        var free = Self.parallelMax - sending.count
        for tempID in heads where free > 0 {
            guard let action = turn(of: tempID, at: now) else { continue }
            actions.append(action)
            free -= 1
        }
        return actions
    }

    /// The first message of each conversation with something to do, the one that was entered first in front; then
    /// those that were taken back and are asked about beside them.
    private var heads: [TempID] {
        func inOrder(_ tempIDs: some Sequence<TempID>) -> [TempID] {
            tempIDs.sorted { (items[$0]?.entry.sequence ?? 0) < (items[$1]?.entry.sequence ?? 0) }
        }
        let first = inOrder(lines.values.compactMap(\.first))
        return aside.isEmpty ? first : first + inOrder(aside)
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
        guard !deferred.contains(peer) else { return nil }
        if let due = looks[peer]?.notBefore, due > now {
            nextLook = min(nextLook ?? due, due)
            return nil
        }
        change(tempID) { $0.state = .resolving }
        return .lookUp(peer)
    }

    /// When ``next(at:)`` has something to do without any other call; nil for never.
    var deadline: MonotonicInstant? {
        guard isLinkUp, !isPaused else { return nil }
        return (Array(sending.values) + pauses.values.compactMap(\.until) + [nextLook].compactMap { $0 })
            .min()
    }

    // MARK: For the screen

    /// The state that the disk does not know.
    func isSending(_ tempID: TempID) -> Bool {
        guard case .sending = items[tempID]?.state else { return false }
        return true
    }

    /// True while a message to this person is given to the link and not answered.
    func isSending(to peer: UserID) -> Bool { sending.keys.contains { items[$0]?.entry.peer == peer } }

    var summary: OutboxSummary {
        var summary = counts
        summary.isPaused = isPaused
        return summary
    }
}

extension Outbox.Item {
    /// Taken back, and not known whether the server has it, after all that could be asked.
    fileprivate var isAside: Bool { entry.isCancelled && entry.state == .held }

    fileprivate var isUndecided: Bool { state == .held && entry.knownID != nil }

    /// Its place in the line of its conversation; nil for what is parked.
    fileprivate var lineNumber: Int64? {
        switch state {
        case .failed, .held: nil
        case .queued, .sending, .unknown, .resolving: isAside ? nil : entry.sequence
        }
    }
}

extension Outbox.State {
    /// Given to the link or being looked up: an attempt that the disk knows only as begun.
    var isOnItsWay: Bool {
        switch self {
        case .sending, .resolving: true
        case .queued, .unknown, .failed, .held: false
        }
    }

    var isAwaitingAnswer: Bool { answerDue != nil }

    /// By when the server is to have answered what was given to it.
    var answerDue: MonotonicInstant? {
        guard case .sending(let until) = self else { return nil }
        return until
    }
}
