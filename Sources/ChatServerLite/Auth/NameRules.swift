/// Which characters a name or an address may contain.
///
/// Other people see names, so names follow the spirit of RFC 8266. They contain no invisible characters and
/// none that reverse the text around them, and at least one character is visible. Characters that scripts and
/// emoji sequences need are allowed: joiners between letters, and variation selectors after the character
/// that they select.
enum NameRules {
    /// Whether a name is allowed. The caller refuses an empty name itself.
    static func isFit(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        return scalars.indices.allSatisfy { isFit(at: $0, in: scalars) } && scalars.contains(where: isVisible)
    }

    private static func isFit(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let scalar = scalars[index]
        switch scalar.value {
        // Joiners stand between letters of the scripts that use them, and within emoji.
        case 0x200C, 0x200D:
            guard index + 1 < scalars.count, let before = scalars[..<index].last(where: { !isModifier($0) })
            else { return false }
            return isJoined(before) && isJoined(scalars[index + 1])
        // Variation selectors follow the character that they select.
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF, 0x180B...0x180D, 0x180F:
            return index > 0 && isVisible(scalars[index - 1])
        // Tags occur in the flags of regions.
        case 0xE0020...0xE007F:
            return scalars[..<index].last { !(0xE0020...0xE007F).contains($0.value) }?.value == 0x1F3F4
        // These signs precede numbers and are visible.
        case 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD: return true
        // These characters fill a place but are invisible.
        case 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2065, 0xFFF0...0xFFFC: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: return false
        // Characters newer than this Unicode version are allowed. Noncharacters are not, nor code points
        // reserved for invisible characters.
        case .unassigned:
            return !scalar.properties.isNoncharacterCodePoint
                && !scalar.properties.isDefaultIgnorableCodePoint
        default: return true
        }
    }

    private static func isModifier(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .nonspacingMark || (0x1F3FB...0x1F3FF).contains(scalar.value)
    }

    /// Whether a joiner may stand beside this character: letters and marks from the Hebrew block on, and
    /// emoji.
    private static func isJoined(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .otherLetter, .nonspacingMark, .spacingMark, .modifierLetter: scalar.value >= 0x590
        default: scalar.properties.isEmoji && scalar.value >= 0x80
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value == 0x2800 { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned,
            .spaceSeparator, .nonspacingMark, .enclosingMark:
            return false
        default: return true
        }
    }

    // MARK: Addresses

    /// Whether a text has the form of an address (RFC 5321 section 4.1.2, RFC 6531). The local part is words
    /// separated by dots. The domain is labels, or an address in brackets.
    static func isAddress(_ email: String) -> Bool {
        guard let at = email.lastIndex(of: "@") else { return false }
        let local = email[..<at]
        let domain = email[email.index(after: at)...]
        return local.utf8.count <= 64 && domain.utf8.count <= 255 && isLocal(local) && isDomain(domain)
    }

    /// Whether an address contains only characters that an address may contain at all.
    static func hasNoHiddenSigns(_ email: String) -> Bool {
        let scalars = Array(email.unicodeScalars)
        return scalars.indices.allSatisfy {
            isFit(at: $0, in: scalars) && !scalars[$0].properties.isWhitespace
        }
    }

    private static func isLocal(_ text: Substring) -> Bool {
        let forbidden: Set<Character> = ["(", ")", "<", ">", "[", "]", ":", ";", "@", "\\", ",", "\""]
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.allSatisfy { !forbidden.contains($0) }
        }
    }

    private static func isDomain(_ text: Substring) -> Bool {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return text.dropFirst().dropLast().allSatisfy {
                $0.isHexDigit || $0 == "." || $0 == ":" || $0 == "I" || $0 == "P" || $0 == "v"
            }
        }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.unicodeScalars.allSatisfy(isOfLabel)
        }
    }

    private static func isOfLabel(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: scalar.value >= 0x80
        }
    }
}
