import ChatClientCore
import ChatNet
import ChatWire

// Web Push notifications.
extension ScenarioRunner {
    func listenForPushes(_ person: Person) async throws(StepFailure) {
        await closePushes(person)
        let client = try makeClient(person, "pushes")
        if await client.account == nil {
            try await asking("to sign in") { () throws(ChatError) in
                _ = try await client.signIn(token: person.token)
            }
        }
        let receiver = try await asking("to subscribe to pushes") { () throws(ChatError) in
            try await client.openPushReceiver()
        }
        let seat = PushSeat(client: client, receiver: receiver)
        person.push = seat
        scope["\(person.name)_endpoint"] = .string(receiver.endpoint)
        seat.task = Task {
            for await event in receiver.events { self.received(event, seat, person.name) }
        }
    }

    private func received(_ event: PushReceiver.Event, _ seat: PushSeat, _ name: String) {
        let item: Inbox.Item =
            switch event {
            case .push(let push): .init(name: Expectation.push, payload: Self.payload(push))
            case .rejected(let reason): .init(name: "rejected", payload: .string("\(reason)"))
            case .answered(let status): .init(name: "answered", payload: .integer(Int64(status)))
            }
        note(name, .into, item.name, item.payload.description)
        seat.inbox.append(item)
        poke()
    }

    private static func payload(_ push: ReceivedPush) -> JSONValue {
        var payload: JSONObject = [
            "title": .string(push.title), "body": .string(push.body), "type": .string(push.kind),
        ]
        if let sender = push.senderID { payload.append("sender", .integer(sender.rawValue)) }
        if let name = push.senderName { payload.append("sender_name", .string(name)) }
        return .object(payload)
    }

    func answerPushes(_ status: Expression, _ person: Person) async throws(StepFailure) {
        guard let seat = person.push else {
            throw StepFailure(
                expected: "\(person.name) to listen for pushes", came: "no receiver", kind: .script)
        }
        let status = try value(of: status).integerValue.flatMap { Int(exactly: $0) }
        await seat.receiver.answerWith(status: status)
    }

    func expectPushes(_ expectation: Expectation, _ person: Person) async throws(StepFailure) {
        guard let seat = person.push else {
            throw StepFailure(
                expected: "\(person.name) to listen for pushes", came: "no receiver", kind: .script)
        }
        if case .absence(let item, nil) = expectation.kind {
            return try await expectNoPush(item, seat, person)
        }
        let result = try await waitUntil(thread.now + (expectation.duration ?? stepTimeout)) {
            () throws(StepFailure) -> (Scope, Int)? in
            switch expectation.judge(seat.inbox, scope, isSettled: false) {
            case .met(let scope, let mark): return (scope, mark)
            case .failed(let expected, let came): throw StepFailure(expected: expected, came: came)
            case .waiting: return nil
            }
        }
        guard let (scope, mark) = result else { throw missed(expectation, seat.inbox) }
        self.scope = scope
        seat.inbox.read(upTo: mark)
    }

    /// The server's test notification marks the end: earlier pushes have arrived by then. Servers that push from a
    /// queue get a moment more, because their test may overtake it.
    private func expectNoPush(
        _ item: Expectation.Item, _ seat: PushSeat, _ person: Person
    ) async throws(StepFailure) {
        let answer = try await request(.post, "/api/push/test", nil, token: person.token, as: person)
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
        try await expectPushesUntilTest(others, seat)
        _ = try await waitUntil(thread.now + .milliseconds(250)) { () throws(StepFailure) -> Bool? in nil }
        for late in seat.inbox.items[start...] where late.payload["type"] != "test" {
            var attempt = Inbox()
            attempt.append(late)
            let absence = Expectation(kind: .absence(of: item, before: nil))
            if case .failed(let expected, let came) = absence.judge(attempt, scope, isSettled: true) {
                throw StepFailure(expected: expected, came: came)
            }
        }
    }

    private func expectPushesUntilTest(
        _ expectation: Expectation, _ seat: PushSeat
    ) async throws(StepFailure) {
        let mark = try await waitUntil(thread.now + stepTimeout) { () throws(StepFailure) -> Int? in
            switch expectation.judge(seat.inbox, scope, isSettled: false) {
            case .met(_, let mark): return mark
            case .failed(let expected, let came): throw StepFailure(expected: expected, came: came)
            case .waiting: return nil
            }
        }
        guard let mark else { throw missed(expectation, seat.inbox) }
        seat.inbox.read(upTo: mark)
    }

    func closePushes(_ person: Person) async {
        guard let seat = person.push else { return }
        person.push = nil
        do throws(ChatError) {
            try await seat.client.closePushReceiver(seat.receiver)
        } catch {
            // The server may have dropped it, or be gone: there is nothing left to end.
            note(person.name, .into, "unsubscribe", "\(error)")
        }
        seat.task?.cancel()
        await seat.client.disconnect()
    }
}
