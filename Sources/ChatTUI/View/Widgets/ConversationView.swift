import ChatClientCore

/// The open conversation: its head, its messages, and who is typing.
enum ConversationView {
    static func draw(_ state: AppState, _ layout: Layout, on screen: inout Screen) {
        drawHeader(state, in: layout.header, on: &screen)
        drawTimeline(state, in: layout.timeline, on: &screen)
        drawDay(state, layout, on: &screen)
        drawTyping(state, in: layout.typing, on: &screen)
        drawNewBelow(state, in: layout.typing.isEmpty ? layout.timeline : layout.typing, on: &screen)
    }

    // MARK: The head

    private static func drawHeader(_ state: AppState, in area: Rect, on screen: inout Screen) {
        guard !area.isEmpty, let open = state.chat.panes.open else { return }
        var right = area.endColumn - 1
        let fullName = Sanitizer.line(state.displayName(of: open.peer))
        // A long name is shortened before the rest goes.
        let nameColumns = min(TextWidth.of(fullName), area.columns / 2)
        if let (mark, text, style) = presence(state) {
            let columns = TextWidth.of(mark) + 1 + TextWidth.of(text)
            if columns + nameColumns + 3 <= area.columns {
                right -= columns
                screen.write(mark, column: right, row: area.row, style: style)
                screen.write(
                    text, column: right + TextWidth.of(mark) + 1, row: area.row, style: state.theme.faint)
            } else if area.columns > 8 {
                right -= TextWidth.of(mark)
                screen.write(mark, column: right, row: area.row, style: style)
            }
        }
        let room = right - 1 - (area.column + 1)
        let name = TextWidth.truncated(fullName, to: room, ellipsis: state.symbols.ellipsis)
        screen.write(
            name, column: area.column + 1, row: area.row, columns: room,
            style: state.theme.name(of: open.peer))
    }

    private static func presence(_ state: AppState) -> (String, String, Style)? {
        guard let conversation = state.openConversation else { return nil }
        switch conversation.presence {
        case .online: return (state.symbols.online, state.strings.online, state.theme.good)
        case .offline:
            guard let seen = conversation.lastSeen else {
                return (state.symbols.offline, state.strings.offline, state.theme.faint)
            }
            let when = state.strings.moment(state.calendar.time(of: seen), today: state.today)
            return (state.symbols.offline, state.strings.lastSeen(when), state.theme.faint)
        case .unknown:
            return conversation.isContact ? nil : ("", state.strings.notAContact, state.theme.faint)
        }
    }

    // MARK: The messages

    /// Away from the end, the line under the head says which day the view begins with.
    private static func drawDay(_ state: AppState, _ layout: Layout, on screen: inout Screen) {
        let area = Rect(
            column: layout.timeline.column, row: layout.header.endRow, columns: layout.timeline.columns,
            rows: layout.timeline.row - layout.header.endRow)
        guard !layout.header.isEmpty, !area.isEmpty, let open = state.chat.panes.open,
            open.timeline.scroll != .end
        else { return }
        let view = TimelineLayout(open.timeline, state.context, in: layout.timeline)
        guard let top = view.rowsInView()?.lowerBound,
            !view.visible().prefix(while: { $0.row == nil }).contains(where: \.isDay)
        else { return }
        let time = state.calendar.time(of: view.rows[top].time)
        drawRule(state.strings.day(time, today: state.today), state.theme.faint, state, in: area, on: &screen)
    }

    private static func drawTimeline(_ state: AppState, in area: Rect, on screen: inout Screen) {
        guard !area.isEmpty, let open = state.chat.panes.open else { return }
        guard open.window.isLoaded else {
            return AppView.drawCentred([(state.strings.loading, state.theme.faint)], in: area, on: &screen)
        }
        guard !open.window.rows.isEmpty else {
            return drawNoMessages(open, state, in: area, on: &screen)
        }
        let view = TimelineLayout(open.timeline, state.context, in: area)
        let lines = view.visible()
        // Few messages stand at the bottom, next to where one writes.
        let top = area.endRow - lines.count
        for (offset, line) in lines.enumerated() {
            let row = Rect(column: area.column, row: top + offset, columns: area.columns, rows: 1)
            if let index = line.row, view.rows[index].id == open.timeline.chosen?.row {
                screen.tint(row, background: state.theme.selection)
                screen.write(
                    state.symbols.chosen, column: row.column, row: row.row, style: state.theme.accent)
            }
            draw(line, view, state, in: row, on: &screen)
        }
    }

    /// A conversation that was never fetched may not be empty.
    private static func drawNoMessages(
        _ open: OpenConversation, _ state: AppState, in area: Rect, on screen: inout Screen
    ) {
        let strings = state.strings
        let lines: [(String, Style)] =
            switch (open.window.mayFetchOlder, state.link) {
            case (false, _):
                [
                    (strings.noMessages(state.shortName(of: open.peer)), state.theme.heading),
                    (strings.noMessagesHint, state.theme.faint),
                ]
            case (true, .online), (true, .connecting): [(strings.loading, state.theme.faint)]
            case (true, _):
                [(strings.notHereYet, state.theme.heading), (strings.comesWithLink, state.theme.faint)]
            }
        AppView.drawCentred(lines, in: area, on: &screen)
    }

    private static func draw(
        _ line: TimelineLine, _ view: TimelineLayout, _ state: AppState, in area: Rect,
        on screen: inout Screen
    ) {
        switch line {
        case .blank: break
        case .day(let text): drawRule(text, state.theme.faint, state, in: area, on: &screen)
        case .unread(let count):
            let text = state.strings.newMessages(count)
            drawRule(text, state.theme.accent, state, in: area, on: &screen, isStrong: true)
        case .note(let text): AppView.drawCentred([(text, state.theme.faint)], in: area, on: &screen)
        case .sender(let row, let time):
            let name = senderName(view.rows[row], state)
            let columns = screen.write(
                TextWidth.truncated(name, to: area.columns - 8, ellipsis: state.symbols.ellipsis),
                column: area.column + 1, row: area.row, style: senderStyle(view.rows[row], state))
            screen.write(
                time, column: area.column + 2 + columns, row: area.row, columns: area.columns - columns - 2,
                style: state.theme.faint)
        case .text(let row, let spans, let isFirst, let isLast, let showsName, let time):
            drawText(
                spans, view.textStart, view, in: area, state, isFormer: view.rows[row].formerPeer != nil,
                on: &screen)
            if isFirst, view.hasColumns {
                drawBeside(
                    view.rows[row], showsName: showsName, time: time, view, state, in: area, on: &screen)
            }
            if isLast, let (mark, style) = StatusMark.of(view.rows[row].state, state.context) {
                let columns = TextWidth.of(mark)
                let column = area.endColumn - 1 - columns
                if column > area.column + view.textStart {
                    screen.write(mark, column: column, row: area.row, columns: columns, style: style)
                }
            }
        case .failure(let row, let text):
            let style = view.rows[row].state == .held ? state.theme.warning : state.theme.bad
            screen.write(
                text, column: area.column + view.textStart, row: area.row, columns: view.textColumns,
                style: style)
        case .hint(_, let text):
            screen.write(
                text, column: area.column + view.textStart, row: area.row,
                columns: area.columns - view.textStart, style: state.theme.faint)
        }
    }

    private static func drawText(
        _ spans: [RichText.Span], _ start: Int, _ view: TimelineLayout, in area: Rect, _ state: AppState,
        isFormer: Bool, on screen: inout Screen
    ) {
        var column = area.column + start
        let end = column + view.textColumns
        for span in spans {
            let link: Hyperlink? = if case .link(let target) = span.mark { target } else { nil }
            column += screen.write(
                span.text, column: column, row: area.row, columns: end - column,
                style: isFormer && span.mark == .plain ? state.theme.faint : style(of: span, state),
                link: link)
        }
    }

    private static func style(of span: RichText.Span, _ state: AppState) -> Style {
        let theme = state.theme
        let emphasis = span.emphasis
        if emphasis.contains(.match) { return theme.match }
        if span.mark != .plain { return theme.link }
        if emphasis.contains(.sign) { return theme.faint }
        var style = emphasis.contains(.code) ? theme.code : theme.text
        if emphasis.contains(.bold) { style = style.with(.bold) }
        if emphasis.contains(.italic) { style = style.with(.italic) }
        return style
    }

    private static func drawBeside(
        _ row: TimelineRow, showsName: Bool, time: String, _ view: TimelineLayout, _ state: AppState,
        in area: Rect, on screen: inout Screen
    ) {
        if showsName {
            let name = TextWidth.truncated(
                senderName(row, state), to: view.nameColumns, ellipsis: state.symbols.ellipsis)
            screen.write(
                name, column: area.column + 1, row: area.row, columns: view.nameColumns,
                style: senderStyle(row, state))
        }
        let columns = state.strings.clockColumns
        screen.write(
            time, column: area.column + 1 + view.nameColumns + 2 + columns - time.utf8.count, row: area.row,
            columns: columns, style: state.theme.faint)
    }

    private static func senderName(_ row: TimelineRow, _ state: AppState) -> String {
        row.isMine ? state.strings.you : state.shortName(of: row.senderID)
    }

    private static func senderStyle(_ row: TimelineRow, _ state: AppState) -> Style {
        row.isMine ? state.theme.faint.with(.bold) : state.theme.name(of: row.senderID)
    }

    /// A text in the middle of a rule over the whole width.
    private static func drawRule(
        _ text: String, _ style: Style, _ state: AppState, in area: Rect, on screen: inout Screen,
        isStrong: Bool = false
    ) {
        let line = area.inset(left: 1, right: 1)
        let shown = TextWidth.truncated(text, to: line.columns - 4, ellipsis: state.symbols.ellipsis)
        screen.fill(line, with: state.symbols.horizontal, style: isStrong ? style : state.theme.rule)
        guard !shown.isEmpty else { return }
        let column = line.column + (line.columns - TextWidth.of(shown) - 2) / 2
        screen.write(" \(shown) ", column: column, row: line.row, columns: line.columns, style: style)
    }

    /// While the view is away from the end, the line below it says how many came since.
    private static func newBelow(_ state: AppState) -> String {
        guard let open = state.chat.panes.open, open.timeline.scroll != .end else { return "" }
        return open.timeline.newBelow > 0
            ? state.strings.newBelow(open.timeline.newBelow)
            : open.window.hasNewer ? state.context.newerBelowHint : ""
    }

    private static func drawNewBelow(_ state: AppState, in area: Rect, on screen: inout Screen) {
        let words = newBelow(state)
        guard !words.isEmpty, !area.isEmpty else { return }
        let text = TextWidth.truncated(" " + words, to: area.columns - 1, ellipsis: state.symbols.ellipsis)
        screen.write(
            text, column: area.endColumn - 1 - TextWidth.of(text), row: area.endRow - 1,
            columns: area.columns, style: state.theme.accent.with(.bold))
    }

    // MARK: Typing

    /// Says who is typing, unless the count of new messages needs the room; then the list says it.
    private static func drawTyping(_ state: AppState, in area: Rect, on screen: inout Screen) {
        guard !area.isEmpty, let open = state.chat.panes.open, state.openConversation?.isTyping == true else {
            return
        }
        let text = state.strings.isTyping(state.shortName(of: open.peer))
        let beside = TextWidth.of(newBelow(state))
        guard beside == 0 || TextWidth.of(text) + beside + 4 <= area.columns else { return }
        screen.write(
            text, column: area.column + 1, row: area.row, columns: area.columns - 2,
            style: state.theme.faint.with(.italic))
    }
}
