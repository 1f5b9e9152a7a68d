import ChatClientCore
import ChatNet
import ChatWire

/// What the steps of one scenario share: its people, its variables, its trace. The runner of the scenario owns it, and
/// all steps run on the runner.
final class ScenarioContext {
    let scenario: Scenario
    let settings: RunSettings
    /// The directory for the caches of this scenario's clients.
    let directory: String
    let thread: IOThread
    let pool: AccountPool
    /// For requests of nobody.
    let http: HTTPClient
    /// How long a step waits unless it says otherwise.
    let stepTimeout: Duration
    let arrivals: Arrivals
    /// Where sockets and receivers deliver what they receive.
    weak var runner: ScenarioRunner?

    var scope = Scope()
    var redactor = Redactor()
    private(set) var trace: Trace
    var people: [String: Person] = [:]
    /// The names of the people in the order in which they came on.
    var order: [String] = []
    /// The existing accounts that the scenario uses.
    var leased: [ExistingAccount] = []
    private var socketCount = 0

    init(_ scenario: Scenario, number: Int, settings: RunSettings, pool: AccountPool, thread: IOThread) {
        self.scenario = scenario
        self.settings = settings
        self.pool = pool
        self.thread = thread
        directory = "\(settings.directory)/\(number)"
        trace = Trace(scenario: scenario.title, record: settings.record)
        stepTimeout = scenario.timeout ?? settings.timeout
        http = HTTPClient(thread: thread, configuration: settings.net)
        arrivals = Arrivals(thread: thread)
    }

    // MARK: Values

    func value(of expression: Expression) throws(StepFailure) -> JSONValue {
        do throws(Scope.Failure) { return try scope.value(of: expression) } catch { throw StepFailure(error) }
    }

    func text(of expression: Expression) throws(StepFailure) -> String {
        Scope.plain(try value(of: expression))
    }

    /// Requires a value to fit a pattern, and keeps what the pattern captures.
    func match(_ value: JSONValue?, _ pattern: Pattern) throws(StepFailure) {
        var matcher = Matcher(scope)
        if let mismatch = matcher.mismatch(value, pattern) { throw StepFailure(mismatch) }
        scope = matcher.scope
    }

    // MARK: People and sockets

    /// The person of a name.
    ///
    /// - Throws: when nobody of that name is on.
    func other(_ name: String) throws(StepFailure) -> Person {
        guard let person = people[name] else {
            throw StepFailure(expected: "\(name) to be on", came: "nobody of that name", kind: .script)
        }
        return person
    }

    func device(_ subject: Subject) -> Device? { people[subject.person]?.devices[subject.device] }

    func takeSocketNumber() -> Int {
        socketCount += 1
        return socketCount
    }

    func note(_ who: String, _ direction: Trace.Direction, _ kind: String, _ text: String) {
        trace.add(who, direction, kind, text, redactor)
    }

    // MARK: Waiting

    /// Something has arrived: wakes up what waits.
    func poke() { arrivals.assumeIsolated { $0.poke() } }

    private var arrivalCount: Int { arrivals.assumeIsolated { $0.count } }

    /// Gives the server a moment where nothing marks the end of what it does.
    func pause(_ duration: Duration) async throws(StepFailure) {
        _ = try await waitUntil(thread.now + duration) { () throws(StepFailure) -> Bool? in nil }
    }

    /// Waits until `poll` returns a value. It polls again whenever something has arrived.
    ///
    /// - Returns: nil when the deadline has passed.
    func waitUntil<Value>(
        _ deadline: MonotonicInstant, _ poll: () async throws(StepFailure) -> Value?
    ) async throws(StepFailure) -> Value? {
        while true {
            let seen = arrivalCount
            if let value = try await poll() { return value }
            guard thread.now < deadline else { return nil }
            await arrivals.wait(after: seen, until: deadline)
        }
    }

    /// The failure when nothing that fits has arrived in time.
    func missed(_ expectation: Expectation, _ inbox: Inbox) -> StepFailure {
        var expected = "an event"
        if case .waiting(let missing) = expectation.judge(inbox, scope, isSettled: false) {
            expected = missing
        }
        let time = (expectation.duration ?? stepTimeout).readable
        let came: String
        if let near = expectation.nearMiss(inbox, scope) {
            came = near
        } else if inbox.unread.isEmpty {
            came = "nothing in \(time)"
        } else {
            let names = inbox.unread.suffix(6).map(\.name).joined(separator: ", ")
            came = "in \(time) only \(names)"
        }
        return StepFailure(expected: expected, came: came)
    }
}
