/// The completions, in a list that stands on the composer.
enum CompletionPopup {
    static let rowsMax = 8

    static func draw(_ state: AppState, _ layout: Layout, on screen: inout Screen) {
        guard let list = state.chat.completions(state.context), let open = state.chat.panes.open else {
            return
        }
        let floor = layout.composerRule.isEmpty ? layout.composer.row : layout.composerRule.row
        let ceiling = layout.conversation.row
        let rows = min(list.items.count, rowsMax, max(0, floor - ceiling))
        guard rows > 0, layout.composer.columns > 4 else { return }
        let widest = (list.items.map { TextWidth.of($0.label) }.max() ?? 0) + 2
        // Half of the room stays for what is said about them; a longer label runs over its own line only.
        let half = layout.composer.columns / 2
        let labels = min(layout.composer.columns - 4, max(min(widest, half), min(widest, 24)))
        let area = Rect(
            column: layout.composer.column, row: floor - rows, columns: layout.composer.columns, rows: rows)
        screen.fill(area)
        screen.tint(area, background: state.theme.panel)
        let chosen = min(open.composer.completionCursor.index ?? 0, list.items.count - 1)
        let first = max(0, min(chosen - rows / 2, list.items.count - rows))
        for (offset, item) in list.items.dropFirst(first).prefix(rows).enumerated() {
            let row = Rect(column: area.column, row: area.row + offset, columns: area.columns, rows: 1)
            screen.mark(row, as: .completion(first + offset))
            draw(item, isChosen: first + offset == chosen, labels: labels, state, in: row, on: &screen)
        }
    }

    private static func draw(
        _ item: CompletionList.Item, isChosen: Bool, labels: Int, _ state: AppState, in row: Rect,
        on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(row, background: state.theme.panelSelection)
            screen.write(state.symbols.chosen, column: row.column, row: row.row, style: state.theme.accent)
        }
        let column = row.column + Layout.promptColumns
        let room = row.endColumn - column
        screen.write(
            TextWidth.truncated(
                Sanitizer.line(item.label), to: min(labels - 1, room), ellipsis: state.symbols.ellipsis),
            column: column, row: row.row, style: isChosen ? state.theme.text.with(.bold) : state.theme.text)
        let rest = room - labels - 1
        guard rest > 3 else { return }
        screen.write(
            TextWidth.truncated(Sanitizer.line(item.detail), to: rest, ellipsis: state.symbols.ellipsis),
            column: column + labels, row: row.row, columns: rest, style: state.theme.faint)
    }
}
