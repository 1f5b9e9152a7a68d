/// What the pressed keys are called in the configuration, and what they do.
enum KeysDialog {
    static func draw(_ trial: KeyTrial, _ state: AppState, on screen: inout Screen) {
        let inside = DialogFrame.draw(
            title: state.strings.keysTitle, footer: [state.strings.keysClose], columns: 74, rows: 16, state,
            on: &screen)
        guard !trial.keys.isEmpty else {
            return AppView.drawCentred([(state.strings.keysHint, state.theme.faint)], in: inside, on: &screen)
        }
        let keyColumns = min(16, max(10, inside.columns / 4))
        let commandColumns = inside.columns >= 60 ? 22 : 0
        for (offset, line) in lines(trial, state).suffix(inside.rows).enumerated() {
            let row = inside.row + offset
            let parts = [
                (line.key, 0, keyColumns, state.theme.accent),
                (line.command, keyColumns, commandColumns, state.theme.faint),
                (line.words, keyColumns + commandColumns, inside.columns, state.theme.text),
            ]
            for (text, column, columns, style) in parts where columns > 0 {
                let room = min(columns - 1, inside.columns - column)
                screen.write(
                    TextWidth.truncated(Sanitizer.line(text), to: room, ellipsis: state.symbols.ellipsis),
                    column: inside.column + column, row: row, style: style)
            }
        }
    }

    private struct Line {
        var key: String
        var command = ""
        var words: String
    }

    /// A key may mean one thing while one writes and another while a message is chosen.
    private static func lines(_ trial: KeyTrial, _ state: AppState) -> [Line] {
        trial.keys.flatMap { key -> [Line] in
            let commands = [
                state.keymap.command(for: key), state.keymap.messageCommand(for: key).map(Command.message),
            ].compactMap(\.self)
            guard !commands.isEmpty else {
                let words = state.typed(key) == nil ? state.strings.keyDoesNothing : state.strings.keyTypes
                return [Line(key: key.name, words: words)]
            }
            return commands.enumerated().map { index, command in
                let words = state.strings.describe(command)
                return Line(
                    key: index == 0 ? key.name : "", command: command.name,
                    words: command.isForChosen ? state.strings.whileChosen(words) : words)
            }
        }
    }
}
