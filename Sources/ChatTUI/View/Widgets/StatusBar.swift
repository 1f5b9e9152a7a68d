import ChatClientCore

/// Keys worth knowing on the left, or what there is to say; counts on the right.
enum StatusBar {
    static func draw(_ state: AppState, in area: Rect, on screen: inout Screen) {
        guard !area.isEmpty else { return }
        let counts = fitting(counts(state), state, columns: area.columns)
        let countsColumns = counts.reduce(0) { $0 + TextWidth.of($1.text) } + max(0, counts.count - 1) * 3
        var column = max(area.column, area.endColumn - 1 - countsColumns)
        let leftColumns = column - area.column - 3
        for (index, part) in counts.enumerated() {
            if index > 0 {
                column += screen.write(
                    " \(state.symbols.dot) ", column: column, row: area.row, style: state.theme.rule)
            }
            column += screen.write(
                part.text, column: column, row: area.row, columns: area.endColumn - column, style: part.style)
        }
        let room = counts.isEmpty ? area.columns - 2 : leftColumns
        if let notice = state.notice {
            drawNotice(notice, state, in: area, columns: room, on: &screen)
        } else {
            drawHints(state, in: area, columns: room, on: &screen)
        }
    }

    private static func counts(_ state: AppState) -> [(text: String, style: Style)] {
        var parts: [(text: String, style: Style)] = []
        let outbox = state.outbox
        if outbox.isPaused, outbox.unsent > 0 { parts.append((state.strings.paused, state.theme.warning)) }
        if outbox.waiting > 0 { parts.append((state.strings.waiting(outbox.waiting), state.theme.bad)) }
        if outbox.unsent > 0 { parts.append((state.strings.unsent(outbox.unsent), state.theme.warning)) }
        if state.totalUnread > 0 {
            parts.append((state.strings.unread(state.totalUnread), state.theme.accent))
        }
        return parts
    }

    /// The way to help has its place before the last of the counts.
    private static func fitting(
        _ counts: [(text: String, style: Style)], _ state: AppState, columns: Int
    ) -> [(text: String, style: Style)] {
        let help = state.notice == nil ? TextWidth.of(state.strings.hint(.help)) + 5 : columns / 2
        var counts = counts
        while counts.count > 1, counts.reduce(0, { $0 + TextWidth.of($1.text) + 3 }) + help > columns {
            counts.removeLast()
        }
        return counts
    }

    private static func drawNotice(
        _ notice: AppState.Notice, _ state: AppState, in area: Rect, columns: Int, on screen: inout Screen
    ) {
        let style: Style
        switch notice.kind {
        case .information: style = state.theme.accent
        case .warning: style = state.theme.warning
        case .error: style = state.theme.bad
        }
        let text = TextWidth.truncated(
            Sanitizer.line(notice.text), to: columns, ellipsis: state.symbols.ellipsis)
        screen.write(text, column: area.column + 1, row: area.row, columns: columns, style: style)
    }

    /// Whole hints only: half of one helps nobody.
    private static func drawHints(_ state: AppState, in area: Rect, columns: Int, on screen: inout Screen) {
        var column = area.column + 1
        let end = area.column + 1 + columns
        for (command, label) in hints(state) {
            guard let bound = state.keymap.key(for: command) else { continue }
            let key = bound.hintName
            let width = TextWidth.of(key) + 1 + TextWidth.of(label)
            guard column + width <= end else { return }
            screen.mark(Rect(column: column, row: area.row, columns: width, rows: 1), as: .key(bound))
            column += screen.write(key, column: column, row: area.row, style: state.theme.accent)
            column += 1 + screen.write(label, column: column + 1, row: area.row, style: state.theme.faint)
            column += 2
        }
    }

    /// What can be done to the chosen message, as it is.
    private static func chosenHints(_ state: AppState) -> [(Command, String)] {
        guard let row = state.open?.chosenRow else { return [] }
        var commands: [MessageCommand] = []
        switch row.state {
        case .failed, .held: commands = [.retry, .edit, .delete, .sendAsNew, .copy]
        case .queued: commands = [.retry, .edit, .delete, .copy]
        default:
            commands = [.copy, .quote]
            if !RichText.links(in: row.content).isEmpty { commands.append(.openLink) }
            if row.isMine { commands.append(.delete) }
            commands.append(.details)
        }
        return ([.leave] + commands).map { (.message($0), state.strings.hint(.message($0))) }
    }

    private static func hints(_ state: AppState) -> [(Command, String)] {
        let strings = state.strings
        let help = (Command.help, strings.hint(.help))
        guard state.stage == .chat else { return [help, (.quit, strings.hint(.quit))] }
        if state.isChoosing { return chosenHints(state) }
        if state.link == .inUseElsewhere { return [help, (.reconnect, strings.hint(.reconnect))] }
        var hints = [help, (.switcher, strings.hint(.switcher))]
        if state.layout.isNarrow { hints.append((.switchPane, strings.hint(.switchPane))) }
        if state.totalUnread > 0 { hints.append((.nextUnread, strings.hint(.nextUnread))) }
        hints.append((.findPeople, strings.hint(.findPeople)))
        hints.append((.quit, strings.hint(.quit)))
        return hints
    }
}
