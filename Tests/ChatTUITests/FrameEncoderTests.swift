import TestSupport
import Testing

@testable import ChatTUI

/// Plays back what an encoder sends, on a grid like a terminal's. `widths` says how many
/// columns this terminal gives a cluster, which need not be what we think.
private struct Playback {
    var rows: [[String]]
    var cursorIsVisible = false
    private(set) var row = 0
    private(set) var column = 0
    let columns: Int
    let width: (Character) -> Int

    init(columns: Int, rows: Int, width: @escaping (Character) -> Int = { TextWidth.of($0) }) {
        self.columns = columns
        self.rows = [[String]](repeating: [String](repeating: " ", count: columns), count: rows)
        self.width = width
    }

    mutating func play(_ bytes: [UInt8]) {
        var text = Substring(String(decoding: bytes, as: UTF8.self))
        while let character = text.first {
            guard character == "\u{1B}" else {
                write(text.removeFirst())
                continue
            }
            text = text.dropFirst(2)
            let parameters = text.prefix { !$0.isLetter }
            text = text.dropFirst(parameters.count)
            obey(text.removeFirst(), parameters)
        }
    }

    private mutating func obey(_ final: Character, _ parameters: Substring) {
        let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
        switch final {
        case "H":
            row = (numbers.first ?? 1) - 1
            column = (numbers.count > 1 ? numbers[1] : 1) - 1
        case "J": rows = rows.map { $0.map { _ in " " } }
        case "K": for index in column..<columns { rows[row][index] = " " }
        case "h": cursorIsVisible = true
        case "l": cursorIsVisible = false
        default: break
        }
    }

    private mutating func write(_ character: Character) {
        let taken = width(character)
        if column < columns { rows[row][column] = String(character) }
        if taken == 2, column + 1 < columns { rows[row][column + 1] = "" }
        column += taken
    }

    var text: [String] { rows.map { $0.joined() } }
}

struct FrameEncoderTests {
    private func screen(_ lines: [String], columns: Int) -> Screen {
        var screen = Screen(size: Size(columns: columns, rows: lines.count))
        for (row, line) in lines.enumerated() { screen.write(line, column: 0, row: row) }
        return screen
    }

    @Test func nothingChangedNothingSent() {
        let encoder = Box(FrameEncoder(capabilities: .xterm))
        let first = screen(["um", "dois"], columns: 10)
        #expect(!encoder.encode(first).isEmpty)
        #expect(encoder.encode(first).isEmpty)
        encoder.value.invalidate()
        #expect(!encoder.encode(first).isEmpty)
    }

    @Test func onlyWhatChangedIsSent() {
        let encoder = Box(FrameEncoder(capabilities: .xterm))
        _ = encoder.encode(screen(["linha um", "linha dois"], columns: 20))
        let bytes = encoder.encode(screen(["linha um", "linha tres"], columns: 20))
        #expect(String(decoding: bytes, as: UTF8.self) == "\u{1B}[?25l\u{1B}[2;7H\u{1B}[0mtre")
    }

    @Test func withoutColourNoColourIsSent() {
        var capabilities = TerminalCapabilities.xterm
        capabilities.colours = .none
        let encoder = Box(FrameEncoder(capabilities: capabilities))
        var coloured = Screen(size: Size(columns: 5, rows: 1))
        coloured.write(
            "x", column: 0, row: 0,
            style: Style(foreground: .palette(3), background: .palette(4), attributes: .bold))
        let text = String(decoding: encoder.encode(coloured), as: UTF8.self)
        #expect(!text.contains("38;5") && !text.contains("48;5") && text.contains("\u{1B}[1m"))
    }

    @Test func theLastCellIsLeftWhereItWouldScroll() {
        var capabilities = TerminalCapabilities.xterm
        capabilities.canWriteLastCell = false
        let encoder = Box(FrameEncoder(capabilities: capabilities))
        var playback = Playback(columns: 3, rows: 2)
        playback.play(encoder.encode(screen(["abc", "def"], columns: 3)))
        #expect(playback.text == ["abc", "de "])
    }

    @Test func theCursorIsShownWhereItIs() {
        let encoder = Box(FrameEncoder(capabilities: .xterm))
        var first = screen(["ab"], columns: 4)
        first.cursor = Point(column: 2, row: 0)
        var playback = Playback(columns: 4, rows: 1)
        playback.play(encoder.encode(first))
        #expect(playback.cursorIsVisible && playback.column == 2)
        first.cursor = nil
        playback.play(encoder.encode(first))
        #expect(!playback.cursorIsVisible)
    }

    /// After any sequence of frames the terminal shows the last one.
    @Test func anyFramesEndRight() {
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed)
            let columns = Int.random(in: 1...20, using: &generator)
            let encoder = Box(FrameEncoder(capabilities: .xterm))
            var playback = Playback(columns: columns, rows: 3)
            for _ in 0..<6 {
                let next = screen((0..<3).map { _ in generator.text(clusters: 8) }, columns: columns)
                playback.play(encoder.encode(next))
                #expect(playback.text == (0..<3).map { next.text(ofRow: $0) }, "seed \(seed)")
            }
        }
    }

    /// A terminal that draws emoji in one column shows every other cell where it belongs.
    @Test func aClusterDrawnWrongDoesNotSpread() {
        let narrow: (Character) -> Int = { TextWidth.isDoubtful(String($0)) ? 1 : TextWidth.of($0) }
        for lines in [["a😀b", "cde"], ["😀😀x", "│❤️│"]] {
            let encoder = Box(FrameEncoder(capabilities: .xterm))
            var playback = Playback(columns: 8, rows: 2, width: narrow)
            let first = screen(["........", "........"], columns: 8)
            let second = screen(lines, columns: 8)
            playback.play(encoder.encode(first))
            playback.play(encoder.encode(second))
            for row in 0..<2 {
                for column in 0..<8 where second[column, row].text.utf8.count == 1 {
                    #expect(playback.rows[row][column] == second[column, row].text)
                }
            }
        }
    }
}
