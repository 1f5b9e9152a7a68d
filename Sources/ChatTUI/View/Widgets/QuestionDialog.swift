import ChatClientCore

/// Something asked, its answers below; the one that Enter gives stands out.
enum QuestionDialog {
    private static let columns = 60

    static func draw(_ question: Question, _ state: AppState, on screen: inout Screen) {
        let inner = max(1, min(columns, screen.size.columns - 2) - 4)
        let lines = lines(question.subject, state, width: inner)
        let answers = answerLines(question, state)
        let inside = DialogFrame.draw(
            title: state.strings.title(of: question.subject), footer: [state.strings.closes],
            columns: columns, rows: lines.count + answers.count + 3, state, on: &screen)
        let room = max(0, inside.rows - answers.count - 1)
        for (offset, line) in lines.prefix(room).enumerated() {
            screen.write(
                line.text, column: inside.column, row: inside.row + offset, columns: inside.columns,
                style: line.style)
        }
        let top = inside.row + min(lines.count, room) + (inside.rows > answers.count ? 1 : 0)
        for (offset, answer) in answers.enumerated() where top + offset < inside.endRow {
            let row = Rect(column: inside.column, row: top + offset, columns: inside.columns, rows: 1)
            screen.mark(row, as: .item(offset))
            draw(answer, isChosen: offset == question.selection, state, in: row, on: &screen)
        }
    }

    /// What is asked about, and what will happen.
    private static func lines(
        _ subject: Question.Subject, _ state: AppState, width: Int
    ) -> [(text: String, style: Style)] {
        var lines: [(text: String, style: Style)] = []
        if let quoted = quoted(subject) {
            let wrapped = TextWrap.lines(Sanitizer.text(quoted), width: width)
            lines = wrapped.prefix(quotedLinesMax).map { ($0, state.theme.accent) }
            if wrapped.count > quotedLinesMax { lines.append((state.symbols.ellipsis, state.theme.accent)) }
        }
        let words = TextWrap.lines(state.strings.explanation(of: subject), width: width)
        return lines + words.map { ($0, state.theme.text) }
    }

    private static let quotedLinesMax = 6

    /// Text of people or of links, which the strings do not contain.
    private static func quoted(_ subject: Question.Subject) -> String? {
        switch subject {
        case .deleteMessage(let row): row.content
        case .openLink(let link): link
        case .paste(let text, _): text
        case .removeContact(_, let name), .deleteConversation(_, let name): name
        case .held, .heldFromFormerServer: nil
        }
    }

    private static func answerLines(
        _ question: Question, _ state: AppState
    ) -> [(letter: String, text: String)] {
        question.answers.map {
            (
                question.takesLetters ? state.strings.letter(of: $0) : "",
                state.strings.answer($0, to: question.subject)
            )
        }
    }

    private static func draw(
        _ answer: (letter: String, text: String), isChosen: Bool, _ state: AppState, in row: Rect,
        on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(row, background: state.theme.panelSelection)
            screen.write(state.symbols.chosen, column: row.column, row: row.row, style: state.theme.accent)
        }
        screen.write(answer.letter, column: row.column + 2, row: row.row, style: state.theme.accent)
        screen.write(
            answer.text, column: row.column + (answer.letter.isEmpty ? 2 : 5), row: row.row,
            columns: row.columns - 5,
            style: isChosen ? state.theme.text.with(.bold) : state.theme.text)
    }
}

/// The links of a message.
enum LinksDialog {
    static func draw(_ picker: LinkPicker, _ state: AppState, on screen: inout Screen) {
        let inside = DialogFrame.draw(
            title: state.strings.linksTitle, footer: [state.strings.opens, state.strings.closes],
            columns: 76, rows: picker.links.count + 2, state, on: &screen)
        let first = max(0, min(picker.selection - inside.rows / 2, picker.links.count - inside.rows))
        for (offset, link) in picker.links.dropFirst(first).prefix(inside.rows).enumerated() {
            let row = Rect(column: inside.column, row: inside.row + offset, columns: inside.columns, rows: 1)
            let isChosen = first + offset == picker.selection
            screen.mark(row, as: .item(first + offset))
            if isChosen {
                screen.tint(row, background: state.theme.panelSelection)
                screen.write(
                    state.symbols.chosen, column: row.column, row: row.row, style: state.theme.accent)
            }
            screen.write(
                TextWidth.truncated(link, to: row.columns - 2, ellipsis: state.symbols.ellipsis),
                column: row.column + 2, row: row.row, columns: row.columns - 2, style: state.theme.link)
        }
    }
}
