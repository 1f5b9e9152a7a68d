import ChatClientCore
import ChatNet
import ChatWire

/// Web Push notifications.
struct PushSteps {
    let context: ScenarioContext
    private var rest: RESTSteps { RESTSteps(context: context) }
    private var clients: ClientSteps { ClientSteps(context: context) }

    func listen(_ person: Person) async throws(StepFailure) {
        await close(person)
        let client = try clients.makeClient(person, "pushes")
        if await client.account == nil {
            try await clients.asking("to sign in") { () throws(ChatError) in
                _ = try await client.signIn(token: person.token)
            }
        }
        let receiver = try await clients.asking("to subscribe to pushes") { () throws(ChatError) in
            try await client.pushes.open()
        }
        let seat = PushSeat(client: client, receiver: receiver)
        person.push = seat
        context.scope["\(person.name)_endpoint"] = .string(receiver.endpoint)
        seat.task = Task { [weak runner = context.runner, name = person.name] in
            for await event in receiver.events { await runner?.received(event, from: receiver, of: name) }
        }
    }

    /// Puts what a receiver has received into its inbox.
    func receive(_ event: PushReceiver.Event, from receiver: PushReceiver, of name: String) {
        guard let seat = context.people[name]?.push, seat.receiver === receiver else { return }
        let item: Inbox.Item =
            switch event {
            case .push(let push): .init(name: Expectation.push, payload: Self.payload(push))
            case .rejected(let reason): .init(name: "rejected", payload: .string("\(reason)"))
            case .answered(let status): .init(name: "answered", payload: .integer(Int64(status)))
            }
        context.note(name, .into, item.name, item.payload.description)
        seat.inbox.append(item)
        context.poke()
    }

    private static func payload(_ push: ReceivedPush) -> JSONValue {
        var payload: JSONObject = [
            "title": .string(push.title), "body": .string(push.body), "type": .string(push.kind),
        ]
        if let sender = push.senderID { payload.append("sender", .integer(sender.rawValue)) }
        if let name = push.senderName { payload.append("sender_name", .string(name)) }
        return .object(payload)
    }

    func answer(_ status: Expression, _ person: Person) async throws(StepFailure) {
        guard let seat = person.push else {
            throw StepFailure(
                expected: "\(person.name) to listen for pushes", came: "no receiver", kind: .script)
        }
        let status = try context.value(of: status).integerValue.flatMap { Int(exactly: $0) }
        await seat.receiver.answerWith(status: status)
    }

    func expect(_ expectation: Expectation, _ person: Person) async throws(StepFailure) {
        guard let seat = person.push else {
            throw StepFailure(
                expected: "\(person.name) to listen for pushes", came: "no receiver", kind: .script)
        }
        if case .absence(let item, nil) = expectation.kind {
            return try await expectNoPush(item, seat, person)
        }
        let result = try await context.waitUntil(
            context.thread.now + (expectation.duration ?? context.stepTimeout)
        ) {
            () throws(StepFailure) -> (Scope, Int)? in
            switch expectation.judge(seat.inbox, context.scope, isSettled: false) {
            case .met(let scope, let mark): return (scope, mark)
            case .failed(let expected, let came): throw StepFailure(expected: expected, came: came)
            case .waiting: return nil
            }
        }
        guard let (scope, mark) = result else { throw context.missed(expectation, seat.inbox) }
        context.scope = scope
        seat.inbox.read(upTo: mark)
    }

    /// The server's test notification marks the end: earlier pushes have arrived by then. Servers that push from a
    /// queue get a moment more, because their test may overtake it.
    private func expectNoPush(
        _ item: Expectation.Item, _ seat: PushSeat, _ person: Person
    ) async throws(StepFailure) {
        let answer = try await rest.request(.post, "/api/push/test", nil, token: person.token, as: person)
        guard answer.status == 200 else {
            throw StepFailure(
                expected: "the test notification", came: "\(answer.status) \(answer.text.prefix(300))")
        }
        let test = Expectation.Item(
            name: Expectation.push,
            pattern: .object([.init(key: "type", pattern: .equal(.literal("test")))], isExact: false),
            position: item.position)
        let others = Expectation(kind: .absence(of: item, before: test))
        let start = seat.inbox.mark
        try await expectUntilTest(others, seat)
        try await context.pause(.milliseconds(250))
        for late in seat.inbox.items[start...] where late.payload["type"] != "test" {
            var attempt = Inbox()
            attempt.append(late)
            let absence = Expectation(kind: .absence(of: item, before: nil))
            if case .failed(let expected, let came) = absence.judge(attempt, context.scope, isSettled: true) {
                throw StepFailure(expected: expected, came: came)
            }
        }
    }

    private func expectUntilTest(
        _ expectation: Expectation, _ seat: PushSeat
    ) async throws(StepFailure) {
        let mark = try await context.waitUntil(context.thread.now + context.stepTimeout) {
            () throws(StepFailure) -> Int? in
            switch expectation.judge(seat.inbox, context.scope, isSettled: false) {
            case .met(_, let mark): return mark
            case .failed(let expected, let came): throw StepFailure(expected: expected, came: came)
            case .waiting: return nil
            }
        }
        guard let mark else { throw context.missed(expectation, seat.inbox) }
        seat.inbox.read(upTo: mark)
    }

    func close(_ person: Person) async {
        guard let seat = person.push else { return }
        person.push = nil
        do throws(ChatError) {
            try await seat.client.pushes.close(seat.receiver)
        } catch {
            // The server may have dropped it, or be gone: there is nothing left to end.
            context.note(person.name, .into, "unsubscribe", "\(error)")
        }
        seat.task?.cancel()
        await seat.client.disconnect()
    }
}
