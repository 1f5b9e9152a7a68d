/// Text from outside on its way to a terminal or into a log.
enum SafeText {
    /// The text with control characters, and those that reverse or hide text, replaced by `?`. So it can neither forge a
    /// line nor control a terminal.
    static func line(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
                safe.append("?")
            default: safe.append(scalar)
            }
        }
        return String(safe)
    }
}
