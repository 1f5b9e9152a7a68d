/// A name, or a word that shall find one, as both are compared: without case, accents, invisible signs, and
/// the number and kind of blanks.
package struct NameKey: Hashable, Sendable {
    /// The words, one blank between them.
    package let whole: String
    /// The words as they are written, and those that signs surround without these (`(work)` is `work` too).
    package let words: Set<String>

    package init(_ name: String) {
        let parts = Self.folded(name).split(whereSeparator: \.isWhitespace).map(String.init)
        whole = parts.joined(separator: " ")
        words = Set(parts).union(parts.map(Self.bare).filter { !$0.isEmpty })
    }

    /// How many letters and digits it has; of a name without any, how many signs.
    package var letterCount: Int {
        let letters = whole.count { $0.isLetter || $0.isNumber }
        return letters > 0 ? letters : whole.count
    }

    /// The same for all names that look the same, or nearly, to somebody who reads them on a screen.
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
