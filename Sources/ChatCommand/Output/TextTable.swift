import ChatTUI

/// Rows of texts as lines with aligned columns.
enum TextTable {
    /// The beginning of another person's text, for a cell: one line, sanitised, short enough for the table.
    static func excerpt(_ text: String) -> String {
        let line = Sanitizer.line(String(text.prefix(200)))
        return line.count > 60 || text.count > 200 ? line.prefix(59) + "…" : line
    }

    /// The lines; each column is as wide as its widest text, and two spaces separate columns. The texts must be
    /// sanitised.
    static func lines(_ rows: [[String]]) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, text) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], width(text))
            }
        }
        return rows.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                line += text
                let padding = widths[column] - width(text) + 2
                if column + 1 < row.count { line += String(repeating: " ", count: padding) }
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The columns of a text without its emphasis.
    private static func width(_ text: String) -> Int {
        guard text.contains("\u{1B}") else { return TextWidth.of(text) }
        var plain = ""
        var rest = text[...]
        while let escape = rest.firstIndex(of: "\u{1B}") {
            plain += rest[..<escape]
            rest = rest[escape...].drop { $0 != "m" }.dropFirst()
        }
        return TextWidth.of(plain + rest)
    }
}
