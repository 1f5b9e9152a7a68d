import ChatClientCore
import Testing

@testable import ChatCommand

@Suite("Spelling")
struct SpellingTests {
    @Test(
        "Distances count single letters and swapped neighbours",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("server", "server", 0), ("sever", "server", 1),
            ("serve", "server", 1), ("sevrer", "server", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
        ])
    func distances(left: String, right: String, expected: Int) {
        #expect(Spelling.distance(left, right) == expected)
        #expect(Spelling.distance(right, left) == expected)
    }

    @Test("The nearest come first, strangers not at all")
    func nearest() {
        let keys = ["server", "profile", "language", "pins", "held_after"]
        #expect(Spelling.nearest(to: "sever", among: keys, limit: 3) == ["server"])
        #expect(Spelling.nearest(to: "lang", among: keys, limit: 3) == ["language"])
        #expect(Spelling.nearest(to: "held-after", among: keys, limit: 3) == ["held_after"])
        #expect(Spelling.nearest(to: "zzzzzz", among: keys, limit: 3).isEmpty)
        #expect(Spelling.nearest(to: "aa", among: ["ab", "ac", "ad"], limit: 2) == ["ab", "ac"])
    }

    @Test(
        "Case and accents do not count",
        arguments: [
            ("São", "sao"), ("JOÃO", "joao"), ("Łódź", "lodz"), ("e\u{301}", "e"), ("Straße", "strasse"),
            ("Ærø", "aero"), ("日本", "日本"),
        ])
    func folding(text: String, folded: String) {
        #expect(Folding.fold(text) == folded)
    }
}
