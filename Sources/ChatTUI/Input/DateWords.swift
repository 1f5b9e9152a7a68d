import ChatClientCore

/// What people call days in one language, without accents and in lower case.
struct DateVocabulary: Sendable {
    /// Words that are ignored.
    let fillers: Set<String>
    /// Nights ago.
    let relative: [String: Int]
    let days: Set<String>
    let weeks: Set<String>
    let months: Set<String>
    let years: Set<String>
}

/// Days as people write them, in any language; the screen's language goes first.
struct DateWords {
    /// The day that a text names; nil when it names none, or one that the calendar does not have.
    ///
    /// `2026-10-01`, `1/10` or `10/1/2026` (in the order that the screen has), `1 out`,
    /// `October 1`, `1 de outubro de 2025`, `october`, `today`, `ontem`, `sexta`, `3 days ago`, `há 2 semanas`.
    /// Without a year it is the last such day up to today.
    static func day(_ text: String, today: CalendarTime, monthFirst: Bool, language: Language) -> CalendarDay?
    {
        let words = Folding.fold(text).split(whereSeparator: { " ,.".contains($0) }).map(String.init)
        let now = CalendarDay(today)
        if words.count == 1, let day = numeric(words[0], now, monthFirst) { return day }
        return language.andOthers.lazy.compactMap { language in
            Self(language).day(words, now, weekday: today.weekday)
        }.first
    }

    private let vocabulary: DateVocabulary
    private let weekdays: [String]
    private let months: [String]

    private init(_ language: Language) {
        let catalogue = language.catalogue()
        vocabulary = catalogue.dateVocabulary
        weekdays = catalogue.weekdays.map(Folding.fold)
        months = catalogue.months.map(Folding.fold)
    }

    private func day(_ words: [String], _ now: CalendarDay, weekday: Int) -> CalendarDay? {
        let words = words.filter { !vocabulary.fillers.contains($0) }
        guard let first = words.first else { return nil }
        guard words.count == 1 else { return ago(words, now) ?? spelled(words, now) }
        if let nights = vocabulary.relative[first] { return now.adding(days: -nights) }
        if let named = index(of: first, in: weekdays) {
            let back = (weekday - named + 7) % 7
            return now.adding(days: -(back == 0 ? 7 : back))
        }
        return index(of: first, in: months).flatMap { Self.last(month: $0 + 1, day: 1, now) }
    }

    /// The place of a name that has this word as itself or, from three letters on, as its beginning.
    private func index(of word: String, in names: [String]) -> Int? {
        word.count >= 3 ? names.firstIndex { $0.hasPrefix(word) } : nil
    }

    /// `2026-10-01`, `1/10`, `1/10/2026`, `1/10/26`.
    private static func numeric(_ word: String, _ now: CalendarDay, _ monthFirst: Bool) -> CalendarDay? {
        let parts = word.split(whereSeparator: { "-/".contains($0) }).map { Int($0) }
        guard 2...3 ~= parts.count, parts.allSatisfy({ $0 != nil }) else { return nil }
        let numbers = parts.compactMap(\.self)
        if numbers.count == 3, numbers[0] > 31 {
            return CalendarDay(year: numbers[0], month: numbers[1], day: numbers[2])
        }
        let isMonthFirst = monthFirst && numbers[0] <= 12
        let (month, day) = isMonthFirst ? (numbers[0], numbers[1]) : (numbers[1], numbers[0])
        if numbers.count == 2 { return last(month: month, day: day, now) }
        let year = numbers[2] < 100 ? 2000 + numbers[2] : numbers[2]
        return CalendarDay(year: year, month: month, day: day)
    }

    /// `3 days`, `2 semanas`, `1 month`, with or without the word that says that they are over.
    private func ago(_ words: [String], _ now: CalendarDay) -> CalendarDay? {
        guard words.count == 2, let number = Int(words[0]), 0...100_000 ~= number else { return nil }
        let unit = words[1]
        if vocabulary.days.contains(unit) { return now.adding(days: -number) }
        if vocabulary.weeks.contains(unit) { return now.adding(days: -7 * number) }
        if vocabulary.months.contains(unit) { return now.adding(months: -number) }
        if vocabulary.years.contains(unit) { return now.adding(months: -12 * number) }
        return nil
    }

    /// `1 out`, `October 1`, `1 outubro 2025`, `october 2025`.
    private func spelled(_ words: [String], _ now: CalendarDay) -> CalendarDay? {
        guard words.count <= 3, let name = words.first(where: { index(of: $0, in: months) != nil }),
            let month = index(of: name, in: months)
        else { return nil }
        let rest = words.filter { $0 != name }
        var numbers: [Int] = []
        for word in rest {
            // `1st`, `2nd`, `1o`
            guard let number = Int(word.prefix { $0.isNumber }) else { return nil }
            numbers.append(number)
        }
        let year = numbers.first { $0 > 31 }
        let day = numbers.first { $0 <= 31 } ?? 1
        guard let year else { return Self.last(month: month + 1, day: day, now) }
        return CalendarDay(year: year, month: month + 1, day: day)
    }

    /// The last day of this name that is not after today.
    private static func last(month: Int, day: Int, _ now: CalendarDay) -> CalendarDay? {
        // Eight years: a 29 February may be that far back.
        for year in (0...8).map({ now.year - $0 }) {
            if let found = CalendarDay(year: year, month: month, day: day), found <= now { return found }
        }
        return nil
    }
}

/// A day of the Gregorian calendar that exists.
struct CalendarDay: Hashable, Comparable, Sendable {
    let year: Int
    let month: Int
    let day: Int

    init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, 1...Self.length(year, month) ~= day else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    init(_ time: CalendarTime) { (year, month, day) = (time.year, time.month, time.day) }

    private static func length(_ year: Int, _ month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func < (one: CalendarDay, other: CalendarDay) -> Bool {
        (one.year, one.month, one.day) < (other.year, other.month, other.day)
    }

    func adding(days: Int) -> CalendarDay? {
        let number =
            CalendarTime(
                year: year, month: month, day: day, weekday: 0, hour: 0, minute: 0
            ).dayNumber + days
        return CalendarDay(Calendar.utc.time(ofDayNumber: number))
    }

    /// The same day of another month, or that month's last.
    func adding(months: Int) -> CalendarDay? {
        let total = year * 12 + month - 1 + months
        let (newYear, newMonth) = (total / 12, total % 12 + 1)
        guard 1...9999 ~= newYear else { return nil }
        return CalendarDay(
            year: newYear, month: newMonth, day: min(day, Self.length(newYear, newMonth)))
    }
}
