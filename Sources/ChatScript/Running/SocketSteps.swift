import ChatClientCore
import ChatNet
import ChatWire

/// Socket.IO sessions: connecting, and what goes out.
struct SocketSteps {
    let context: ScenarioContext

    func connect(
        _ person: Person, _ device: Device, _ subject: Subject, _ opening: SocketOpening
    ) async throws(StepFailure) {
        await close(device)
        let number = context.takeSocketNumber()
        let kind: LinkTransportKind =
            switch opening.transport {
            case .webSocket: .webSocket
            case .polling: .pollingOnly
            case .upgraded: .polling
            }
        let transport = LinkTransport(
            kind, to: context.settings.server, http: person.http, openTimeout: context.stepTimeout
        ) { [weak runner = context.runner] event in
            runner?.assumeIsolated { $0.received(event, on: number) }
        }
        let socket = SocketSeat(number: number, transport: transport)
        device.socket = socket
        device.inbox = Inbox()
        socket.start()
        let deadline = context.thread.now + context.stepTimeout
        try await awaitOpening(socket, deadline)
        try letIn(socket, opening.auth, person, subject)
        try await awaitAnswer(socket, opening.result, deadline)
        if opening.transport == .upgraded { try await awaitUpgrade(socket, deadline) }
    }

    private func awaitOpening(_ socket: SocketSeat, _ deadline: MonotonicInstant) async throws(StepFailure) {
        let phase = try await context.waitUntil(deadline) { () throws(StepFailure) in
            socket.phase == .opening ? nil : socket.phase
        }
        guard phase == .open else {
            throw StepFailure(
                expected: "a Socket.IO session",
                came: phase == nil ? "nothing in time" : "the socket was closed",
                kind: phase == nil ? .mismatch : .network)
        }
    }

    private func letIn(
        _ socket: SocketSeat, _ auth: SocketOpening.Auth, _ person: Person, _ subject: Subject
    ) throws(StepFailure) {
        var frame = "40"
        switch auth {
        case .token: frame += (["token": .string(person.token)] as JSONValue).description
        case .none: break
        case .value(let expression): frame += try context.value(of: expression).description
        }
        send(frame, over: socket, subject)
    }

    private func awaitAnswer(
        _ socket: SocketSeat, _ result: SocketOpening.Result, _ deadline: MonotonicInstant
    ) async throws(StepFailure) {
        if result == .silence { return try await awaitSilence(socket) }
        let phase = try await context.waitUntil(deadline) { () throws(StepFailure) in
            socket.phase == .open ? nil : socket.phase
        }
        switch (result, phase) {
        case (.letIn, .letIn): return
        case (.refused(let pattern), .refused(let reason)):
            guard let pattern else { return }
            try context.match(reason, pattern)
        default:
            let came =
                switch phase {
                case .letIn: "it was let in"
                case .refused(let reason): "it was refused: \(reason)"
                case nil: "nothing in time"
                default: "the socket was closed"
                }
            let expected = result == .letIn ? "to be let in" : "to be refused"
            throw StepFailure(expected: expected, came: came)
        }
    }

    /// Waits while a session stays silent. Nothing marks the end of silence, so the server gets a moment; it answers
    /// a websocket ping only after everything that it sent before.
    private func awaitSilence(_ socket: SocketSeat) async throws(StepFailure) {
        let phase = try await context.waitUntil(context.thread.now + .milliseconds(500)) {
            () throws(StepFailure) in
            socket.phase == .open ? nil : socket.phase
        }
        if let phase { throw StepFailure(expected: "silence", came: "\(phase)") }
    }

    private func awaitUpgrade(_ socket: SocketSeat, _ deadline: MonotonicInstant) async throws(StepFailure) {
        let isUpgraded = try await context.waitUntil(deadline) { () throws(StepFailure) -> Bool? in
            socket.isWebSocket || !socket.isUsable ? socket.isWebSocket : nil
        }
        guard isUpgraded == true else {
            throw StepFailure(expected: "the change to a websocket", came: "it stayed with polling")
        }
    }

    // MARK: Events

    func usableSocket(_ device: Device, _ subject: Subject) throws(StepFailure) -> SocketSeat {
        guard let socket = device.socket else {
            throw StepFailure(expected: "\(subject) to be connected", came: "no socket", kind: .script)
        }
        guard socket.isUsable else {
            throw StepFailure(expected: "\(subject)'s socket to be open", came: "it was closed")
        }
        return socket
    }

    func send(_ frame: String, over socket: SocketSeat, _ subject: Subject) {
        context.note(subject.description, .out, "frame", frame)
        socket.send(Array(frame.utf8))
    }

    func disconnect(_ device: Device, _ subject: Subject) async throws(StepFailure) {
        let socket = try usableSocket(device, subject)
        send("41", over: socket, subject)
        await close(device)
    }

    func close(_ device: Device) async {
        guard let socket = device.socket else { return }
        socket.phase = .ended
        device.socket = nil
        socket.close()
        await socket.transport.closed()
    }

    func emit(_ emission: Emission, _ device: Device, _ subject: Subject) async throws(StepFailure) {
        let socket = try usableSocket(device, subject)
        var payload: [JSONValue] = [.string(emission.event)]
        for argument in emission.arguments { payload.append(try context.value(of: argument)) }
        let event = JSONValue.array(payload).description
        switch emission.acknowledgement {
        case .notAsked: send("42" + event, over: socket, subject)
        case .none: try await expectNoAcknowledgement(event, socket, subject)
        case .expected(let pattern):
            let answer = try await ask(event, socket, subject)
            guard let pattern else { return }
            var matcher = Matcher(context.scope)
            if let mismatch = matcher.mismatch(answer, pattern) {
                throw StepFailure(
                    expected: "an acknowledgement with \(mismatch.expected)"
                        + (mismatch.path.isEmpty ? "" : " at \(mismatch.path)"), came: mismatch.came)
            }
            context.scope = matcher.scope
        }
    }

    /// Sends an event and waits for its acknowledgement.
    @discardableResult
    func ask(_ event: String, _ socket: SocketSeat, _ subject: Subject) async throws(StepFailure) -> JSONValue
    {
        let id = socket.takeAcknowledgementID()
        send("42\(id)\(event)", over: socket, subject)
        let answer = try await context.waitUntil(context.thread.now + context.stepTimeout) {
            () throws(StepFailure) -> JSONValue? in
            guard socket.isUsable else {
                throw StepFailure(expected: "an acknowledgement", came: "the socket was closed")
            }
            return socket.acknowledgements[id]
        }
        guard let answer else {
            throw StepFailure(expected: "an acknowledgement", came: "none in \(context.stepTimeout.readable)")
        }
        return answer
    }

    private func expectNoAcknowledgement(
        _ event: String, _ socket: SocketSeat, _ subject: Subject
    ) async throws(StepFailure) {
        let id = socket.takeAcknowledgementID()
        send("42\(id)\(event)", over: socket, subject)
        try await settle(socket, subject)
        if let answer = socket.acknowledgements[id] {
            throw StepFailure(expected: "no acknowledgement", came: answer.description)
        }
    }

    /// Requests an acknowledgement that changes nothing: when it arrives, everything that the server sent to this
    /// socket before has arrived.
    func settle(_ socket: SocketSeat, _ subject: Subject) async throws(StepFailure) {
        try await ask(#"["leave_conversation",{"contact_user_id":0}]"#, socket, subject)
    }

    func join(
        _ joins: Bool, _ name: String, _ device: Device, _ subject: Subject
    ) async throws(StepFailure) {
        let socket = try usableSocket(device, subject)
        let event: JSONValue = [
            .string(joins ? "join_conversation" : "leave_conversation"),
            ["contact_user_id": .integer(try context.other(name).id)],
        ]
        try await ask(event.description, socket, subject)
    }
}
