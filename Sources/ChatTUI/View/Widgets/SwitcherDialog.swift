import ChatClientCore
import ChatWire

/// A field and the conversations that match it.
enum SwitcherDialog {
    static func draw(_ switcher: Switcher, _ context: ScreenContext, on screen: inout Screen) {
        let matches = switcher.matches(in: context.conversations)
        let inside = DialogFrame.draw(
            title: context.strings.switcherTitle, footer: context.opensHint + context.closesHint,
            columns: 44, rows: min(14, max(4, context.conversations.count + 4)), context, on: &screen)
        let items = matches.map { conversation in
            PickList.Item(
                text: context.displayName(of: conversation.peer),
                detail: (conversation.isContact ? "" : context.strings.noContact + " ")
                    + (conversation.unread > 0 ? "\(conversation.unread)" : ""),
                style: context.theme.text)
        }
        PickList.draw(
            query: switcher.query, prompt: context.strings.switcherPrompt, items: items,
            selection: switcher.selection,
            empty: context.strings.noMatch, context, in: inside, on: &screen)
    }
}

/// A field and the people on the server who match it.
enum FinderDialog {
    static func draw(_ finder: PeopleFinder, _ context: ScreenContext, on screen: inout Screen) {
        let inside = DialogFrame.draw(
            title: context.strings.findTitle, footer: context.addsHint + context.closesHint,
            columns: 56, rows: 14, context, on: &screen)
        let items = finder.results.map { person in
            PickList.Item(
                text: Sanitizer.hasVisibleSign(person.name) ? person.name : "#\(person.id.rawValue)",
                detail: context.conversation(with: person.id) != nil
                    ? context.strings.alreadyInList : person.email ?? "",
                style: context.theme.name(of: person.id))
        }
        let isAsked = finder.asked == finder.query.text
        let empty =
            finder.problem
            ?? (finder.isSearching ? context.strings.searching : isAsked ? context.strings.noMatch : "")
        PickList.draw(
            query: finder.query, prompt: context.strings.findPrompt, items: items,
            selection: finder.selection,
            empty: empty, context, in: inside, on: &screen)
    }
}

/// A field with a list below it, one line of which is chosen.
enum PickList {
    struct Item {
        var text: String
        var detail: String
        var style: Style
    }

    static func draw(
        query: LineEditor, prompt: String, items: [Item], selection: Int, empty: String,
        _ context: ScreenContext,
        in area: Rect, on screen: inout Screen
    ) {
        guard !area.isEmpty else { return }
        screen.write(context.symbols.prompt, column: area.column, row: area.row, style: context.theme.accent)
        let field = Rect(column: area.column + 2, row: area.row, columns: area.columns - 2, rows: 1)
        Field.draw(query, prompt: prompt, hasKeyboard: true, context, in: field, on: &screen)
        let list = area.inset(top: area.rows > 4 ? 2 : 1)
        guard !list.isEmpty else { return }
        if items.isEmpty {
            let lines = TextWrap.lines(Sanitizer.text(empty), width: list.columns).prefix(list.rows)
            for (offset, line) in lines.enumerated() {
                screen.write(
                    line, column: list.column, row: list.row + offset, columns: list.columns,
                    style: context.theme.faint)
            }
            return
        }
        let first = max(0, min(selection - list.rows / 2, items.count - list.rows))
        for (offset, item) in items.dropFirst(first).prefix(list.rows).enumerated() {
            let row = Rect(column: list.column, row: list.row + offset, columns: list.columns, rows: 1)
            screen.mark(row, as: .item(first + offset))
            draw(item, isChosen: first + offset == selection, context, in: row, on: &screen)
        }
    }

    private static func draw(
        _ item: Item, isChosen: Bool, _ context: ScreenContext, in row: Rect, on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(row, background: context.theme.panelSelection)
            screen.write(
                context.symbols.chosen, column: row.column, row: row.row, style: context.theme.accent)
        }
        let detail = TextWidth.truncated(
            Sanitizer.line(item.detail), to: row.columns / 2, ellipsis: context.symbols.ellipsis)
        let detailColumns = TextWidth.of(detail)
        let room = row.columns - 3 - detailColumns
        screen.write(
            TextWidth.truncated(Sanitizer.line(item.text), to: room, ellipsis: context.symbols.ellipsis),
            column: row.column + 2, row: row.row,
            columns: room, style: item.style)
        screen.write(detail, column: row.endColumn - detailColumns, row: row.row, style: context.theme.faint)
    }
}
