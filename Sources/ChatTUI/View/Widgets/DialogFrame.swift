/// The box that dialogs are drawn in.
enum DialogFrame {
    static func hasFrame(in size: Size) -> Bool { size.columns >= 24 && size.rows >= 8 }

    /// Clears a box in the middle and gives it a frame; returns what is inside. In a small
    /// terminal the box is the screen and has no frame.
    static func draw(
        title: String, footer: [String], columns: Int, rows: Int, _ context: ScreenContext,
        on screen: inout Screen
    ) -> Rect {
        let bounds = screen.bounds
        screen.cursor = nil
        guard hasFrame(in: screen.size) else {
            screen.fill(bounds)
            screen.mark(bounds, as: .dialog)
            return bounds
        }
        let box = bounds.inset(left: 1, top: 1, right: 1, bottom: 1).centred(columns: columns, rows: rows)
        screen.fill(box)
        screen.mark(box, as: .dialog)
        screen.tint(box, background: context.theme.panel)
        drawBorder(box, context, on: &screen)
        let titleText = TextWidth.truncated(title, to: box.columns - 6, ellipsis: context.symbols.ellipsis)
        if !title.isEmpty {
            screen.write(" \(titleText) ", column: box.column + 2, row: box.row, style: context.theme.heading)
        }
        drawFooter(footer, in: box, context, on: &screen)
        return box.inset(left: 2, top: 1, right: 2, bottom: 1)
    }

    private static func drawFooter(
        _ parts: [String], in box: Rect, _ context: ScreenContext, on screen: inout Screen
    ) {
        var parts = parts
        while !parts.isEmpty {
            let text = " " + parts.joined(separator: " \(context.symbols.dot) ") + " "
            if TextWidth.of(text) <= box.columns - 4 {
                screen.write(
                    text, column: box.endColumn - 2 - TextWidth.of(text), row: box.endRow - 1,
                    style: context.theme.faint)
                return
            }
            // The last part says how to leave, so it is removed last.
            parts.remove(at: max(0, parts.count - 2))
        }
    }

    private static func drawBorder(_ box: Rect, _ context: ScreenContext, on screen: inout Screen) {
        let style = context.theme.rule.on(context.theme.panel)
        let isASCII = context.symbols == .ascii
        let horizontal = Rect(column: box.column, row: box.row, columns: box.columns, rows: 1)
        let vertical = Rect(column: box.column, row: box.row, columns: 1, rows: box.rows)
        screen.fill(horizontal, with: context.symbols.horizontal, style: style)
        screen.fill(
            Rect(column: box.column, row: box.endRow - 1, columns: box.columns, rows: 1),
            with: context.symbols.horizontal, style: style)
        screen.fill(vertical, with: context.symbols.vertical, style: style)
        screen.fill(
            Rect(column: box.endColumn - 1, row: box.row, columns: 1, rows: box.rows),
            with: context.symbols.vertical, style: style)
        let corners = isASCII ? ["+", "+", "+", "+"] : ["╭", "╮", "╰", "╯"]
        for (index, corner) in corners.enumerated() {
            screen.write(
                corner, column: index % 2 == 0 ? box.column : box.endColumn - 1,
                row: index < 2 ? box.row : box.endRow - 1, style: style)
        }
    }
}
