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
    /// The temp_ids of each conversation in order of entry.
    private var order: [UserID: [TempID]] = [:]
    private var isLinkUp = false
    private(set) var isPaused = false
    private var policy = ResendPolicy.undecided
    /// Conversations that may not be looked up before the person opens them.
    private var deferred: Set<UserID> = []
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

    init(heldAfter: Duration) { self.heldAfter = heldAfter }

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
        let isOnItsWay = known.state.isOnItsWay
        let pause = pauses[entry.tempID]
        remove(entry.tempID)
        insert(entry)
        if entry.state == known.entry.state { pauses[entry.tempID] = pause }
        // The attempt that runs is not on the disk in full; its answer will settle the rest.
        if isOnItsWay, entry.state == .attempted { items[entry.tempID]?.state = known.state }
    }

    private mutating func insert(_ entry: OutboxEntry) {
        let state: State =
            switch entry.state {
            case .queued: .queued
            case .attempted: .unknown
            case .failed: .failed
            case .held: .held
            }
        items[entry.tempID] = Item(entry: entry, state: state)
        var line = order[entry.peer, default: []]
        let place = line.lastIndex { (items[$0]?.entry.sequence ?? 0) < entry.sequence }.map { $0 + 1 } ?? 0
        line.insert(entry.tempID, at: place)
        order[entry.peer] = line
    }

    /// Forgets a message: it is at the server, or the person took it back.
    mutating func remove(_ tempID: TempID) {
        pauses[tempID] = nil
        guard let item = items.removeValue(forKey: tempID) else { return }
        order[item.entry.peer]?.removeAll { $0 == tempID }
        if order[item.entry.peer]?.isEmpty == true { order[item.entry.peer] = nil }
    }

    // MARK: Entering

    /// True when a message entered now would be given to the link at once.
    func canSendAtOnce(to peer: UserID) -> Bool {
        guard isLinkUp, !isPaused, busyCount < Self.parallelMax else { return false }
        return head(of: peer) == nil && !deleting.contains(peer)
    }

    /// Takes in a message that is on the disk. An `attempted` one was entered with its first attempt, which
    /// the caller makes now.
    mutating func enter(_ entry: OutboxEntry, at now: MonotonicInstant) {
        insert(entry)
        if entry.state == .attempted {
            items[entry.tempID]?.state = .sending(until: now + patience)
        }
    }

    /// The person wants it sent, whatever stood against it: at the place that the entry's sequence says.
    mutating func retry(_ entry: OutboxEntry) {
        remove(entry.tempID)
        insert(entry)
    }

    /// The attempt is on the disk.
    mutating func noteAttempt(_ tempID: TempID, above knownID: MessageID) {
        guard let item = items[tempID], item.entry.state == .queued else { return }
        items[tempID]?.entry.state = .attempted
        items[tempID]?.entry.knownID = item.entry.knownID ?? knownID
    }

    /// The attempt was not made: the disk says that it is not this message's turn.
    mutating func noAttempt(_ tempID: TempID) {
        guard let item = items[tempID], item.state.isAwaitingAnswer else { return }
        items[tempID]?.state = item.entry.state == .attempted ? .unknown : .queued
    }

    /// The person took a message back that is on its way: it is to be deleted once it is known.
    mutating func cancelWhenKnown(_ tempID: TempID) {
        items[tempID]?.entry.isCancelled = true
    }

    // MARK: The link

    /// The server has accepted the link. Messages queued for too long are held.
    mutating func linkCameUp(at wall: Timestamp) -> [Action] {
        isLinkUp = true
        policy = .undecided
        let tooOld = items.values.filter { item in
            guard item.state == .queued else { return false }
            return Duration.microseconds(wall.microseconds &- item.entry.enteredAt.microseconds) > heldAfter
        }.map(\.entry).sorted { $0.sequence < $1.sequence }.map(\.tempID)
        for tempID in tooOld {
            items[tempID]?.state = .held
            items[tempID]?.entry.state = .held
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
        for (tempID, item) in items {
            switch item.state {
            // An attempt that could not be written down was not made.
            case .sending where item.entry.state == .queued: items[tempID]?.state = .queued
            case .sending, .resolving: items[tempID]?.state = .unknown
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
        guard items[tempID] != nil else { return }
        items[tempID]?.state = .failed
        items[tempID]?.entry.state = .failed
    }

    /// The server cannot take the message now: it goes again after a while, and those behind it wait. What was
    /// refused may be stored all the same, so that its fate is unknown.
    mutating func postpone(_ tempID: TempID, until: MonotonicInstant) {
        guard let item = items[tempID] else { return }
        items[tempID]?.state = item.entry.state == .queued ? .queued : .unknown
        pauses[tempID] = Pause(until: until, refusals: refusals(of: tempID) + 1)
    }

    /// How often the server has asked to be given the message later, on this link.
    func refusals(of tempID: TempID) -> Int { pauses[tempID]?.refusals ?? 0 }

    /// True while the message waits as the server asked.
    func isPostponed(_ tempID: TempID) -> Bool { pauses[tempID]?.until != nil }

    /// The person does not want to wait. The age of a message counts from then on.
    mutating func goOn(_ tempID: TempID, enteredAt: Timestamp) {
        pauses[tempID]?.until = nil
        items[tempID]?.entry.enteredAt = enteredAt
    }

    /// Settles the unknown messages of a conversation by what its newest page shows. The owner writes it
    /// down.
    mutating func resolve(_ peer: UserID, with outcomes: [Resolution.Outcome]) {
        for outcome in outcomes {
            guard items[outcome.tempID]?.state == .resolving else { continue }
            switch outcome {
            case .found(let tempID, _): remove(tempID)
            case .absent(let tempID):
                items[tempID]?.state = .queued
                items[tempID]?.entry.state = .queued
                items[tempID]?.entry.knownID = nil
            case .undecidable(let tempID):
                items[tempID]?.state = .held
                items[tempID]?.entry.state = .held
            }
        }
    }

    /// The page would mark messages as read that the person has not seen: ask again after ``opened(_:)``.
    mutating func deferLookUp(_ peer: UserID) {
        deferred.insert(peer)
        for tempID in order[peer] ?? [] where items[tempID]?.state == .resolving {
            items[tempID]?.state = .unknown
        }
    }

    /// Nothing in the conversation is unread any more: it may be looked up.
    mutating func opened(_ peer: UserID) { deferred.remove(peer) }

    /// The unknown messages of a conversation, whose fate is being looked up.
    func resolving(_ peer: UserID) -> [OutboxEntry] {
        (order[peer] ?? []).compactMap { items[$0] }.filter { $0.state == .resolving }.map(\.entry)
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
        if items.values.contains(where: { $0.state.isOverdue(at: now) }) { return [.replaceLink] }
        for (tempID, pause) in pauses where pause.until.map({ $0 <= now }) ?? false {
            pauses[tempID]?.until = nil
        }
        var actions: [Action] = []
        var free = Self.parallelMax - busyCount
        for peer in waitingPeers where free > 0 {
            guard let tempID = head(of: peer), let action = turn(of: tempID, at: now) else { continue }
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
            items[tempID]?.state = .sending(until: now + patience)
            return .transmit(tempID)
        case .unknown:
            switch policy {
            case .undecided: return nil
            // What the person took back is not sent again to find out.
            case .idempotent where !item.entry.isCancelled:
                items[tempID]?.state = .sending(until: now + patience)
                return .transmit(tempID)
            case .idempotent, .lookFirst:
                guard !deferred.contains(item.entry.peer) else { return nil }
                items[tempID]?.state = .resolving
                return .lookUp(item.entry.peer)
            }
        case .sending, .resolving, .failed, .held: return nil
        }
    }

    /// When ``next(at:)`` has something to do without any other call; nil for never.
    var deadline: MonotonicInstant? {
        guard isLinkUp, !isPaused else { return nil }
        let answers = items.values.compactMap { item in
            switch item.state {
            case .sending(let until): until
            case .queued, .unknown, .resolving, .failed, .held: nil
            }
        }
        return (answers + pauses.values.compactMap(\.until)).min()
    }

    /// The first message of a conversation that is neither failed nor held: those are parked, and later ones
    /// go on.
    private func head(of peer: UserID) -> TempID? {
        order[peer]?.first { tempID in
            switch items[tempID]?.state {
            case .failed, .held, nil: false
            case .queued, .sending, .unknown, .resolving: true
            }
        }
    }

    /// Conversations with something to do, the one whose first message was entered first in front.
    private var waitingPeers: [UserID] {
        let heads = order.keys.compactMap { peer in head(of: peer).flatMap { items[$0]?.entry } }
        return heads.sorted { $0.sequence < $1.sequence }.map(\.peer)
    }

    private var busyCount: Int { items.values.count { $0.state.isAwaitingAnswer } }

    // MARK: For the screen

    /// The state that the disk does not know.
    func isSending(_ tempID: TempID) -> Bool {
        guard case .sending = items[tempID]?.state else { return false }
        return true
    }

    /// True while a message to this person is given to the link and not answered.
    func isSending(to peer: UserID) -> Bool { order[peer]?.contains { isSending($0) } ?? false }

    var summary: OutboxSummary {
        var summary = OutboxSummary(isPaused: isPaused)
        for item in items.values where !item.entry.isCancelled {
            switch item.state {
            case .queued: summary.queued += 1
            case .sending: summary.sending += 1
            case .unknown, .resolving: summary.unknown += 1
            case .failed: summary.failed += 1
            case .held: summary.held += 1
            }
        }
        return summary
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

    var isAwaitingAnswer: Bool {
        guard case .sending = self else { return false }
        return true
    }

    func isOverdue(at now: MonotonicInstant) -> Bool {
        guard case .sending(let until) = self else { return false }
        return until <= now
    }
}
