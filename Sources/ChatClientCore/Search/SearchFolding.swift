/// The role of a Unicode scalar in a search.
enum SearchClass: Equatable {
    /// Part of a word, folded to this scalar: lower case, no accents.
    case word(UInt32)
    /// Part of a word, folded to these two ASCII letters (`ß` is `ss`).
    case pair(UInt8, UInt8)
    /// Part of a word, folded to these three ASCII letters (the ligature of `ffi`).
    case triple(UInt8, UInt8, UInt8)
    /// Ignored: accents, vowel points, joiners, skin tones.
    case dropped
    /// A word by itself: ideographs, kana, letters of scripts without spaces, emoji.
    case alone(UInt32)
    /// Ends a word: spaces, punctuation, everything else.
    case separator
}

/// Folds scalars, so that `São`, `SAO` and a decomposed `São` are the same word.
enum SearchFolding {
    static func classify(_ scalar: UInt32) -> SearchClass {
        if scalar < 0x80 { return ascii(UInt8(scalar)) }
        if scalar < 0x800 { return twoBytes[Int(scalar) - 0x80] }
        return beyond(scalar)
    }

    static func ascii(_ byte: UInt8) -> SearchClass {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            .word(UInt32(byte))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .word(UInt32(byte) + 32)
        default: .separator
        }
    }

    /// Every scalar that UTF-8 encodes in two bytes: together with ASCII, most of most texts.
    private static let twoBytes: [SearchClass] = (0x80..<0x800).map { scalar in
        switch scalar {
        case 0xC6, 0xE6: .pair(UInt8(ascii: "a"), UInt8(ascii: "e"))
        case 0x152, 0x153: .pair(UInt8(ascii: "o"), UInt8(ascii: "e"))
        case 0x132, 0x133: .pair(UInt8(ascii: "i"), UInt8(ascii: "j"))
        case 0x1C4...0x1C6, 0x1F1...0x1F3: .pair(UInt8(ascii: "d"), UInt8(ascii: "z"))
        case 0x1C7...0x1C9: .pair(UInt8(ascii: "l"), UInt8(ascii: "j"))
        case 0x1CA...0x1CC: .pair(UInt8(ascii: "n"), UInt8(ascii: "j"))
        case 0xDF: .pair(UInt8(ascii: "s"), UInt8(ascii: "s"))
        case 0x640, 0xAD: .dropped
        default: general(UInt32(scalar))
        }
    }

    private static func beyond(_ scalar: UInt32) -> SearchClass {
        switch scalar {
        case 0x3400...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: .alone(scalar)
        // The middle dot and the double hyphen between kana words are punctuation.
        case 0x30A0, 0x30FB: .separator
        case 0x3041...0x3096, 0x309D...0x30FF, 0x3105...0x312F, 0x31F0...0x31FF, 0xFF66...0xFF9D:
            .alone(scalar)
        case 0x0E01...0x0E3A, 0x0E40...0x0E4E, 0x0E81...0x0ECD, 0x1000...0x103F, 0x1780...0x17D3:
            .alone(scalar)
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: ascii(UInt8(scalar - 0xFEE0))
        case 0x1F3FB...0x1F3FF: .dropped
        case 0xFB00: .pair(UInt8(ascii: "f"), UInt8(ascii: "f"))
        case 0xFB01: .pair(UInt8(ascii: "f"), UInt8(ascii: "i"))
        case 0xFB02: .pair(UInt8(ascii: "f"), UInt8(ascii: "l"))
        case 0xFB03: .triple(UInt8(ascii: "f"), UInt8(ascii: "f"), UInt8(ascii: "i"))
        case 0xFB04: .triple(UInt8(ascii: "f"), UInt8(ascii: "f"), UInt8(ascii: "l"))
        case 0xFB05, 0xFB06: .pair(UInt8(ascii: "s"), UInt8(ascii: "t"))
        case 0x1E9E: .pair(UInt8(ascii: "s"), UInt8(ascii: "s"))
        // It stands for invalid bytes.
        case 0xFFFD: .separator
        default: general(scalar)
        }
    }

    private static func general(_ value: UInt32) -> SearchClass {
        guard let scalar = Unicode.Scalar(value) else { return .separator }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            return .word(bare(scalar.properties.lowercaseMapping.unicodeScalars.first?.value ?? value))
        case .nonspacingMark, .enclosingMark, .spacingMark:
            return isDropped(mark: value) ? .dropped : .word(value)
        case .format: return .dropped
        case .otherSymbol: return value < 0x800 ? .separator : .alone(value)
        default: return .separator
        }
    }

    /// Whether a mark is dropped: accents, and the points that Hebrew and Arabic are usually written without. In
    /// other scripts a mark is a vowel.
    private static func isDropped(mark: UInt32) -> Bool {
        switch mark {
        case 0x300...0x6FF, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE00...0xFE2F: true
        case 0xE0100...0xE01EF: true
        default: false
        }
    }

    // MARK: Without accents

    /// The small letter without its marks.
    private static func bare(_ letter: UInt32) -> UInt32 {
        switch letter {
        case 0xC0..<0x250: latin(letter, latinFrom00C0, first: 0xC0)
        case 0x1E00..<0x1F00: latin(letter, latinFrom1E00, first: 0x1E00)
        case 0x390...0x3CE: greek[letter] ?? letter
        case 0x430...0x4FF: cyrillic[letter] ?? letter
        default: letter
        }
    }

    private static func latin(_ letter: UInt32, _ table: [UInt8], first: UInt32) -> UInt32 {
        let base = table[Int(letter - first)]
        return base == UInt8(ascii: ".") ? letter : UInt32(base)
    }

    /// The bare letters of U+00C0 to U+024F in their order; a dot where there is none.
    private static let latinFrom00C0 = Array(
        ("aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
            + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnnnnnoooooo..rrrrrr"
            + "ssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
            + "b......................i........oo.............uu............................aaiioouuuuuuuuuu"
            + ".aaaa....ggkkoooo..j...gg..nnaa..ooaaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy"
            + "...............b............").utf8)

    /// The same for U+1E00 to U+1EFF, which contains the letters of Vietnamese.
    private static let latinFrom1E00 = Array(
        ("aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnooooooooppppr"
            + "rrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s...."
            + "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"
            + "......").utf8)

    private static let greek = bareLetters("ΐιάαέεήηίιΰυςσϊιϋυόούυώω")
    private static let cyrillic = bareLetters("йиѐеёеѓгїіќкѝиўуѷѵӂжӑаӓаӗеӛәӝжӟзӣиӥиӧоӫөӭэӯуӱуӳуӵчӹы")

    /// In the text, each letter is followed by its bare form.
    private static func bareLetters(_ pairs: String) -> [UInt32: UInt32] {
        let scalars = pairs.unicodeScalars.map(\.value)
        return Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: scalars.count - 1, by: 2).map {
                (scalars[$0], scalars[$0 + 1])
            })
    }
}
