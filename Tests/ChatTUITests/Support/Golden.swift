import Foundation
import Testing

@testable import ChatTUI

/// Texts kept in Golden/, one file for each view. To write them anew after a change that is meant:
///
///     MYCHAT_GOLDEN=write ./test --filter GoldenTests
///
/// and look at the difference before committing it. `MYCHAT_GOLDEN_ANSI=DIR` also writes each screen with its
/// colours, as a terminal of 256 colours would get it, for `cat`.
enum Golden {
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Golden")

    /// The names of the files that are there.
    static func kept() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasSuffix(".txt") }
            .map { String($0.dropLast(4)) }.sorted()
    }

    /// Compares parts of a view, each with its heading, with what is kept; names the parts that differ.
    static func check(_ name: String, _ parts: [(heading: String, text: String)]) throws {
        let file = directory.appendingPathComponent(name + ".txt")
        if ProcessInfo.processInfo.environment["MYCHAT_GOLDEN"] == "write" {
            let text = parts.map { heading($0.heading) + $0.text }.joined()
            return try Data(text.utf8).write(to: file)
        }
        var kept = try String(contentsOf: file, encoding: .utf8)[...]
        for part in parts {
            #expect(kept.hasPrefix(heading(part.heading)), "\(name) lacks \(part.heading)")
            kept = kept.dropFirst(heading(part.heading).count)
            let end = kept.firstRange(of: "\n=== ").map { kept.index(after: $0.lowerBound) } ?? kept.endIndex
            #expect(part.text == kept[..<end], "\(name) has changed at \(part.heading):\n\(part.text)")
            kept = kept[end...]
        }
        #expect(kept.isEmpty, "\(name) is kept with more than it has")
    }

    private static func heading(_ words: String) -> String { "=== \(words)\n" }

    /// The rows without the spaces at their ends, and where the cursor is.
    static func text(_ screen: Screen) -> String {
        var lines = (0..<screen.size.rows).map { row in
            var line = screen.text(ofRow: row)
            while line.last == " " { line.removeLast() }
            return line
        }
        lines.append(screen.cursor.map { "cursor: column \($0.column), row \($0.row)" } ?? "cursor: hidden")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What stands out of the plain text, row by row: the columns and what the theme calls their style.
    static func styles(_ screen: Screen, _ theme: Theme) -> String {
        let lines = (0..<screen.size.rows).compactMap { row -> String? in
            var runs: [(range: ClosedRange<Int>, name: String)] = []
            for (column, cell) in screen.row(row).enumerated() {
                let name = theme.nameForTests(of: cell.style)
                if let last = runs.last, last.name == name {
                    runs[runs.count - 1].range = last.range.lowerBound...column
                } else {
                    runs.append((column...column, name))
                }
            }
            let told = runs.filter { !$0.name.isEmpty }.map {
                "\($0.range.lowerBound)-\($0.range.upperBound) \($0.name)"
            }
            return told.isEmpty ? nil : "\(row): " + told.joined(separator: ", ")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func writeANSI(_ name: String, _ screen: Screen) throws {
        guard let directory = ProcessInfo.processInfo.environment["MYCHAT_GOLDEN_ANSI"] else { return }
        var encoder = FrameEncoder(capabilities: .xterm)
        try Data(encoder.encode(screen)).write(
            to: URL(fileURLWithPath: directory).appendingPathComponent(name + ".ansi"))
    }
}

extension Theme {
    /// A style in the theme's own words, which do not change with its shades: `accent+bold on selection`.
    fileprivate func nameForTests(of style: Style) -> String {
        let foregrounds: [(String, Style)] = [
            ("accent", accent), ("good", good), ("warning", warning), ("bad", bad), ("faint", faint),
            ("rule", rule),
            ("link", link),
        ]
        var name = ""
        var rest = style.attributes
        if style.foreground != .standard {
            let found = foregrounds.first { $0.1.foreground == style.foreground }
            name = found?.0 ?? (names.contains(style.foreground) ? "name" : "\(style.foreground)")
            if let found { rest.subtract(found.1.attributes) }
        }
        let attributes: [(String, Style.Attributes)] = [
            ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline),
            ("reverse", .reverse),
        ]
        for (word, attribute) in attributes where rest.contains(attribute) {
            name += name.isEmpty ? word : "+" + word
        }
        let backgrounds = [("selection", selection), ("panel", panel), ("panel selection", panelSelection)]
        if style.background != .standard {
            let ground = backgrounds.first { $0.1 == style.background }?.0 ?? "\(style.background)"
            name += (name.isEmpty ? "on " : " on ") + ground
        }
        return name
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
