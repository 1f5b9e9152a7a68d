import ChatWire

/// The messages that the server has asked to be sent later, on one link.
struct Postponements: Equatable, Sendable {
    private struct Pause: Equatable {
        /// Nil once it is over.
        var until: MonotonicInstant?
        var refusals: Int
    }

    private var pauses: [TempID: Pause] = [:]

    mutating func linkWentDown() { pauses = [:] }

    mutating func add(_ tempID: TempID, until: MonotonicInstant) {
        pauses[tempID] = Pause(until: until, refusals: refusals(of: tempID) + 1)
    }

    mutating func remove(_ tempID: TempID) { pauses[tempID] = nil }

    /// The person does not want to wait.
    mutating func end(_ tempID: TempID) { pauses[tempID]?.until = nil }

    /// Ends the pauses whose time has come.
    mutating func expire(at now: MonotonicInstant) {
        for (tempID, pause) in pauses where pause.until.map({ $0 <= now }) ?? false {
            pauses[tempID]?.until = nil
        }
    }

    /// How often the server has asked to be given the message later.
    func refusals(of tempID: TempID) -> Int { pauses[tempID]?.refusals ?? 0 }

    /// True while the message waits.
    func contains(_ tempID: TempID) -> Bool { pauses[tempID]?.until != nil }

    /// When the next pause is over; nil for none.
    var deadline: MonotonicInstant? { pauses.values.compactMap(\.until).min() }
}
