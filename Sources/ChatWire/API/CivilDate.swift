/// A date and a time of day in UTC, in the proleptic Gregorian calendar.
struct CivilDate: Hashable {
    var year: Int
    /// 1 to 12.
    var month: Int
    /// 1 to the length of the month.
    var day: Int
    var hour = 0
    var minute = 0
    /// 0 to 59; a leap second cannot be represented.
    var second = 0
    var microsecond = 0

    /// The years that both wire forms can represent.
    static let years = 1...9999

    var isValid: Bool {
        Self.years.contains(year) && (1...12).contains(month)
            && (1...Self.daysIn(month: month, of: year)).contains(day) && (0...23).contains(hour)
            && (0...59).contains(minute) && (0...59).contains(second)
            && (0...999_999).contains(microsecond)
    }

    /// The time of a valid date.
    var timestamp: Timestamp {
        let seconds = ((daysSince1970 * 24 + hour) * 60 + minute) * 60 + second
        return Timestamp(microseconds: Int64(seconds) * 1_000_000 + Int64(microsecond))
    }

    /// The date of a time. One outside the years 1 to 9999 becomes the nearest date inside.
    init(_ timestamp: Timestamp) {
        let clamped = min(max(timestamp, Self.first), Self.last)
        let seconds = clamped.seconds
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        let secondOfDay = Int(seconds - days * 86400)
        self.init(daysSince1970: Int(days))
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        microsecond = Int(clamped.microseconds - seconds * 1_000_000)
    }

    init(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
        microsecond: Int = 0
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// 0 is Sunday.
    var weekday: Int {
        let remainder = (daysSince1970 + 4) % 7
        return remainder < 0 ? remainder + 7 : remainder
    }

    private static let first = CivilDate(year: 1, month: 1, day: 1).timestamp
    private static let last = CivilDate(
        year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59, microsecond: 999_999
    ).timestamp

    static func daysIn(month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    // Years start in March here, so that the leap day is the last day of its year and the months before it have fixed
    // lengths: groups of five months with 153 days. The Gregorian calendar repeats after 400 years, which are 146,097
    // days; 719,468 days lie between 0000-03-01 and 1970-01-01.

    private var daysSince1970: Int {
        let shiftedYear = month > 2 ? year : year - 1
        let cycle = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfCycle = shiftedYear - cycle * 400
        let shiftedMonth = (month + 9) % 12
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * 146_097 + dayOfCycle - 719_468
    }

    private init(daysSince1970: Int) {
        let days = daysSince1970 + 719_468
        let cycle = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfCycle = days - cycle * 146_097
        let leapDays = dayOfCycle / 1460 - dayOfCycle / 36524 + dayOfCycle / 146_096
        let yearOfCycle = (dayOfCycle - leapDays) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    }
}
