import ChatServerLite
import ChatWire

/// Echoes each message of an Engine.IO session.
final class EngineEcho: EngineEndpoint {
    private var session: EngineSession
    private var link: EngineConnection?

    init(handshake: EngineHandshake) {
        session = EngineSession(role: .server(handshake), policy: .strict)
    }

    let isBusy = false

    var deadline: MonotonicInstant? { session.deadline }

    func open(on connection: EngineConnection, now: MonotonicInstant) {
        link = connection
        perform(session.start(now: now))
    }

    func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) {
        perform(session.receive(text: text, now: now))
    }

    func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) {
        perform(session.receive(binary: binary, now: now))
    }

    func receive(_ packet: EnginePacket, now: MonotonicInstant) {
        perform(session.receive(packet, now: now))
    }

    func transportClosed() { perform(session.transportClosed()) }

    func burstEnded() { link?.flush() }

    func tick(now: MonotonicInstant) { perform(session.tick(now: now)) }

    private func perform(_ actions: [EngineSession.Action]) {
        for action in actions {
            switch action {
            case .opened: break
            case .transmit(let frame): link?.transmit(frame)
            case .message(let message): perform(session.send(EnginePacket.message(message).frame))
            case .closed(let reason):
                link?.end(code: WebSocketCloseCode(rawValue: reason.webSocketCloseCode))
                link = nil
            }
        }
    }
}
