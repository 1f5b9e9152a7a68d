import ChatClientCore

/// Keys worth knowing on the left, or what there is to say; counts on the right.
enum StatusBar {
    static func draw(_ state: AppState, in area: Rect, on screen: inout Screen) {
        guard !area.isEmpty else { return }
        var counts = fitting(counts(state), state, columns: area.columns)
        if let notice = state.context.notice,
            columns(of: counts) + TextWidth.of(notice.text) + 5 > area.columns
        {
            // For a while the sentence is worth more than the counts.
            if notice.fits(area) { counts = [] }
        }
        let countsColumns = columns(of: counts)
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
        // Over a dialog there is no other place for it; news stand in the list too.
        if let notice = state.context.notice,
            notice.fits(area) || state.chat.dialog != nil || notice.kind == .news
        {
            let text = TextWidth.truncated(
                Sanitizer.line(notice.text), to: room, ellipsis: state.symbols.ellipsis)
            screen.write(
                text, column: area.column + 1, row: area.row, columns: room,
                style: notice.style(state.theme))
        } else {
            drawHints(state, in: area, columns: room, on: &screen)
        }
    }

    private static func isChoosing(_ state: AppState) -> Bool {
        state.stage == .chat && state.chat.panes.isChoosing(state.context)
    }

    private static func columns(of counts: [(text: String, style: Style)]) -> Int {
        counts.reduce(0) { $0 + TextWidth.of($1.text) } + max(0, counts.count - 1) * 3
    }

    private static func counts(_ state: AppState) -> [(text: String, style: Style)] {
        var parts: [(text: String, style: Style)] = []
        let outbox = state.outbox
        // Where there is no bar on top, the link has its place here.
        if state.layout.title.isEmpty, state.link != .online {
            let words = state.strings.link(
                state.link, secondsToNextTry: state.secondsToNextTry, columns: state.size.columns / 2)
            parts.append((words, state.theme.warning))
        }
        if outbox.isPaused, outbox.unsent > 0 { parts.append((state.strings.paused, state.theme.warning)) }
        if outbox.waiting > 0 { parts.append((state.strings.waiting(outbox.waiting), state.theme.bad)) }
        if outbox.unsent > 0 { parts.append((state.strings.unsent(outbox.unsent), state.theme.warning)) }
        if state.totalUnread > 0 {
            parts.append((state.strings.unread(state.totalUnread), state.theme.accent))
        }
        return parts
    }

    /// Keeps room for the way to help by leaving out the last counts.
    private static func fitting(
        _ counts: [(text: String, style: Style)], _ state: AppState, columns: Int
    ) -> [(text: String, style: Style)] {
        var help = state.context.notice == nil ? TextWidth.of(state.strings.hint(.help)) + 5 : columns / 2
        if isChoosing(state), state.context.notice == nil {
            // What can be done to the message is worth more than what is told anyway.
            help = chosenHints(state).prefix(3).reduce(2) { total, hint in
                total + TextWidth.of(state.keymap.key(for: hint.0)?.hintName ?? "") + TextWidth.of(hint.1) + 3
            }
        }
        var counts = counts
        while counts.count > (isChoosing(state) ? 0 : 1),
            counts.reduce(0, { $0 + TextWidth.of($1.text) + 3 }) + help > columns
        {
            counts.removeLast()
        }
        return counts
    }

    /// Draws whole hints only.
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
        guard let row = state.chat.panes.open?.timeline.chosenRow else { return [] }
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
        if isChoosing(state) { return chosenHints(state) }
        if state.link == .inUseElsewhere { return [help, (.reconnect, strings.hint(.reconnect))] }
        var hints = [help, (.switcher, strings.hint(.switcher))]
        if state.model.isListLoaded, state.conversations.isEmpty {
            hints = [help, (.findPeople, strings.hint(.findPeople))]
        }
        if state.layout.isNarrow, state.chat.panes.open != nil {
            hints.append(
                (.switchPane, state.context.pane == .list ? strings.conversation : strings.hint(.switchPane)))
        }
        if state.totalUnread > 0 { hints.append((.nextUnread, strings.hint(.nextUnread))) }
        if !hints.contains(where: { $0.0 == .findPeople }) {
            hints.append((.findPeople, strings.hint(.findPeople)))
        }
        hints.append((.quit, strings.hint(.quit)))
        return hints
    }
}
