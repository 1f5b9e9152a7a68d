import ChatTUI

/// Rows of texts as lines with aligned columns.
enum TextTable {
    /// The lines; columns are as wide as their widest text and two blanks apart. The texts are sanitised
    /// already.
    static func lines(_ rows: [[String]]) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, text) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], TextWidth.of(text))
            }
        }
        return rows.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                line += text
                let padding = widths[column] - TextWidth.of(text) + 2
                if column + 1 < row.count { line += String(repeating: " ", count: padding) }
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
