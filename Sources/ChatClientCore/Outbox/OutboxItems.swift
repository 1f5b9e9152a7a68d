import ChatWire

/// The messages of an outbox, with everything that would otherwise have to be looked for among all of them. Each change
/// goes through one place that keeps the rest in step, so no call costs more the longer the queue is.
struct OutboxItems: Equatable, Sendable {
    private(set) var all: [TempID: OutboxItem] = [:]
    /// For each conversation what is to be sent or settled, in order of entry. Failed and held messages are parked and
    /// not in it.
    private var lines: [UserID: OutboxLine] = [:]
    /// Until when the answer to each message that was given to the link is awaited.
    private(set) var sending: [TempID: MonotonicInstant] = [:]
    private var resolving: Set<TempID> = []
    /// Taken back, and nobody can tell whether the server has them. They are asked about once on each link.
    private(set) var aside: Set<TempID> = []
    /// Held because nobody could tell. A page that shows them after all settles them.
    private var undecided: Set<TempID> = []
    private(set) var counts = OutboxSummary()

    /// Nil removes the message.
    subscript(tempID: TempID) -> OutboxItem? {
        get { all[tempID] }
        set { set(tempID, to: newValue) }
    }

    mutating func change(_ tempID: TempID, _ body: (inout OutboxItem) -> Void) {
        guard var item = all[tempID] else { return }
        body(&item)
        set(tempID, to: item)
    }

    private mutating func set(_ tempID: TempID, to item: OutboxItem?) {
        let old = all[tempID]
        if let old { count(old, by: -1) }
        if old?.lineNumber != item?.lineNumber || old?.entry.peer != item?.entry.peer {
            if let old, let number = old.lineNumber { leaveLine(tempID, number, of: old.entry.peer) }
            if let item, let number = item.lineNumber {
                lines[item.entry.peer, default: OutboxLine()].insert(tempID, at: number)
            }
        }
        all[tempID] = item
        sending[tempID] = item?.state.answerDue
        if item?.state == .resolving { resolving.insert(tempID) } else { resolving.remove(tempID) }
        if item?.isAside == true { aside.insert(tempID) } else { aside.remove(tempID) }
        if item?.isUndecided == true { undecided.insert(tempID) } else { undecided.remove(tempID) }
        if let item { count(item, by: 1) }
    }

    private mutating func leaveLine(_ tempID: TempID, _ number: Int64, of peer: UserID) {
        lines[peer]?.remove(tempID, at: number)
        if lines[peer]?.first == nil { lines[peer] = nil }
    }

    private mutating func count(_ item: OutboxItem, by step: Int) {
        guard !item.entry.isCancelled else { return }
        switch item.state {
        case .queued: counts.queued += step
        case .sending: counts.sending += step
        case .unknown, .resolving: counts.unknown += step
        case .failed: counts.failed += step
        case .held: counts.held += step
        }
    }

    // MARK: Views

    /// Nothing of the conversation is to be sent or settled.
    func isLineEmpty(_ peer: UserID) -> Bool { lines[peer] == nil }

    /// The first message of each conversation with something to do, the one that was entered first in front. After them
    /// those that were taken back and are asked about beside them.
    var heads: [TempID] {
        let first = inOrder(lines.values.compactMap(\.first))
        return aside.isEmpty ? first : first + inOrder(aside)
    }

    private func inOrder(_ tempIDs: some Sequence<TempID>) -> [TempID] {
        tempIDs.sorted { (all[$0]?.entry.sequence ?? 0) < (all[$1]?.entry.sequence ?? 0) }
    }

    /// The unknown messages of a conversation whose fate is being looked up, in order of entry.
    func resolving(_ peer: UserID) -> [OutboxEntry] { entries(of: resolving, for: peer) }

    /// Those of a conversation that wait for the person because nobody could tell whether the server has them.
    func undecided(_ peer: UserID) -> [OutboxEntry] { entries(of: undecided, for: peer) }

    private func entries(of tempIDs: Set<TempID>, for peer: UserID) -> [OutboxEntry] {
        tempIDs.compactMap { all[$0]?.entry }.filter { $0.peer == peer }.sorted { $0.sequence < $1.sequence }
    }

    /// True while a message to this person is given to the link and not answered.
    func isSending(to peer: UserID) -> Bool { sending.keys.contains { all[$0]?.entry.peer == peer } }
}
