/// A notice that is too long for the status line: it stands over the composer, in full.
enum NoticePanel {
    private static let rowsMax = 4

    static func draw(_ state: AppState, on screen: inout Screen) {
        let layout = state.layout
        guard state.stage == .chat, state.chat.dialog == nil, let notice = state.context.notice,
            notice.kind != .news,
            !notice.fits(layout.status)
        else { return }
        let pane = layout.conversation.isEmpty ? layout.list : layout.conversation
        let hasComposer = state.chat.panes.open != nil && !layout.composer.isEmpty
        let floor =
            hasComposer
            ? (layout.composerRule.isEmpty ? layout.composer : layout.composerRule).row : pane.endRow
        let lines = TextWrap.lines(Sanitizer.line(notice.text), width: max(1, pane.columns - 2))
            .prefix(min(rowsMax, max(0, floor - pane.row)))
        let area = Rect(
            column: pane.column, row: floor - lines.count, columns: pane.columns, rows: lines.count)
        screen.fill(area)
        screen.tint(area, background: state.theme.panel)
        for (offset, line) in lines.enumerated() {
            screen.write(
                line, column: area.column + 1, row: area.row + offset, columns: area.columns - 1,
                style: notice.style(state.theme))
        }
    }
}

extension Notice {
    /// True when a bar has room for the whole sentence.
    func fits(_ bar: Rect) -> Bool { TextWidth.of(Sanitizer.line(text)) <= bar.columns - 2 }

    func style(_ theme: Theme) -> Style {
        switch kind {
        case .information, .news: theme.accent
        case .warning: theme.warning
        case .error: theme.bad
        }
    }
}
