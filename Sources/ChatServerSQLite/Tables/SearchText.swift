import ChatWire

/// What of a user the search for people looks at; see ``TextFolding``.
enum SearchText {
    /// What is kept of a user; the separator keeps a search from spanning both.
    static func of(name: String, email: String) -> String {
        TextFolding.fold(name) + "\u{1}" + TextFolding.fold(email)
    }

    /// The words of the index for a user: each three letters that follow each other. Separators at the end let the
    /// last letters begin some too.
    static func words(name: String, email: String) -> String {
        let scalars = Array((of(name: name, email: email) + "\u{1}\u{1}").unicodeScalars)
        guard scalars.count >= 3 else { return "" }
        return Set((0...scalars.count - 3).map { word(scalars[$0..<$0 + 3]) }).joined(separator: " ")
    }

    /// What the index is asked for those who have all the texts, folded; nil when there is nothing to ask for.
    static func query(_ texts: [String]) -> String? {
        var words: Set<String> = []
        for text in texts {
            let scalars = Array(text.unicodeScalars)
            guard !scalars.isEmpty else { continue }
            // A short text is the beginning of some three letters.
            if scalars.count < 3 { words.insert(word(scalars[...]) + "*") }
            for start in 0..<max(0, min(scalars.count - 2, wordsMax)) {
                words.insert(word(scalars[start..<start + 3]))
            }
        }
        return words.isEmpty ? nil : words.sorted().joined(separator: " AND ")
    }

    /// So many words are enough to have few candidates.
    private static let wordsMax = 32

    /// Letters as the index's tokenizer leaves them whole: four digits of base 36 for each.
    private static func word(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        scalars.map { scalar in
            let digits = String(scalar.value, radix: 36)
            return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        }.joined()
    }
}
