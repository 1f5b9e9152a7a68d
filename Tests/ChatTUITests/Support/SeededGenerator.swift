/// A small generator (SplitMix64) whose runs can be repeated from their seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text of everything that has ever broken a terminal's columns.
    mutating func text(clusters count: Int) -> String {
        let pieces = [
            "a", "b", "ç", "ã", "e\u{301}", " ", " ", "-", ".", "界", "語", "。", "😀", "👍🏽", "👨‍👩‍👧‍👦", "🇧🇷", "❤️", "1️⃣",
            "☺",
            "\u{200D}", "\u{200B}", "\u{301}", "\u{202E}", "\u{1B}", "\u{9B}", "\t", "\n", "\r\n", "क्ष", "한",
            "ᄒ", "שלום",
            "مرحبا", "\u{FE0F}", "\u{FEFF}", "https://exemplo.com/a/b?c=d", "palavra", "guarda-chuva",
        ]
        return (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }
}
