import ChatServerLite
import ChatWire

/// Answers as the Socket.IO protocol suite expects: `auth` with a client's connect payload, `message-back` to
/// `message`, and an acknowledgement with its arguments to `message-with-ack`.
final class SocketEcho: EngineEndpoint {
    private var connection: SocketConnection
    private var link: EngineConnection?

    /// The namespaces that a client may connect to.
    static let namespaces: Set = ["/", "/custom"]

    init(handshake: EngineHandshake) {
        connection = SocketConnection(
            engine: EngineSession(role: .server(handshake), policy: .strict),
            session: SocketSession(
                role: .server(namespaces: Self.namespaces, connectTimeout: .seconds(1)), policy: .strict))
    }

    let isBusy = false

    var deadline: MonotonicInstant? { connection.deadline }

    func open(on connection: EngineConnection, now: MonotonicInstant) {
        link = connection
        perform(self.connection.start(now: now))
    }

    func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) {
        perform(connection.receive(text: text, now: now))
    }

    func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) {
        perform(connection.receive(binary: binary, now: now))
    }

    func receive(_ packet: EnginePacket, now: MonotonicInstant) {
        perform(connection.receive(packet, now: now))
    }

    func transportClosed() { perform(connection.transportClosed()) }

    func burstEnded() { link?.flush() }

    func tick(now: MonotonicInstant) { perform(connection.tick(now: now)) }

    private func perform(_ actions: [SocketConnection.Action]) {
        for action in actions {
            switch action {
            case .transmit(let frame): link?.transmit(frame)
            case .session(.connectRequested(let namespace, let auth)): letIn(namespace, auth)
            case .session(.event(let event)): answer(event)
            case .closed(let reason):
                link?.end(code: WebSocketCloseCode(rawValue: reason.webSocketCloseCode))
                link = nil
            case .opened, .session: break
            }
        }
    }

    private func letIn(_ namespace: String, _ auth: JSONValue?) {
        let welcome = JSONValue.array(["auth", auth ?? .object([:])]).serialized()
        perform(
            connection.perform { session in
                session.accept(namespace, sid: EngineGateway.randomName())
                    + session.send(event: welcome[...], namespace: namespace)
            })
    }

    private func answer(_ event: SocketEvent) {
        guard let values = try? event.decoded(), let name = values.first?.stringValue else { return }
        let arguments = Array(values.dropFirst())
        switch (name, event.acknowledgementID) {
        case ("message", _):
            let payload = JSONValue.array(["message-back"] + arguments).serialized()
            perform(
                connection.perform {
                    $0.send(
                        event: payload[...], attachments: event.attachments, namespace: event.namespace)
                })
        case ("message-with-ack", let id?):
            let payload = JSONValue.array(arguments).serialized()
            perform(
                connection.perform {
                    $0.acknowledge(
                        id, payload: payload[...], attachments: event.attachments,
                        namespace: event.namespace)
                })
        default: break
        }
    }
}
