import ChatWire

/// A message of the outbox: what the disk holds of it, and what it waits for.
struct OutboxItem: Equatable, Sendable {
    /// What a message waits for.
    enum State: Equatable, Sendable {
        /// Its turn.
        case queued
        /// The server's answer, until the deadline.
        case sending(until: MonotonicInstant)
        /// To be settled: the server may have it or not.
        case unknown
        /// The same, and the question has been asked.
        case resolving
        case failed
        case held
    }

    var entry: OutboxEntry
    var state: State
}

extension OutboxItem {
    /// Taken back, and not known whether the server has it, after all that could be asked.
    var isAside: Bool { entry.isCancelled && entry.state == .held }

    var isUndecided: Bool { state == .held && entry.knownID != nil }

    /// Its place in the line of its conversation; nil for what is parked.
    var lineNumber: Int64? {
        switch state {
        case .failed, .held: nil
        case .queued, .sending, .unknown, .resolving: isAside ? nil : entry.sequence
        }
    }
}

extension OutboxItem.State {
    /// Given to the link or being looked up: an attempt that the disk knows only as begun.
    var isOnItsWay: Bool {
        switch self {
        case .sending, .resolving: true
        case .queued, .unknown, .failed, .held: false
        }
    }

    var isAwaitingAnswer: Bool { answerDue != nil }

    /// By when the server is to have answered a message that was given to it.
    var answerDue: MonotonicInstant? {
        guard case .sending(let until) = self else { return nil }
        return until
    }
}
