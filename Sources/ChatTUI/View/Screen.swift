/// One cell of the screen. A wide cluster lies in a cell of width 2, and the cell to
/// its right is a continuation: no text, width 0.
struct Cell: Hashable, Sendable {
    var text: String
    var width: Int8
    var style: Style
    /// Where the cell leads when it is clicked: a URL that has passed `Hyperlink`.
    var link: Hyperlink?

    static let blank = Cell(text: " ", width: 1, style: .plain)

    var isContinuation: Bool { width == 0 }
}

/// A grid of cells, and where the cursor stands. Whatever is written to it is
/// sanitised and measured here, so nothing that reaches a terminal through a
/// `Screen` can move its cursor or change its state.
struct Screen: Hashable, Sendable {
    let size: Size
    private(set) var cells: [Cell]
    /// The cell of the visible cursor; nil hides it.
    var cursor: Point?
    /// True where nothing but ASCII may be drawn; what is written is folded, column for column.
    let isASCII: Bool
    /// In the order of drawing: later ones lie above.
    private(set) var clickAreas: [ClickArea] = []

    init(size: Size, isASCII: Bool = false) {
        self.size = size
        self.isASCII = isASCII
        cells = [Cell](repeating: .blank, count: size.columns * size.rows)
    }

    var bounds: Rect { Rect(column: 0, row: 0, columns: size.columns, rows: size.rows) }

    subscript(column: Int, row: Int) -> Cell { cells[row * size.columns + column] }

    func row(_ row: Int) -> ArraySlice<Cell> {
        cells[row * size.columns..<(row + 1) * size.columns]
    }

    /// The text of the row, spaces at its end included.
    func text(ofRow row: Int) -> String {
        self.row(row).reduce(into: "") { $0 += $1.text }
    }

    /// Writes one line of text and returns the columns it took. What does not fit in
    /// `columns` or on the screen is left out; a wide cluster that would be halved
    /// becomes a space. A background left `standard` keeps what is there.
    @discardableResult
    mutating func write(
        _ text: String, column: Int, row: Int, columns limit: Int = .max, style: Style = .plain,
        link: Hyperlink? = nil
    ) -> Int {
        guard row >= 0, row < size.rows, column < size.columns, limit > 0 else { return 0 }
        let end = column + min(limit, size.columns - column)
        var position = column
        for character in Sanitizer.line(text) {
            let width = TextWidth.of(character)
            guard position + max(width, 1) <= end else {
                guard width == 2, position < end else { return position - column }
                if position >= 0 { put(" ", 1, position, row, style) }
                return position + 1 - column
            }
            guard width > 0 else { continue }
            if position >= 0 { put(String(character), width, position, row, style, link: link) }
            position += width
        }
        return position - column
    }

    /// Fills a rectangle with one character of one column.
    mutating func fill(_ rect: Rect, with text: String = " ", style: Style = .plain) {
        for row in max(0, rect.row)..<max(0, rect.row, min(rect.endRow, size.rows)) {
            for column in max(0, rect.column)..<max(0, rect.column, min(rect.endColumn, size.columns)) {
                put(text, 1, column, row, style, keepsBackground: false)
            }
        }
    }

    /// Gives the cells of a rectangle a background and attributes, keeping their text.
    mutating func tint(_ rect: Rect, background: Colour, adding attributes: Style.Attributes = []) {
        for row in max(0, rect.row)..<max(0, rect.row, min(rect.endRow, size.rows)) {
            for column in max(0, rect.column)..<max(0, rect.column, min(rect.endColumn, size.columns)) {
                let index = row * size.columns + column
                cells[index].style.background = background
                cells[index].style.attributes.formUnion(attributes)
            }
        }
    }

    /// Says what a click into a rectangle means.
    mutating func mark(_ area: Rect, as target: ClickTarget) {
        clickAreas.append(ClickArea(area: area, target: target))
    }

    private mutating func put(
        _ text: String, _ width: Int, _ column: Int, _ row: Int, _ style: Style,
        keepsBackground: Bool = true, link: Hyperlink? = nil
    ) {
        if isASCII, text.utf8.count != 1, let character = text.first {
            for (offset, letter) in ASCIIText.cells(character, width: width).enumerated() {
                put(
                    String(letter), 1, column + offset, row, style, keepsBackground: keepsBackground,
                    link: link)
            }
            return
        }
        let index = row * size.columns + column
        var style = style
        if keepsBackground, style.background == .standard {
            style.background = cells[index].style.background
        }
        releaseHalves(at: index, column: column)
        if width == 2 { releaseHalves(at: index + 1, column: column + 1) }
        cells[index] = Cell(text: text, width: Int8(width), style: style, link: link)
        if width == 2 { cells[index + 1] = Cell(text: "", width: 0, style: style, link: link) }
    }

    /// Before a cell is overwritten, the other half of a wide cluster in it becomes a space.
    private mutating func releaseHalves(at index: Int, column: Int) {
        if cells[index].isContinuation, column > 0 {
            cells[index - 1].text = " "
            cells[index - 1].width = 1
        }
        if cells[index].width == 2, column + 1 < size.columns {
            cells[index + 1].text = " "
            cells[index + 1].width = 1
        }
    }
}
