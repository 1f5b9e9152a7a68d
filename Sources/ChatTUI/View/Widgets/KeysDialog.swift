/// What the pressed keys are called in the configuration, and what they do.
enum KeysDialog {
    static func draw(_ trial: KeyTrial, _ context: ScreenContext, on screen: inout Screen) {
        let inside = DialogFrame.draw(
            title: context.strings.keysTitle,
            footer: [context.strings.keysClose(context.keyName(.cancel) ?? Key(.escape).displayName)],
            columns: 74, rows: 16,
            context,
            on: &screen)
        guard !trial.keys.isEmpty else {
            return AppView.drawCentred(
                [(context.strings.keysHint, context.theme.faint)], in: inside, on: &screen)
        }
        let keyColumns = min(16, max(10, inside.columns / 4))
        let commandColumns = inside.columns >= 60 ? 22 : 0
        let start = keyColumns + commandColumns
        let lines = lines(trial, context).flatMap { line -> [Line] in
            TextWrap.lines(line.words, width: max(1, inside.columns - start)).enumerated().map {
                $0.offset == 0
                    ? Line(key: line.key, command: line.command, words: $0.element) : Line(words: $0.element)
            }
        }
        for (offset, line) in lines.suffix(inside.rows).enumerated() {
            let row = inside.row + offset
            screen.write(
                Sanitizer.line(line.key), column: inside.column, row: row, columns: keyColumns - 1,
                style: context.theme.accent)
            screen.write(
                line.command, column: inside.column + keyColumns, row: row, columns: commandColumns - 1,
                style: context.theme.faint)
            screen.write(
                line.words, column: inside.column + start, row: row, columns: inside.columns - start,
                style: context.theme.text)
        }
    }

    private struct Line {
        var key = ""
        var command = ""
        var words: String
    }

    /// A key may mean one thing while one writes and another while a message is chosen.
    private static func lines(_ trial: KeyTrial, _ context: ScreenContext) -> [Line] {
        trial.keys.flatMap { key -> [Line] in
            let commands = [
                context.keymap.command(for: key),
                context.keymap.messageCommand(for: key).map(Command.message),
            ].compactMap(\.self)
            guard !commands.isEmpty else {
                let words = key.typedText == nil ? context.strings.keyDoesNothing : context.strings.keyTypes
                return [Line(key: key.name, words: words)]
            }
            return commands.enumerated().map { index, command in
                let words = context.strings.describe(command)
                return Line(
                    key: index == 0 ? key.name : "", command: command.name,
                    words: command.isForChosen ? context.strings.whileChosen(words) : words)
            }
        }
    }
}
