import ChatClientCore
import ChatWire

/// The mouse on the list and on the open conversation.
extension Panes {
    /// How many lines a notch of the wheel is.
    private static let wheelLines = 3

    /// Scrolls what is under the wheel up (1) or down (-1).
    mutating func wheel(_ direction: Int, at place: Point, _ context: ScreenContext) {
        let layout = layout(context)
        if layout.list.contains(place) {
            let view = ConversationList.view(self, context, in: layout.list)
            let last = max(0, context.conversations.count - view.fitting)
            list.scroll = min(max(0, view.first - direction), last)
        } else if layout.conversation.contains(place) {
            open?.scroll(up: direction * Self.wheelLines, context)
        }
    }

    /// Opens the conversation, chooses the message or places the cursor under the mouse.
    mutating func click(at place: Point, _ context: inout ScreenContext) -> [Effect] {
        let layout = layout(context)
        if layout.list.contains(place) { return clickList(at: place, in: layout.list, &context) }
        if layout.composer.contains(place) { placeCursor(at: place, in: layout.composer, &context) }
        if layout.timeline.contains(place) { chooseMessage(at: place, in: layout.timeline, &context) }
        if layout.typing.contains(place), open?.timeline.scroll != .end { return goToEnd(context) }
        return []
    }

    private mutating func clickList(
        at place: Point, in area: Rect, _ context: inout ScreenContext
    ) -> [Effect] {
        let view = ConversationList.view(self, context, in: area)
        let index = view.first + (place.row - area.row) / view.rowsEach
        guard index < min(context.conversations.count, view.first + view.fitting) else { return [] }
        let scrolled = list.scroll
        let effects = showNumber(index + 1, &context)
        // What was clicked must not move away from under the mouse.
        list.scroll = scrolled
        return effects
    }

    /// Chooses the message under the mouse; a click beside all of them leaves choosing.
    private mutating func chooseMessage(at place: Point, in area: Rect, _ context: inout ScreenContext) {
        guard let view = open.map({ TimelineLayout($0.timeline, context, in: area) }) else { return }
        let lines = view.visible()
        let index = place.row - (area.endRow - lines.count)
        guard lines.indices.contains(index), let row = lines[index].row else {
            open?.timeline.chosen = nil
            return
        }
        context.pane = .conversation
        open?.timeline.chosen = ChosenMessage(view.rows[row])
    }

    private mutating func placeCursor(at place: Point, in area: Rect, _ context: inout ScreenContext) {
        guard let editor = open?.composer.editor else { return }
        context.pane = .conversation
        open?.timeline.chosen = nil
        let text = ComposerView.textArea(area)
        guard !text.isEmpty, !editor.isEmpty else { return }
        let layout = EditorLayout(editor, width: text.columns)
        let line = ComposerView.firstLine(layout, rows: text.rows) + place.row - text.row
        guard layout.lines.indices.contains(line) else { return }
        let offset = layout.offset(row: line, column: max(0, place.column - text.column))
        open?.composer.editor.move(to: offset)
    }
}

extension Rect {
    func contains(_ place: Point) -> Bool {
        column..<endColumn ~= place.column && row..<endRow ~= place.row
    }
}
