import ChatClientCore
import ChatWire

/// The way out of the program: what must not be lost is saved first, for at most a second.
struct Departure: Hashable, Sendable {
    /// Set once the program is leaving.
    private(set) var reason: TerminalExit.Reason?
    /// When the program leaves even if something is not saved.
    private(set) var deadline: MonotonicInstant?
    /// Until when a second interrupt quits.
    private(set) var interruptDeadline: MonotonicInstant?

    static let interruptDelay: Duration = .seconds(3)
    private static let patience: Duration = .seconds(1)

    /// True when this call begins the departure; false when it had begun.
    mutating func begin(_ reason: TerminalExit.Reason, at instant: MonotonicInstant) -> Bool {
        guard self.reason == nil else { return false }
        self.reason = reason
        deadline = instant + Self.patience
        return true
    }

    /// True when this interrupt is the second of two, which quits.
    mutating func interrupt(at instant: MonotonicInstant) -> Bool {
        if let interruptDeadline, instant < interruptDeadline { return true }
        interruptDeadline = instant + Self.interruptDelay
        return false
    }

    mutating func forgetInterrupt(at instant: MonotonicInstant) {
        if let interruptDeadline, instant >= interruptDeadline { self.interruptDeadline = nil }
    }

    /// Everything is saved, or the deadline has passed.
    mutating func finish(_ outbox: OutboxSummary) -> [Effect] {
        deadline = nil
        guard let reason else { return [] }
        return [.leave(TerminalExit(reason: reason, unsent: outbox.unsent, waiting: outbox.waiting))]
    }
}
