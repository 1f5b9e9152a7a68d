/// The part of a text around a match, in one line.
struct SearchExcerpt: Equatable, Sendable {
    let text: String
    /// The ranges of the query's words in ``text``, as offsets into its UTF-8; in order and not overlapping.
    let matches: [Range<Int>]

    /// The characters shown before the start of the first match.
    private static let before = 40
    /// The characters shown from the start of the first match on.
    private static let after = 120
    private static let ellipsis = "…"

    /// - Parameter matches: offsets into the text's UTF-8, in order.
    init(of text: String, matches: [Range<Int>]) {
        let first = matches.first?.lowerBound ?? 0
        let anchor = text.utf8.index(text.startIndex, offsetBy: min(first, text.utf8.count))
        let start = Self.start(in: text, before: anchor)
        let end = text.index(anchor, offsetBy: Self.after, limitedBy: text.endIndex) ?? text.endIndex
        let prefix = start > text.startIndex ? Self.ellipsis : ""
        let suffix = end < text.endIndex ? Self.ellipsis : ""
        let line = text.utf8[start..<end].map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }
        self.text = prefix + String(decoding: line, as: UTF8.self) + suffix
        let from = text.utf8.distance(from: text.startIndex, to: start)
        let shift = prefix.utf8.count - from
        let shown = matches.map { $0.clamped(to: from..<from + line.count) }.filter { !$0.isEmpty }
        self.matches = Self.joined(shown).map { $0.lowerBound + shift..<$0.upperBound + shift }
    }

    /// The start of the excerpt: at the beginning of a word if one is near.
    private static func start(in text: String, before anchor: String.Index) -> String.Index {
        guard let cut = text.index(anchor, offsetBy: -before, limitedBy: text.startIndex) else {
            return text.startIndex
        }
        guard cut > text.startIndex, let space = text[cut..<anchor].firstIndex(where: \.isWhitespace) else {
            return cut
        }
        return text.index(after: space)
    }

    /// Joins overlapping neighbours into one.
    static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var joined: [Range<Int>] = []
        for range in ranges {
            if let last = joined.last, range.lowerBound < last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }
}
