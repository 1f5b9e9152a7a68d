import Synchronization

/// How many columns text takes in a terminal, by our own tables (`unicodeVersion`),
/// grapheme cluster by grapheme cluster: an emoji sequence, a flag, or a letter with
/// its marks is one unit of 0, 1 or 2 columns.
public enum TextWidth {
    /// The version of the Unicode Character Database behind the tables.
    public static var unicodeVersion: String { WidthTables.unicodeVersion }

    /// True where the terminal draws characters of ambiguous width (UAX #11: many Greek and Cyrillic letters,
    /// accented vowels, lines and circles) over two columns, as East Asian fonts do. A fact about the one
    /// terminal of the process, set before anything is drawn.
    public static var ambiguousIsWide: Bool {
        get { ambiguousWidth.load(ordering: .relaxed) }
        set { ambiguousWidth.store(newValue, ordering: .relaxed) }
    }
    private static let ambiguousWidth = Atomic(false)

    /// The columns of one cluster. Controls, which `Sanitizer` replaces, count 0.
    public static func of(_ character: Character, ambiguousIsWide: Bool = ambiguousIsWide) -> Int {
        if let ascii = character.asciiValue { return ascii >= 0x20 && ascii != 0x7F ? 1 : 0 }
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.count == 1 { return columns(of: first, ambiguousIsWide: ambiguousIsWide) }
        return columns(of: scalars, first: first, ambiguousIsWide: ambiguousIsWide)
    }

    /// The columns of a text without line breaks.
    public static func of(_ text: String, ambiguousIsWide: Bool = ambiguousIsWide) -> Int {
        text.reduce(0) { $0 + of($1, ambiguousIsWide: ambiguousIsWide) }
    }

    /// The longest beginning of whole clusters that fits, with `ellipsis` at its end if
    /// anything had to go. The result never takes more than `columns`.
    public static func truncated(_ text: String, to columns: Int, ellipsis: String = "…") -> String {
        guard columns > 0 else { return "" }
        var kept = ""
        var width = 0
        var keptBeforeEllipsis = ""
        let room = columns - of(ellipsis)
        for character in text {
            let next = of(character)
            guard width + next <= columns else {
                return room >= 0 ? keptBeforeEllipsis + ellipsis : kept
            }
            kept.append(character)
            width += next
            if width <= room { keptBeforeEllipsis = kept }
        }
        return kept
    }

    /// True where terminals are known to disagree with each other about the width, so
    /// that the cursor should be placed again after the cluster is drawn.
    static func isDoubtful(_ text: String) -> Bool {
        if text.utf8.count <= 1 { return false }
        let scalars = text.unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else { return true }
        // The soft hyphen has a column in some, and marks alone stand on what is before them in some.
        if first.value == 0xAD || 0x300...0x36F ~= first.value || 0x483...0x489 ~= first.value { return true }
        // Latin, Greek, Cyrillic and box drawing are drawn alike everywhere.
        return !(first.value < 0x500 || 0x2500...0x257F ~= first.value)
    }

    private static func columns(of scalar: Unicode.Scalar, ambiguousIsWide: Bool) -> Int {
        let value = scalar.value
        if value < 0x20 || 0x7F..<0xA0 ~= value { return 0 }
        if value < 0x300 {
            return ambiguousIsWide && contains(value, WidthTables.ambiguous) ? 2 : 1
        }
        if contains(value, WidthTables.zero) { return 0 }
        if contains(value, WidthTables.wide) { return 2 }
        return ambiguousIsWide && contains(value, WidthTables.ambiguous) ? 2 : 1
    }

    private static func columns(
        of scalars: Character.UnicodeScalarView, first: Unicode.Scalar, ambiguousIsWide: Bool
    ) -> Int {
        if 0x1F1E6...0x1F1FF ~= first.value { return 2 }
        var total = 0
        for scalar in scalars {
            // U+FE0F asks for the emoji form, which is wide.
            if scalar.value == 0xFE0F, first.properties.isEmoji { return 2 }
            total += columns(of: scalar, ambiguousIsWide: ambiguousIsWide)
        }
        return min(total, 2)
    }

    private static func contains(_ value: UInt32, _ ranges: [ClosedRange<UInt32>]) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= value
    }
}
