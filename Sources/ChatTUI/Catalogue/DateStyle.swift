import Glibc

/// How English dates and times are written, which depends on the country. Portuguese ones always have the
/// day, the month and 24 hours.
struct DateStyle: Hashable, Sendable {
    /// `2:03 PM` instead of `14:03`.
    var hasTwelveHours = false
    /// `November 22` instead of `22 November`.
    var hasMonthFirst = false

    static let plain = DateStyle()

    init(hasTwelveHours: Bool = false, hasMonthFirst: Bool = false) {
        self.hasTwelveHours = hasTwelveHours
        self.hasMonthFirst = hasMonthFirst
    }

    /// The style of a locale's formats, which are those of strftime(3).
    init(timeFormat: String, dateFormat: String) {
        hasTwelveHours = ["%I", "%l", "%r"].contains { timeFormat.contains($0) }
        hasMonthFirst = dateFormat.hasPrefix("%m") || dateFormat.hasPrefix("%b") || dateFormat.hasPrefix("%B")
    }

    /// The style of the person's locale, if that is an English one; of its country, if the system does not
    /// know the locale.
    init(language: Language, environment: [String: String]) {
        self = .plain
        let name = ["LC_ALL", "LC_TIME", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        guard language == .english, let name, Language(setting: name) == .english else { return }
        guard let locale = newlocale(1 << LC_TIME, name, nil) else {
            let isAmerican = ["en_US", "en_PH"].contains { name.hasPrefix($0) }
            self = DateStyle(hasTwelveHours: isAmerican, hasMonthFirst: isAmerican)
            return
        }
        defer { freelocale(locale) }
        guard let time = nl_langinfo_l(nl_item(T_FMT), locale),
            let date = nl_langinfo_l(nl_item(D_FMT), locale)
        else { return }
        self = DateStyle(timeFormat: String(cString: time), dateFormat: String(cString: date))
    }
}
