import TestSupport
import Testing

@testable import ChatTUI

struct SanitizerTests {
    @Test(arguments: [
        ("plain text", "plain text"), ("Olá, 世界 👋🏽", "Olá, 世界 👋🏽"),
        ("\u{1B}[31mred", "␛[31mred"), ("bell\u{7}", "bell␇"), ("del\u{7F}", "del␡"),
        ("csi\u{9B}31m", "csi<U+009B>31m"),
        ("osc\u{9D}0;x\u{9C}", "osc<U+009D>0;x<U+009C>"), ("a\u{202E}b\u{202C}", "a<U+202E>b<U+202C>"),
        ("\u{2066}x\u{2069}", "<U+2066>x<U+2069>"), ("l\u{200E}r", "l<U+200E>r"), ("\u{61C}", "<U+061C>"),
        ("a\tb", "a    b"), ("a\nb", "a␤b"), ("a\r\nb", "a␤b"), ("a\u{2028}b", "a␤b"), ("\0", "␀"),
    ])
    func lines(_ text: String, expected: String) {
        #expect(Sanitizer.line(text) == expected)
    }

    @Test(arguments: [
        ("a\nb", "a\nb"), ("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\u{85}b", "a\nb"),
        ("a\u{B}b\u{C}c", "a\nb\nc"),
        ("a\u{1B}\nb", "a␛\nb"),
    ])
    func linesAreKeptInText(_ text: String, expected: String) {
        #expect(Sanitizer.text(text) == expected)
    }

    @Test func everyControlOfTheSecondKindIsNamed() {
        for value in UInt32(0x80)...0x9F where value != 0x85 {
            let name = "<U+00" + String(value, radix: 16, uppercase: true) + ">"
            let scalar = Unicode.Scalar(value).map { String(Character($0)) } ?? ""
            #expect(
                Sanitizer.line("a\(scalar)b") == "a\(name)b" && Sanitizer.text("a\(scalar)b") == "a\(name)b")
        }
    }

    @Test func theSoftHyphenHasNoColumn() {
        #expect(Sanitizer.line("co\u{AD}operar\u{AD}") == "cooperar")
        #expect(Sanitizer.text("\u{AD}") == "" && TextWidth.isDoubtful("\u{AD}"))
    }

    @Test(arguments: [
        ("Bia", true), ("👍", true), ("日", true), ("\u{3164}", false), ("\u{3164} \u{115F}\u{1160}", false),
        ("", false), (" \u{A0}\u{3000}", false), ("\u{200B}\u{200D}\u{2060}", false), ("\u{2800}", false),
        ("\u{FFA0}", false), ("\u{AD}", false), ("\u{E0041}", false), ("\u{FE0F}", false),
        ("\u{3164}a", true),
    ])
    func namesWithoutAVisibleSignAreKnown(_ name: String, isVisible: Bool) {
        #expect(Sanitizer.hasVisibleSign(name) == isVisible)
    }

    /// What needs no second look comes out as what is looked at closely, as the neighbour of ESC is.
    @Test func theQuickLookMissesNothing() {
        for value in UInt32(0x20)..<0x3100 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for text in [String(scalar), "a\(scalar)", "\(scalar)é"] {
                let closely = String(
                    String.UnicodeScalarView(Sanitizer.line(text + "\u{1B}").unicodeScalars.dropLast()))
                #expect(Sanitizer.line(text) == closely, "U+\(String(value, radix: 16))")
            }
        }
    }

    @Test func overLongRunsOfMarksAreCut() {
        let long = "a" + String(repeating: "\u{301}", count: 500) + "b"
        let cut = Sanitizer.line(long)
        #expect(cut == "a" + String(repeating: "\u{301}", count: Sanitizer.combiningMarksMax) + "b")
    }

    @Test func whatHasNoColumnGetsOneOrGoes() {
        #expect(Sanitizer.line("\u{301}a") == "\u{25CC}\u{301}a")
        #expect(Sanitizer.line("\u{200B}a\u{FEFF}") == "a")
        #expect(Sanitizer.line("\u{FE0F}") == "")
    }

    @Test func emojiSequencesStayWhole() {
        for text in ["👨‍👩‍👧‍👦", "👩🏽‍🤝‍👨🏿", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "1️⃣"] {
            #expect(Sanitizer.line(text) == text)
        }
    }

    @Test func invalidBytesShowAsReplacements() {
        #expect(Sanitizer.line(bytes: [0x61, 0xFF, 0x1B, 0x62]) == "a\u{FFFD}␛b")
    }

    /// Whatever comes in, nothing goes out that a terminal would obey, and no column is lost.
    @Test func nothingThatATerminalObeysGetsThrough() {
        for seed in UInt64(0)..<500 {
            var generator = SeededGenerator(seed: seed)
            var scalars = String.UnicodeScalarView(generator.text(clusters: 20).unicodeScalars)
            for _ in 0..<20 {
                guard let scalar = Unicode.Scalar(UInt32.random(in: 0...0x3000, using: &generator)) else {
                    continue
                }
                scalars.append(scalar)
            }
            let text = String(scalars)
            for clean in [Sanitizer.line(text), Sanitizer.text(text)] {
                for scalar in clean.unicodeScalars where scalar != "\n" {
                    let value = scalar.value
                    #expect(value >= 0x20 && !(0x7F..<0xA0 ~= value), "seed \(seed)")
                    #expect(!(0x202A...0x202E ~= value) && !(0x2066...0x2069 ~= value), "seed \(seed)")
                    #expect(![0x200E, 0x200F, 0x61C].contains(value), "seed \(seed)")
                }
                #expect(
                    clean.allSatisfy { $0 == "\n" || TextWidth.of($0) > 0 },
                    "seed \(seed): \(clean.debugDescription)")
            }
            #expect(Sanitizer.line(Sanitizer.line(text)) == Sanitizer.line(text), "seed \(seed)")
            #expect(!Sanitizer.line(text).contains("\n"), "seed \(seed)")
        }
    }
}
