/// Tells which parts of a text are visible.
package enum VisibleText {
    /// True for characters that draw something and for spaces. False for controls, format characters such as those
    /// that reverse the direction, line separators, ignorable characters, and unassigned ones.
    package static func isText(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
            return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// True when at least one character of the text is visible by itself.
    package static func hasSign(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            guard isText(scalar), scalar.value != emptyBraille else { return false }
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .nonspacingMark, .enclosingMark: return false
            default: return true
            }
        }
    }

    /// A symbol by its category, but it looks blank.
    private static let emptyBraille: UInt32 = 0x2800

    /// JSON with a `\u` escape for everything that is not visible text. Nothing is lost: outside of strings JSON is
    /// ASCII, so everything that is escaped is in a string.
    package static func json(_ json: [UInt8]) -> [UInt8] {
        // Visible ASCII needs no check of its scalars.
        guard json.contains(where: { $0 >= 0x7F }) else { return json }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(json.count)
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            if isText(scalar) || scalar.value < 0x20 {
                escaped.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            } else {
                for unit in String(scalar).utf16 { escaped.append(contentsOf: escape(unit)) }
            }
        }
        return escaped
    }

    private static func escape(_ unit: UInt16) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return Array("\\u".utf8) + [12, 8, 4, 0].map { digits[Int(unit >> $0) & 0xF] }
    }
}
