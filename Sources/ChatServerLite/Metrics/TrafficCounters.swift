import ChatWire

/// What one node of the server counts all the time: each count is one atomic addition. Copies count into the same numbers.
/// What happens rarely is in ``Counters``.
struct TrafficCounters: Sendable {
    let connections = ConnectionCounters()
    let requests = RequestCounters(routes: APIService.routes)
    let storage: StorageCounters
    let pushes = PushCounters()
    /// Packets that were queued for clients.
    let packetsSent = Counter()
    private let events = ClientEvent.Kind.allCases.map { (kind: $0, counter: Counter()) }
    private let otherEvents = Counter()
    private let refusals = RefusalReason.allCases.map { _ in Counter() }

    init(storage: StorageCounters = StorageCounters()) { self.storage = storage }

    /// Counts an event of a signed-in client; nil is an event that the API does not have.
    func received(_ kind: ClientEvent.Kind?) {
        guard let kind else { return otherEvents.add() }
        for entry in events where entry.kind == kind { entry.counter.add() }
    }

    /// Counts an event by the plan for it, which mostly tells the kind, so that the name is not read twice.
    func received(_ payload: ArraySlice<UInt8>, as plan: EventPlan) {
        switch plan {
        case .send: received(.sendMessage)
        case .markRead: received(.messageRead)
        case .markDelivered: received(.messageDelivered)
        case .announce, .submit: received(ClientEvent.kind(in: payload))
        }
    }

    /// Counts what a client asked for and did not get.
    func refused(_ reason: RefusalReason) {
        guard let index = RefusalReason.allCases.firstIndex(of: reason) else { return }
        refusals[index].add()
    }

    /// The events by name.
    var eventCounts: [(name: String, count: Int)] {
        events.map { ("\($0.kind.name)", $0.counter.count) } + [("other", otherEvents.count)]
    }

    var refusalCounts: [(reason: RefusalReason, count: Int)] {
        zip(RefusalReason.allCases, refusals).map { ($0, $1.count) }
    }
}

/// Why a client was not served. The raw value is the label of the metric.
enum RefusalReason: String, CaseIterable, Sendable {
    /// There are as many connections as open files allow.
    case connections
    /// Too many searches or passwords are waiting, or this asker has asked for too much.
    case tooMany = "too_many"
    /// Too many writes or bytes wait in the server.
    case overload
    /// The account does not read the answers that it has.
    case unreadAnswers = "unread_answers"
    /// There is no token, or it is not valid.
    case token

    /// The reason of an error; nil when the request itself was wrong.
    init?(_ error: RouteError) {
        switch error {
        case .unauthorized: self = .token
        case .overloaded: self = .overload
        case .tooManyAnswers: self = .unreadAnswers
        case .tooMany: self = .tooMany
        case .refused, .notFound, .methodNotAllowed, .bodyTooLarge, .badRequest, .headTooLarge,
            .unknownCoding,
            .storage:
            return nil
        }
    }
}

/// Counts the connections of the main listeners.
struct ConnectionCounters: Sendable {
    let opened = Counter()
    let closed = Counter()
    let turnedAway = Counter()
}

/// Counts attempts to deliver pushes, by outcome.
struct PushCounters: Sendable {
    let delivered = Counter()
    let gone = Counter()
    let refused = Counter()
    let unavailable = Counter()

    func tried(_ outcome: PushOutcome) {
        switch outcome {
        case .delivered: delivered.add()
        case .gone: gone.add()
        case .refused: refused.add()
        case .unavailable: unavailable.add()
        }
    }
}
