/// Makes text from others harmless to a terminal: control characters and
/// bidirectional controls become visible symbols, over-long runs of combining marks
/// are cut, and what would be drawn in no column of its own gets one or goes.
/// Sanitising twice changes nothing more.
public enum Sanitizer {
    /// How many combining marks a cluster keeps.
    public static let combiningMarksMax = 6
    /// How many scalars a cluster keeps in all: emoji sequences are the longest honest ones.
    public static let clusterScalarsMax = 32

    /// The text on one line: line breaks show as ␤, tabs become spaces.
    public static func line(_ text: String) -> String {
        isHarmless(text) ? text : cleaned(text, keepsLineBreaks: false)
    }

    /// The text with its line breaks, every kind of which becomes `\n`; tabs become spaces.
    public static func text(_ text: String) -> String {
        isHarmless(text) ? text : cleaned(text, keepsLineBreaks: true)
    }

    /// Bytes from outside as one harmless line; what is not UTF-8 shows as U+FFFD.
    public static func line(bytes: some Collection<UInt8>) -> String {
        line(String(decoding: bytes, as: UTF8.self))
    }

    /// False for a text that shows nothing: blanks, and characters drawn as blanks or not at all.
    public static func hasVisibleSign(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            let properties = scalar.properties
            if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return false }
            switch properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: return false
            case .nonspacingMark, .enclosingMark, .spaceSeparator: return false
            default: return scalar.value != 0x2800
            }
        }
    }

    /// True for text of printable ASCII, Latin letters, common punctuation and symbols, which is nearly everything
    /// drawn: it needs no second look.
    private static func isHarmless(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable(isHarmless) ?? false
    }

    /// The bytes of a string are UTF-8: what begins a character is followed by the rest of it.
    private static func isHarmless(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case 0x20..<0x7F: index += 1
            // U+00A0 to U+02FF: letters, each of one column, none of which joins another; but not the soft hyphen.
            case 0xC2 where bytes[index + 1] >= 0xA0 && bytes[index + 1] != 0xAD, 0xC3...0xCB: index += 2
            // Dashes, quotation marks and the ellipsis; U+2100 to U+2BFF: arrows, lines, symbols.
            case 0xE2 where bytes[index + 1] == 0x80 && 0x90...0xA7 ~= bytes[index + 2]: index += 3
            case 0xE2 where 0x84...0xAF ~= bytes[index + 1]: index += 3
            default: return false
            }
        }
        return true
    }

    private static func cleaned(_ text: String, keepsLineBreaks: Bool) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for character in text {
            if character.isNewline {
                result += keepsLineBreaks ? "\n" : "\u{2424}"
            } else if character == "\t" {
                result += "    "
            } else {
                append(character, to: &result)
            }
        }
        return result
    }

    private static func append(_ character: Character, to result: inout String) {
        var kept = String.UnicodeScalarView()
        var marks = 0
        for scalar in character.unicodeScalars.prefix(clusterScalarsMax) {
            // The soft hyphen has a column in some terminals and none in others. It says where a word may break,
            // and here words break elsewhere.
            if scalar.value == 0xAD { continue }
            if let symbol = symbol(for: scalar) {
                flush(&kept, to: &result)
                result += symbol
                continue
            }
            if isMark(scalar) {
                marks += 1
                guard marks <= combiningMarksMax else { continue }
            }
            kept.append(scalar)
        }
        flush(&kept, to: &result)
    }

    /// A cluster without a column would be drawn over its neighbour: it gets something to
    /// stand on, or is left out when there is nothing to see.
    private static func flush(_ scalars: inout String.UnicodeScalarView, to result: inout String) {
        defer { scalars = String.UnicodeScalarView() }
        guard !scalars.isEmpty else { return }
        let text = String(scalars)
        if TextWidth.of(text) > 0 {
            result += text
        } else if let base = base(for: scalars), TextWidth.of(base + text) > 0, (base + text).count == 1 {
            result += base + text
        }
    }

    /// Marks stand on a dotted circle, as in print; vowels and finals of Hangul on the fillers
    /// that are made for it.
    private static func base(for scalars: String.UnicodeScalarView) -> String? {
        switch scalars.first?.value ?? 0 {
        case 0x1160...0x11A7, 0xD7B0...0xD7C6: return "\u{115F}"
        case 0x11A8...0x11FF, 0xD7CB...0xD7FB: return "\u{115F}\u{1160}"
        default: return scalars.contains { isMark($0) && !isInvisible($0) } ? "\u{25CC}" : nil
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Variation selectors are marks by category and draw nothing.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        0xFE00...0xFE0F ~= scalar.value || 0xE0100...0xE01EF ~= scalar.value
            || 0x180B...0x180F ~= scalar.value || scalar.value == 0x34F
    }

    private static func symbol(for scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x00..<0x20: return Unicode.Scalar(0x2400 + scalar.value).map { String(Character($0)) }
        case 0x7F: return "\u{2421}"
        case 0x80..<0xA0, 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB:
            return "<U+" + hexadecimal(scalar.value) + ">"
        default: return nil
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
