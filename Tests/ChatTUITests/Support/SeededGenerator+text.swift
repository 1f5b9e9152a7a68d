import TestSupport

extension SeededGenerator {
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
