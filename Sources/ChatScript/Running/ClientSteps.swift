import ChatClientCore
import ChatNet
import ChatWire

/// Clients, and what they show.
struct ClientSteps {
    let context: ScenarioContext

    func start(
        _ person: Person, _ device: Device, _ subject: Subject, isOffline: Bool
    ) async throws(StepFailure) {
        await stop(device)
        let client = try makeClient(person, subject.device.isEmpty ? "first" : subject.device)
        device.client = client
        device.clientIsOffline = isOffline
        if await client.account == nil {
            try await asking("to sign in") { () throws(ChatError) in
                _ = try await client.signIn(token: person.token)
            }
        }
        if !isOffline { await client.connect() }
        // Subscribe before the first look at the client, so that no change is missed.
        let changes = await client.changes()
        device.clientTask = Task { [arrivals = context.arrivals] in
            for await _ in changes { await arrivals.poke() }
        }
    }

    /// A client on the files of one of a person's devices.
    func makeClient(_ person: Person, _ device: String) throws(StepFailure) -> ChatClient {
        let configuration = ClientConfiguration(
            server: context.settings.server,
            directories: ClientDirectories(root: "\(context.directory)/\(person.name)-\(device)"),
            net: person.net,
            logger: context.settings.logger)
        do throws(ChatError) {
            return try ChatClient(configuration: configuration)
        } catch {
            throw StepFailure(expected: "a client", came: "\(error)", kind: .script)
        }
    }

    /// Calls a client and turns its errors into errors of the step.
    func asking<Value>(
        _ what: String, _ body: () async throws(ChatError) -> Value
    ) async throws(StepFailure) -> Value {
        do throws(ChatError) {
            return try await body()
        } catch {
            throw StepFailure(expected: what, came: "\(error)")
        }
    }

    func client(_ device: Device, _ subject: Subject) throws(StepFailure) -> ChatClient {
        guard let client = device.client else {
            throw StepFailure(
                expected: "\(subject) to have a client", came: "none was started", kind: .script)
        }
        return client
    }

    func stop(_ device: Device) async {
        guard let client = device.client else { return }
        device.client = nil
        device.clientTask?.cancel()
        device.clientTask = nil
        await client.disconnect()
    }

    func stop(_ device: Device, _ subject: Subject) async throws(StepFailure) {
        _ = try client(device, subject)
        await stop(device)
    }

    func restart(_ person: Person, _ device: Device, _ subject: Subject) async throws(StepFailure) {
        try await start(person, device, subject, isOffline: device.clientIsOffline)
    }

    func write(
        _ expression: Expression, to name: String, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        let text = try context.text(of: expression)
        let client = try client(device, subject)
        let receiver = UserID(try context.other(name).id)
        try await asking("to enter the message") { () throws(ChatError) in
            _ = try await client.send(text, to: receiver)
        }
    }

    // MARK: What is shown

    func show(
        _ view: Action.View, _ pattern: Pattern, within duration: Duration?, _ device: Device,
        _ subject: Subject
    ) async throws(StepFailure) {
        let client = try client(device, subject)
        let timeout = duration ?? context.stepTimeout
        var last: Mismatch?
        let scope = try await context.waitUntil(context.thread.now + timeout) {
            () throws(StepFailure) -> Scope? in
            var matcher = Matcher(context.scope)
            last = matcher.mismatch(try await shown(view, by: client), pattern)
            return last == nil ? matcher.scope : nil
        }
        if let scope {
            context.scope = scope
        } else if let last {
            var failure = StepFailure(last)
            failure.came += " after \(timeout.readable)"
            throw failure
        }
    }

    private func shown(_ view: Action.View, by client: ChatClient) async throws(StepFailure) -> JSONValue {
        switch view {
        case .link: return .string(Shown.link(await client.linkState))
        case .outbox: return Shown.outbox(await client.outboxSummary())
        case .list:
            let list = try await asking("the list") { () throws(ChatError) in try await client.conversations()
            }
            return .array(list.map(Shown.conversation))
        case .chat(let name):
            let peer = UserID(try context.other(name).id)
            let timeline = try await asking("the conversation") { () throws(ChatError) in
                try await client.timeline(with: peer, limit: 200)
            }
            return .array(timeline.rows.map(Shown.row))
        }
    }
}

/// What clients show, as JSON.
enum Shown {
    static func link(_ state: LinkState) -> String {
        switch state {
        case .signedOut: "signed-out"
        case .offline: "offline"
        case .connecting: "connecting"
        case .online: "online"
        case .inUseElsewhere: "elsewhere"
        case .refused: "refused"
        }
    }

    static func outbox(_ summary: OutboxSummary) -> JSONValue {
        [
            "queued": .integer(Int64(summary.queued)), "sending": .integer(Int64(summary.sending)),
            "unknown": .integer(Int64(summary.unknown)), "failed": .integer(Int64(summary.failed)),
            "held": .integer(Int64(summary.held)),
        ]
    }

    static func conversation(_ conversation: Conversation) -> JSONValue {
        [
            "name": .string(conversation.name), "peer": .integer(conversation.peer.rawValue),
            "unread": .integer(Int64(conversation.unread)),
            "preview": conversation.preview.map { .string($0) } ?? .null,
            "presence": .string("\(conversation.presence)"), "typing": .bool(conversation.isTyping),
            "contact": .bool(conversation.isContact),
        ]
    }

    static func row(_ row: TimelineRow) -> JSONValue {
        [
            "text": .string(row.content), "state": .string("\(row.state)"), "mine": .bool(row.isMine),
            "id": row.messageID.map { .integer($0.rawValue) } ?? .null,
            "failure": row.failure.map { .string($0) } ?? .null,
        ]
    }
}
