import Foundation
import Testing

@testable import ChatTUI

/// Screens kept as text files in Golden/. To write them anew after a change that is meant:
///
///     MYCHAT_GOLDEN=write swift test --filter GoldenTests
///
/// and look at the difference before committing it. `MYCHAT_GOLDEN_ANSI=DIR` also writes each screen with its
/// colours, as a terminal of 256 colours would get it, for `cat`.
enum Golden {
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden")

    static let sizes = [(80, 24), (120, 32), (42, 16)]

    /// Checks a view in each size and language: `make` brings the state to it.
    static func checkEverySize(
        _ view: String, location: SourceLocation = #_sourceLocation,
        _ make: (_ columns: Int, _ rows: Int, Language) -> AppState
    ) throws {
        for (columns, rows) in sizes {
            for language in Language.allCases {
                let name = "\(view)-\(columns)x\(rows)-\(language.rawValue)"
                try check(name, make(columns, rows, language), location: location)
            }
        }
    }

    static func check(_ name: String, _ state: AppState, location: SourceLocation = #_sourceLocation) throws {
        let screen = AppView.render(state)
        let environment = ProcessInfo.processInfo.environment
        let text = written(screen)
        let file = directory.appendingPathComponent(name + ".txt")
        if let ansi = environment["MYCHAT_GOLDEN_ANSI"] {
            var encoder = FrameEncoder(capabilities: .xterm)
            try Data(encoder.encode(screen)).write(
                to: URL(fileURLWithPath: ansi).appendingPathComponent(name + ".ansi"))
        }
        if environment["MYCHAT_GOLDEN"] == "write" {
            try Data(text.utf8).write(to: file)
            return
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(text == kept, "the screen \(name) has changed:\n\(text)", sourceLocation: location)
    }

    /// The rows without the spaces at their ends, and where the cursor is.
    private static func written(_ screen: Screen) -> String {
        var lines = (0..<screen.size.rows).map { row in
            var line = screen.text(ofRow: row)
            while line.last == " " { line.removeLast() }
            return line
        }
        lines.append(screen.cursor.map { "cursor: column \($0.column), row \($0.row)" } ?? "cursor: hidden")
        return lines.joined(separator: "\n") + "\n"
    }
}

extension TerminalCapabilities {
    /// What xterm-256color has.
    static let xterm = TerminalCapabilities(
        moveCursor: { row, column in Array("\u{1B}[\(row + 1);\(column + 1)H".utf8) },
        setForeground: { Array("\u{1B}[38;5;\($0)m".utf8) },
        setBackground: { Array("\u{1B}[48;5;\($0)m".utf8) },
        resetStyle: Array("\u{1B}[0m".utf8), bold: Array("\u{1B}[1m".utf8), dim: Array("\u{1B}[2m".utf8),
        italic: Array("\u{1B}[3m".utf8), underline: Array("\u{1B}[4m".utf8), reverse: Array("\u{1B}[7m".utf8),
        clearScreen: Array("\u{1B}[H\u{1B}[2J".utf8), clearToLineEnd: Array("\u{1B}[K".utf8),
        hideCursor: Array("\u{1B}[?25l".utf8), showCursor: Array("\u{1B}[?25h".utf8), canWriteLastCell: true,
        colours: .palette)
}
