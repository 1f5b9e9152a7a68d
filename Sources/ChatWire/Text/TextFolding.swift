/// Folds text for searching: case, accents and the width of letters do not matter, nor does whether a letter is
/// composed or decomposed.
///
/// The steps are: decompose, drop the marks, fold the case, compose (Unicode 3.13, and UTS #10 at its first level).
/// Marks that are vowels in their script stay.
public enum TextFolding {
    public static func fold(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { append(scalar, to: &folded) }
        return String(composingHangul(folded))
    }

    /// The scalars that one scalar folds to; none when it is dropped. ``fold(_:)`` joins them and composes Hangul
    /// syllables (``syllable(_:_:)``).
    package static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        var folded = String.UnicodeScalarView()
        append(scalar, to: &folded)
        return Array(folded)
    }

    private static func append(_ scalar: Unicode.Scalar, to folded: inout String.UnicodeScalarView) {
        if scalar.value < 0x80 {
            let isCapital = (0x41...0x5A).contains(scalar.value)
            folded.append(isCapital ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar)
        } else if let result = table.result(of: scalar.value) {
            folded.append(contentsOf: result)
        } else if !isDropped(scalar) {
            for small in scalar.properties.lowercaseMapping.unicodeScalars {
                if let result = table.result(of: small.value) {
                    folded.append(contentsOf: result)
                } else if !isDropped(small) {
                    folded.append(small)
                }
            }
        }
    }

    /// Accents, points that words are usually written without, joiners and other invisible characters, skin tones.
    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1F3FB...0x1F3FF, 0x300...0x36F, 0xFE00...0xFE2F, 0xE0100...0xE01EF: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .format, .enclosingMark: return true
        case .nonspacingMark:
            // These classes belong to vowels, and to marks that silence vowels.
            return ![0, 9, 103, 118, 129, 130, 132].contains(
                scalar.properties.canonicalCombiningClass.rawValue)
        default: return false
        }
    }

    // MARK: Hangul (Unicode 3.12)

    /// Composes syllables, so that a search for a part does not find it inside another syllable.
    private static func composingHangul(_ text: String.UnicodeScalarView) -> String.UnicodeScalarView {
        guard text.contains(where: { (0x1100...0x1112).contains($0.value) }) else { return text }
        var composed = String.UnicodeScalarView()
        for scalar in text {
            if let last = composed.last, let syllable = syllable(last.value, scalar.value) {
                composed.removeLast()
                composed.append(syllable)
            } else {
                composed.append(scalar)
            }
        }
        return composed
    }

    /// The Hangul syllable that two parts compose to, or nil.
    package static func syllable(_ first: UInt32, _ second: UInt32) -> Unicode.Scalar? {
        switch (first, second) {
        case (0x1100...0x1112, 0x1161...0x1175):
            Unicode.Scalar(0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28)
        case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (first - 0xAC00) % 28 == 0:
            Unicode.Scalar(first + second - 0x11A7)
        default: nil
        }
    }

    // MARK: The table

    private static let table = Table(FoldingTable.records)

    /// The records in the order of their scalars, for binary search.
    private struct Table {
        private struct Run {
            let first: UInt32
            let count: UInt32
            /// The position of the result in `results`, and its length.
            let start: Int
            let length: Int
        }

        private var runs: [Run] = []
        private var results: [Unicode.Scalar] = []

        init(_ records: StaticString) {
            var fields: [UInt32] = [0]
            var count: UInt32 = 1
            var first: UInt32 = 0
            var end: UInt32 = 0
            var isResult = false
            func number() -> UInt32 { fields.last ?? 0 }
            for byte in UnsafeBufferPointer(start: records.utf8Start, count: records.utf8CodeUnitCount) + [
                0x20
            ] {
                switch byte {
                case UInt8(ascii: "*"):
                    first = end + number()
                    fields = [0]
                    count = 0
                case UInt8(ascii: "="):
                    if count == 0 { count = number() } else { first = end + number() }
                    fields = []
                    isResult = true
                case UInt8(ascii: ","): fields.append(0)
                case 0x20 where isResult:
                    runs.append(Run(first: first, count: count, start: results.count, length: fields.count))
                    results += fields.compactMap { Unicode.Scalar($0) }
                    end = first + count
                    (fields, count, isResult) = ([0], 1, false)
                default:
                    guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { continue }
                    if fields.isEmpty { fields = [0] }
                    fields[fields.count - 1] = fields[fields.count - 1] << 4 | UInt32(digit)
                }
            }
        }

        /// What the scalar becomes; nil when the table does not contain it.
        func result(of scalar: UInt32) -> ArraySlice<Unicode.Scalar>? {
            var low = 0
            var high = runs.count
            while low < high {
                let middle = (low + high) / 2
                if runs[middle].first <= scalar { low = middle + 1 } else { high = middle }
            }
            guard low > 0 else { return nil }
            let run = runs[low - 1]
            let offset = scalar - run.first
            guard offset < run.count else { return nil }
            if run.count > 1 {
                guard let target = Unicode.Scalar(results[run.start].value + offset) else { return nil }
                return [target]
            }
            return results[run.start..<run.start + run.length]
        }
    }
}
