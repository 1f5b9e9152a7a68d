import ChatClientCore
import ChatWire

/// What comes over Socket.IO sessions.
struct SocketEvents {
    let context: ScenarioContext

    func receive(_ event: LinkTransport.Event, of number: Int) {
        for person in context.people.values {
            for (name, device) in person.devices {
                guard let socket = device.socket, socket.number == number else { continue }
                let who = Subject(person: person.name, device: name)
                switch event {
                case .text(let bytes):
                    context.note(who.description, .into, "frame", String(decoding: bytes, as: UTF8.self))
                    for effect in socket.reading.receive(text: bytes) {
                        carryOut(effect, socket, device, person, who)
                    }
                case .refused(let bytes, let status):
                    context.note(
                        who.description, .into, "refused with \(status)",
                        String(decoding: bytes, as: UTF8.self))
                // Whoever waits for it is woken below.
                case .upgraded: break
                case .ended(let failure): ended(failure, socket, device)
                }
            }
        }
        context.poke()
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
        return !context.people.values.contains { $0.id == id }
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
}
