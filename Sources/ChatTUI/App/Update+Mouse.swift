import ChatClientCore
import ChatWire

extension AppState {
    /// How many lines a notch of the wheel is.
    private static let wheelLines = 3

    /// The wheel scrolls what is under it; a click chooses a conversation or places the cursor.
    mutating func handle(_ event: MouseEvent) -> [Effect] {
        guard stage == .chat else { return [] }
        switch event.action {
        case .wheelUp: return wheel(1, at: event.place)
        case .wheelDown: return wheel(-1, at: event.place)
        case .press(.left): return dialog == nil ? click(at: event.place) : []
        case .press, .release: return []
        }
    }

    private mutating func wheel(_ direction: Int, at place: Point) -> [Effect] {
        if dialog != nil {
            // Whatever moves through a dialog line by line.
            return handle(keymap.key(for: direction > 0 ? .up : .down) ?? Key(direction > 0 ? .up : .down))
        }
        let layout = layout
        if layout.list.contains(place) {
            scrollList(by: -direction, in: layout.list)
        } else if layout.conversation.contains(place) {
            scroll(up: direction * Self.wheelLines)
        }
        return []
    }

    private mutating func scrollList(by items: Int, in area: Rect) {
        let view = ConversationList.view(self, in: area)
        listScroll = min(max(0, view.first + items), max(0, conversations.count - view.fitting))
    }

    private mutating func click(at place: Point) -> [Effect] {
        let layout = layout
        if layout.list.contains(place) {
            let view = ConversationList.view(self, in: layout.list)
            let index = view.first + (place.row - layout.list.row) / view.rowsEach
            guard index < min(conversations.count, view.first + view.fitting) else { return [] }
            let scrolled = listScroll
            let effects = openConversation(with: conversations[index].peer)
            // What was clicked does not run away from under the mouse.
            listScroll = scrolled
            return effects
        }
        if layout.composer.contains(place) { placeCursor(at: place, in: layout.composer) }
        if layout.timeline.contains(place) { chooseMessage(at: place, in: layout.timeline) }
        if layout.typing.contains(place), open?.scroll != .end { return goToEnd() }
        return []
    }

    /// The message under the mouse is chosen; a click beside all of them leaves choosing.
    private mutating func chooseMessage(at place: Point, in area: Rect) {
        guard let view = TimelineLayout(self, in: area) else { return }
        let lines = view.visible()
        let index = place.row - (area.endRow - lines.count)
        guard lines.indices.contains(index), let row = lines[index].row else {
            open?.chosen = nil
            return
        }
        pane = .conversation
        open?.chosen = ChosenMessage(view.rows[row])
    }

    private mutating func placeCursor(at place: Point, in area: Rect) {
        guard let editor = open?.editor else { return }
        pane = .conversation
        open?.chosen = nil
        let text = Composer.textArea(area)
        guard !text.isEmpty, !editor.isEmpty else { return }
        let layout = EditorLayout(editor, width: text.columns)
        let line = Composer.firstLine(layout, rows: text.rows) + place.row - text.row
        guard layout.lines.indices.contains(line) else { return }
        open?.editor.move(to: layout.offset(row: line, column: max(0, place.column - text.column)))
    }
}

extension Rect {
    func contains(_ place: Point) -> Bool {
        column..<endColumn ~= place.column && row..<endRow ~= place.row
    }
}
