/// Durations as people write them in settings and options: `90s`, `15m`, `1h30m`, `7d`.
enum DurationText {
    /// No setting is longer; this also keeps the arithmetic far from overflow.
    static let maximum = Duration.seconds(3650 * 86400)

    /// Parses a duration: a sequence of numbers with the units `ms`, `s`, `m`, `h`, `d`, or a bare number of seconds.
    /// Nil when the text is not a duration, or longer than ten years.
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        guard !rest.isEmpty else { return nil }
        if let seconds = number(&rest), rest.isEmpty { return within(.seconds(seconds)) }
        rest = text[...]
        var sum = Duration.zero
        while !rest.isEmpty {
            guard let count = number(&rest), let unit = unit(&rest),
                let part = within(unit * count), let total = within(sum + part)
            else { return nil }
            sum = total
        }
        return sum
    }

    /// The shortest such text; whole milliseconds.
    static func format(_ duration: Duration) -> String {
        let parts = duration.components
        var milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        var text = ""
        for (name, length) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
        where milliseconds >= length {
            text += "\(milliseconds / Int64(length))\(name)"
            milliseconds %= Int64(length)
        }
        return text
    }

    private static func within(_ duration: Duration) -> Duration? {
        duration <= maximum ? duration : nil
    }

    private static func number(_ rest: inout Substring) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        // Nine digits of the longest unit stay far below what Duration holds.
        guard !digits.isEmpty, digits.count <= 9, let value = Int(digits) else { return nil }
        rest = rest.dropFirst(digits.count)
        return value
    }

    private static func unit(_ rest: inout Substring) -> Duration? {
        let letters = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(letters.count)
        switch letters {
        case "ms": return .milliseconds(1)
        case "s": return .seconds(1)
        case "m", "min": return .seconds(60)
        case "h": return .seconds(3600)
        case "d": return .seconds(86400)
        default: return nil
        }
    }
}
