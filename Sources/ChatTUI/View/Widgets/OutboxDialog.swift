import ChatClientCore

/// Everything unsent: for whom, what it says, what has become of it and what will.
enum OutboxDialog {
    private static let rowsEach = 2

    static func draw(_ panel: OutboxPanel, _ context: ScreenContext, on screen: inout Screen) {
        let strings = context.strings
        let inside = DialogFrame.draw(
            title: strings.outboxTitle(panel.entries.count),
            footer: (panel.entries.isEmpty ? [] : context.decisionHints) + context.closesHint,
            columns: 78, rows: min(24, max(5, panel.entries.count * rowsEach + 4)), context, on: &screen)
        guard !panel.entries.isEmpty else {
            let text = panel.isLoaded ? strings.outboxEmpty : strings.loading
            return AppView.drawCentred([(text, context.theme.faint)], in: inside, on: &screen)
        }
        let summary = Rect(column: inside.column, row: inside.row, columns: inside.columns, rows: 1)
        screen.write(
            TextWidth.truncated(
                linkWords(context, columns: summary.columns), to: summary.columns,
                ellipsis: context.symbols.ellipsis),
            column: summary.column, row: summary.row, style: context.theme.faint)
        let list = inside.inset(top: inside.rows > 5 ? 2 : 1)
        let fitting = max(1, list.rows / rowsEach)
        let first = max(0, min(panel.selection - fitting / 2, panel.entries.count - fitting))
        for (offset, entry) in panel.entries.dropFirst(first).prefix(fitting).enumerated() {
            let rows = min(rowsEach, list.rows - offset * rowsEach)
            let area = Rect(
                column: list.column, row: list.row + offset * rowsEach, columns: list.columns, rows: rows)
            screen.mark(area, as: .item(first + offset))
            draw(entry, isChosen: first + offset == panel.selection, context, in: area, on: &screen)
        }
    }

    /// When what is queued will go.
    private static func linkWords(_ context: ScreenContext, columns: Int) -> String {
        if context.outbox.isPaused { return context.strings.paused }
        return context.strings.link(
            context.link, secondsToNextTry: context.secondsToNextTry, columns: columns)
    }

    private static func draw(
        _ entry: OutboxPanel.Entry, isChosen: Bool, _ context: ScreenContext, in area: Rect,
        on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(area, background: context.theme.panelSelection)
            for row in area.row..<area.endRow {
                screen.write(
                    context.symbols.chosen, column: area.column, row: row, style: context.theme.accent)
            }
        }
        let time = context.strings.short(context.calendar.time(of: entry.row.time), today: context.today)
        let timeColumns = TextWidth.of(time)
        screen.write(
            time, column: area.endColumn - timeColumns - 1, row: area.row, style: context.theme.faint)
        if let (mark, style) = StatusMark.of(entry.row.state, context) {
            screen.write(mark, column: area.column + 2, row: area.row, columns: 3, style: style)
        }
        let name = TextWidth.truncated(
            Sanitizer.line(context.displayName(of: entry.peer)), to: max(4, area.columns / 3),
            ellipsis: context.symbols.ellipsis)
        let column = area.column + 6
        let used = screen.write(
            name, column: column, row: area.row, style: context.theme.name(of: entry.peer))
        let room = area.endColumn - timeColumns - 2 - (column + used + 2)
        let text = String(entry.row.content.prefix(200)).split(whereSeparator: \.isNewline).joined(
            separator: " ")
        screen.write(
            TextWidth.truncated(Sanitizer.line(text), to: room, ellipsis: context.symbols.ellipsis),
            column: column + used + 2, row: area.row, columns: room, style: context.theme.text)
        guard area.rows > 1 else { return }
        let reason = Sanitizer.line(words(for: entry.row, context))
        screen.write(
            TextWidth.truncated(reason, to: area.endColumn - column, ellipsis: context.symbols.ellipsis),
            column: column, row: area.row + 1, style: style(for: entry.row, context))
    }

    private static func words(for row: TimelineRow, _ context: ScreenContext) -> String {
        switch row.state {
        case .failed: context.strings.notSent(context.failureWords(row))
        case .held: context.strings.heldBack(row)
        default: context.strings.words(for: row.state)
        }
    }

    private static func style(for row: TimelineRow, _ context: ScreenContext) -> Style {
        switch row.state {
        case .failed: context.theme.bad
        case .held: context.theme.warning
        default: context.theme.faint
        }
    }
}
