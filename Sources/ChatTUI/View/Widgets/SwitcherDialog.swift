import ChatClientCore
import ChatWire

/// A field and the conversations that match it.
enum SwitcherDialog {
    static func draw(_ switcher: Switcher, _ state: AppState, on screen: inout Screen) {
        let matches = switcher.matches(in: state.conversations)
        let inside = DialogFrame.draw(
            title: state.strings.switcherTitle, footer: state.opensHint + state.closesHint,
            columns: 44, rows: min(14, max(4, state.conversations.count + 4)), state, on: &screen)
        let items = matches.map { conversation in
            PickList.Item(
                text: state.displayName(of: conversation.peer),
                detail: (conversation.isContact ? "" : state.strings.noContact + " ")
                    + (conversation.unread > 0 ? "\(conversation.unread)" : ""),
                style: state.theme.text)
        }
        PickList.draw(
            query: switcher.query, prompt: state.strings.switcherPrompt, items: items,
            selection: switcher.selection,
            empty: state.strings.noMatch, state, in: inside, on: &screen)
    }
}

/// A field and the people on the server who match it.
enum FinderDialog {
    static func draw(_ finder: PeopleFinder, _ state: AppState, on screen: inout Screen) {
        let inside = DialogFrame.draw(
            title: state.strings.findTitle, footer: state.addsHint + state.closesHint,
            columns: 56, rows: 14, state, on: &screen)
        let items = finder.results.map { person in
            PickList.Item(
                text: Sanitizer.hasVisibleSign(person.name) ? person.name : "#\(person.id.rawValue)",
                detail: state.conversation(with: person.id) != nil
                    ? state.strings.alreadyInList : person.email ?? "",
                style: state.theme.name(of: person.id))
        }
        let isAsked = finder.asked == finder.query.text
        let empty =
            finder.problem
            ?? (finder.isSearching ? state.strings.searching : isAsked ? state.strings.noMatch : "")
        PickList.draw(
            query: finder.query, prompt: state.strings.findPrompt, items: items, selection: finder.selection,
            empty: empty, state, in: inside, on: &screen)
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
        query: LineEditor, prompt: String, items: [Item], selection: Int, empty: String, _ state: AppState,
        in area: Rect, on screen: inout Screen
    ) {
        guard !area.isEmpty else { return }
        screen.write(state.symbols.prompt, column: area.column, row: area.row, style: state.theme.accent)
        let field = Rect(column: area.column + 2, row: area.row, columns: area.columns - 2, rows: 1)
        Field.draw(query, prompt: prompt, hasKeyboard: true, state, in: field, on: &screen)
        let list = area.inset(top: area.rows > 4 ? 2 : 1)
        guard !list.isEmpty else { return }
        if items.isEmpty {
            let lines = TextWrap.lines(Sanitizer.text(empty), width: list.columns).prefix(list.rows)
            for (offset, line) in lines.enumerated() {
                screen.write(
                    line, column: list.column, row: list.row + offset, columns: list.columns,
                    style: state.theme.faint)
            }
            return
        }
        let first = max(0, min(selection - list.rows / 2, items.count - list.rows))
        for (offset, item) in items.dropFirst(first).prefix(list.rows).enumerated() {
            let row = Rect(column: list.column, row: list.row + offset, columns: list.columns, rows: 1)
            screen.mark(row, as: .item(first + offset))
            draw(item, isChosen: first + offset == selection, state, in: row, on: &screen)
        }
    }

    private static func draw(
        _ item: Item, isChosen: Bool, _ state: AppState, in row: Rect, on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(row, background: state.theme.panelSelection)
            screen.write(state.symbols.chosen, column: row.column, row: row.row, style: state.theme.accent)
        }
        let detail = TextWidth.truncated(
            Sanitizer.line(item.detail), to: row.columns / 2, ellipsis: state.symbols.ellipsis)
        let detailColumns = TextWidth.of(detail)
        let room = row.columns - 3 - detailColumns
        screen.write(
            TextWidth.truncated(Sanitizer.line(item.text), to: room, ellipsis: state.symbols.ellipsis),
            column: row.column + 2, row: row.row,
            columns: room, style: item.style)
        screen.write(detail, column: row.endColumn - detailColumns, row: row.row, style: state.theme.faint)
    }
}
