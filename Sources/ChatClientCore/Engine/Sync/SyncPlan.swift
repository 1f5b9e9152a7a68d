import ChatWire

/// Which REST requests the client sends while the link is up, in which order, and when it repeats them. It is a state
/// machine without a clock or a network.
///
/// Two requests run at a time. A request that fails temporarily is repeated with backoff. When the link goes down, the
/// plan forgets all requests, and the next link starts over.
struct SyncPlan: Equatable, Sendable {
    /// One request: a step of any kind. Each kind is declared beside its question (`Engine/Questions`).
    struct Step: Hashable, Sendable {
        let kind: any SyncStep

        init(_ kind: some SyncStep) { self.kind = kind }

        static func == (one: Step, other: Step) -> Bool { AnyHashable(one.kind) == AnyHashable(other.kind) }

        func hash(into hasher: inout Hasher) { AnyHashable(kind).hash(into: &hasher) }
    }

    /// The number of requests in flight. The first two of a link are independent, and a page need not wait for a slow
    /// one.
    static let parallelMax = 2
    /// How often to poll a server that announces neither REST sends nor deletions.
    static let pollInterval = Duration.seconds(20)
    /// How often to ask a server that keeps the changes. Its events tell everything, so this only advances the cursor.
    static let changesInterval = Duration.seconds(120)

    private var waiting: [Step] = []
    private var running: Set<Step> = []
    private var delayed: [Step: MonotonicInstant] = [:]
    /// Requests that are made later, when it is quieter. Nothing waits for them.
    private var later: [Step: MonotonicInstant] = [:]
    private var failures: [Step: Int] = [:]
    private var isActive = false
    private var nextPoll: MonotonicInstant?
    private var hasChanges = false
    private let backoff = Backoff.connecting

    /// The link is up: request everything that may have changed in the meantime.
    mutating func begin(at now: MonotonicInstant) {
        self = SyncPlan()
        isActive = true
        waiting = [.serverInformation, .contacts, .unread]
        nextPoll = now + Self.pollInterval
    }

    /// The server keeps the changes: requests them now and from time to time, and the lists no more.
    mutating func followChanges(at now: MonotonicInstant) {
        guard isActive else { return }
        hasChanges = true
        nextPoll = now + Self.changesInterval
        add(.changes)
    }

    /// The link is down.
    mutating func stop() { self = SyncPlan() }

    /// Adds `step`, unless it already waits. A running step is repeated, because its answer may be older than this
    /// call.
    mutating func add(_ step: Step) {
        guard isActive, !waiting.contains(step) else { return }
        delayed[step] = nil
        later[step] = nil
        waiting.append(step)
    }

    /// Adds `step` after a delay, unless it is planned already. It is not open until then.
    mutating func add(_ step: Step, after delay: Duration, at now: MonotonicInstant) {
        guard isActive, !waiting.contains(step), delayed[step] == nil, later[step] == nil else { return }
        later[step] = now + delay
    }

    /// Repeats `step` after a pause. It stays open meanwhile.
    mutating func delay(_ step: Step, by pause: Duration, at now: MonotonicInstant) {
        guard isActive, !waiting.contains(step) else { return }
        delayed[step] = now + pause
    }

    /// The requests to send now.
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

    /// Whether a request must wait: for itself, because it must not run twice at a time, or for others.
    private func mustWait(_ step: Step) -> Bool { running.contains(step) || step.kind.mustWait(in: self) }

    /// True while the request waits or runs.
    func isOpen(_ step: Step) -> Bool {
        waiting.contains(step) || running.contains(step) || delayed[step] != nil
    }

    /// The same of any step that `matches`.
    func hasOpen(where matches: (any SyncStep) -> Bool) -> Bool {
        waiting.contains { matches($0.kind) } || running.contains { matches($0.kind) }
            || delayed.keys.contains { matches($0.kind) }
    }

    /// True while the link is up and no request waits, runs or is delayed.
    var isFinished: Bool { isActive && waiting.isEmpty && running.isEmpty && delayed.isEmpty }

    /// The request was answered, or never will be.
    mutating func finish(_ step: Step) {
        running.remove(step)
        failures[step] = nil
    }

    /// The request could not be answered now.
    mutating func postpone(
        _ step: Step, retryAfter: Duration?, at now: MonotonicInstant,
        using generator: inout some RandomNumberGenerator
    ) {
        guard running.remove(step) != nil else { return }
        let delay = retryAfter ?? backoff.delay(afterFailures: failures[step, default: 0], using: &generator)
        failures[step, default: 0] += 1
        if !waiting.contains(step) { delayed[step] = now + delay }
    }

    /// When ``next(at:)`` has something to return without any other call; nil for never.
    var deadline: MonotonicInstant? {
        guard isActive else { return nil }
        return (Array(delayed.values) + Array(later.values) + [nextPoll].compactMap { $0 }).min()
    }
}
