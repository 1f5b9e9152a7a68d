/// Makes names comparable as people type them: without case and without the accents of Latin letters.
package enum Folding {
    /// The word in lower case, with accents removed from Latin letters (`São` and `SAO` become `sao`), and without
    /// combining marks.
    package static func fold(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            if scalar.isASCII {
                folded.append(scalar)
            } else if scalar.properties.generalCategory != .nonspacingMark {
                folded.append(contentsOf: bare(scalar).unicodeScalars)
            }
        }
        return String(folded)
    }

    /// The base form of a letter of Latin-1 and Latin Extended-A, which European names use.
    private static func bare(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "à"..."å", "ā", "ă", "ą": "a"
        case "ç", "ć", "ĉ", "ċ", "č": "c"
        case "ď", "đ", "ð": "d"
        case "è"..."ë", "ē", "ĕ", "ė", "ę", "ě": "e"
        case "ĝ", "ğ", "ġ", "ģ": "g"
        case "ĥ", "ħ": "h"
        case "ì"..."ï", "ĩ", "ī", "ĭ", "į", "ı": "i"
        case "ĵ": "j"
        case "ķ": "k"
        case "ĺ", "ļ", "ľ", "ŀ", "ł": "l"
        case "ñ", "ń", "ņ", "ň": "n"
        case "ò"..."ö", "ø", "ō", "ŏ", "ő": "o"
        case "ŕ", "ŗ", "ř": "r"
        case "ś", "ŝ", "ş", "š": "s"
        case "ţ", "ť", "ŧ": "t"
        case "ù"..."ü", "ũ", "ū", "ŭ", "ů", "ű", "ų": "u"
        case "ŵ": "w"
        case "ý", "ÿ", "ŷ": "y"
        case "ź", "ż", "ž": "z"
        case "æ": "ae"
        case "œ": "oe"
        case "ß": "ss"
        default: String(scalar)
        }
    }
}
