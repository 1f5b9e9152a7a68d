import ChatClientCore

/// The field and the hits, two rows each: who and when, and the text around the match.
enum SearchDialog {
    private static let rowsEach = 2

    static func draw(_ panel: SearchPanel, _ context: ScreenContext, on screen: inout Screen) {
        let strings = context.strings
        let scope =
            panel.peer.map { strings.searchIn(context.displayName(of: $0)) } ?? strings.searchEverywhere
        var footer = context.opensHint + context.closesHint
        if panel.conversation != nil, let key = context.keyName(.switchPane) {
            footer.insert(strings.searchOther(isEverywhere: panel.peer == nil, key), at: 0)
        }
        let inside = DialogFrame.draw(
            title: Sanitizer.line(scope), footer: footer, columns: 96, rows: context.size.rows, context,
            on: &screen)
        guard !inside.isEmpty else { return }
        screen.write(
            context.symbols.prompt, column: inside.column, row: inside.row, style: context.theme.accent)
        let count = countText(panel, context)
        let countColumns = TextWidth.of(count)
        let field = Rect(
            column: inside.column + 2, row: inside.row, columns: inside.columns - 3 - countColumns, rows: 1)
        Field.draw(
            panel.query, prompt: strings.searchPrompt, hasKeyboard: true, context, in: field, on: &screen)
        screen.write(
            count, column: inside.endColumn - countColumns, row: inside.row, style: context.theme.faint)
        drawHits(panel, context, in: list(in: inside), on: &screen)
    }

    private static func list(in inside: Rect) -> Rect { inside.inset(top: inside.rows > 5 ? 2 : 1) }

    /// How many hits a page is.
    static func pageHits(in size: Size) -> Int { max(1, (size.rows - 6) / rowsEach) }

    private static func countText(_ panel: SearchPanel, _ context: ScreenContext) -> String {
        if panel.results.unsearched > 0 { return context.strings.indexing(panel.results.unsearched) }
        guard !panel.results.hits.isEmpty else { return "" }
        return context.strings.hits(panel.results.hits.count, hasMore: panel.results.next != nil)
    }

    private static func drawHits(
        _ panel: SearchPanel, _ context: ScreenContext, in area: Rect, on screen: inout Screen
    ) {
        guard !area.isEmpty else { return }
        let hits = panel.results.hits
        guard !hits.isEmpty else {
            let isAsked = panel.results.question == panel.question
            let text = panel.problem ?? (isAsked ? context.strings.noHits : context.strings.searchHint)
            for (offset, line) in TextWrap.lines(Sanitizer.text(text), width: area.columns).prefix(area.rows)
                .enumerated()
            {
                screen.write(
                    line, column: area.column + 2, row: area.row + offset, style: context.theme.faint)
            }
            return
        }
        let fitting = max(1, area.rows / rowsEach)
        let first = max(0, min(panel.selection - fitting / 2, hits.count - fitting))
        for (offset, hit) in hits.dropFirst(first).prefix(fitting).enumerated() {
            let item = Rect(
                column: area.column, row: area.row + offset * rowsEach, columns: area.columns,
                rows: min(rowsEach, area.rows - offset * rowsEach))
            screen.mark(item, as: .item(first + offset))
            draw(hit, isChosen: first + offset == panel.selection, panel, context, in: item, on: &screen)
        }
    }

    private static func draw(
        _ hit: SearchHit, isChosen: Bool, _ panel: SearchPanel, _ context: ScreenContext, in item: Rect,
        on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(item, background: context.theme.panelSelection)
            for row in item.row..<item.endRow {
                screen.write(
                    context.symbols.chosen, column: item.column, row: row, style: context.theme.accent)
            }
        }
        let time = context.calendar.time(of: hit.row.time)
        let when = context.strings.short(time, today: context.today)
        let whenColumns = TextWidth.of(when)
        screen.write(
            when, column: item.endColumn - whenColumns - 1, row: item.row, style: context.theme.faint)
        let who = who(hit, panel, context)
        let room = item.columns - 4 - whenColumns
        screen.write(
            TextWidth.truncated(Sanitizer.line(who), to: room, ellipsis: context.symbols.ellipsis),
            column: item.column + 2, row: item.row, columns: room,
            style: hit.row.isMine ? context.theme.faint.with(.bold) : context.theme.name(of: hit.peer))
        guard item.rows > 1 else { return }
        drawExcerpt(hit, context, in: item, on: &screen)
    }

    private static func who(_ hit: SearchHit, _ panel: SearchPanel, _ context: ScreenContext) -> String {
        let name = context.displayName(of: hit.peer, or: hit.peerName)
        guard hit.row.isMine else { return name }
        return panel.peer == nil ? context.strings.youTo(name) : context.strings.you
    }

    /// The matches stand out by more than colour.
    private static func drawExcerpt(
        _ hit: SearchHit, _ context: ScreenContext, in item: Rect, on screen: inout Screen
    ) {
        let bytes = Array(hit.excerpt.utf8)
        var column = item.column + 2
        let end = item.endColumn
        var position = 0
        func put(_ range: Range<Int>, _ style: Style) {
            guard range.lowerBound < range.upperBound, column < end else { return }
            let text = String(decoding: bytes[range], as: UTF8.self)
            column += screen.write(
                Sanitizer.line(text), column: column, row: item.row + 1, columns: end - column, style: style)
        }
        for match in hit.matches {
            let match = match.clamped(to: position..<max(position, bytes.count))
            put(position..<match.lowerBound, context.theme.text)
            put(match, context.theme.match)
            position = match.upperBound
        }
        put(position..<bytes.count, context.theme.text)
    }
}
