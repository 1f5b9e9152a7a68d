import ChatWire

/// A parsed search: words that must all occur. Words without white space between them, or in quotation marks, must
/// follow each other; the last word may be a prefix.
struct SearchQuery: Hashable, Sendable {
    /// Words that must follow each other.
    typealias Phrase = [[UInt8]]

    private(set) var phrases: [Phrase]
    /// Whether the last word may be a prefix.
    private(set) var isOpen = true
    /// Texts that must occur as written, except for case and accents: words with special characters (`C++`, `#tag`).
    private(set) var literals: [String] = []

    /// Nil when the text contains no word.
    init?(_ text: String) {
        var phrases: [Phrase] = []
        // Quotation marks keep their content together.
        for (index, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let isQuoted = index % 2 == 1
            var isFirst = true
            for word in SearchWord.all(of: String(part.prefix(Self.lengthMax))) {
                if !isFirst, word.isJoined || isQuoted {
                    phrases[phrases.count - 1].append(word.folded)
                } else {
                    phrases.append([word.folded])
                }
                isFirst = false
                isOpen = !word.isAlone
            }
        }
        guard !phrases.isEmpty else { return nil }
        isOpen = isOpen && phrases.count <= Self.phrasesMax
        self.phrases = Array(phrases.prefix(Self.phrasesMax))
        takeLiterals(of: text)
    }

    // MARK: Words with signs

    /// Characters that belong to words rather than to sentences.
    private static let wordSigns: Set<Character> = [
        "+", "#", "$", "%", "&", "@", "=", "^", "~", "|", "<", ">", "/", "\\", "_", "€", "£",
    ]
    private static let sentenceSigns: Set<Character> = [
        ".", ",", ";", ":", "!", "?", "'", "(", ")", "[", "]", "{", "}", "…", "-", "*",
    ]
    private static let literalsMax = 8

    private mutating func takeLiterals(of text: String) {
        let parts = text.prefix(Self.lengthMax).split { $0.isWhitespace || $0 == "\"" }
        for part in parts.prefix(Self.phrasesMax) where part.contains(where: Self.wordSigns.contains) {
            var literal = part
            while let last = literal.last, Self.sentenceSigns.contains(last) { literal.removeLast() }
            while let first = literal.first, Self.sentenceSigns.contains(first), first != "." {
                literal.removeFirst()
            }
            guard !literal.isEmpty, literals.count < Self.literalsMax else { continue }
            literals.append(TextFolding.fold(String(literal)))
            // Such a character ends the word before it.
            if part == parts.last, let last = literal.last, Self.wordSigns.contains(last) { isOpen = false }
        }
    }

    /// True when the text contains all words with special characters as written.
    func accepts(_ text: String) -> Bool {
        guard !literals.isEmpty else { return true }
        let folded = Array(TextFolding.fold(text).unicodeScalars)
        return literals.allSatisfy { Self.occurs(Array($0.unicodeScalars), in: folded) }
    }

    /// A text that begins with a letter must occur at the start of a word.
    private static func occurs(_ literal: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Bool {
        guard let first = literal.first, text.count >= literal.count else { return false }
        let beginsWord = isLetterOrDigit(first)
        for start in 0...text.count - literal.count where text[start] == first {
            if beginsWord, start > 0, isLetterOrDigit(text[start - 1]) { continue }
            if text[start..<start + literal.count].elementsEqual(literal) { return true }
        }
        return false
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// The index holds prefixes of these lengths.
    private static let indexedLengths = 2...3

    /// A query that finds everything that this one finds, and more, and that the index answers without gathering. It
    /// has no phrases when that is simply every message. Nil when this query already is one.
    var wider: SearchQuery? {
        guard isOpen, let last = phrases.last?.last else { return nil }
        let word = String(decoding: last, as: UTF8.self).unicodeScalars
        guard !Self.indexedLengths.contains(word.count) else { return nil }
        var wider = self
        let place = phrases.count - 1
        if word.count > Self.indexedLengths.upperBound {
            let beginning = String.UnicodeScalarView(word.prefix(Self.indexedLengths.upperBound))
            wider.phrases[place][phrases[place].count - 1] = Array(String(beginning).utf8)
        } else {
            wider.isOpen = false
            wider.phrases[place].removeLast()
            if wider.phrases[place].isEmpty { wider.phrases.removeLast() }
        }
        return wider
    }

    /// More words than anybody searches for; each one costs time.
    private static let phrasesMax = 32
    /// In characters.
    private static let lengthMax = 500

    /// The query in the index's language. The words are in quotation marks and contain only letters, so nothing in
    /// them is special.
    ///
    /// - Parameter scope: a word that must also occur.
    func matchExpression(scope: [UInt8]?) -> String {
        var words: [String] = []
        if let scope { words.append(Self.quoted(scope)) }
        for (index, phrase) in phrases.enumerated() {
            for (place, word) in phrase.enumerated() {
                let isLast = index == phrases.count - 1 && place == phrase.count - 1
                words.append(Self.quoted(word) + (isLast && isOpen ? "*" : ""))
                if words.count == Self.wordsMax { return words.joined(separator: " ") }
            }
        }
        return words.joined(separator: " ")
    }

    /// The index only narrows the search: the results are compared with the whole query anyway.
    private static let wordsMax = 16

    private static func quoted(_ word: [UInt8]) -> String {
        "\"" + String(decoding: word, as: UTF8.self) + "\""
    }

    // MARK: Matching

    struct Match: Equatable {
        let range: Range<Int>
        /// Whether the match is a whole word and not just a prefix.
        let isWhole: Bool
        /// The index of its phrase in ``phrases``.
        let phrase: Int
    }

    /// All matches in the order of the text; none when a phrase is missing.
    func match(_ words: [SearchWord]) -> [Match] {
        var matches: [Match] = []
        for (index, phrase) in phrases.enumerated() {
            let isLast = isOpen && index == phrases.count - 1
            let count = matches.count
            for start in words.indices where start + phrase.count <= words.count {
                guard let isWhole = Self.occurs(phrase, in: words, at: start, isPrefix: isLast) else {
                    continue
                }
                for place in start..<start + phrase.count {
                    matches.append(Match(range: words[place].range, isWhole: isWhole, phrase: index))
                }
            }
            guard matches.count > count else { return [] }
        }
        return matches.sorted { ($0.range.lowerBound, $0.phrase) < ($1.range.lowerBound, $1.phrase) }
    }

    /// Nil when the phrase is not at this place; otherwise whether its last word matches whole.
    private static func occurs(
        _ phrase: Phrase, in words: [SearchWord], at start: Int, isPrefix: Bool
    ) -> Bool? {
        for (offset, wanted) in phrase.enumerated() {
            let folded = words[start + offset].folded
            if folded == wanted { continue }
            guard isPrefix, offset == phrase.count - 1, folded.starts(with: wanted) else { return nil }
            return false
        }
        return true
    }
}
