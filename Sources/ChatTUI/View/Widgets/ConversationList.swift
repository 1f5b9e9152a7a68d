import ChatClientCore
import ChatWire

/// The conversations, two rows each: who, when and whether they are here; what was said
/// last and how much of it is new.
enum ConversationList {
    static let itemRows = 2

    static func draw(_ state: AppState, in area: Rect, on screen: inout Screen) {
        guard !area.isEmpty else { return }
        guard !state.conversations.isEmpty else {
            let isAlone = state.layout.conversation.isEmpty
            let lines =
                state.model.isListLoaded
                ? AppView.noConversations(state) : [(state.strings.loading, state.theme.faint)]
            // The other pane beside it says what can be done.
            AppView.drawCentred(
                isAlone ? lines : [(lines[0].text, state.theme.faint)], in: area, on: &screen)
            return
        }
        let view = view(state.chat.panes, state.context, in: area)
        let (rowsEach, fitting, first) = (view.rowsEach, view.fitting, view.first)
        let current = current(state.chat.panes, state.context.pane)
        for (offset, conversation) in state.conversations.dropFirst(first).prefix(fitting).enumerated() {
            let item = Rect(
                column: area.column, row: area.row + offset * rowsEach, columns: area.columns,
                rows: min(rowsEach, area.rows - offset * rowsEach))
            draw(conversation, isCurrent: conversation.peer == current, state, in: item, on: &screen)
        }
    }

    private static func current(_ panes: Panes, _ pane: Pane) -> UserID? {
        pane == .list ? panes.list.cursor : panes.open?.peer ?? panes.list.cursor
    }

    /// Which of the conversations are in view, and how high each is.
    static func view(
        _ panes: Panes, _ context: ScreenContext, in area: Rect
    ) -> (first: Int, fitting: Int, rowsEach: Int) {
        let rowsEach = area.rows >= 4 ? itemRows : 1
        let fitting = max(1, area.rows / rowsEach)
        let count = context.conversations.count
        if let scroll = panes.list.scroll {
            return (min(scroll, max(0, count - fitting)), fitting, rowsEach)
        }
        let current = current(panes, context.pane)
        let index = context.conversations.firstIndex { $0.peer == current } ?? 0
        return (firstShown(index, of: count, fitting: fitting), fitting, rowsEach)
    }

    /// The list stands still until the cursor would leave it, then the cursor is in the middle.
    private static func firstShown(_ index: Int, of count: Int, fitting: Int) -> Int {
        if index < fitting { return 0 }
        return min(max(0, index - fitting / 2), max(0, count - fitting))
    }

    private static func draw(
        _ conversation: Conversation, isCurrent: Bool, _ state: AppState, in item: Rect,
        on screen: inout Screen
    ) {
        let isOpen = conversation.peer == state.chat.panes.open?.peer
        if isCurrent || isOpen {
            screen.tint(item, background: state.theme.selection)
        }
        if isCurrent {
            // Where the list has the keyboard, the bar stands out; else it only says which one is open.
            let style = state.context.pane == .list ? state.theme.accent : state.theme.rule
            for row in item.row..<item.endRow {
                screen.write(state.symbols.chosen, column: item.column, row: row, style: style)
            }
        }
        drawPresence(conversation, state, in: item, on: &screen)
        let timeColumns = drawTime(conversation, state, in: item, on: &screen)
        let nameColumn = item.column + 3
        let nameRoom = item.endColumn - 1 - timeColumns - (timeColumns > 0 ? 1 : 0) - nameColumn
        let marks = [
            conversation.isPinned ? state.symbols.pinned : nil,
            conversation.isMuted ? state.symbols.muted : nil,
        ].compactMap(\.self).joined()
        // The marks stand behind the name, whatever has to go of it.
        let marksColumns = marks.isEmpty ? 0 : TextWidth.of(marks) + 1
        let name = TextWidth.truncated(
            Sanitizer.line(state.displayName(of: conversation.peer)), to: nameRoom - marksColumns,
            ellipsis: state.symbols.ellipsis)
        let nameStyle = conversation.unread > 0 ? state.theme.text.with(.bold) : state.theme.text
        let columns = screen.write(
            name, column: nameColumn, row: item.row, columns: nameRoom, style: nameStyle)
        if !marks.isEmpty {
            screen.write(
                marks, column: nameColumn + columns + 1, row: item.row, columns: nameRoom - columns - 1,
                style: state.theme.faint)
        }
        if item.rows > 1 { drawPreview(conversation, state, in: item, on: &screen) }
    }

    private static func drawPresence(
        _ conversation: Conversation, _ state: AppState, in item: Rect, on screen: inout Screen
    ) {
        switch conversation.presence {
        case .online:
            screen.write(
                state.symbols.online, column: item.column + 1, row: item.row, style: state.theme.good)
        case .offline:
            screen.write(
                state.symbols.offline, column: item.column + 1, row: item.row, style: state.theme.faint)
        case .unknown: break
        }
    }

    private static func drawTime(
        _ conversation: Conversation, _ state: AppState, in item: Rect, on screen: inout Screen
    ) -> Int {
        guard let last = conversation.lastTime, item.columns >= 16 else {
            return item.rows > 1 ? 0 : drawBadge(conversation, state, in: item, row: item.row, on: &screen)
        }
        let text = state.strings.short(state.calendar.time(of: last), today: state.today)
        let columns = TextWidth.of(text)
        let style = conversation.unread > 0 ? state.theme.accent : state.theme.faint
        screen.write(
            text, column: item.endColumn - 1 - columns, row: item.row, columns: columns, style: style)
        return columns
    }

    /// The number of unread messages at the right; how many columns it takes.
    private static func drawBadge(
        _ conversation: Conversation, _ state: AppState, in item: Rect, row: Int, on screen: inout Screen
    ) -> Int {
        guard conversation.unread > 0 else { return 0 }
        let text = conversation.unread > 999 ? "999+" : "\(conversation.unread)"
        screen.write(
            text, column: item.endColumn - 1 - text.count, row: row, columns: text.count,
            style: state.theme.accent.with(.bold))
        return text.count
    }

    private static func drawPreview(
        _ conversation: Conversation, _ state: AppState, in item: Rect, on screen: inout Screen
    ) {
        let row = item.row + 1
        var rightColumns = drawBadge(conversation, state, in: item, row: row, on: &screen)
        let showsState =
            conversation.previewIsMine && !conversation.isTyping && draft(conversation, state) == nil
        if rightColumns == 0, showsState,
            let (mark, style) = StatusMark.of(conversation.previewState, state.context)
        {
            rightColumns = TextWidth.of(mark)
            screen.write(
                mark, column: item.endColumn - 1 - rightColumns, row: row, columns: rightColumns, style: style
            )
        }
        let column = item.column + 3
        let room = item.endColumn - 1 - rightColumns - (rightColumns > 0 ? 1 : 0) - column
        let (text, style) = preview(conversation, state)
        let shown = TextWidth.truncated(Sanitizer.line(text), to: room, ellipsis: state.symbols.ellipsis)
        screen.write(shown, column: column, row: row, columns: room, style: style)
    }

    private static func preview(_ conversation: Conversation, _ state: AppState) -> (String, Style) {
        if conversation.isTyping { return (state.strings.typing, state.theme.accent) }
        if let draft = draft(conversation, state) {
            return (state.strings.draftLabel + " " + oneLine(draft), state.theme.warning)
        }
        let text = oneLine(conversation.preview ?? "")
        if text.isEmpty { return ("", state.theme.faint) }
        return (conversation.previewIsMine ? state.strings.mine(text) : text, state.theme.faint)
    }

    /// The draft of a conversation that is not open; the composer shows that of the open one.
    private static func draft(_ conversation: Conversation, _ state: AppState) -> String? {
        guard conversation.peer != state.chat.panes.open?.peer else { return nil }
        return conversation.draft.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Enough for any list; a preview of a long message need not be walked to its end.
    private static func oneLine(_ text: String) -> String {
        String(text.prefix(120)).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
