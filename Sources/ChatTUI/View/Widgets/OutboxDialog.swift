import ChatClientCore

/// Everything unsent: for whom, what it says, what has become of it and what will.
enum OutboxDialog {
    private static let rowsEach = 2

    static func draw(_ panel: OutboxPanel, _ state: AppState, on screen: inout Screen) {
        let strings = state.strings
        let inside = DialogFrame.draw(
            title: strings.outboxTitle(panel.entries.count),
            footer: (panel.entries.isEmpty ? [] : state.decisionHints) + state.closesHint,
            columns: 78, rows: min(24, max(5, panel.entries.count * rowsEach + 4)), state, on: &screen)
        guard !panel.entries.isEmpty else {
            let text = panel.isLoaded ? strings.outboxEmpty : strings.loading
            return AppView.drawCentred([(text, state.theme.faint)], in: inside, on: &screen)
        }
        let summary = Rect(column: inside.column, row: inside.row, columns: inside.columns, rows: 1)
        screen.write(
            TextWidth.truncated(
                linkWords(state, columns: summary.columns), to: summary.columns,
                ellipsis: state.symbols.ellipsis),
            column: summary.column, row: summary.row, style: state.theme.faint)
        let list = inside.inset(top: inside.rows > 5 ? 2 : 1)
        let fitting = max(1, list.rows / rowsEach)
        let first = max(0, min(panel.selection - fitting / 2, panel.entries.count - fitting))
        for (offset, entry) in panel.entries.dropFirst(first).prefix(fitting).enumerated() {
            let rows = min(rowsEach, list.rows - offset * rowsEach)
            let area = Rect(
                column: list.column, row: list.row + offset * rowsEach, columns: list.columns, rows: rows)
            screen.mark(area, as: .item(first + offset))
            draw(entry, isChosen: first + offset == panel.selection, state, in: area, on: &screen)
        }
    }

    /// When what is queued will go.
    private static func linkWords(_ state: AppState, columns: Int) -> String {
        if state.outbox.isPaused { return state.strings.paused }
        return state.strings.link(
            state.link, secondsToNextTry: state.secondsToNextTry, columns: columns)
    }

    private static func draw(
        _ entry: OutboxPanel.Entry, isChosen: Bool, _ state: AppState, in area: Rect,
        on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(area, background: state.theme.panelSelection)
            for row in area.row..<area.endRow {
                screen.write(state.symbols.chosen, column: area.column, row: row, style: state.theme.accent)
            }
        }
        let time = state.strings.short(state.calendar.time(of: entry.row.time), today: state.today)
        let timeColumns = TextWidth.of(time)
        screen.write(time, column: area.endColumn - timeColumns - 1, row: area.row, style: state.theme.faint)
        if let (mark, style) = StatusMark.of(entry.row.state, state) {
            screen.write(mark, column: area.column + 2, row: area.row, columns: 3, style: style)
        }
        let name = TextWidth.truncated(
            Sanitizer.line(state.displayName(of: entry.peer)), to: max(4, area.columns / 3),
            ellipsis: state.symbols.ellipsis)
        let column = area.column + 6
        let used = screen.write(
            name, column: column, row: area.row, style: state.theme.name(of: entry.peer))
        let room = area.endColumn - timeColumns - 2 - (column + used + 2)
        let text = String(entry.row.content.prefix(200)).split(whereSeparator: \.isNewline).joined(
            separator: " ")
        screen.write(
            TextWidth.truncated(Sanitizer.line(text), to: room, ellipsis: state.symbols.ellipsis),
            column: column + used + 2, row: area.row, columns: room, style: state.theme.text)
        guard area.rows > 1 else { return }
        let reason = Sanitizer.line(words(for: entry.row, state))
        screen.write(
            TextWidth.truncated(reason, to: area.endColumn - column, ellipsis: state.symbols.ellipsis),
            column: column, row: area.row + 1, style: style(for: entry.row, state))
    }

    private static func words(for row: TimelineRow, _ state: AppState) -> String {
        switch row.state {
        case .failed: state.strings.notSent(state.failureWords(row))
        case .held: state.strings.heldBack(row)
        default: state.strings.words(for: row.state)
        }
    }

    private static func style(for row: TimelineRow, _ state: AppState) -> Style {
        switch row.state {
        case .failed: state.theme.bad
        case .held: state.theme.warning
        default: state.theme.faint
        }
    }
}
