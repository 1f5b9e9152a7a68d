import ChatClientCore

/// The message that the cursor is on while the person moves among the messages.
struct ChosenMessage: Hashable, Sendable {
    let row: RowID
    /// Where it stood, to find its neighbour when it disappears.
    private let position: TimelinePosition

    init(_ row: TimelineRow) {
        self.row = row.id
        position = row.position
    }

    /// The choice after a load: the same message, or the one that took its place; nil when there is none.
    func kept(in rows: [TimelineRow]) -> ChosenMessage? {
        let kept = rows.last { $0.id == row } ?? rows.first { $0.position > position } ?? rows.last
        return kept.map { ChosenMessage($0) }
    }
}
