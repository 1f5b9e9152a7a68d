import ChatWire

/// What the other person is told about the account's typing: not every key, and not forever.
struct OutgoingTyping: Equatable, Sendable {
    /// Repeated this often while keys are pressed: receivers forget it after 6 s.
    static let repeatInterval = Duration.seconds(3)
    /// Typing ends this long after the last key.
    static let pause = Duration.seconds(5)

    private struct Active: Equatable {
        let peer: UserID
        var announced: MonotonicInstant
        var lastKey: MonotonicInstant
    }

    private var active: Active?

    /// A key was pressed in the conversation.
    mutating func keyPressed(_ peer: UserID, at now: MonotonicInstant) -> [ClientEvent] {
        var events: [ClientEvent] = []
        if let active, active.peer != peer { events += stop() }
        if var current = active {
            current.lastKey = now
            let isDue = now >= current.announced + Self.repeatInterval
            if isDue { current.announced = now }
            active = current
            return isDue ? events + [.typingStart(peer)] : events
        }
        active = Active(peer: peer, announced: now, lastKey: now)
        return events + [.typingStart(peer)]
    }

    /// The text was sent or discarded, or the conversation was left.
    mutating func stop() -> [ClientEvent] {
        guard let active else { return [] }
        self.active = nil
        return [.typingStop(active.peer)]
    }

    /// The server forgot it when the link broke.
    mutating func linkWentDown() { active = nil }

    mutating func tick(at now: MonotonicInstant) -> [ClientEvent] {
        guard let deadline, deadline <= now else { return [] }
        return stop()
    }

    var deadline: MonotonicInstant? { active.map { $0.lastKey + Self.pause } }

    func isTyping(to peer: UserID) -> Bool { active?.peer == peer }
}
