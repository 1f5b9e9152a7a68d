import ChatClientCore
import ChatNet
import ChatWire

/// Plays one scenario: runs its steps and cleans up. Each kind of step has a type of its own, over the
/// ``ScenarioContext``. The runner decides only what to do next; ``Matcher`` and ``Expectation/judge(_:_:isSettled:)``
/// decide whether something fits.
actor ScenarioRunner {
    nonisolated let thread: IOThread
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private nonisolated let scenario: Scenario
    private let context: ScenarioContext
    private var rest: RESTSteps { RESTSteps(context: context) }
    private var sockets: SocketSteps { SocketSteps(context: context) }
    private var raw: RawSteps { RawSteps(context: context) }
    private var clients: ClientSteps { ClientSteps(context: context) }
    private var pushes: PushSteps { PushSteps(context: context) }

    init(_ scenario: Scenario, number: Int, settings: RunSettings, pool: AccountPool, thread: IOThread) {
        self.scenario = scenario
        self.thread = thread
        context = ScenarioContext(
            scenario, number: number, settings: settings, pool: pool, thread: thread)
    }

    /// Plays the scenario. Call it once.
    func run() async -> ScenarioResult {
        context.runner = self
        let start = thread.now
        for (name, value) in context.settings.variables {
            context.scope[name] = .string(value)
            context.redactor.hide(value)
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
        let leftBehind = await CleanUp(context: context).run()
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
            kind: kind, position: error.position ?? step.position, step: context.redactor.redact(step.text),
            expected: context.redactor.redact(error.expected), came: context.redactor.redact(error.came),
            frames: context.trace.lines(context.redactor))
    }

    // MARK: Steps

    private func perform(_ step: Step) async throws(StepFailure) {
        guard !step.subjects.isEmpty else { return try await perform(step.action) }
        for subject in step.subjects {
            let person = try context.other(subject.person)
            try await perform(step.action, person, person.device(subject.device), subject)
        }
    }

    /// Runs an action without a subject.
    private func perform(_ action: Action) async throws(StepFailure) {
        switch action {
        case .people(let names, let areNew):
            try await PeopleSteps(context: context).bringOn(names, areNew: areNew)
        case .call(let call): try await rest.perform(call, by: nil)
        case .check(let expression, let pattern): try check(expression, pattern)
        case .assign(let name, let expression): context.scope[name] = try context.value(of: expression)
        case .wait(let duration, _): try? await thread.sleep(for: duration)
        default: throw StepFailure(expected: "somebody to do it", came: "nobody", kind: .script)
        }
    }

    private func perform(
        _ action: Action, _ person: Person, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        switch action {
        case .call(let call): try await rest.perform(call, by: person)
        case .connect(let opening): try await sockets.connect(person, device, subject, opening)
        case .disconnect: try await sockets.disconnect(device, subject)
        case .emit(let emission): try await sockets.emit(emission, device, subject)
        case .join(let joins, let other): try await sockets.join(joins, other, device, subject)
        case .send(let sending):
            try await MessageSteps(context: context).send(sending, person, device, subject)
        case .expect(let expectation):
            try await ExpectationSteps(context: context).expect(expectation, person, device, subject)
        case .openRaw(let path, let refusal): try await raw.open(path, refusal, person, device, subject)
        case .sendFrame(let text): try await raw.sendFrame(text, device, subject)
        case .sendBinary(let text): try await raw.sendBinary(text, device, subject)
        case .ping(let text): try await raw.ping(text, device, subject)
        case .closeRaw(let code): try await raw.close(code, device, subject)
        case .link(let change): try await PeopleSteps(context: context).changeLink(change, of: person)
        case .startClient(let isOffline):
            try await clients.start(person, device, subject, isOffline: isOffline)
        case .stopClient: try await clients.stop(device, subject)
        case .restartClient: try await clients.restart(person, device, subject)
        case .write(let receiver, let text): try await clients.write(text, to: receiver, device, subject)
        case .open(let name):
            try await clients.client(device, subject).open(UserID(try context.other(name).id))
        case .read(let name):
            try await clients.client(device, subject).markRead(UserID(try context.other(name).id))
        case .show(let view, let pattern, let duration):
            try await clients.show(view, pattern, within: duration, device, subject)
        case .listenForPushes: try await pushes.listen(person)
        case .answerPushes(let status): try await pushes.answer(status, person)
        case .people, .check, .assign, .wait:
            throw StepFailure(expected: "nobody to do it", came: subject.description, kind: .script)
        }
    }

    private func check(_ expression: Expression, _ pattern: Pattern) throws(StepFailure) {
        let value: JSONValue?
        do throws(Scope.Failure) {
            value = try context.scope.present(expression)
        } catch {
            throw StepFailure(error)
        }
        try context.match(value, pattern)
    }

    // MARK: What arrives

    func received(_ event: LinkTransport.Event, on number: Int) {
        SocketEvents(context: context).receive(event, of: number)
    }

    /// - Returns: false when the device has another websocket by now.
    func received(_ event: WebSocketEvent, on socket: WebSocketClient, of subject: Subject) -> Bool {
        raw.receive(event, on: socket, of: subject)
    }

    func ended(_ socket: WebSocketClient, of subject: Subject) { raw.end(socket, of: subject) }

    func received(_ event: PushReceiver.Event, from receiver: PushReceiver, of name: String) {
        pushes.receive(event, from: receiver, of: name)
    }
}
