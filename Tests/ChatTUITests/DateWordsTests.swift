import ChatWire
import Testing

@testable import ChatTUI

/// Days as people write them, seen from Sunday, 22 November 2026.
struct DateWordsTests {
    private let today = CalendarTime(year: 2026, month: 11, day: 22, weekday: 0, hour: 14, minute: 5)

    private func day(
        _ text: String, monthFirst: Bool = false, _ language: Language = .english
    ) -> String? {
        DateWords.day(text, today: today, monthFirst: monthFirst, language: language).map {
            "\($0.year)-\($0.month)-\($0.day)"
        }
    }

    @Test(arguments: [
        ("2026-10-01", "2026-10-1"), ("1/10", "2026-10-1"), ("1/12", "2025-12-1"),
        ("01/10/2025", "2025-10-1"),
        ("1/10/25", "2025-10-1"), ("hoje", "2026-11-22"), ("Ontem", "2026-11-21"),
        ("anteontem", "2026-11-20"),
        ("sexta", "2026-11-20"), ("sexta-feira", "2026-11-20"), ("domingo", "2026-11-15"),
        ("terça", "2026-11-17"), ("sáb", "2026-11-21"), ("há 3 dias", "2026-11-19"),
        ("2 semanas atrás", "2026-11-8"),
        ("há 1 mês", "2026-10-22"), ("1 de outubro", "2026-10-1"), ("1º de dezembro", "2025-12-1"),
        ("1 de outubro de 2024", "2024-10-1"), ("outubro", "2026-10-1"), ("março 2025", "2025-3-1"),
        ("yesterday", "2026-11-21"), ("29/2", "2024-2-29"), ("31/12", "2025-12-31"),
    ])
    func portuguese(_ text: String, _ expected: String) { #expect(day(text) == expected) }

    @Test(arguments: [
        ("hoy", "2026-11-22"), ("Ayer", "2026-11-21"), ("anteayer", "2026-11-20"), ("mar", "2026-11-17"),
        ("miércoles", "2026-11-18"), ("hace 3 días", "2026-11-19"), ("hace 1 año", "2025-11-22"),
        ("1 de octubre de 2024", "2024-10-1"), ("ene", "2026-1-1"), ("10/2", "2026-2-10"),
        ("ontem", "2026-11-21"),
        ("fri", "2026-11-20"),
    ])
    func spanish(_ text: String, _ expected: String) { #expect(day(text, .spanish) == expected) }

    /// The same letters begin a day in one language and a month in another.
    @Test func theLanguageOfTheScreenGoesFirst() {
        #expect(day("mar", .english) == "2026-3-1")
        #expect(day("mar", .brazilianPortuguese) == "2026-3-1")
    }

    @Test(arguments: [
        ("10/1", "2026-10-1"), ("10/1/2025", "2025-10-1"), ("today", "2026-11-22"), ("fri", "2026-11-20"),
        ("3 days ago", "2026-11-19"), ("1 week ago", "2026-11-15"), ("Oct 1", "2026-10-1"),
        ("1st of October, 2025", "2025-10-1"), ("1 year ago", "2025-11-22"), ("december", "2025-12-1"),
        ("13/10", "2026-10-13"), ("ontem", "2026-11-21"),
    ])
    func american(_ text: String, _ expected: String) { #expect(day(text, monthFirst: true) == expected) }

    @Test(arguments: [
        "", "  ", "nunca", "32/1", "2026-02-30", "1/13/2026", "99999999999999999999", "há dias", "1 2 3 4",
        "-5 days", "2026-13-01", "0/0", "////", "há 99999999999 dias", "se",
    ])
    func whatIsNoDay(_ text: String) { #expect(day(text) == nil) }

    @Test func months() {
        #expect(CalendarDay(year: 2026, month: 3, day: 31)?.adding(months: -1)?.day == 28)
        #expect(CalendarDay(year: 2026, month: 1, day: 5)?.adding(months: -1)?.year == 2025)
        #expect(CalendarDay(year: 2000, month: 2, day: 29) != nil)
        #expect(CalendarDay(year: 1900, month: 2, day: 29) == nil)
    }

    @Test func midnightIsWhereTheDayBegins() throws {
        let day = try #require(CalendarDay(year: 2026, month: 10, day: 1))
        #expect(Calendar.utc.midnight(of: day).microseconds == 1_790_812_800_000_000)
        let local = Calendar.local.time(of: Calendar.local.midnight(of: day))
        #expect((local.year, local.month, local.day) == (2026, 10, 1) && local.hour < 2)
    }
}
