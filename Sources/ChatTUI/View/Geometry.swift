/// A number of columns and rows.
struct Size: Hashable, Sendable {
    var columns: Int
    var rows: Int

    init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }
}

/// A cell's place, counted from 0 at the top left.
struct Point: Hashable, Sendable {
    var column: Int
    var row: Int
}

/// A rectangle of cells; never of negative size.
struct Rect: Hashable, Sendable {
    var column: Int
    var row: Int
    var columns: Int
    var rows: Int

    init(column: Int, row: Int, columns: Int, rows: Int) {
        self.column = column
        self.row = row
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }

    static let zero = Rect(column: 0, row: 0, columns: 0, rows: 0)

    var isEmpty: Bool { columns == 0 || rows == 0 }
    var endColumn: Int { column + columns }
    var endRow: Int { row + rows }

    /// The rectangle without some cells at its sides.
    func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
        Rect(
            column: column + min(left, columns), row: row + min(top, rows),
            columns: columns - left - right, rows: rows - top - bottom)
    }

    /// A rectangle of at most the given size in the middle of this one.
    func centred(columns wanted: Int, rows wantedRows: Int) -> Rect {
        let width = min(wanted, columns)
        let height = min(wantedRows, rows)
        return Rect(
            column: column + (columns - width) / 2, row: row + (rows - height) / 2,
            columns: width, rows: height)
    }
}
