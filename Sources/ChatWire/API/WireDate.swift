/// The API's two forms of a time, both in UTC:
///
/// iso   2026-11-22T07:49:12.064975     single objects and events; without its fraction when
///                                          that is zero
/// http  Sun, 22 Nov 2026 07:49:12 GMT  lists (the fixed form of RFC 9110 section 5.6.7)
public enum WireDate {
    /// Reads either form. In the ISO form a fraction may have 1 to 9 digits (those after the sixth are dropped) and a
    /// space may replace the `T`. `Z` or an offset such as `+01:00` is understood, although the API writes none. Nil
    /// when a field is out of its range.
    public static func parse(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { parse($0) }
    }

    static func parse(_ text: UnsafeRawBufferPointer) -> Timestamp? {
        guard let first = text.first else { return nil }
        var scanner = DateScanner(text: text)
        return first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9")
            ? scanner.iso() : scanner.http()
    }

    /// The ISO form. A time outside the years 1 to 9999 is written as the nearest one inside.
    public static func iso(_ timestamp: Timestamp) -> String {
        String(unsafeUninitializedCapacity: lengthMax) { space in
            space.baseAddress.map { putISO(timestamp, at: $0) } ?? 0
        }
    }

    /// The HTTP form, which drops the fraction. A time outside the years 1 to 9999 is written as the nearest one
    /// inside.
    public static func http(_ timestamp: Timestamp) -> String {
        String(unsafeUninitializedCapacity: lengthMax) { space in
            space.baseAddress.map { putHTTP(timestamp, at: $0) } ?? 0
        }
    }

    /// Enough bytes for either form: `2026-11-22T07:49:12.064975`, `Sun, 22 Nov 2026 07:49:12 GMT`.
    static let lengthMax = 32

    /// Writes the ISO form and returns its length; `space` has room for `lengthMax` bytes.
    static func putISO(_ timestamp: Timestamp, at space: UnsafeMutablePointer<UInt8>) -> Int {
        let date = CivilDate(timestamp)
        put(date.year, digits: 4, at: space)
        space[4] = UInt8(ascii: "-")
        put(date.month, digits: 2, at: space + 5)
        space[7] = UInt8(ascii: "-")
        put(date.day, digits: 2, at: space + 8)
        space[10] = UInt8(ascii: "T")
        putTime(date, at: space + 11)
        guard date.microsecond != 0 else { return 19 }
        space[19] = UInt8(ascii: ".")
        put(date.microsecond, digits: 6, at: space + 20)
        return 26
    }

    /// Writes the HTTP form and returns its length; `space` has room for `lengthMax` bytes.
    static func putHTTP(_ timestamp: Timestamp, at space: UnsafeMutablePointer<UInt8>) -> Int {
        let date = CivilDate(timestamp)
        put(weekdayNames[date.weekday], at: space)
        put([UInt8(ascii: ","), 0x20], at: space + 3)
        put(date.day, digits: 2, at: space + 5)
        space[7] = 0x20
        put(monthNames[date.month - 1], at: space + 8)
        space[11] = 0x20
        put(date.year, digits: 4, at: space + 12)
        space[16] = 0x20
        putTime(date, at: space + 17)
        put([0x20, 0x47, 0x4D, 0x54], at: space + 25)  // " GMT"
        return 29
    }

    static let weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].map { Array($0.utf8) }
    static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }

    private static func putTime(_ date: CivilDate, at space: UnsafeMutablePointer<UInt8>) {
        put(date.hour, digits: 2, at: space)
        space[2] = UInt8(ascii: ":")
        put(date.minute, digits: 2, at: space + 3)
        space[5] = UInt8(ascii: ":")
        put(date.second, digits: 2, at: space + 6)
    }

    @inline(__always)
    private static func put(_ number: Int, digits: Int, at space: UnsafeMutablePointer<UInt8>) {
        var rest = UInt32(truncatingIfNeeded: number)
        var place = digits - 1
        while place >= 0 {
            space[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            place -= 1
        }
    }

    private static func put(_ bytes: [UInt8], at space: UnsafeMutablePointer<UInt8>) {
        for (index, byte) in bytes.enumerated() { space[index] = byte }
    }
}

/// Reads one date from the front; every step returns nil when the text differs.
private struct DateScanner {
    let text: UnsafeRawBufferPointer
    var position = 0

    mutating func iso() -> Timestamp? {
        guard let year = number(digits: 4), skip(UInt8(ascii: "-")), let month = number(digits: 2),
            skip(UInt8(ascii: "-")), let day = number(digits: 2),
            skip(UInt8(ascii: "T")) || skip(UInt8(ascii: " ")), var date = timeOfDay()
        else { return nil }
        (date.year, date.month, date.day) = (year, month, day)
        if skip(UInt8(ascii: ".")) {
            guard let microsecond = fraction() else { return nil }
            date.microsecond = microsecond
        }
        guard let offset = offset(), position == text.count, date.isValid else { return nil }
        return Timestamp(microseconds: date.timestamp.microseconds - Int64(offset) * 60_000_000)
    }

    mutating func http() -> Timestamp? {
        guard name(among: WireDate.weekdayNames) != nil, skip(UInt8(ascii: ",")), skip(UInt8(ascii: " ")),
            let day = number(digits: 2), skip(UInt8(ascii: " ")),
            let month = name(among: WireDate.monthNames), skip(UInt8(ascii: " ")),
            let year = number(digits: 4), skip(UInt8(ascii: " ")), var date = timeOfDay(),
            skip(UInt8(ascii: " ")), skip(UInt8(ascii: "G")), skip(UInt8(ascii: "M")),
            skip(UInt8(ascii: "T")),
            position == text.count
        else { return nil }
        (date.year, date.month, date.day) = (year, month + 1, day)
        return date.isValid ? date.timestamp : nil
    }

    /// `HH:MM:SS` in a date whose day is set later.
    private mutating func timeOfDay() -> CivilDate? {
        guard let hour = number(digits: 2), skip(UInt8(ascii: ":")), let minute = number(digits: 2),
            skip(UInt8(ascii: ":")), let second = number(digits: 2)
        else { return nil }
        return CivilDate(year: 1, month: 1, day: 1, hour: hour, minute: minute, second: second)
    }

    /// Microseconds from 1 to 9 digits.
    private mutating func fraction() -> Int? {
        var microseconds = 0
        var count = 0
        while let digit = number(digits: 1) {
            count += 1
            if count <= 6 { microseconds = microseconds * 10 + digit }
            guard count <= 9 else { return nil }
        }
        guard count > 0 else { return nil }
        for _ in min(count, 6)..<6 { microseconds *= 10 }
        return microseconds
    }

    /// Minutes east of UTC; 0 when there is no offset.
    private mutating func offset() -> Int? {
        if position == text.count || skip(UInt8(ascii: "Z")) { return 0 }
        let isWest = skip(UInt8(ascii: "-"))
        guard isWest || skip(UInt8(ascii: "+")), let hours = number(digits: 2), skip(UInt8(ascii: ":")),
            let minutes = number(digits: 2), hours <= 23, minutes <= 59
        else { return nil }
        return (hours * 60 + minutes) * (isWest ? -1 : 1)
    }

    private mutating func number(digits: Int) -> Int? {
        guard position + digits <= text.count else { return nil }
        var value = 0
        for index in position..<position + digits {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        position += digits
        return value
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func name(among names: [[UInt8]]) -> Int? {
        guard position + 3 <= text.count else { return nil }
        let slice = text[position..<position + 3]
        guard let index = names.firstIndex(where: { $0.elementsEqual(slice) }) else { return nil }
        position += 3
        return index
    }
}
