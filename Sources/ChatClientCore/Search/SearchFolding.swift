import ChatWire

/// The role of a Unicode scalar in a search.
enum SearchClass: Equatable {
    /// Part of a word, folded to this scalar: lower case, no accents.
    case word(UInt32)
    /// Part of a word, folded to these letters (`ß` is `ss`).
    case letters([UInt32])
    /// Ignored: accents, vowel points, joiners, skin tones.
    case dropped
    /// A word by itself: ideographs, kana, letters of scripts without spaces, emoji.
    case alone(UInt32)
    /// Ends a word: spaces, punctuation, everything else.
    case separator
}

/// Folds scalars with ``TextFolding``, as the server's search for people does, and decides which of them form words.
/// `São`, `SAO` and a decomposed `São` are the same word.
enum SearchFolding {
    static func classify(_ scalar: UInt32) -> SearchClass {
        switch scalar {
        case 0..<0x80: ascii(UInt8(scalar))
        case 0x80..<0x800: twoBytes[Int(scalar) - 0x80]
        // Ideographs and Hangul syllables fold to themselves.
        case 0x3400...0x9FFF: .alone(scalar)
        case 0xAC00...0xD7A3: .word(scalar)
        default: general(scalar)
        }
    }

    private static func ascii(_ byte: UInt8) -> SearchClass {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            .word(UInt32(byte))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .word(UInt32(byte) + 32)
        default: .separator
        }
    }

    /// Every scalar that UTF-8 encodes in two bytes: together with ASCII, most of most texts.
    private static let twoBytes: [SearchClass] = (0x80..<0x800).map { general(UInt32($0)) }

    private static func general(_ value: UInt32) -> SearchClass {
        guard let scalar = Unicode.Scalar(value) else { return .separator }
        switch scalar.properties.generalCategory {
        case .format: return .dropped
        case .modifierSymbol where (0x1F3FB...0x1F3FF).contains(value): return .dropped
        case .otherSymbol where value == 0xFFFD || value < 0x800: return .separator
        case .otherSymbol: return .alone(value)
        default: return isInWords(scalar) ? folded(scalar) : .separator
        }
    }

    private static func folded(_ scalar: Unicode.Scalar) -> SearchClass {
        let letters = TextFolding.folded(scalar)
        guard let first = letters.first?.value else { return .dropped }
        if isAlone(scalar.value) { return .alone(letters.count == 1 ? first : scalar.value) }
        // A sign that folds to several words (`½`) stays one word.
        guard letters.allSatisfy(isInWords) else { return .word(scalar.value) }
        return letters.count == 1 ? .word(first) : .letters(letters.map(\.value))
    }

    private static func isInWords(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber, .nonspacingMark, .enclosingMark, .spacingMark:
            true
        default: false
        }
    }

    /// Ideographs, kana, and the letters of Thai, Lao, Khmer and Burmese.
    private static func isAlone(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        case 0x3041...0x3096, 0x309D...0x30FF, 0x3105...0x312F, 0x31F0...0x31FF, 0xFF66...0xFF9D: true
        case 0x0E01...0x0E3A, 0x0E40...0x0E4E, 0x0E81...0x0ECD, 0x1000...0x103F, 0x1780...0x17D3: true
        default: false
        }
    }
}
