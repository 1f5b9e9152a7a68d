import TestSupport
import Testing

@testable import ChatTUI

struct ScreenTests {
    private func screen(_ columns: Int, _ rows: Int = 1) -> Screen {
        Screen(size: Size(columns: columns, rows: rows))
    }

    @Test func writingTakesTheColumnsOfTheText() {
        let screen = Box(screen(10))
        #expect(screen.write("aé世x", column: 1, row: 0) == 5)
        #expect(screen.value.text(ofRow: 0) == " aé世x    ")
        #expect(screen.value[3, 0].width == 2 && screen.value[4, 0].isContinuation)
    }

    @Test func whatDoesNotFitIsLeftOut() {
        let screen = Box(screen(4))
        #expect(screen.write("abcdef", column: 0, row: 0) == 4)
        #expect(screen.value.text(ofRow: 0) == "abcd")
        #expect(screen.write("x", column: 4, row: 0) == 0)
        #expect(screen.write("x", column: 0, row: 1) == 0)
        #expect(screen.write("x", column: 0, row: -1) == 0)
        #expect(screen.write("xyz", column: 0, row: 0, columns: 2) == 2)
        #expect(screen.value.text(ofRow: 0) == "xycd")
    }

    @Test func aHalvedClusterIsASpace() {
        var screen = screen(3)
        screen.write("a世", column: 1, row: 0)
        #expect(screen.text(ofRow: 0) == " a ")
        screen.write("世", column: 0, row: 0)
        screen.write("b", column: 1, row: 0)
        #expect(screen.text(ofRow: 0) == " b ")
        screen.write("世", column: 1, row: 0)
        screen.write("c", column: 1, row: 0)
        #expect(screen.text(ofRow: 0) == " c ")
    }

    @Test func controlsBecomeVisible() {
        var screen = screen(12)
        screen.write("a\u{1B}[2Jb\u{9B}", column: 0, row: 0)
        #expect(screen.text(ofRow: 0) == "a␛[2Jb<U+009")
    }

    @Test func aTintShowsThroughWriting() {
        var screen = screen(4)
        screen.tint(screen.bounds, background: .palette(5))
        screen.write("ab", column: 0, row: 0, style: Style(foreground: .palette(1)))
        #expect(screen[0, 0].style == Style(foreground: .palette(1), background: .palette(5)))
        #expect(screen[3, 0].style.background == .palette(5))
        screen.fill(screen.bounds)
        #expect(screen[0, 0] == .blank)
    }

    /// Whatever is written wherever, every row stays exactly as wide as the screen.
    @Test func rowsKeepTheirWidth() {
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed)
            var screen = screen(Int.random(in: 1...12, using: &generator), 2)
            for _ in 0..<20 {
                let column = Int.random(in: -3...12, using: &generator)
                let limit = Int.random(in: 0...14, using: &generator)
                screen.write(generator.text(clusters: 4), column: column, row: 0, columns: limit)
            }
            let row = Array(screen.row(0))
            #expect(row.reduce(0) { $0 + Int($1.width) } == screen.size.columns, "seed \(seed)")
            for (cell, next) in zip(row, row.dropFirst()) {
                #expect((cell.width == 2) == next.isContinuation, "seed \(seed)")
            }
            for cell in row where !cell.isContinuation {
                #expect(TextWidth.of(cell.text) == Int(cell.width), "seed \(seed)")
            }
            #expect(screen.row(1).allSatisfy { $0 == .blank }, "seed \(seed)")
        }
    }
}
