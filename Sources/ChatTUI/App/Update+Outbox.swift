import ChatClientCore
import ChatWire

/// The outbox on screen, and the question about what waited too long.
extension AppState {
    mutating func showOutbox() -> [Effect] {
        dialog = .outbox(OutboxPanel())
        return [.loadOutbox]
    }

    mutating func outboxLoaded(_ entries: [OutboxPanel.Entry]) -> [Effect] {
        guard case .outbox(var panel) = dialog else { return [] }
        panel.take(entries)
        dialog = .outbox(panel)
        return []
    }

    mutating func handleOutbox(_ before: OutboxPanel, _ key: Key, _ command: Command?) -> [Effect] {
        var panel = before
        switch command {
        case .up, .lineUp: panel.selection = max(0, panel.selection - 1)
        case .down, .lineDown: panel.selection = min(max(0, panel.entries.count - 1), panel.selection + 1)
        case .pageUp: panel.selection = max(0, panel.selection - 10)
        case .pageDown: panel.selection = min(max(0, panel.entries.count - 1), panel.selection + 10)
        case .accept:
            guard let entry = panel.selected else { break }
            dialog = nil
            return openConversation(with: entry.peer) + jump(to: entry.row.id, choosing: true)
        default:
            guard let entry = panel.selected, let command = keymap.messageCommand(for: key) else { break }
            switch command {
            case .previous: panel.selection = max(0, panel.selection - 1)
            case .next: panel.selection = min(panel.entries.count - 1, panel.selection + 1)
            default: return perform(command, on: entry)
            }
        }
        dialog = .outbox(panel)
        return []
    }

    private mutating func perform(_ command: MessageCommand, on entry: OutboxPanel.Entry) -> [Effect] {
        switch command {
        case .retry: return retry(entry.row)
        case .delete: return discard(entry.row)
        case .sendAsNew: return sendAsNew(entry.row)
        case .copy: return [.copy(entry.row.content)]
        case .edit:
            dialog = nil
            return openConversation(with: entry.peer) + beginEditing(entry.row)
        default: return []
        }
    }

    // MARK: Held messages

    /// Messages wait that were entered for a former server, or that it has lost.
    mutating func askAboutFormer(_ count: Int) {
        guard count > 0 else { return }
        heldToAsk = (heldToAsk ?? 0) + count
        heldIsOfFormerServer = true
    }

    /// How long the keyboard must have been still before a question comes up by itself.
    static let askingPause: Duration = .seconds(2)

    /// Asks once for all that was held, when the person is not in the middle of something: a key that was
    /// meant for a message must not answer it.
    mutating func askAboutHeldIfQuiet() {
        guard let count = heldToAsk, stage == .chat, dialog == nil, link == .online,
            instant >= lastKey + Self.askingPause, open?.editor.isEmpty ?? true, open?.chosen == nil
        else { return }
        heldToAsk = nil
        guard outbox.held > 0 else { return }
        notice = nil
        let number = max(count, outbox.held)
        dialog = .question(Question(heldIsOfFormerServer ? .heldFromFormerServer(number) : .held(number)))
        heldIsOfFormerServer = false
    }
}
