/// The acknowledgements that a Socket.IO session waits for.
struct PendingAcknowledgements: Hashable, Sendable {
    private struct Key: Hashable {
        var namespace: String
        var id: UInt64

        var timedOut: SocketAction { .acknowledgementTimedOut(namespace: namespace, id: id) }
    }

    private var deadlines: [Key: MonotonicInstant] = [:]
    private var nextID: UInt64 = 0

    /// The id for the next event that is to be acknowledged until an instant.
    mutating func expect(in namespace: String, until deadline: MonotonicInstant) -> UInt64 {
        let id = nextID
        nextID += 1
        deadlines[Key(namespace: namespace, id: id)] = deadline
        return id
    }

    /// Stops waiting for an acknowledgement that has arrived. False when nobody waited for it.
    mutating func settle(_ id: UInt64, in namespace: String) -> Bool {
        deadlines.removeValue(forKey: Key(namespace: namespace, id: id)) != nil
    }

    /// When the first one is overdue; nil when there is none.
    var deadline: MonotonicInstant? { deadlines.values.min() }

    /// Stops waiting for those that are overdue, in the order of their ids.
    mutating func removeOverdue(at now: MonotonicInstant) -> [SocketAction] {
        let overdue = deadlines.filter { now >= $0.value }.keys.sorted { $0.id < $1.id }
        for key in overdue { deadlines[key] = nil }
        return overdue.map(\.timedOut)
    }

    /// Stops waiting for all of them, in the order of their ids.
    mutating func removeAll() -> [SocketAction] {
        defer { deadlines = [:] }
        return deadlines.keys.sorted { $0.id < $1.id }.map(\.timedOut)
    }
}
