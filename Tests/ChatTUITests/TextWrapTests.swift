import TestSupport
import Testing

@testable import ChatTUI

struct TextWrapTests {
    @Test(arguments: [
        ("um dois três", 8, ["um dois", "três"]),
        ("um dois três", 80, ["um dois três"]),
        ("um  dois", 4, ["um", "dois"]),
        ("palavralonga", 5, ["palav", "ralon", "ga"]),
        ("a palavralonga", 5, ["a", "palav", "ralon", "ga"]),
        ("guarda-chuva", 8, ["guarda-", "chuva"]),
        ("", 5, [""]), ("a\n\nb", 5, ["a", "", "b"]), ("fim \n", 5, ["fim", ""]),
        ("世界語世界", 4, ["世界", "語世", "界"]), ("世界。語", 4, ["世", "界。", "語"]),
        ("😀😀😀", 5, ["😀😀", "😀"]), ("x\u{A0}y z", 3, ["x\u{A0}y", "z"]),
    ])
    func wrapping(_ text: String, width: Int, expected: [String]) {
        #expect(TextWrap.lines(text, width: width) == expected)
    }

    @Test func noWidthNoLines() {
        #expect(TextWrap.lines("texto", width: 0).isEmpty)
    }

    /// No cluster is lost, doubled, split or moved; no line is too wide.
    @Test func wrappingKeepsEverything() {
        for seed in UInt64(0)..<500 {
            var generator = SeededGenerator(seed: seed)
            let text = Sanitizer.text(generator.text(clusters: 60))
            let width = Int.random(in: 1...30, using: &generator)
            let lines = TextWrap.lines(text, width: width)
            for line in lines {
                #expect(
                    TextWidth.of(line) <= max(width, line.count == 1 ? 2 : width), "seed \(seed): \(line)")
            }
            let joined = lines.joined().filter { !$0.isWhitespace }
            #expect(joined == text.filter { !$0.isWhitespace }, "seed \(seed)")
            let links = RichText.lines(text, width: width).map { $0.map(\.text).joined() }
            #expect(links == lines, "seed \(seed)")
        }
    }

    @Test func rangesJoinWithoutGaps() {
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed)
            let clusters = generator.text(clusters: 40).filter { !$0.isNewline }.map { Cluster($0) }
            let ranges = TextWrap.ranges(clusters, width: Int.random(in: 1...20, using: &generator))
            #expect(
                ranges.first?.lowerBound == 0 && ranges.last?.upperBound == clusters.count, "seed \(seed)")
            for (one, next) in zip(ranges, ranges.dropFirst()) {
                #expect(one.upperBound == next.lowerBound && !one.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [
        ("veja https://exemplo.com/a, ok", ["https://exemplo.com/a"]), ("(http://x.org)", ["http://x.org"]),
        ("https://", []), ("ftp://x.org", []), ("HTTPS://EXEMPLO.COM/", ["HTTPS://EXEMPLO.COM/"]),
    ])
    func links(_ text: String, expected: [String]) {
        let spans = RichText.lines(text, width: 80).joined()
        #expect(spans.filter { $0.mark != .plain }.map(\.text) == expected)
        for span in spans where span.mark != .plain { #expect(span.mark == .link(Hyperlink(span.text))) }
    }

    @Test func aLinkIsMarkedOnEveryLineItTakes() {
        let lines = RichText.lines("https://exemplo.com/um/caminho", width: 10)
        #expect(lines.count == 3)
        let whole = Hyperlink("https://exemplo.com/um/caminho")
        #expect(lines.joined().allSatisfy { $0.mark == .link(whole) })
    }
}
