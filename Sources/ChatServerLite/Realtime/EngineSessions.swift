import ChatWire
import NIOCore

/// The sessions of a server by their names. To be used on its event loop.
package final class EngineSessions: Sendable {
    private let sessions: NIOLoopBoundBox<[String: EngineConnection]>

    init(eventLoop: any EventLoop) {
        sessions = .makeBoxSendingValue([:], eventLoop: eventLoop)
    }

    var eventLoop: any EventLoop { sessions.eventLoop }

    subscript(sid: String) -> EngineConnection? { sessions.value[sid] }

    func add(_ connection: EngineConnection) { sessions.value[connection.sid] = connection }

    func remove(_ connection: EngineConnection) { sessions.value[connection.sid] = nil }

    /// Lets time pass.
    func tick() {
        let now = ServerClock.monotonic()
        for connection in Array(sessions.value.values) { connection.tick(now: now) }
    }
}
