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

    private static let pageEntries = 10

    mutating func handle(_ key: Key, _ command: Command?, _ context: ScreenContext) -> DialogAction {
        switch command {
        case .up, .lineUp: move(by: -1)
        case .down, .lineDown: move(by: 1)
        case .pageUp: move(by: -Self.pageEntries)
        case .pageDown: move(by: Self.pageEntries)
        case .accept:
            if let selected { return .showMessage(selected.peer, selected.row.id) }
        default:
            guard let selected, let command = context.keymap.messageCommand(for: key) else { break }
            switch command {
            case .previous: move(by: -1)
            case .next: move(by: 1)
            default: return .perform(command, selected)
            }
        }
        return .stay()
    }

    private mutating func move(by entries: Int) {
        selection = max(0, min(self.entries.count - 1, selection + entries))
    }
}
