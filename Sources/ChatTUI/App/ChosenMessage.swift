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

    /// After a load: the cursor stays on its message, or goes to the one that took its place.
    mutating func keepChosen() {
        guard let chosen else { return }
        if let row = rows.last(where: { $0.id == chosen.row }) {
            self.chosen = ChosenMessage(row)
        } else {
            let next = rows.first { $0.position > chosen.position } ?? rows.last
            self.chosen = next.map { ChosenMessage($0) }
        }
    }
}
