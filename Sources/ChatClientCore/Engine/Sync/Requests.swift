import ChatWire

/// The questions to the server that have been asked and are not answered, the plan of those to come, and what the
/// server can do.
struct Requests: Equatable, Sendable {
    var plan = SyncPlan()
    /// By their numbers.
    private(set) var running: [Int: OpenQuestion] = [:]
    /// The number of the last question.
    private(set) var number = 0
    /// Why the last answered question failed; nil when it did not.
    private(set) var failure: ChatError?
    /// What the server has said that it can do; nil before it has said anything.
    private(set) var capabilities: Set<Capability>?

    func can(_ capability: Capability) -> Bool { capabilities?.contains(capability) ?? false }

    mutating func learn(_ capabilities: Set<Capability>) { self.capabilities = capabilities }

    /// The question is asked now.
    mutating func start<Question: ServerQuestion>(
        _ question: Question, for step: SyncPlan.Step?, knownAtRequest: MessageID
    ) -> OpenQuestion {
        number += 1
        let asked = Asked(number: number, question: question, step: step, knownAtRequest: knownAtRequest)
        let open = OpenQuestion(asked: asked)
        running[number] = open
        return open
    }

    /// The question was answered, or could not be. False when it was asked on an earlier link and has been asked again.
    mutating func answered<Question>(_ asked: Asked<Question>, failure: ChatError?) -> Bool {
        guard running.removeValue(forKey: asked.number) != nil else { return false }
        self.failure = failure
        return true
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
