/// The lines that an editor's text takes at a width, and where its cursor falls.
struct EditorLayout: Sendable {
    private struct Line {
        var clusters: [Cluster]
        /// The number of the line's first cluster in the whole text.
        var start: Int
    }

    /// What to draw, line by line. A cluster too wide for the width is left to the drawing.
    let lines: [String]
    /// The cursor's column and line.
    let cursor: Point
    private let widths: [[Int]]
    private let starts: [Int]

    init(_ editor: LineEditor, width: Int) {
        let textWidth = Self.textWidth(width)
        var found: [Line] = []
        var offset = 0
        for paragraph in editor.text.split(separator: "\n", omittingEmptySubsequences: false) {
            let clusters = paragraph.map { Cluster(shown: $0) }
            for range in TextWrap.ranges(clusters, width: textWidth) {
                found.append(Line(clusters: Array(clusters[range]), start: offset + range.lowerBound))
            }
            offset += clusters.count + 1
        }
        lines = found.map { line in String(line.clusters.map(\.character)) }
        widths = found.map { line in line.clusters.map(\.width) }
        starts = found.map(\.start)
        let position = editor.before.count
        let row = found.lastIndex { $0.start <= position } ?? 0
        let inLine = found[row].clusters.prefix(max(0, position - found[row].start))
        cursor = Point(column: min(max(0, width - 1), inLine.reduce(0) { $0 + $1.width }), row: row)
    }

    /// One column is kept free at the end of a line, for the cursor.
    private static func textWidth(_ width: Int) -> Int { max(1, width - 1) }

    /// How many lines a text takes, counted no further than `most`, whatever the length of the text.
    static func lineCount(of text: String, width: Int, most: Int) -> Int {
        // The text is longer than this many full lines, unless spaces hang over.
        let head = text.prefix((textWidth(width) + 1) * most + 1)
        let count = lineCount(of: head, width: width)
        guard count < most, head.endIndex < text.endIndex else { return min(count, most) }
        return min(lineCount(of: text[...], width: width), most)
    }

    private static func lineCount(of text: Substring, width: Int) -> Int {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .reduce(0) { $0 + TextWrap.ranges($1.map { Cluster(shown: $0) }, width: textWidth(width)).count }
    }

    /// The number of the cluster at a place, or of the end of its line.
    func offset(row: Int, column: Int) -> Int {
        var used = 0
        for (index, width) in widths[row].enumerated() {
            if used + width > column { return starts[row] + index }
            used += width
        }
        // The end of a wrapped line is the beginning of the next.
        let atEnd = starts[row] + widths[row].count
        let isWrapped = row + 1 < starts.count && starts[row + 1] == atEnd
        return isWrapped && atEnd > starts[row] ? atEnd - 1 : atEnd
    }
}

extension Cluster {
    /// A cluster as an editor shows it: a tab is a space there, and nothing is invisible.
    init(shown character: Character) {
        self.init(character == "\t" ? " " : character)
        if width == 0 { self.init("\u{25CC}", width: 1) }
    }
}
