import ChatWire
import Glibc

/// A moment in the Gregorian calendar and on a wall clock.
struct CalendarTime: Hashable, Sendable {
    var year: Int
    /// 1 to 12.
    var month: Int
    var day: Int
    /// 0 is Sunday.
    var weekday: Int
    var hour: Int
    var minute: Int

    /// Days since 1970, to count the nights between two times.
    var dayNumber: Int {
        // Counted from 1 March of year 0, so that the leap day ends the year.
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let era = shifted >= 0 ? shifted / 400 : (shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Where times are shown: the person's time zone, or UTC for what must look the same anywhere.
enum Calendar: Hashable, Sendable {
    case local
    case utc

    func time(of timestamp: Timestamp) -> CalendarTime {
        var seconds = time_t(timestamp.microseconds / 1_000_000)
        if timestamp.microseconds % 1_000_000 < 0 { seconds -= 1 }
        var parts = tm()
        switch self {
        case .local: localtime_r(&seconds, &parts)
        case .utc: gmtime_r(&seconds, &parts)
        }
        return CalendarTime(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            weekday: Int(parts.tm_wday), hour: Int(parts.tm_hour), minute: Int(parts.tm_min))
    }
}

extension Calendar {
    /// The beginning of a day here.
    func midnight(of day: CalendarDay) -> Timestamp {
        var parts = tm()
        parts.tm_year = Int32(day.year - 1900)
        parts.tm_mon = Int32(day.month - 1)
        parts.tm_mday = Int32(day.day)
        // The system knows whether the clocks were ahead on that day.
        parts.tm_isdst = -1
        let seconds = self == .local ? mktime(&parts) : timegm(&parts)
        return Timestamp(microseconds: Int64(seconds) * 1_000_000)
    }

    func time(ofDayNumber number: Int) -> CalendarTime {
        time(of: Timestamp(microseconds: Int64(number) * 86_400_000_000))
    }
}
