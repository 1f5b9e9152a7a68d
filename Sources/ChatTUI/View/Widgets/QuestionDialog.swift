import ChatClientCore

/// A question with its answers below; the one that Enter gives stands out.
///
/// The question and its consequence are never cut. In a small terminal the quoted text is shortened, the title
/// moves into the box, the box loses its frame, and the rest scrolls.
enum QuestionDialog {
    private static let columns = 60

    static func draw(_ question: Question, _ context: ScreenContext, on screen: inout Screen) {
        let bounds = screen.bounds
        let content = Content(question, context, in: screen.size)
        guard content.isFramed else {
            screen.cursor = nil
            screen.fill(bounds)
            screen.mark(bounds, as: .dialog)
            let inside = bounds.columns > 4 ? bounds.inset(left: 1, right: 1) : bounds
            return draw(content, question, context, in: inside, on: &screen)
        }
        let inside = DialogFrame.draw(
            title: content.hasTitleInside ? "" : context.strings.title(of: question.subject),
            footer: context.closesHint, columns: columns, rows: content.rows + 2, context, on: &screen)
        draw(content, question, context, in: inside, on: &screen)
    }

    /// How far the question can be scrolled.
    static func scrollMax(_ question: Question, _ context: ScreenContext) -> Int {
        let content = Content(question, context, in: context.size)
        let room = content.room(in: content.isFramed ? context.size.rows - 4 : context.size.rows)
        return max(0, content.lines.count - room)
    }

    private static func draw(
        _ content: Content, _ question: Question, _ context: ScreenContext, in area: Rect,
        on screen: inout Screen
    ) {
        let room = content.room(in: area.rows)
        let first = min(question.scroll, max(0, content.lines.count - room))
        let shown = content.lines.dropFirst(first).prefix(room)
        for (offset, line) in shown.enumerated() {
            screen.write(
                line.text, column: area.column, row: area.row + offset, columns: area.columns,
                style: line.style)
        }
        if first + shown.count < content.lines.count, area.columns > 1, !shown.isEmpty {
            screen.write(
                context.symbols.ellipsis, column: area.endColumn - TextWidth.of(context.symbols.ellipsis),
                row: area.row + shown.count - 1, style: context.theme.accent)
        }
        var row = area.row + shown.count + (content.hasGap ? 1 : 0)
        for (index, answer) in content.answers.enumerated() {
            let rows = Rect(
                column: area.column, row: row, columns: area.columns,
                rows: max(0, min(answer.lines.count, area.endRow - row)))
            guard !rows.isEmpty else { return }
            screen.mark(rows, as: .item(index))
            draw(answer, isChosen: index == question.selection, context, in: rows, on: &screen)
            row += rows.rows
        }
    }

    private static func draw(
        _ answer: Content.Answer, isChosen: Bool, _ context: ScreenContext, in area: Rect,
        on screen: inout Screen
    ) {
        if isChosen {
            screen.tint(area, background: context.theme.panelSelection)
            screen.write(
                context.symbols.chosen, column: area.column, row: area.row, style: context.theme.accent)
        }
        screen.write(answer.letter, column: area.column + 2, row: area.row, style: context.theme.accent)
        for (offset, line) in answer.lines.prefix(area.rows).enumerated() {
            screen.write(
                line, column: area.column + answer.indent, row: area.row + offset,
                columns: area.columns - answer.indent,
                style: isChosen ? context.theme.text.with(.bold) : context.theme.text)
        }
    }

    /// What stands in the box, in the roomiest arrangement that fits.
    private struct Content {
        struct Answer {
            var letter: String
            var lines: [String]
            var indent: Int { letter.isEmpty ? 2 : 5 }
        }

        var isFramed: Bool
        var hasTitleInside: Bool
        var hasGap: Bool
        var lines: [(text: String, style: Style)]
        var answers: [Answer]

        var rows: Int { lines.count + (hasGap ? 1 : 0) + answerRows }
        private var answerRows: Int { answers.reduce(0) { $0 + $1.lines.count } }

        /// So many lines of the text are in view; one at least.
        func room(in rows: Int) -> Int { max(1, min(lines.count, rows - answerRows - (hasGap ? 1 : 0))) }

        init(_ question: Question, _ context: ScreenContext, in size: Size) {
            let framed = min(QuestionDialog.columns, size.columns - 2)
            let title = TextWidth.of(context.strings.title(of: question.subject))
            for (quotedMax, hasGap) in [(6, true), (3, true), (1, true), (1, false)] {
                self.init(
                    question, context, columns: framed - 4, isFramed: true,
                    hasTitleInside: title > framed - 6,
                    hasGap: hasGap, quotedMax: quotedMax)
                if DialogFrame.hasFrame(in: size), rows <= size.rows - 4 { return }
            }
            self.init(
                question, context, columns: size.columns > 4 ? size.columns - 2 : size.columns,
                isFramed: false,
                hasTitleInside: true, hasGap: false, quotedMax: 1)
        }

        private init(
            _ question: Question, _ context: ScreenContext, columns: Int, isFramed: Bool,
            hasTitleInside: Bool,
            hasGap: Bool, quotedMax: Int
        ) {
            let strings = context.strings
            let width = max(1, columns)
            self.isFramed = isFramed
            self.hasTitleInside = hasTitleInside
            self.hasGap = hasGap
            lines = []
            if hasTitleInside {
                lines = TextWrap.lines(strings.title(of: question.subject), width: width).map {
                    ($0, context.theme.heading)
                }
            }
            lines += QuestionDialog.quoted(question.subject, context, width: width, linesMax: quotedMax).map {
                ($0, context.theme.accent)
            }
            lines += TextWrap.lines(strings.explanation(of: question.subject), width: width).map {
                ($0, context.theme.text)
            }
            answers = question.answers.map { answer in
                var shown = Answer(letter: question.takesLetters ? strings.letter(of: answer) : "", lines: [])
                shown.lines = TextWrap.lines(
                    strings.answer(answer, to: question.subject), width: max(1, columns - shown.indent))
                return shown
            }
        }
    }

    /// What is asked about: text of people or of links, which the strings do not contain.
    private static func quoted(
        _ subject: Question.Subject, _ context: ScreenContext, width: Int, linesMax: Int
    ) -> [String] {
        guard let text = quoted(subject) else { return [] }
        let wrapped = TextWrap.lines(Sanitizer.text(text), width: width)
        guard wrapped.count > linesMax else { return wrapped }
        guard linesMax > 1 else {
            return [
                TextWidth.truncated(
                    Sanitizer.line(String(text.prefix(width + 1))), to: width,
                    ellipsis: context.symbols.ellipsis)
            ]
        }
        return wrapped.prefix(linesMax) + [context.symbols.ellipsis]
    }

    private static func quoted(_ subject: Question.Subject) -> String? {
        switch subject {
        case .deleteMessage(let row): row.content
        case .openLink(let link): link
        case .paste(let text, _): text
        case .removeContact(_, let name), .deleteConversation(_, let name): name
        case .held, .heldFromFormerServer: nil
        }
    }
}

/// The links of a message.
enum LinksDialog {
    static func draw(_ picker: LinkPicker, _ context: ScreenContext, on screen: inout Screen) {
        let inside = DialogFrame.draw(
            title: context.strings.linksTitle, footer: context.opensHint + context.closesHint,
            columns: 76, rows: picker.links.count + 2, context, on: &screen)
        let first = max(0, min(picker.selection - inside.rows / 2, picker.links.count - inside.rows))
        for (offset, link) in picker.links.dropFirst(first).prefix(inside.rows).enumerated() {
            let row = Rect(column: inside.column, row: inside.row + offset, columns: inside.columns, rows: 1)
            let isChosen = first + offset == picker.selection
            screen.mark(row, as: .item(first + offset))
            if isChosen {
                screen.tint(row, background: context.theme.panelSelection)
                screen.write(
                    context.symbols.chosen, column: row.column, row: row.row, style: context.theme.accent)
            }
            screen.write(
                TextWidth.truncated(link, to: row.columns - 2, ellipsis: context.symbols.ellipsis),
                column: row.column + 2, row: row.row, columns: row.columns - 2, style: context.theme.link)
        }
    }
}
