/// A name, or a word to find one by, in comparable form: without case, accents, invisible characters, and the number
/// and kind of spaces.
package struct NameKey: Hashable, Sendable {
    /// The words, separated by one space.
    package let whole: String
    /// The words as written, and also without surrounding punctuation (`(work)` is `work` too).
    package let words: Set<String>

    package init(_ name: String) {
        let parts = Self.folded(name).split(whereSeparator: \.isWhitespace).map(String.init)
        whole = parts.joined(separator: " ")
        words = Set(parts).union(parts.map(Self.bare).filter { !$0.isEmpty })
    }

    /// The number of its letters and digits; in a name without any, the number of its characters.
    package var letterCount: Int {
        let letters = whole.count { $0.isLetter || $0.isNumber }
        return letters > 0 ? letters : whole.count
    }

    /// Equal for all names that look the same, or nearly the same, on a screen.
    package var appearance: String { Lookalike.appearance(of: whole) }

    private static func folded(_ name: String) -> String {
        var visible = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint {
            let isFullwidth = (0xFF01...0xFF5E).contains(scalar.value)
            visible.append(isFullwidth ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar)
        }
        return Folding.fold(String(visible))
    }

    private static func bare(_ word: String) -> String {
        var word = word[...]
        while let first = word.first, !first.isLetter, !first.isNumber { word.removeFirst() }
        while let last = word.last, !last.isLetter, !last.isNumber { word.removeLast() }
        return String(word)
    }
}
