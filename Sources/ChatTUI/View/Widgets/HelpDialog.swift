/// Every key and every command, made from the keymap itself.
enum HelpDialog {
    private static let columns = 64

    private enum Line {
        case title(String)
        /// Keys, and a line of what they do; further lines have no keys.
        case entry(String, String)
        case blank
    }

    static func draw(scroll: Int, _ context: ScreenContext, on screen: inout Screen) {
        let lines = fitted(context)
        let isScrollable = scrollMax(context) > 0
        let footer = (isScrollable ? context.moreHint : []) + context.closesHint
        let inside = DialogFrame.draw(
            title: context.strings.helpTitle, footer: footer, columns: columns, rows: lines.count + 2,
            context,
            on: &screen)
        let keyColumns = keyColumns(inside.columns)
        for (offset, line) in lines.dropFirst(scroll).prefix(inside.rows).enumerated() {
            let row = inside.row + offset
            switch line {
            case .blank: break
            case .title(let text):
                screen.write(
                    text, column: inside.column, row: row, columns: inside.columns,
                    style: context.theme.heading
                )
            case .entry(let keys, let text):
                screen.write(
                    text.isEmpty ? keys : whole(keys, columns: keyColumns - 1), column: inside.column,
                    row: row,
                    style: context.theme.accent)
                screen.write(
                    text, column: inside.column + keyColumns, row: row, columns: inside.columns - keyColumns,
                    style: context.theme.text)
            }
        }
    }

    /// Without the second key, or what may follow a command, where there is no room for it.
    private static func whole(_ keys: String, columns: Int) -> String {
        TextWidth.of(keys) <= columns ? keys : String(keys.prefix { $0 != " " })
    }

    private static func keyColumns(_ columns: Int) -> Int { min(24, max(10, columns * 2 / 5)) }

    /// The lines at the width that this terminal has: what is longer goes on below.
    private static func fitted(_ context: ScreenContext) -> [Line] {
        let inside = isFramed(context) ? min(columns, context.size.columns - 2) - 4 : context.size.columns
        let room = max(1, inside - keyColumns(inside))
        return lines(context).flatMap { line -> [Line] in
            guard case .entry(let keys, let text) = line else { return [line] }
            let texts = TextWrap.lines(text, width: room)
            // A name that is too long has a line of its own.
            if TextWidth.of(whole(keys, columns: keyColumns(inside) - 1)) >= keyColumns(inside) {
                return [.entry(keys, "")] + texts.map { .entry("", $0) }
            }
            return texts.enumerated().map { .entry($0.offset == 0 ? keys : "", $0.element) }
        }
    }

    private static func isFramed(_ context: ScreenContext) -> Bool {
        context.size.columns >= 24 && context.size.rows >= 8
    }

    /// How far help can be scrolled in this terminal.
    static func scrollMax(_ context: ScreenContext) -> Int {
        max(0, fitted(context).count - (isFramed(context) ? context.size.rows - 4 : context.size.rows))
    }

    private static func keyNames(_ binding: Keymap.Binding, _ context: ScreenContext) -> String {
        // Alt-a and Alt-A are two keys with one name.
        let names = binding.keys.map { context.model.shown($0.displayName) }
        let distinct = names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }
        return distinct.prefix(2).map(\.element).joined(separator: "  ")
    }

    /// `Alt-1 … Alt-9`
    private static func numberKeys(_ context: ScreenContext) -> [Line] {
        let keys = context.keymap.boundNumberKeys
        guard let first = keys.first, let last = keys.last else { return [] }
        return [
            .entry("\(first.displayName) … \(last.displayName)", context.strings.describe(.conversation(1)))
        ]
    }

    private static func lines(_ context: ScreenContext) -> [Line] {
        let strings = context.strings
        var lines: [Line] = []
        for section in Keymap.Section.allCases {
            if !lines.isEmpty { lines.append(.blank) }
            lines.append(.title(strings.section(section)))
            for binding in context.keymap.bindings where binding.section == section && !binding.keys.isEmpty {
                lines.append(.entry(keyNames(binding, context), strings.describe(binding.command)))
            }
            if section == .conversations {
                lines += numberKeys(context)
            }
        }
        lines.append(.blank)
        lines.append(.title(strings.commandsTitle))
        for command in SlashCommand.all(on: .full) {
            let words = strings.words(for: command)
            let argument = strings.argument(of: command).map { " " + $0 } ?? ""
            lines.append(.entry("/" + words.names[0] + argument, words.help))
        }
        lines.append(.entry("//…", strings.doubleSlash))
        return lines
    }
}
