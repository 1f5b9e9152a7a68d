/// Which cells belong to what. As the terminal shrinks, the ornaments go first, then the
/// list, then the bars; at the very end only the composer and a line of messages are left.
struct Layout: Hashable, Sendable {
    /// Narrower terminals show the list or the conversation, not both.
    static let twoPanesColumnsMin = 64
    static let composerRowsMax = 8

    static let listColumnsRange = 16...60

    /// Columns before the composer's text, which the prompt takes.
    static let promptColumns = 3

    /// True where list and conversation take turns: in a narrow terminal, or when the list is hidden.
    let isNarrow: Bool
    /// The bar on top, the bar at the bottom: empty where there is no room.
    private(set) var title = Rect.zero
    private(set) var status = Rect.zero
    /// The rule under the title.
    private(set) var titleRule = Rect.zero
    private(set) var list = Rect.zero
    /// The rule between list and conversation.
    private(set) var divider = Rect.zero
    private(set) var header = Rect.zero
    private(set) var timeline = Rect.zero
    private(set) var typing = Rect.zero
    private(set) var composerRule = Rect.zero
    private(set) var composer = Rect.zero
    /// Where a conversation, or what stands in for it, is drawn.
    private(set) var conversation = Rect.zero

    init(
        size: Size, pane: Pane, composerLines: Int, preferences: ScreenPreferences = .standard
    ) {
        isNarrow = size.columns < Self.twoPanesColumnsMin || preferences.isListHidden
        var body = Rect(column: 0, row: 0, columns: size.columns, rows: size.rows)
        let rows = size.rows
        if rows >= 6 { title = Self.takeTop(1, of: &body) }
        if rows >= 4 { status = Self.takeBottom(1, of: &body) }
        if rows >= 10 { titleRule = Self.takeTop(1, of: &body) }
        if isNarrow {
            if pane == .list { list = body } else { conversation = body }
        } else {
            let columns = Self.listColumns(in: size, preferences)
            list = Rect(column: 0, row: body.row, columns: columns, rows: body.rows)
            divider = Rect(column: columns, row: body.row, columns: 1, rows: body.rows)
            conversation = body.inset(left: columns + 1)
        }
        split(conversation, rows: rows, composerLines: composerLines)
    }

    /// As wide as was wished, while the conversation keeps room for its text.
    static func listColumns(in size: Size, _ preferences: ScreenPreferences) -> Int {
        let wished = preferences.listColumns ?? min(36, max(24, size.columns * 3 / 10))
        return min(max(listColumnsRange.lowerBound, wished), max(24, size.columns - 40))
    }

    private mutating func split(_ pane: Rect, rows: Int, composerLines: Int) {
        var rest = pane
        let composerRows = max(1, min(composerLines, Self.composerRowsMax, max(1, rows / 3)))
        composer = Self.takeBottom(composerRows, of: &rest)
        if rows >= 9 { composerRule = Self.takeBottom(1, of: &rest) }
        if rows >= 7 { header = Self.takeTop(1, of: &rest) }
        if rows >= 18 { _ = Self.takeTop(1, of: &rest) }
        if rows >= 8 { typing = Self.takeBottom(1, of: &rest) }
        timeline = rest
    }

    private static func takeTop(_ rows: Int, of rect: inout Rect) -> Rect {
        let taken = Rect(
            column: rect.column, row: rect.row, columns: rect.columns, rows: min(rows, rect.rows))
        rect = rect.inset(top: taken.rows)
        return taken
    }

    private static func takeBottom(_ rows: Int, of rect: inout Rect) -> Rect {
        let height = min(rows, rect.rows)
        let taken = Rect(
            column: rect.column, row: rect.endRow - height, columns: rect.columns, rows: height)
        rect = rect.inset(bottom: height)
        return taken
    }
}
