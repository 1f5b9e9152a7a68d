import ChatClientCore
import ChatWire

/// The way out of plain mode: at once, or after the end of the input, once what was entered is sent.
struct PlainDeparture: Hashable, Sendable {
    /// Set once the program is leaving.
    private(set) var reason: TerminalExit.Reason?
    /// Set at the end of the input: by then the program leaves, or as soon as everything is sent.
    private(set) var deadline: MonotonicInstant?
    /// True once everything that was entered before the end of the input is in the outbox.
    private var isAllEntered = false

    /// How long what was entered may take to be sent after the end of the input.
    private static let sendingPatience: Duration = .seconds(15)

    var hasInputEnded: Bool { deadline != nil }
    var hasBegun: Bool { reason != nil || hasInputEnded }

    /// True when this call begins to wait for what was entered.
    mutating func inputEnded(at instant: MonotonicInstant) -> Bool {
        guard !hasBegun else { return false }
        deadline = instant + Self.sendingPatience
        return true
    }

    /// True when this call begins the departure; false when it had begun.
    mutating func begin(_ reason: TerminalExit.Reason) -> Bool {
        guard self.reason == nil else { return false }
        self.reason = reason
        return true
    }

    func isOverdue(at instant: MonotonicInstant) -> Bool { deadline.map { instant >= $0 } ?? false }

    /// True after the end of the input, when nothing more can be sent.
    func isDone(_ link: LinkState, _ outbox: OutboxSummary, isAwaiting: Bool) -> Bool {
        guard hasInputEnded, reason == nil, isAllEntered else { return false }
        switch link {
        case .connecting, .offline(.notStarted, _): return false
        case .online: return outbox.unsent == 0 && !isAwaiting
        case .offline, .signedOut, .inUseElsewhere, .refused: return true
        }
    }

    /// Everything before is carried out: the program leaves, or what was entered is in the outbox.
    mutating func finished(_ outbox: OutboxSummary) -> [Effect] {
        guard let reason else {
            isAllEntered = true
            return []
        }
        return [.leave(TerminalExit(reason: reason, unsent: outbox.unsent, waiting: outbox.waiting))]
    }
}
