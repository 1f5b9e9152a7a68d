import ChatClientCore
import ChatWire

/// All unsent messages of all conversations, and the one that the person is at.
struct OutboxPanel: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var peer: UserID
        var row: TimelineRow
    }

    var entries: [Entry] = []
    var isLoaded = false
    var selection = 0

    var selected: Entry? { entries.indices.contains(selection) ? entries[selection] : nil }

    /// Takes a fresh list; the selection stays on its message, or on its place.
    mutating func take(_ fresh: [Entry]) {
        let kept = selected.flatMap { old in fresh.firstIndex { $0.row.id == old.row.id } }
        selection = kept ?? min(selection, max(0, fresh.count - 1))
        entries = fresh
        isLoaded = true
    }
}
