import ChatClientCore
import ChatNet
import ChatWire

// Socket.IO sessions.
extension ScenarioRunner {
    func connect(
        _ person: Person, _ device: Device, _ subject: Subject, _ opening: SocketOpening
    ) async throws(StepFailure) {
        await close(device)
        sockets += 1
        let number = sockets
        let kind: LinkTransportKind =
            switch opening.transport {
            case .webSocket: .webSocket
            case .polling: .pollingOnly
            case .upgraded: .polling
            }
        let transport = LinkTransport(
            kind, to: settings.server, http: person.http, openTimeout: stepTimeout
        ) { [weak self] event in
            self?.assumeIsolated { $0.receive(event, of: number) }
        }
        let socket = SocketSeat(number: number, transport: transport)
        device.socket = socket
        device.inbox = Inbox()
        socket.start()
        let deadline = thread.now + stepTimeout
        try await awaitOpening(socket, deadline)
        try letIn(socket, opening.auth, person, subject)
        try await awaitAnswer(socket, opening.result, deadline)
        if opening.transport == .upgraded { try await awaitUpgrade(socket, deadline) }
    }

    private func awaitOpening(_ socket: SocketSeat, _ deadline: MonotonicInstant) async throws(StepFailure) {
        let phase = try await waitUntil(deadline) { () throws(StepFailure) in
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
        case .value(let expression): frame += try value(of: expression).description
        }
        send(frame, over: socket, subject)
    }

    private func awaitAnswer(
        _ socket: SocketSeat, _ result: SocketOpening.Result, _ deadline: MonotonicInstant
    ) async throws(StepFailure) {
        if result == .silence { return try await awaitSilence(socket) }
        let phase = try await waitUntil(deadline) { () throws(StepFailure) in
            socket.phase == .open ? nil : socket.phase
        }
        switch (result, phase) {
        case (.letIn, .letIn): return
        case (.refused(let pattern), .refused(let reason)):
            guard let pattern else { return }
            var matcher = Matcher(scope)
            if let mismatch = matcher.mismatch(reason, pattern) { throw StepFailure(mismatch) }
            scope = matcher.scope
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
        let phase = try await waitUntil(thread.now + .milliseconds(500)) { () throws(StepFailure) in
            socket.phase == .open ? nil : socket.phase
        }
        if let phase { throw StepFailure(expected: "silence", came: "\(phase)") }
    }

    private func awaitUpgrade(_ socket: SocketSeat, _ deadline: MonotonicInstant) async throws(StepFailure) {
        // Nothing announces the end of the upgrade, so poll for it.
        while !socket.isWebSocket {
            guard thread.now < deadline, socket.isUsable else {
                throw StepFailure(expected: "the change to a websocket", came: "it stayed with polling")
            }
            try? await thread.sleep(for: .milliseconds(5))
        }
    }

    // MARK: - What comes

    private func receive(_ event: LinkTransport.Event, of number: Int) {
        for person in people.values {
            for (name, device) in person.devices {
                guard let socket = device.socket, socket.number == number else { continue }
                let who = Subject(person: person.name, device: name)
                switch event {
                case .text(let bytes):
                    note(who.description, .into, "frame", String(decoding: bytes, as: UTF8.self))
                    for effect in socket.reading.receive(text: bytes) {
                        carryOut(effect, socket, device, person, who)
                    }
                case .refused(let bytes, let status):
                    note(
                        who.description, .into, "refused with \(status)",
                        String(decoding: bytes, as: UTF8.self))
                case .ended(let failure): ended(failure, socket, device)
                }
            }
        }
        poke()
    }

    private func carryOut(
        _ effect: SocketReading.Effect, _ socket: SocketSeat, _ device: Device, _ person: Person,
        _ who: Subject
    ) {
        switch effect {
        case .answer(let bytes): socket.send(bytes)
        case .opened: if socket.phase == .opening { socket.phase = .open }
        case .letIn: socket.phase = .letIn
        case .refused(let reason): socket.phase = .refused(reason)
        case .thrownOut: device.inbox.append(.init(name: "disconnect", payload: .null))
        case .event(let name, let payload):
            guard !isStrangersPresence(name, payload) else { return }
            rememberSent(name, payload, person)
            device.inbox.append(.init(name: name, payload: payload))
        case .acknowledged(let id, let payload): socket.acknowledgements[id] = payload
        case .unreadable(let text): device.inbox.append(.init(name: "unreadable", payload: .string(text)))
        }
    }

    /// Whether an event is the presence of a person outside the scenario: others use the server too.
    private func isStrangersPresence(_ name: String, _ payload: JSONValue) -> Bool {
        guard name == "user_online" || name == "user_offline", let id = payload["user_id"]?.integerValue
        else {
            return false
        }
        return !people.values.contains { $0.id == id }
    }

    private func rememberSent(_ name: String, _ payload: JSONValue, _ person: Person) {
        guard name == "message_confirmed" || name == "message_sent",
            let id = payload["message"]?["id"]?.integerValue
        else { return }
        person.messages.insert(id)
    }

    private func ended(_ failure: LinkFailure, _ socket: SocketSeat, _ device: Device) {
        socket.phase = .ended
        var code = JSONValue.null
        if case .closed(let status?) = failure { code = .integer(Int64(status)) }
        device.inbox.append(.init(name: "close", payload: code))
    }

    // MARK: - What goes out

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
        note(subject.description, .out, "frame", frame)
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
        for argument in emission.arguments { payload.append(try value(of: argument)) }
        let event = JSONValue.array(payload).description
        switch emission.acknowledgement {
        case .notAsked: send("42" + event, over: socket, subject)
        case .none: try await expectNoAcknowledgement(event, socket, subject)
        case .expected(let pattern):
            let answer = try await ask(event, socket, subject)
            guard let pattern else { return }
            var matcher = Matcher(scope)
            if let mismatch = matcher.mismatch(answer, pattern) {
                throw StepFailure(
                    expected: "an acknowledgement with \(mismatch.expected)"
                        + (mismatch.path.isEmpty ? "" : " at \(mismatch.path)"), came: mismatch.came)
            }
            scope = matcher.scope
        }
    }

    /// Sends an event and waits for its acknowledgement.
    @discardableResult
    func ask(_ event: String, _ socket: SocketSeat, _ subject: Subject) async throws(StepFailure) -> JSONValue
    {
        let id = socket.takeAcknowledgementID()
        send("42\(id)\(event)", over: socket, subject)
        let answer = try await waitUntil(thread.now + stepTimeout) { () throws(StepFailure) -> JSONValue? in
            guard socket.isUsable else {
                throw StepFailure(expected: "an acknowledgement", came: "the socket was closed")
            }
            return socket.acknowledgements[id]
        }
        guard let answer else {
            throw StepFailure(expected: "an acknowledgement", came: "none in \(seconds(stepTimeout))")
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
            ["contact_user_id": .integer(try other(name).id)],
        ]
        try await ask(event.description, socket, subject)
    }

    func seconds(_ duration: Duration) -> String {
        let milliseconds =
            duration.components.seconds * 1000
            + duration.components.attoseconds / 1_000_000_000_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
