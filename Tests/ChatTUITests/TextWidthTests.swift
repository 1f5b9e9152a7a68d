import TestSupport
import Testing

@testable import ChatTUI

struct TextWidthTests {
    @Test(arguments: [
        ("a", 1), ("ç", 1), ("e\u{301}", 1), ("界", 2), ("한", 2), ("ᄒ", 2), ("\u{1112}\u{1161}\u{11AB}", 2),
        ("😀", 2), ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2), ("🇧🇷", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("☺", 1), ("✓", 1), ("◷", 1), ("│", 1), ("●", 1),
        ("क्ष", 2),
        ("ﾊ", 1), ("Ｗ", 2), ("\u{200B}", 0), ("\u{301}", 0), ("\u{200D}", 0), ("\u{FEFF}", 0), ("\u{1B}", 0),
        ("\u{9B}", 0),
        ("\u{AD}", 1), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("ש", 1),
    ])
    func clusters(_ text: String, columns: Int) {
        #expect(text.count == 1)
        #expect(TextWidth.of(text) == columns)
    }

    @Test func ambiguousClustersAreWideWhereTheTerminalSaysSo() {
        #expect(TextWidth.of("●") == 1)
        #expect(TextWidth.of("●", ambiguousIsWide: true) == 2)
        #expect(TextWidth.of("a", ambiguousIsWide: true) == 1)
    }

    @Test func textIsTheSumOfItsClusters() {
        #expect(TextWidth.of("") == 0)
        #expect(TextWidth.of("Olá, 世界 👋") == 12)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
        ("世界語", 5, "世界…"),
        ("世界語", 4, "世…"), ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…"), ("", 3, ""),
    ])
    func truncation(_ text: String, columns: Int, expected: String) {
        #expect(TextWidth.truncated(text, to: columns) == expected)
    }

    @Test func truncationNeverTakesMoreThanItMay() {
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed)
            let text = Sanitizer.line(generator.text(clusters: 30))
            let columns = Int.random(in: 0...40, using: &generator)
            let cut = TextWidth.truncated(text, to: columns)
            #expect(TextWidth.of(cut) <= columns, "seed \(seed)")
            #expect(TextWidth.of(text) > columns || cut == text, "seed \(seed)")
        }
    }

    @Test func theTablesSayTheirVersionAndAreSorted() {
        #expect(TextWidth.unicodeVersion.split(separator: ".").count == 3)
        for table in [WidthTables.zero, WidthTables.wide, WidthTables.ambiguous] {
            for (one, next) in zip(table, table.dropFirst()) {
                #expect(one.upperBound < next.lowerBound)
            }
        }
    }
}
