/// Finds the links of a text: to draw them, for the terminal (OSC 8), and to open them.
///
/// A link begins at `http://` or `https://`, wherever that stands but behind an ASCII letter or digit. It ends at
/// white space, `<`, `>`, `"`, a backquote, an ellipsis, CJK and fullwidth punctuation; at the bracket that closes
/// the one before it; and where the next link of a list begins. Signs at its end are the sentence's, and so are
/// brackets that have no partner inside the link.
enum LinkScanner {
    static func ranges(in clusters: [Cluster]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = 0
        while index < clusters.count {
            guard let scheme = schemeLength(clusters, at: index) else {
                index += 1
                continue
            }
            let body = index + scheme
            let end = trimmed(clusters, index..<end(clusters, index, from: body), body: body)
            if end > body { ranges.append(index..<end) }
            index = max(end, body)
        }
        return ranges
    }

    // MARK: Beginning

    /// The length of the scheme that begins here; nil for none.
    private static func schemeLength(_ clusters: [Cluster], at index: Int) -> Int? {
        guard clusters[index].character == "h" || clusters[index].character == "H" else { return nil }
        if index > 0, isLetterOrDigit(clusters[index - 1].character) { return nil }
        let text = String(clusters[index..<min(index + 8, clusters.count)].map(\.character)).lowercased()
        return text.hasPrefix("https://") ? 8 : text.hasPrefix("http://") ? 7 : nil
    }

    private static func isLetterOrDigit(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }

    // MARK: End

    private static func end(_ clusters: [Cluster], _ start: Int, from body: Int) -> Int {
        let around = start > 0 ? closers[clusters[start - 1].character] : nil
        var depth = 0
        for index in body..<clusters.count {
            let character = clusters[index].character
            if clusters[index].isWhitespace || isTerminator(character) { return index }
            if let around {
                if closers[character] == around { depth += 1 }
                if character == around {
                    guard depth > 0 else { return index }
                    depth -= 1
                }
            }
            // An address may hold another one; in a list a sign that is no part of addresses parts them.
            if separators.contains(clusters[index - 1].character), schemeLength(clusters, at: index) != nil {
                return index
            }
        }
        return clusters.count
    }

    private static func isTerminator(_ character: Character) -> Bool {
        if let ascii = character.asciiValue { return terminators.contains(ascii) }
        guard let value = character.unicodeScalars.first?.value else { return true }
        switch value {
        case 0x2025, 0x2026, 0x22EF: return true
        // Ideographic letters and digits among the punctuation: 々〆〇 and 〡 to 〩.
        case 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3038...0x303C: return false
        case 0x3000...0x303F, 0xFE10...0xFE1F, 0xFE30...0xFE6F: return true
        case 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0xFF3B...0xFF40, 0xFF5B...0xFF65: return true
        default: return false
        }
    }

    private static let terminators = Set("<>\"`".utf8)
    private static let closers: [Character: Character] = ["(": ")", "[": "]", "{": "}"]
    private static let openers: [Character: Character] = [")": "(", "]": "[", "}": "{"]
    private static let separators: Set<Character> = [
        ",", ";", "|", "(", ")", "[", "]", "{", "}", "'", "*", "!",
    ]
    /// What ends sentences and quotations.
    private static let sentenceSigns: Set<Character> = [
        ".", ",", ";", ":", "!", "?", "'", "|", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}", "\u{AB}",
        "\u{BB}",
    ]
    /// What stands on both sides of what is emphasised.
    private static let emphasisSigns: Set<Character> = ["*", "_", "~"]

    /// The end without what belongs to the sentence around the link.
    private static func trimmed(_ clusters: [Cluster], _ link: Range<Int>, body: Int) -> Int {
        let matched = matchedBrackets(clusters, body..<link.upperBound)
        let before = link.lowerBound > 0 ? clusters[link.lowerBound - 1].character : " "
        var end = link.upperBound
        while end > body {
            let character = clusters[end - 1].character
            let isBracket = closers[character] != nil || openers[character] != nil
            guard
                sentenceSigns.contains(character) || isBracket && !matched.contains(end - 1)
                    || emphasisSigns.contains(character) && character == before
            else { break }
            end -= 1
        }
        return end
    }

    private static func matchedBrackets(_ clusters: [Cluster], _ range: Range<Int>) -> Set<Int> {
        var open: [Int] = []
        var matched: Set<Int> = []
        for index in range {
            let character = clusters[index].character
            if closers[character] != nil {
                open.append(index)
            } else if let opener = openers[character],
                let partner = open.lastIndex(where: { clusters[$0].character == opener })
            {
                matched.formUnion([open[partner], index])
                open.removeSubrange(partner...)
            }
        }
        return matched
    }
}
