import ChatWire
import NIOCore

/// The sessions of a server by name. Use it only on its event loop.
package final class EngineSessions: Sendable {
    private struct State {
        var sessions: [String: EngineConnection] = [:]
        /// The sessions without a signed-in account, oldest first. Some may have ended already.
        var strangers: [String] = []
        var strangerCount = 0
    }

    private let state: NIOLoopBoundBox<State>
    private let strangersMax: Int

    /// - Parameter strangersMax: how many sessions may be open without a signed-in account. A new one
    ///   displaces the oldest.
    init(eventLoop: any EventLoop, strangersMax: Int = .max) {
        state = .makeBoxSendingValue(State(), eventLoop: eventLoop)
        self.strangersMax = strangersMax
    }

    var eventLoop: any EventLoop { state.eventLoop }

    subscript(sid: String) -> EngineConnection? { state.value.sessions[sid] }

    /// Adds a session. If too many sessions have nobody signed in, the oldest of them is dismissed.
    func add(_ connection: EngineConnection) {
        state.value.sessions[connection.sid] = connection
        state.value.strangers.append(connection.sid)
        state.value.strangerCount += 1
        makeRoom()
    }

    /// Removes a session that has ended.
    func remove(_ connection: EngineConnection) {
        guard state.value.sessions.removeValue(forKey: connection.sid) != nil else { return }
        if connection.isStranger { state.value.strangerCount -= 1 }
    }

    /// Records that somebody has signed in on the session.
    func settle(_ connection: EngineConnection) {
        guard connection.isStranger, state.value.sessions[connection.sid] != nil else { return }
        connection.isStranger = false
        state.value.strangerCount -= 1
    }

    private func makeRoom() {
        if state.value.strangers.count > 2 * state.value.strangerCount + 64 {
            let sessions = state.value.sessions
            state.value.strangers.removeAll { sessions[$0]?.isStranger != true }
        }
        guard state.value.strangerCount > strangersMax,
            let index = state.value.strangers.firstIndex(where: {
                state.value.sessions[$0]?.isStranger == true
            })
        else { return }
        let oldest = state.value.sessions[state.value.strangers[index]]
        state.value.strangers.removeFirst(index + 1)
        oldest?.dismiss()
    }

    /// Lets every session do what is due.
    func tick() {
        let now = ServerClock.monotonic()
        for connection in Array(state.value.sessions.values) { connection.tick(now: now) }
    }
}
