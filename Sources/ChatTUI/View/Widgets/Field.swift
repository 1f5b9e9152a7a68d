/// One line of input.
enum Field {
    /// Draws the part of the text around the cursor, and the cursor.
    static func draw(
        _ editor: LineEditor, prompt: String, isMasked: Bool = false, hasKeyboard: Bool,
        _ context: ScreenContext,
        in area: Rect, on screen: inout Screen
    ) {
        guard !area.isEmpty else { return }
        if editor.isEmpty {
            screen.write(
                TextWidth.truncated(prompt, to: area.columns, ellipsis: context.symbols.ellipsis),
                column: area.column, row: area.row, columns: area.columns, style: context.theme.faint)
        }
        let before = shown(editor.before, isMasked, context)
        let after = shown(editor.after, isMasked, context)
        var visible = Array(before)[...]
        // The cursor needs a column of its own at the end.
        while visible.reduce(0, { $0 + TextWidth.of($1) }) > area.columns - 1, !visible.isEmpty {
            visible.removeFirst()
        }
        let used = screen.write(String(visible), column: area.column, row: area.row, columns: area.columns)
        screen.write(after, column: area.column + used, row: area.row, columns: area.columns - used)
        if hasKeyboard { screen.cursor = Point(column: area.column + used, row: area.row) }
    }

    private static func shown(_ text: String, _ isMasked: Bool, _ context: ScreenContext) -> String {
        isMasked ? String(repeating: context.symbols.masked, count: text.count) : Sanitizer.line(text)
    }
}
