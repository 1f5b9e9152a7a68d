/// Text folded for searching: case and accents don't count.
enum SearchText {
    /// What a search for `query` looks for.
    static func fold(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        var folded = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars { append(scalar, to: &folded) }
        return String(folded)
    }

    /// What is kept of a user; the separator keeps a search from spanning both.
    static func of(name: String, email: String) -> String {
        fold(name) + "\u{1}" + fold(email)
    }

    private static func append(_ scalar: Unicode.Scalar, to folded: inout String.UnicodeScalarView) {
        guard scalar.value >= 0x80 else {
            folded.append(scalar)
            return
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark: return
        default: break
        }
        if let base = latinBase(of: scalar) {
            folded.append(contentsOf: base)
        } else {
            folded.append(scalar)
        }
    }

    /// The plain letters of an accented Latin letter, read off its Unicode name ("LATIN SMALL LETTER E WITH
    /// ACUTE"): the standard library has names, but no decompositions.
    private static func latinBase(of scalar: Unicode.Scalar) -> String.UnicodeScalarView? {
        switch scalar {
        case "ß": return "ss".unicodeScalars
        case "æ": return "ae".unicodeScalars
        case "œ": return "oe".unicodeScalars
        default: break
        }
        guard let name = scalar.properties.name, name.hasPrefix(prefix) else { return nil }
        let letter = name.dropFirst(prefix.count).prefix { $0 != " " }
        guard letter.utf8.count == 1, name.dropFirst(prefix.count + 1).hasPrefix(" WITH ") else { return nil }
        return String.UnicodeScalarView(letter.lowercased().unicodeScalars)
    }

    private static let prefix = "LATIN SMALL LETTER "
}
