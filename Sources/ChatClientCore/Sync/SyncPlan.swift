import ChatWire

/// What is asked of the server by REST while the link is up, in which order, and when again: a state machine
/// without clock or network.
///
/// Questions run two at a time; one that fails for a passing reason is asked again after a growing delay. All
/// that is open is forgotten when the link goes down: the next link begins anew.
struct SyncPlan: Equatable, Sendable {
    /// One question.
    enum Step: Hashable, Sendable {
        /// What the server can do: decides how unknown messages are settled.
        case serverInformation
        case renewToken
        case contacts
        case unread
        /// What changed since the cursor, on a server that keeps the changes.
        case changes
        /// The newest messages of a conversation.
        case page(UserID, limit: Int)
        case deleteMessage(MessageID)
        /// The next step towards how the person wants a contact to be.
        case contactWish(UserID)
        case deleteConversation(UserID)
    }

    /// Side by side: the two that open a session are independent, and a page need not wait for a slow one.
    static let parallelMax = 2
    /// On a server that announces neither REST sends nor deletions, how often it is asked for news.
    static let pollInterval = Duration.seconds(20)
    /// On a server that keeps the changes: events tell everything, this moves the cursor behind them.
    static let changesInterval = Duration.seconds(120)

    private var waiting: [Step] = []
    private var running: Set<Step> = []
    private var delayed: [Step: MonotonicInstant] = [:]
    /// What is asked again when it is quieter; nobody waits for it.
    private var later: [Step: MonotonicInstant] = [:]
    private var failures: [Step: Int] = [:]
    private var isActive = false
    private var nextPoll: MonotonicInstant?
    private var hasChanges = false
    private let backoff = Backoff.connecting

    /// The link is up: everything that may have changed meanwhile is asked for.
    mutating func begin(at now: MonotonicInstant) {
        self = SyncPlan()
        isActive = true
        waiting = [.serverInformation, .contacts, .unread]
        nextPoll = now + Self.pollInterval
    }

    /// The server keeps the changes: they are asked for now, and lists only at the beginning.
    mutating func followChanges(at now: MonotonicInstant) {
        guard isActive else { return }
        hasChanges = true
        nextPoll = now + Self.changesInterval
        add(.changes)
    }

    /// The link is down.
    mutating func stop() { self = SyncPlan() }

    /// Asks `step` too, unless it waits already. One that runs is asked again: its answer may be of before.
    mutating func add(_ step: Step) {
        guard isActive, !waiting.contains(step) else { return }
        delayed[step] = nil
        later[step] = nil
        waiting.append(step)
    }

    /// Asks `step` after a while, unless it is to be asked sooner. Until then it is not open.
    mutating func add(_ step: Step, after delay: Duration, at now: MonotonicInstant) {
        guard isActive, !waiting.contains(step), delayed[step] == nil, later[step] == nil else { return }
        later[step] = now + delay
    }

    /// Asks `step` again, but not before a pause; until then it is open.
    mutating func delay(_ step: Step, by pause: Duration, at now: MonotonicInstant) {
        guard isActive, !waiting.contains(step) else { return }
        delayed[step] = now + pause
    }

    /// The questions to ask now.
    mutating func next(at now: MonotonicInstant) -> [Step] {
        guard isActive else { return [] }
        if let nextPoll, nextPoll <= now {
            if hasChanges {
                add(.changes)
            } else {
                add(.contacts)
                add(.unread)
            }
            self.nextPoll = now + (hasChanges ? Self.changesInterval : Self.pollInterval)
        }
        for (step, due) in delayed.sorted(by: { $0.value < $1.value }) where due <= now {
            delayed[step] = nil
            if !waiting.contains(step) { waiting.append(step) }
        }
        for (step, due) in later.sorted(by: { $0.value < $1.value }) where due <= now { add(step) }
        var steps: [Step] = []
        var index = 0
        while running.count < Self.parallelMax, index < waiting.count {
            guard !mustWait(waiting[index]) else {
                index += 1
                continue
            }
            let step = waiting.remove(at: index)
            running.insert(step)
            steps.append(step)
        }
        return steps
    }

    /// A question that runs is not asked twice at a time. A page is not fetched before it is known whether it
    /// can be had without marking it as read; a contact is not changed before the list is known, nor a
    /// conversation deleted before its news are.
    private func mustWait(_ step: Step) -> Bool {
        if running.contains(step) { return true }
        switch step {
        case .page: return isOpen(.serverInformation)
        case .contactWish: return isOpen(.contacts)
        case .deleteConversation(let peer):
            return [.serverInformation, .contacts, .unread, .changes].contains(where: isOpen)
                || hasPage(of: peer)
        case .serverInformation, .renewToken, .contacts, .unread, .changes, .deleteMessage: return false
        }
    }

    private func hasPage(of peer: UserID) -> Bool {
        func isPage(_ step: Step) -> Bool {
            guard case .page(peer, _) = step else { return false }
            return true
        }
        return waiting.contains(where: isPage) || running.contains(where: isPage)
            || delayed.keys.contains(where: isPage)
    }

    /// True while the question is to be asked, or asked and not answered.
    func isOpen(_ step: Step) -> Bool {
        waiting.contains(step) || running.contains(step) || delayed[step] != nil
    }

    /// True while the link is up and nothing is to be asked, or awaited, or asked again.
    var isFinished: Bool { isActive && waiting.isEmpty && running.isEmpty && delayed.isEmpty }

    /// The question was answered, or will never be.
    mutating func finish(_ step: Step) {
        running.remove(step)
        failures[step] = nil
    }

    /// The question could not be answered now.
    mutating func postpone(
        _ step: Step, retryAfter: Duration?, at now: MonotonicInstant,
        using generator: inout some RandomNumberGenerator
    ) {
        guard running.remove(step) != nil else { return }
        let delay = retryAfter ?? backoff.delay(afterFailures: failures[step, default: 0], using: &generator)
        failures[step, default: 0] += 1
        if !waiting.contains(step) { delayed[step] = now + delay }
    }

    /// When ``next(at:)`` has something to do without any other call; nil for never.
    var deadline: MonotonicInstant? {
        guard isActive else { return nil }
        return (Array(delayed.values) + Array(later.values) + [nextPoll].compactMap { $0 }).min()
    }
}
