import ChatWire

/// The questions to the server that have been asked and are not answered, the plan of those to come, and what the server
/// can do.
struct Requests: Equatable, Sendable {
    /// A question on its way.
    struct Running: Equatable, Sendable {
        let step: SyncPlan.Step?
        let call: EngineCall
        /// The highest id in the cache when the question went out.
        let knownAtRequest: MessageID
        /// The wish that it is to fulfil.
        var wish: ContactWish?
    }

    var plan = SyncPlan()
    private(set) var running: [Int: Running] = [:]
    /// The number of the last question.
    private(set) var number = 0
    /// Why the last answered question failed; nil when it did not.
    private(set) var failure: ChatError?
    /// What the server has said that it can do; nil before it has said anything.
    private(set) var capabilities: Set<Capability>?

    func can(_ capability: Capability) -> Bool { capabilities?.contains(capability) ?? false }

    mutating func learn(_ capabilities: Set<Capability>) { self.capabilities = capabilities }

    /// Returns the number of the question.
    mutating func start(
        _ call: EngineCall, for step: SyncPlan.Step?, known: MessageID, wish: ContactWish?
    ) -> Int {
        number += 1
        running[number] = Running(step: step, call: call, knownAtRequest: known, wish: wish)
        return number
    }

    /// The question that is answered now; nil when it was asked on an earlier link and has been asked again.
    mutating func answered(_ number: Int, failure: ChatError?) -> Running? {
        guard let question = running.removeValue(forKey: number) else { return nil }
        self.failure = failure
        return question
    }

    /// The request of a step failed for now.
    mutating func postpone(
        _ step: SyncPlan.Step, retryAfter: Duration?, at now: MonotonicInstant,
        using generator: inout some RandomNumberGenerator
    ) {
        plan.postpone(step, retryAfter: retryAfter, at: now, using: &generator)
    }

    /// True while it is not known what is news, and what is unread.
    var isCatchingUp: Bool {
        [SyncPlan.Step.serverInformation, .contacts, .unread, .changes].contains(where: plan.isOpen)
    }

    mutating func linkWentDown() {
        running = [:]
        plan.stop()
    }

    /// Another database is at the other end: everything is asked for again, and nothing is known of it.
    mutating func startOver(at now: MonotonicInstant) {
        running = [:]
        capabilities = nil
        plan.begin(at: now)
    }
}
