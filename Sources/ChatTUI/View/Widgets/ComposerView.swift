import ChatClientCore

/// Where messages are written.
enum ComposerView {
    static func draw(_ state: AppState, _ layout: Layout, on screen: inout Screen) {
        let area = layout.composer
        guard !area.isEmpty, let open = state.chat.panes.open else { return }
        let hasKeyboard =
            state.context.pane == .conversation && state.chat.dialog == nil && open.timeline.chosen == nil
        let text = textArea(area)
        if text.column > area.column {
            screen.write(
                state.symbols.prompt, column: area.column + 1, row: area.row,
                style: hasKeyboard ? state.theme.accent : state.theme.rule)
        }
        if open.composer.editor.isEmpty {
            let prompts = prompts(state)
            let prompt = prompts.first { TextWidth.of($0) < text.columns } ?? prompts[prompts.count - 1]
            screen.write(
                TextWidth.truncated(prompt, to: text.columns - 1, ellipsis: state.symbols.ellipsis),
                column: text.column, row: text.row, columns: text.columns, style: state.theme.faint)
            if hasKeyboard { screen.cursor = Point(column: text.column, row: text.row) }
        } else {
            drawText(open.composer.editor, in: text, hasKeyboard: hasKeyboard, on: &screen)
        }
        drawEditing(state, in: layout.composerRule, on: &screen)
        drawLength(open.composer.editor, state, in: layout.composerRule, on: &screen)
    }

    /// Marks an unsent message that is being changed, so that it does not look like a new one.
    private static func drawEditing(_ state: AppState, in rule: Rect, on screen: inout Screen) {
        guard state.chat.panes.open?.composer.edited != nil, rule.columns > 8 else { return }
        let short = " \(state.strings.editing) "
        let long = state.keyName(.cancel).map {
            "\(short)\(state.symbols.dot) \(state.strings.editingHint($0)) "
        }
        let text = [long, short].compactMap(\.self).first { TextWidth.of($0) <= rule.columns - 4 } ?? short
        screen.write(
            TextWidth.truncated(text, to: rule.columns - 4), column: rule.column + 2, row: rule.row,
            style: state.theme.warning)
    }

    /// The area of the text itself, after the prompt.
    static func textArea(_ area: Rect) -> Rect {
        area.inset(left: area.columns > 6 ? Layout.promptColumns : 0)
    }

    /// The first line in view: the part around the cursor, when the text is higher than the composer.
    static func firstLine(_ layout: EditorLayout, rows: Int) -> Int {
        max(0, min(layout.cursor.row - rows + 1, layout.lines.count - rows))
    }

    /// What an empty composer says, from the longest words to the shortest.
    private static func prompts(_ state: AppState) -> [String] {
        switch state.link {
        case .online, .connecting: [state.strings.composerPrompt]
        case .offline, .signedOut, .refused: state.strings.composerOffline
        case .inUseElsewhere: state.strings.composerElsewhere(state.way(to: .reconnect))
        }
    }

    private static func drawText(
        _ editor: LineEditor, in area: Rect, hasKeyboard: Bool, on screen: inout Screen
    ) {
        guard !area.isEmpty else { return }
        let layout = EditorLayout(editor, width: area.columns)
        let first = firstLine(layout, rows: area.rows)
        for (offset, line) in layout.lines.dropFirst(first).prefix(area.rows).enumerated() {
            screen.write(line, column: area.column, row: area.row + offset, columns: area.columns)
        }
        guard hasKeyboard else { return }
        screen.cursor = Point(
            column: area.column + layout.cursor.column, row: area.row + layout.cursor.row - first)
    }

    /// The count appears when it begins to matter.
    private static func drawLength(
        _ editor: LineEditor, _ state: AppState, in rule: Rect, on screen: inout Screen
    ) {
        let limit = ChatModel.messageLengthMax
        let length = editor.scalarCount
        guard !rule.isEmpty, length * 10 >= limit * 9 else { return }
        let text = " \(state.strings.length(length, of: limit)) "
        let columns = TextWidth.of(text)
        screen.write(
            text, column: max(rule.column, rule.endColumn - 2 - columns), row: rule.row,
            columns: rule.columns,
            style: length > limit ? state.theme.bad : state.theme.warning)
    }
}
