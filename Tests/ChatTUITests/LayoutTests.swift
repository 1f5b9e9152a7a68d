import ChatClientCore
import Testing

@testable import ChatTUI

/// Rectangles, and which cells belong to what.
struct LayoutTests {
    private func layout(
        _ columns: Int, _ rows: Int, pane: Pane = .conversation, lines: Int = 1,
        _ preferences: ScreenPreferences = .standard
    ) -> Layout {
        Layout(
            size: Size(columns: columns, rows: rows), pane: pane, composerLines: lines,
            preferences: preferences)
    }

    private func rect(_ column: Int, _ row: Int, _ columns: Int, _ rows: Int) -> Rect {
        Rect(column: column, row: row, columns: columns, rows: rows)
    }

    // MARK: Rectangles

    @Test func sizesAreNeverNegative() {
        #expect(Size(columns: -1, rows: -2) == Size(columns: 0, rows: 0))
        #expect(rect(3, 4, -5, 2) == rect(3, 4, 0, 2))
        #expect(rect(3, 4, -5, 2).isEmpty)
        #expect(rect(3, 4, 5, 0).isEmpty)
        #expect(!rect(3, 4, 5, 1).isEmpty)
        #expect(rect(3, 4, 5, 6).endColumn == 8 && rect(3, 4, 5, 6).endRow == 10)
    }

    @Test(arguments: [
        (1, 0, 0, 0, Rect(column: 3, row: 4, columns: 4, rows: 6)),
        (0, 2, 0, 0, Rect(column: 2, row: 6, columns: 5, rows: 4)),
        (0, 0, 1, 2, Rect(column: 2, row: 4, columns: 4, rows: 4)),
        (9, 9, 0, 0, Rect(column: 7, row: 10, columns: 0, rows: 0)),
        (3, 0, 3, 0, Rect(column: 5, row: 4, columns: 0, rows: 6)),
    ])
    func insets(left: Int, top: Int, right: Int, bottom: Int, expected: Rect) {
        #expect(rect(2, 4, 5, 6).inset(left: left, top: top, right: right, bottom: bottom) == expected)
    }

    @Test func aRectangleStandsInTheMiddleOfAnother() {
        #expect(rect(10, 10, 20, 10).centred(columns: 4, rows: 4) == rect(18, 13, 4, 4))
        #expect(rect(10, 10, 5, 5).centred(columns: 4, rows: 4) == rect(10, 10, 4, 4))
        #expect(rect(10, 10, 3, 2).centred(columns: 9, rows: 9) == rect(10, 10, 3, 2))
    }

    // MARK: The usual terminal

    @Test func eightyByTwentyFour() {
        let layout = layout(80, 24)
        #expect(!layout.isNarrow)
        #expect(layout.title == rect(0, 0, 80, 1))
        #expect(layout.titleRule == rect(0, 1, 80, 1))
        #expect(layout.status == rect(0, 23, 80, 1))
        #expect(layout.list == rect(0, 2, 24, 21))
        #expect(layout.divider == rect(24, 2, 1, 21))
        #expect(layout.conversation == rect(25, 2, 55, 21))
        #expect(layout.header == rect(25, 2, 55, 1))
        #expect(layout.timeline == rect(25, 4, 55, 16))
        #expect(layout.typing == rect(25, 20, 55, 1))
        #expect(layout.composerRule == rect(25, 21, 55, 1))
        #expect(layout.composer == rect(25, 22, 55, 1))
    }

    @Test func theComposerGrowsAtTheExpenseOfTheMessages() {
        #expect(layout(80, 24, lines: 4).composer == rect(25, 19, 55, 4))
        #expect(layout(80, 24, lines: 4).timeline == rect(25, 4, 55, 13))
        #expect(layout(80, 24, lines: 99).composer.rows == Layout.composerRowsMax)
        #expect(layout(80, 12, lines: 99).composer.rows == 4, "at most a third of the terminal")
        #expect(layout(80, 24, lines: 0).composer.rows == 1)
    }

    // MARK: Small terminals

    @Test(
        "What is left as the terminal gets lower",
        arguments: [
            (24, true, true, true, true, true, true), (17, true, true, true, true, true, true),
            (10, true, true, true, true, true, true), (9, true, false, true, true, true, true),
            (8, true, false, true, true, true, false), (7, true, false, true, true, false, false),
            (6, true, false, true, false, false, false), (5, false, false, true, false, false, false),
            (4, false, false, true, false, false, false), (3, false, false, false, false, false, false),
            (1, false, false, false, false, false, false),
        ])
    func heights(
        rows: Int, title: Bool, titleRule: Bool, status: Bool, header: Bool, typing: Bool, composerRule: Bool
    ) {
        let layout = layout(80, rows)
        #expect(!layout.title.isEmpty == title)
        #expect(!layout.titleRule.isEmpty == titleRule)
        #expect(!layout.status.isEmpty == status)
        #expect(!layout.header.isEmpty == header)
        #expect(!layout.typing.isEmpty == typing)
        #expect(!layout.composerRule.isEmpty == composerRule)
        #expect(layout.composer.rows == 1, "the composer stays")
    }

    @Test func inANarrowTerminalThePanesTakeTurns() {
        #expect(layout(64, 24).isNarrow == false)
        let conversation = layout(63, 24)
        #expect(conversation.isNarrow)
        #expect(conversation.list.isEmpty && conversation.divider.isEmpty)
        #expect(conversation.conversation == rect(0, 2, 63, 21))
        let list = layout(63, 24, pane: .list)
        #expect(list.list == rect(0, 2, 63, 21))
        #expect(list.conversation.isEmpty && list.composer.isEmpty && list.timeline.isEmpty)
    }

    @Test func aHiddenListTakesNoRoom() {
        var preferences = ScreenPreferences.standard
        preferences.isListHidden = true
        #expect(layout(120, 24, preferences).isNarrow)
        #expect(layout(120, 24, preferences).conversation.columns == 120)
    }

    @Test(
        "How wide the list is",
        arguments: [
            (64, nil, 24), (80, nil, 24), (100, nil, 30), (200, nil, 36), (80, 16, 16), (80, 10, 16),
            (80, 60, 40), (200, 60, 60), (64, 60, 24),
        ] as [(Int, Int?, Int)])
    func listWidths(columns: Int, wished: Int?, expected: Int) {
        var preferences = ScreenPreferences.standard
        preferences.listColumns = wished
        #expect(Layout.listColumns(in: Size(columns: columns, rows: 24), preferences) == expected)
    }

    /// Whatever the size, no two parts share a cell, and all of them are inside the terminal.
    @Test func partsNeverOverlap() {
        for columns in [0, 1, 20, 63, 64, 80] {
            for rows in [0, 1, 3, 4, 6, 7, 8, 9, 10, 17, 18, 24] {
                for pane in [Pane.list, .conversation] {
                    for lines in [1, 3, 20] {
                        let layout = layout(columns, rows, pane: pane, lines: lines)
                        let parts = [
                            layout.title, layout.titleRule, layout.status, layout.list, layout.divider,
                            layout.header, layout.timeline, layout.typing, layout.composerRule,
                            layout.composer,
                        ].filter { !$0.isEmpty }
                        var cells = 0
                        var seen: Set<Point> = []
                        for part in parts {
                            #expect(part.column >= 0 && part.row >= 0)
                            #expect(part.endColumn <= columns && part.endRow <= rows, "\(columns)×\(rows)")
                            cells += part.columns * part.rows
                            for row in part.row..<part.endRow {
                                for column in part.column..<part.endColumn {
                                    seen.insert(Point(column: column, row: row))
                                }
                            }
                        }
                        #expect(seen.count == cells, "\(columns)×\(rows) \(pane) \(lines)")
                    }
                }
            }
        }
    }
}
