/// Text for terminals that can show nothing but ASCII: letters lose their accents, signs become the ones that
/// a typewriter has, and what has no likeness becomes question marks.
package enum ASCIIText {
    /// A sentence of the program's own, before it is measured: signs may become longer.
    static func folded(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return text.reduce(into: "") { result, character in
            if let sign = signs[character] {
                result += sign
            } else if let letter = letters[character] {
                result.append(letter)
            } else {
                result.append(character)
            }
        }
    }

    /// A line in which every cluster keeps its columns.
    package static func line(_ text: String) -> String {
        String(folded(text).flatMap { cells($0, width: TextWidth.of($0)) })
    }

    /// A cluster in exactly as many columns as it would have taken.
    static func cells(_ character: Character, width: Int) -> [Character] {
        if character.isASCII { return [character] }
        var shown: [Character]
        if let letter = letters[character] {
            shown = [letter]
        } else if let picture = pictures[character] ?? pictures[bare(character)] {
            shown = Array(picture)
        } else if let sign = signs[character] {
            shown = Array(sign.prefix(width))
        } else if let first = character.unicodeScalars.first, first.isASCII, first.value >= 0x20 {
            // A letter with marks of its own.
            shown = [Character(first)]
        } else {
            shown = []
        }
        let filler: Character = shown.isEmpty ? "?" : " "
        while shown.count < width { shown.append(filler) }
        return Array(shown.prefix(width))
    }

    /// An emoji without its skin colour or its selector.
    private static func bare(_ character: Character) -> Character {
        character.unicodeScalars.first.map { Character($0) } ?? character
    }

    private static let signs: [Character: String] = [
        "…": "...", "·": "-", "•": "*", "–": "-", "—": "-", "“": "\"", "”": "\"", "‘": "'", "’": "'",
        "«": "\"",
        "»": "\"", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "×": "x", "°": "o", "\u{A0}": " ",
        "\u{25CC}": "o", "\u{2424}": "|",
    ]

    /// The common ones, in two columns, as people wrote them before there were pictures.
    private static let pictures: [Character: String] = [
        "😀": ":)", "😃": ":)", "😄": ":D", "😁": ":D", "😊": ":)", "🙂": ":)", "😂": ":D", "🤣": ":D",
        "😉": ";)", "😍": "<3", "😘": ":*", "😢": ":(", "😭": ":(", "🙁": ":(", "😞": ":(", "😛": ":P",
        "😎": "B)", "😮": ":O", "😱": ":O", "😐": ":|", "🤔": ":/", "👍": "+1", "👎": "-1", "❤": "<3",
        "💔": "</", "👋": "o/", "🎉": "*!", "✨": "**", "⭐": "* ", "✅": "v ", "❌": "x ", "✓": "v",
    ]

    private static let letters: [Character: Character] = {
        let groups: [(String, Character)] = [
            ("áàâãäåāăą", "a"), ("ÁÀÂÃÄÅĀĂĄ", "A"), ("éèêëēĕėęě", "e"), ("ÉÈÊËĒĔĖĘĚ", "E"),
            ("íìîïĩīĭįı", "i"), ("ÍÌÎÏĨĪĬĮİ", "I"), ("óòôõöøōŏő", "o"), ("ÓÒÔÕÖØŌŎŐ", "O"),
            ("úùûüũūŭůűų", "u"), ("ÚÙÛÜŨŪŬŮŰŲ", "U"), ("çćĉċč", "c"), ("ÇĆĈĊČ", "C"), ("ñńņň", "n"),
            ("ÑŃŅŇ", "N"), ("ýÿŷ", "y"), ("ÝŸŶ", "Y"), ("śŝşšß", "s"), ("ŚŜŞŠ", "S"), ("źżž", "z"),
            ("ŹŻŽ", "Z"), ("ďđð", "d"), ("ĎĐÐ", "D"), ("ĝğġģ", "g"), ("ĜĞĠĢ", "G"), ("ĺļľł", "l"),
            ("ĹĻĽŁ", "L"), ("ŕŗř", "r"), ("ŔŖŘ", "R"), ("ţťŧ", "t"), ("ŢŤŦ", "T"), ("ª", "a"), ("º", "o"),
        ]
        var table: [Character: Character] = [:]
        for (accented, plain) in groups {
            for letter in accented { table[letter] = plain }
        }
        return table
    }()
}
