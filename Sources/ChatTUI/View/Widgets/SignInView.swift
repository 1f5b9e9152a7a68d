/// The first screen of somebody without an account here.
enum SignInView {
    private static let columns = 48

    static func draw(_ form: SignInForm, _ state: AppState, on screen: inout Screen) {
        var rows = drawnRows(form, state)
        // What is least needed goes first when there is little room.
        while rows.count > screen.size.rows, let spare = rows.lastIndex(where: { $0.isSpare }) {
            rows.remove(at: spare)
        }
        if rows.count > screen.size.rows, let current = rows.firstIndex(where: { $0.field == form.field }) {
            rows = Array(
                rows[max(0, min(current, rows.count - screen.size.rows))...].prefix(screen.size.rows))
        }
        let area = screen.bounds.centred(columns: columns, rows: rows.count)
        for (offset, row) in rows.prefix(area.rows).enumerated() {
            let line = Rect(column: area.column, row: area.row + offset, columns: area.columns, rows: 1)
            draw(row, form, state, in: line, on: &screen)
        }
    }

    private struct Row {
        enum Content {
            case blank
            case text(String, Style)
            case field(SignInForm.Field)
            case server
            case keys([(key: Key, label: String)])
        }
        var content: Content
        var isSpare = false

        var field: SignInForm.Field? {
            if case .field(let field) = content { return field }
            return nil
        }
    }

    private static func drawnRows(_ form: SignInForm, _ state: AppState) -> [Row] {
        let strings = state.strings
        let title = form.mode == .signIn ? strings.signInTitle : strings.registerTitle
        let blank = Row(content: .blank, isSpare: true)
        var rows = [
            Row(content: .text("MyChat", state.theme.accent.with(.bold)), isSpare: true),
            Row(content: .text(title, state.theme.heading), isSpare: true), blank,
        ]
        if !form.changesServer { rows += [Row(content: .server, isSpare: true), blank] }
        for field in form.fields {
            rows.append(Row(content: .field(field)))
            rows.append(blank)
        }
        rows.append(contentsOf: message(form, state))
        let action = form.mode == .signIn ? strings.signInAction : strings.registerAction
        let other = form.mode == .signIn ? strings.toRegister : strings.toSignIn
        rows.append(blank)
        rows.append(
            Row(content: .keys([(Key(.enter), action), (SignInForm.otherModeKey, other)]), isSpare: true))
        rows.append(
            Row(
                content: .keys([
                    (Key(.tab), strings.nextField),
                    (state.keymap.key(for: .quit) ?? .character("q", .control), strings.hint(.quit)),
                ]), isSpare: true))
        return rows
    }

    /// One line is always kept, so that nothing moves when there is something to say.
    private static func message(_ form: SignInForm, _ state: AppState) -> [Row] {
        if form.isWorking { return [Row(content: .text(state.strings.working, state.theme.faint))] }
        let text = form.problem ?? state.context.notice?.text
        guard let text else { return [Row(content: .blank)] }
        let style = form.problem != nil ? state.theme.bad : state.theme.warning
        return TextWrap.lines(Sanitizer.text(text), width: min(columns, max(1, state.size.columns)))
            .prefix(4).map { Row(content: .text($0, style)) }
    }

    private static func draw(
        _ row: Row, _ form: SignInForm, _ state: AppState, in area: Rect, on screen: inout Screen
    ) {
        switch row.content {
        case .blank: break
        case .text(let text, let style):
            AppView.drawCentred([(text, style)], in: area, on: &screen)
        case .server:
            let labels = labelColumns(form, state)
            screen.write(
                state.strings.server, column: area.column, row: area.row, columns: labels,
                style: state.theme.faint)
            screen.write(
                TextWidth.truncated(
                    Sanitizer.line(state.server), to: area.columns - labels, ellipsis: state.symbols.ellipsis),
                column: area.column + labels, row: area.row, columns: area.columns - labels,
                style: state.theme.faint)
        case .field(let field): draw(field, form, state, in: area, on: &screen)
        case .keys(let keys):
            let columns = keys.reduce(-3) {
                $0 + TextWidth.of($1.key.hintName) + 1 + TextWidth.of($1.label) + 3
            }
            var column = area.column + max(0, (area.columns - columns) / 2)
            for (key, label) in keys {
                let width = TextWidth.of(key.hintName) + 1 + TextWidth.of(label)
                screen.mark(Rect(column: column, row: area.row, columns: width, rows: 1), as: .key(key))
                column +=
                    screen.write(
                        key.hintName, column: column, row: area.row, columns: area.endColumn - column,
                        style: state.theme.accent) + 1
                column +=
                    screen.write(
                        label, column: column, row: area.row, columns: area.endColumn - column,
                        style: state.theme.faint) + 3
            }
        }
    }

    private static func labelColumns(_ form: SignInForm, _ state: AppState) -> Int {
        let strings = state.strings
        let labels =
            [strings.server, strings.name, strings.email, strings.password]
            + (form.needsInvitation ? [strings.invitation] : [])
        return labels.map { TextWidth.of($0) }.max().map { $0 + 2 } ?? 10
    }

    private static func draw(
        _ field: SignInForm.Field, _ form: SignInForm, _ state: AppState, in area: Rect,
        on screen: inout Screen
    ) {
        let strings = state.strings
        let label =
            switch field {
            case .server: strings.server
            case .name: strings.name
            case .email: strings.email
            case .password: strings.password
            case .invitation: strings.invitation
            }
        let isCurrent = form.field == field && !form.isWorking
        screen.mark(area, as: .field(field))
        let labels = area.columns > 24 ? labelColumns(form, state) : 0
        screen.write(
            label, column: area.column, row: area.row, columns: labels,
            style: isCurrent ? state.theme.accent : state.theme.text)
        let input = area.inset(left: labels)
        screen.tint(
            input, background: state.theme.selection,
            adding: state.theme.selection == .standard ? .underline : [])
        Field.draw(
            form[field], prompt: labels == 0 ? label : "", isMasked: field == .password,
            hasKeyboard: isCurrent && state.chat.dialog == nil,
            state.context, in: input, on: &screen)
    }
}
