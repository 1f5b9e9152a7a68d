import ChatWire

/// The text of a user that searches for people look at; see ``TextFolding``.
enum SearchText {
    /// The stored text of a user. The separator keeps a search from matching across name and address.
    static func of(name: String, email: String) -> String {
        TextFolding.fold(name) + "\u{1}" + TextFolding.fold(email)
    }

    /// The index words of a user: all sequences of three letters. Separators at the end make sequences start
    /// at the last letters too.
    static func words(name: String, email: String) -> String {
        let scalars = Array((of(name: name, email: email) + "\u{1}\u{1}").unicodeScalars)
        guard scalars.count >= 3 else { return "" }
        return Set((0...scalars.count - 3).map { word(scalars[$0..<$0 + 3]) }).joined(separator: " ")
    }

    /// The index query for users whose text contains all of `texts`, which must be folded; nil when there is
    /// nothing to search for.
    static func query(_ texts: [String]) -> String? {
        var words: Set<String> = []
        for text in texts {
            let scalars = Array(text.unicodeScalars)
            guard !scalars.isEmpty else { continue }
            // A shorter text is a prefix of some sequences.
            if scalars.count < 3 { words.insert(word(scalars[...]) + "*") }
            for start in 0..<max(0, min(scalars.count - 2, wordsMax)) {
                words.insert(word(scalars[start..<start + 3]))
            }
        }
        return words.isEmpty ? nil : words.sorted().joined(separator: " AND ")
    }

    /// The maximum number of words per text: enough to leave few candidates.
    private static let wordsMax = 32

    /// Letters in a form that the index's tokenizer keeps whole: four base 36 digits per letter.
    private static func word(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        scalars.map { scalar in
            let digits = String(scalar.value, radix: 36)
            return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        }.joined()
    }
}
