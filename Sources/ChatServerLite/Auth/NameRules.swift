/// What a name may be made of that others see, and an address that others are told.
///
/// Names follow the spirit of RFC 8266: nothing that is not to be seen, nothing that turns what stands around it, and
/// something to be seen. What scripts and emoji sequences need stays: joiners between letters, selectors behind what
/// they select.
enum NameRules {
    /// Whether a name will do; one that is empty is for others to refuse.
    static func isFit(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        return scalars.indices.allSatisfy { isFit(at: $0, in: scalars) } && scalars.contains(where: isVisible)
    }

    private static func isFit(at index: Int, in scalars: [Unicode.Scalar]) -> Bool {
        let scalar = scalars[index]
        switch scalar.value {
        // Joiners: between letters of scripts that have use for them, and in emoji.
        case 0x200C, 0x200D:
            guard index + 1 < scalars.count, let before = scalars[..<index].last(where: { !isModifier($0) })
            else { return false }
            return isJoined(before) && isJoined(scalars[index + 1])
        // Selectors of a form, behind what they select.
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF, 0x180B...0x180D, 0x180F:
            return index > 0 && isVisible(scalars[index - 1])
        // Tags, in the flags of regions.
        case 0xE0020...0xE007F:
            return scalars[..<index].last { !(0xE0020...0xE007F).contains($0.value) }?.value == 0x1F3F4
        // Signs before numbers, which are to be seen.
        case 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD: return true
        // What fills a place and is not to be seen.
        case 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2065, 0xFFF0...0xFFFC: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: return false
        // Not yet known here is not wrong, but what never will be is, and what is reserved to be invisible.
        case .unassigned:
            return !scalar.properties.isNoncharacterCodePoint
                && !scalar.properties.isDefaultIgnorableCodePoint
        default: return true
        }
    }

    private static func isModifier(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .nonspacingMark || (0x1F3FB...0x1F3FF).contains(scalar.value)
    }

    /// Letters and marks from the Hebrew ones on, and emoji.
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

    /// Whether a text is made as an address (RFC 5321 section 4.1.2, RFC 6531): words of a local part with dots
    /// between, and a domain of labels, or an address in brackets.
    static func isAddress(_ email: String) -> Bool {
        guard let at = email.lastIndex(of: "@") else { return false }
        let local = email[..<at]
        let domain = email[email.index(after: at)...]
        return local.utf8.count <= 64 && domain.utf8.count <= 255 && isLocal(local) && isDomain(domain)
    }

    /// Whether nothing in an address is a sign that it may not have at all.
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
