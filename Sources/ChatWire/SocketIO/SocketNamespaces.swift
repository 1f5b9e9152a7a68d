/// The namespaces of a Socket.IO session, and how far each has come.
struct SocketNamespaces: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Client. `hasLeft` remembers a `41`, which the real server follows with its `44`.
        case connecting(until: MonotonicInstant, hasLeft: Bool)
        /// Server.
        case requested
        case connected
    }

    private var states: [String: State] = [:]

    /// Nil for a namespace that nobody has asked for, or that is gone.
    subscript(namespace: String) -> State? {
        get { states[namespace] }
        set { states[namespace] = newValue }
    }

    /// Removes a namespace. False when there is none.
    mutating func remove(_ namespace: String) -> Bool { states.removeValue(forKey: namespace) != nil }

    var isAnyConnected: Bool { states.values.contains(.connected) }

    /// When the first answer to a CONNECT is overdue; nil when there is none.
    var deadline: MonotonicInstant? {
        states.values.compactMap { state in
            if case .connecting(let until, _) = state { until } else { nil }
        }.min()
    }

    /// Removes the namespaces whose CONNECT has not been answered in time, in the order of their names.
    mutating func removeOverdue(at now: MonotonicInstant) -> [SocketAction] {
        var actions: [SocketAction] = []
        for (namespace, state) in states.sorted(by: { $0.key < $1.key }) {
            guard case .connecting(let until, let hasLeft) = state, now >= until else { continue }
            states[namespace] = nil
            actions.append(
                hasLeft
                    ? .refused(namespace: namespace, ConnectRefusal(message: ""))
                    : .connectTimedOut(namespace: namespace))
        }
        return actions
    }

    /// Removes all namespaces; those that were connected are now disconnected, in the order of their names.
    mutating func removeAll() -> [SocketAction] {
        defer { states = [:] }
        return states.filter { $0.value == .connected }.keys.sorted().map { .disconnected(namespace: $0) }
    }
}
