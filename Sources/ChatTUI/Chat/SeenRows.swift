import ChatClientCore

/// The messages of the other person that have been on the screen while somebody looked at it.
///
/// A message counts as seen once its first line and its last line have been in view, in whatever order: one
/// that is longer than the view is never in it as a whole.
struct SeenRows: Hashable, Sendable {
    private var begun: Set<RowID> = []
    private var ended: Set<RowID> = []

    init() {}

    /// What these lines of a view show.
    init(_ view: TimelineLayout) {
        for line in view.visible() {
            guard case .text(let index, _, let isFirst, let isLast, _, _) = line, !view.rows[index].isMine
            else { continue }
            if isFirst { begun.insert(view.rows[index].id) }
            if isLast { ended.insert(view.rows[index].id) }
        }
    }

    func contains(_ row: RowID) -> Bool { begun.contains(row) && ended.contains(row) }

    /// True when the message's beginning has been in view.
    func containsBeginning(of row: RowID) -> Bool { begun.contains(row) }

    mutating func formUnion(_ other: SeenRows) {
        begun.formUnion(other.begun)
        ended.formUnion(other.ended)
    }
}
