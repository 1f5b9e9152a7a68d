/// The control sequences of one kind of terminal.
struct TerminalCapabilities: Sendable {
    /// Moves the cursor to a row and column, counted from 0.
    var moveCursor: @Sendable (_ row: Int, _ column: Int) -> [UInt8]
    var setForeground: @Sendable (UInt8) -> [UInt8]
    var setBackground: @Sendable (UInt8) -> [UInt8]
    var resetStyle: [UInt8]
    var bold: [UInt8]
    var dim: [UInt8]
    var italic: [UInt8]
    var underline: [UInt8]
    var reverse: [UInt8]
    var clearScreen: [UInt8]
    var clearToLineEnd: [UInt8]
    var hideCursor: [UInt8]
    var showCursor: [UInt8]
    /// False where writing the last cell of the last row would scroll the screen.
    var canWriteLastCell: Bool
    var colours: ColourDepth
    /// True where text can be a link (OSC 8).
    var hasHyperlinks = false
}

/// Encodes the change from one screen to the next. Only changed cells are sent. After
/// a cluster whose width terminals dispute the cursor is placed anew, and a row that
/// holds or held one is erased and sent whole when it changes, so that a cluster drawn
/// wrong stays wrong only in its own cells.
struct FrameEncoder {
    private let capabilities: TerminalCapabilities
    private var shown: Screen?
    private var styles: [Style: [UInt8]] = [:]
    private var style: Style?
    private var link: Hyperlink?
    private var output: [UInt8] = []

    init(capabilities: TerminalCapabilities) {
        self.capabilities = capabilities
    }

    /// Forgets what is shown, so that the next frame is sent whole.
    mutating func invalidate() { shown = nil }

    /// The bytes that make the terminal show `screen`; empty when it does already.
    mutating func encode(_ screen: Screen) -> [UInt8] {
        output.removeAll(keepingCapacity: true)
        style = nil
        output += capabilities.hideCursor
        if shown?.size != screen.size {
            shown = nil
            append(style: .plain)
            output += capabilities.clearScreen
        }
        let begun = output.count
        for row in 0..<screen.size.rows { encode(row: row, of: screen) }
        if let shown, output.count == begun, shown.cursor == screen.cursor { return [] }
        append(style: .plain)
        append(link: nil)
        if let cursor = screen.cursor {
            output += capabilities.moveCursor(cursor.row, cursor.column)
            output += capabilities.showCursor
        }
        shown = screen
        return output
    }

    private mutating func encode(row: Int, of screen: Screen) {
        let next = screen.row(row)
        guard let previous = shown?.row(row) else {
            encodeWhole(row: row, next, of: screen)
            return
        }
        guard previous != next else { return }
        if next.contains(where: Self.isDoubtful) || previous.contains(where: Self.isDoubtful) {
            encodeWhole(row: row, next, of: screen)
        } else {
            encodeChanges(row: row, previous: Array(previous), next: Array(next), of: screen)
        }
    }

    private static func isDoubtful(_ cell: Cell) -> Bool { TextWidth.isDoubtful(cell.text) }

    private mutating func encodeWhole(row: Int, _ cells: ArraySlice<Cell>, of screen: Screen) {
        output += capabilities.moveCursor(row, 0)
        append(style: .plain)
        append(link: nil)
        output += capabilities.clearToLineEnd
        // Erasing has already left blank cells at the end.
        let used = cells.lastIndex { $0 != .blank }.map { $0 - cells.startIndex + 1 } ?? 0
        encode(Array(cells.prefix(used)), row: row, column: 0, of: screen)
    }

    private mutating func encodeChanges(row: Int, previous: [Cell], next: [Cell], of screen: Screen) {
        var column = 0
        while column < next.count {
            guard previous[column] != next[column] else {
                column += 1
                continue
            }
            var end = column + 1
            var same = 0
            // A few unchanged cells cost less than moving over them.
            while end < next.count, same < 6 {
                same = previous[end] == next[end] ? same + 1 : 0
                end += 1
            }
            encode(Array(next[column..<(end - same)]), row: row, column: column, of: screen, moves: true)
            column = end
        }
    }

    private mutating func encode(
        _ cells: [Cell], row: Int, column: Int, of screen: Screen, moves: Bool = false
    ) {
        if moves { output += capabilities.moveCursor(row, column) }
        var needsMove = false
        for (offset, cell) in cells.enumerated() where !cell.isContinuation {
            let position = column + offset
            let endsScreen =
                row == screen.size.rows - 1 && position + Int(cell.width) == screen.size.columns
            if endsScreen, !capabilities.canWriteLastCell { continue }
            if needsMove { output += capabilities.moveCursor(row, position) }
            append(style: cell.style)
            append(link: cell.link)
            output += cell.text.utf8
            needsMove = Self.isDoubtful(cell)
        }
    }

    private mutating func append(link next: Hyperlink?) {
        guard next != link, capabilities.hasHyperlinks else { return }
        link = next
        output += next?.opening ?? Hyperlink.closing
    }

    private mutating func append(style next: Style) {
        guard next != style else { return }
        style = next
        if let known = styles[next] {
            output += known
            return
        }
        let bytes = encoded(next)
        styles[next] = bytes
        output += bytes
    }

    private func encoded(_ style: Style) -> [UInt8] {
        var bytes = capabilities.resetStyle
        let attributes: [(Style.Attributes, [UInt8])] = [
            (.bold, capabilities.bold), (.dim, capabilities.dim), (.italic, capabilities.italic),
            (.underline, capabilities.underline), (.reverse, capabilities.reverse),
        ]
        for (attribute, sequence) in attributes where style.attributes.contains(attribute) {
            bytes += sequence
        }
        guard capabilities.colours != .none else { return bytes }
        if case .palette(let colour) = style.foreground { bytes += capabilities.setForeground(colour) }
        if case .palette(let colour) = style.background { bytes += capabilities.setBackground(colour) }
        return bytes
    }
}
