import ChatClientCore

/// The message that the cursor is on, while the person moves among the messages.
struct ChosenMessage: Hashable, Sendable {
    var row: RowID
    /// Where it stood, to find its neighbour when it goes.
    var position: TimelinePosition

    init(_ row: TimelineRow) {
        self.row = row.id
        position = row.position
    }
}

extension OpenConversation {
    /// The chosen row, while it is loaded.
    var chosenRow: TimelineRow? { chosenIndex.map { rows[$0] } }

    var chosenIndex: Int? {
        guard let chosen else { return nil }
        return rows.lastIndex { $0.id == chosen.row }
    }

    /// True when the rows hold what the view shows, or is going to show.
    func canShow(_ timeline: Timeline) -> Bool {
        if jumpsToStart { return !timeline.hasOlder }
        if let jump { return timeline.rows.contains { $0.id == jump.row } }
        guard case .row(let row, _) = scroll else { return !timeline.hasNewer }
        // A row that is gone everywhere cannot be waited for.
        return timeline.rows.contains { $0.id == row } || !rows.contains { $0.id == row }
    }

    /// What the view was to show cannot be had: back to the end.
    mutating func giveUpPlace() {
        jump = nil
        jumpsToStart = false
        scroll = .end
    }

    mutating func take(_ timeline: Timeline, hasNewer: Bool) {
        rows = timeline.rows
        hasOlder = timeline.hasOlder
        self.hasNewer = hasNewer
        mayFetchOlder = timeline.mayFetchOlder
        unread = timeline.unread
        firstUnread = timeline.firstUnread
        if unread == 0 { seen = SeenRows() }
        isLoaded = true
        if choosesNewest, !hasNewer {
            choosesNewest = false
            chosen = rows.last.map { ChosenMessage($0) }
        }
        keepChosen()
        if case .row(let id, _) = scroll, jump == nil, !rows.contains(where: { $0.id == id }) {
            scroll = .end
        }
    }

    /// After a load: the cursor stays on its message, or goes to the one that took its place.
    private mutating func keepChosen() {
        guard let chosen else { return }
        if let row = rows.last(where: { $0.id == chosen.row }) {
            self.chosen = ChosenMessage(row)
        } else {
            let next = rows.first { $0.position > chosen.position } ?? rows.last
            self.chosen = next.map { ChosenMessage($0) }
        }
    }
}
