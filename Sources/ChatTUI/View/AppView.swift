import ChatClientCore

/// Draws the state. Nothing here decides anything: the same state gives the same screen.
enum AppView {
    static func render(_ state: AppState) -> Screen {
        var screen = Screen(size: state.size, isASCII: state.strings.isASCII)
        guard state.size.columns > 0, state.size.rows > 0 else { return screen }
        switch state.stage {
        case .starting:
            drawBars(state, state.layout, on: &screen)
            drawCentred([(state.strings.loading, state.theme.faint)], in: screen.bounds, on: &screen)
        case .signIn(let form):
            SignInView.draw(form, state, on: &screen)
        case .chat:
            drawChat(state, on: &screen)
        }
        switch state.chat.dialog {
        case .help(let scroll): HelpDialog.draw(scroll: scroll, state.context, on: &screen)
        case .switcher(let switcher): SwitcherDialog.draw(switcher, state.context, on: &screen)
        case .question(let question): QuestionDialog.draw(question, state.context, on: &screen)
        case .links(let picker): LinksDialog.draw(picker, state.context, on: &screen)
        case .details(let row): DetailsDialog.draw(row, state.context, on: &screen)
        case .search(let panel): SearchDialog.draw(panel, state.context, on: &screen)
        case .outbox(let panel): OutboxDialog.draw(panel, state.context, on: &screen)
        case .keys(let trial): KeysDialog.draw(trial, state.context, on: &screen)
        case .find(let finder): FinderDialog.draw(finder, state.context, on: &screen)
        case nil: break
        }
        NoticePanel.draw(state, on: &screen)
        return screen
    }

    private static func drawChat(_ state: AppState, on screen: inout Screen) {
        let layout = state.layout
        drawBars(state, layout, on: &screen)
        drawRules(state, layout, on: &screen)
        ConversationList.draw(state, in: layout.list, on: &screen)
        guard !layout.conversation.isEmpty else { return }
        if state.chat.panes.open == nil {
            drawNothingOpen(state, in: layout.conversation, on: &screen)
        } else {
            ConversationView.draw(state, layout, on: &screen)
            ComposerView.draw(state, layout, on: &screen)
            CompletionPopup.draw(state, layout, on: &screen)
        }
    }

    private static func drawBars(_ state: AppState, _ layout: Layout, on screen: inout Screen) {
        TitleBar.draw(state, in: layout.title, on: &screen)
        StatusBar.draw(state, in: layout.status, on: &screen)
    }

    private static func drawRules(_ state: AppState, _ layout: Layout, on screen: inout Screen) {
        let symbols = state.symbols
        let style = state.theme.rule
        screen.fill(layout.titleRule, with: symbols.horizontal, style: style)
        screen.fill(layout.divider, with: symbols.vertical, style: style)
        if !layout.titleRule.isEmpty, !layout.divider.isEmpty {
            screen.write(
                symbols.downTee, column: layout.divider.column, row: layout.titleRule.row, style: style)
        }
        guard state.chat.panes.open != nil, !layout.composerRule.isEmpty else { return }
        screen.fill(layout.composerRule, with: symbols.horizontal, style: style)
        if !layout.divider.isEmpty {
            screen.write(
                symbols.rightTee, column: layout.divider.column, row: layout.composerRule.row, style: style)
        }
    }

    private static func drawNothingOpen(_ state: AppState, in area: Rect, on screen: inout Screen) {
        let strings = state.strings
        guard state.model.isListLoaded else {
            return drawCentred([(strings.loading, state.theme.faint)], in: area, on: &screen)
        }
        drawCentred(
            state.conversations.isEmpty
                ? noConversations(state)
                : [
                    (strings.chooseConversation, state.theme.heading),
                    (
                        strings.chooseConversationHint(
                            state.way(to: .goTo), arrows: state.context.arrows ?? "",
                            accept: state.keyName(.accept) ?? ""),
                        state.theme.faint
                    ),
                ],
            in: area, on: &screen)
    }

    /// The text of an empty list: it is empty, or not loaded yet.
    static func noConversations(_ state: AppState) -> [(text: String, style: Style)] {
        let strings = state.strings
        switch state.link {
        case .online:
            return [
                (strings.noConversations, state.theme.heading),
                (strings.noConversationsHint(state.way(to: .find)), state.theme.faint),
            ]
        case .connecting: return [(strings.loading, state.theme.faint)]
        default:
            return [(strings.notHereYet, state.theme.heading), (strings.comesWithLink, state.theme.faint)]
        }
    }

    /// Lines in the middle of an area, cut where they do not fit.
    static func drawCentred(_ lines: [(text: String, style: Style)], in area: Rect, on screen: inout Screen) {
        let top = area.row + max(0, (area.rows - lines.count) / 2)
        for (offset, line) in lines.enumerated() where top + offset < area.endRow {
            let text = TextWidth.truncated(
                Sanitizer.line(line.text), to: area.columns, ellipsis: screen.isASCII ? "~" : "…")
            let column = area.column + (area.columns - TextWidth.of(text)) / 2
            screen.write(text, column: column, row: top + offset, columns: area.columns, style: line.style)
        }
    }
}
