import ChatWire

/// Who is typing to the account. Not every server reports the end, so it ends by itself after 6 s.
struct IncomingTyping: Equatable, Sendable {
    static let lifetime = Duration.seconds(6)

    private var until: [UserID: MonotonicInstant] = [:]

    /// True when the person was not typing before.
    mutating func started(_ peer: UserID, at now: MonotonicInstant) -> Bool {
        until.updateValue(now + Self.lifetime, forKey: peer) == nil
    }

    /// True when the person was typing.
    mutating func stopped(_ peer: UserID) -> Bool { until.removeValue(forKey: peer) != nil }

    /// Clears everybody at the end of the link, and returns them.
    mutating func stopAll() -> [UserID] {
        defer { until = [:] }
        return until.keys.sorted()
    }

    /// Removes and returns those whose time is over.
    mutating func expire(at now: MonotonicInstant) -> [UserID] {
        let expired = until.filter { $0.value <= now }.keys.sorted()
        for peer in expired { until[peer] = nil }
        return expired
    }

    func isTyping(_ peer: UserID) -> Bool { until[peer] != nil }

    var deadline: MonotonicInstant? { until.values.min() }
}
