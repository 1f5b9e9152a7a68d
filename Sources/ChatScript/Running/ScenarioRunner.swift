import ChatClientCore
import ChatNet
import ChatWire

/// Plays one scenario: runs its steps, waits for what they expect, and cleans up. It decides only what to do next;
/// ``Matcher`` and ``Expectation/judge(_:_:isSettled:)`` decide whether something fits.
actor ScenarioRunner {
    nonisolated let thread: IOThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    nonisolated let scenario: Scenario
    nonisolated let settings: RunSettings
    /// The directory for the caches of this scenario's clients.
    nonisolated let directory: String
    let pool: AccountPool

    var scope = Scope()
    var redactor = Redactor()
    var trace: Trace
    var people: [String: Person] = [:]
    var order: [String] = []
    var leased: [ExistingAccount] = []
    /// For requests of nobody.
    let http: HTTPClient
    /// The deadline of the current step.
    var stepTimeout: Duration
    var sockets = 0

    private var waiter: CheckedContinuation<Void, Never>?
    private var changes = 0

    init(_ scenario: Scenario, number: Int, settings: RunSettings, pool: AccountPool, thread: IOThread) {
        self.scenario = scenario
        self.settings = settings
        self.pool = pool
        self.thread = thread
        directory = "\(settings.directory)/\(number)"
        trace = Trace(scenario: scenario.title, record: settings.record)
        stepTimeout = scenario.timeout ?? settings.timeout
        http = HTTPClient(thread: thread, configuration: settings.net)
    }

    /// Plays the scenario. Call it once.
    func run() async -> ScenarioResult {
        let start = thread.now
        for (name, value) in settings.variables {
            scope[name] = .string(value)
            redactor.hide(value)
        }
        var done = 0
        var failure: ScenarioResult.Failure?
        var skipped: String?
        for (index, step) in scenario.allSteps.enumerated() {
            let isLast = index >= scenario.steps.count
            guard failure == nil && skipped == nil || isLast else { continue }
            do throws(StepFailure) {
                try await perform(step)
                done += 1
            } catch {
                if error.kind == .notAllowed {
                    skipped = error.came
                } else if failure == nil {
                    failure = describe(error, in: step)
                }
            }
        }
        let leftBehind = await cleanUp()
        let outcome: ScenarioResult.Outcome =
            failure.map { .failed($0) } ?? skipped.map { .skipped($0) } ?? .passed
        return ScenarioResult(
            scenario: scenario, outcome: outcome, stepsDone: done, duration: thread.now - start,
            leftBehind: leftBehind)
    }

    private func describe(_ error: StepFailure, in step: Step) -> ScenarioResult.Failure {
        let kind: ScenarioResult.Failure.Kind =
            switch error.kind {
            case .mismatch, .notAllowed: .mismatch
            case .network: .network
            case .account: .account
            case .script: .script
            }
        return ScenarioResult.Failure(
            kind: kind, position: error.position ?? step.position, step: redactor.redact(step.text),
            expected: redactor.redact(error.expected), came: redactor.redact(error.came),
            frames: trace.lines(redactor))
    }

    // MARK: - Steps

    private func perform(_ step: Step) async throws(StepFailure) {
        guard !step.subjects.isEmpty else { return try await perform(step.action) }
        for subject in step.subjects {
            guard let person = people[subject.person] else {
                throw StepFailure(
                    expected: "\(subject.person) to be on", came: "nobody of that name", kind: .script)
            }
            try await perform(step.action, person, person.device(subject.device), subject)
        }
    }

    /// Runs an action without a subject.
    private func perform(_ action: Action) async throws(StepFailure) {
        switch action {
        case .people(let names, let areNew): try await bringOn(names, areNew: areNew)
        case .call(let call): try await perform(call, by: nil)
        case .check(let expression, let pattern): try check(expression, pattern)
        case .assign(let name, let expression): scope[name] = try value(of: expression)
        case .wait(let duration, _): try? await thread.sleep(for: duration)
        default: throw StepFailure(expected: "somebody to do it", came: "nobody", kind: .script)
        }
    }

    private func perform(
        _ action: Action, _ person: Person, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        switch action {
        case .call(let call): try await perform(call, by: person)
        case .connect(let opening): try await connect(person, device, subject, opening)
        case .disconnect: try await disconnect(device, subject)
        case .emit(let emission): try await emit(emission, device, subject)
        case .join(let joins, let other): try await join(joins, other, device, subject)
        case .send(let sending): try await send(sending, person, device, subject)
        case .expect(let expectation): try await expect(expectation, person, device, subject)
        case .openRaw(let path, let refusal): try await openRaw(path, refusal, person, device, subject)
        case .sendFrame(let text): try await sendFrame(text, device, subject)
        case .sendBinary(let text): try await sendBinary(text, device, subject)
        case .ping(let text): try await ping(text, device, subject)
        case .closeRaw(let code): try await closeRaw(code, device, subject)
        case .link(let change): try await changeLink(change, of: person)
        case .startClient(let isOffline): try await startClient(person, device, subject, isOffline: isOffline)
        case .stopClient: try await stopClient(device, subject)
        case .restartClient: try await restartClient(person, device, subject)
        case .write(let receiver, let text): try await write(text, to: receiver, device, subject)
        case .open(let name): try await client(device, subject).open(UserID(try other(name).id))
        case .read(let name): try await client(device, subject).markRead(UserID(try other(name).id))
        case .show(let view, let pattern, let duration):
            try await show(view, pattern, within: duration, device, subject)
        case .listenForPushes: try await listenForPushes(person)
        case .answerPushes(let status): try await answerPushes(status, person)
        case .people, .check, .assign, .wait:
            throw StepFailure(expected: "nobody to do it", came: subject.description, kind: .script)
        }
    }

    private func check(_ expression: Expression, _ pattern: Pattern) throws(StepFailure) {
        var matcher = Matcher(scope)
        let value: JSONValue?
        do throws(Scope.Failure) { value = try scope.present(expression) } catch { throw StepFailure(error) }
        if let mismatch = matcher.mismatch(value, pattern) { throw StepFailure(mismatch) }
        scope = matcher.scope
    }

    func value(of expression: Expression) throws(StepFailure) -> JSONValue {
        do throws(Scope.Failure) { return try scope.value(of: expression) } catch { throw StepFailure(error) }
    }

    func text(of expression: Expression) throws(StepFailure) -> String {
        Scope.plain(try value(of: expression))
    }

    func other(_ name: String) throws(StepFailure) -> Person {
        guard let person = people[name] else {
            throw StepFailure(expected: "\(name) to be on", came: "nobody of that name", kind: .script)
        }
        return person
    }

    // MARK: - Waiting

    /// Something has arrived: wake up everything that waits.
    func poke() {
        changes += 1
        waiter?.resume()
        waiter = nil
    }

    /// Waits until `poll` returns a value. It polls again whenever something has arrived.
    ///
    /// - Returns: nil when the deadline has passed.
    func waitUntil<Value>(
        _ deadline: MonotonicInstant, _ poll: () async throws(StepFailure) -> Value?
    ) async throws(StepFailure) -> Value? {
        while true {
            let seen = changes
            if let value = try await poll() { return value }
            guard thread.now < deadline else { return nil }
            // If something arrived while the poll was busy, poll again at once.
            guard seen == changes else { continue }
            let timer = thread.schedule(at: deadline) { [weak self] in self?.assumeIsolated { $0.poke() } }
            await withCheckedContinuation { waiter = $0 }
            timer.cancel()
        }
    }

    func note(_ who: String, _ direction: Trace.Direction, _ kind: String, _ text: String) {
        trace.add(who, direction, kind, text, redactor)
    }
}
