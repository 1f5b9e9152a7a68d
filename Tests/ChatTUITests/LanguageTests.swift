import ChatWire
import Testing

@testable import ChatTUI

struct LanguageTests {
    @Test(arguments: [
        ("en", Language.english), ("en_US.UTF-8", .english), ("EN-gb", .english),
        ("pt", .brazilianPortuguese),
        ("pt_BR.UTF-8", .brazilianPortuguese), ("pt-BR", .brazilianPortuguese),
        ("pt_PT@euro", .brazilianPortuguese), ("es", .spanish), ("es_AR.UTF-8", .spanish),
        ("ES-mx", .spanish),
    ])
    func settings(_ setting: String, language: Language) {
        #expect(Language(setting: setting) == language)
    }

    @Test(arguments: ["", "C", "de_DE", "ptx", "english"])
    func otherSettings(_ setting: String) {
        #expect(Language(setting: setting) == nil)
    }

    @Test func theEnvironmentIsReadInOrder() {
        #expect(Language(environment: [:]) == .english)
        #expect(Language(environment: ["LANG": "pt_BR.UTF-8"]) == .brazilianPortuguese)
        #expect(Language(environment: ["LANG": "es_ES.UTF-8"]) == .spanish)
        #expect(Language(environment: ["LANG": "pt_BR.UTF-8", "LC_ALL": "en_US"]) == .english)
        #expect(Language(environment: ["LANG": "pt_BR.UTF-8", "LC_ALL": "", "LC_MESSAGES": "C"]) == .english)
    }

    @Test func days() {
        let today = Calendar.utc.time(of: Fixtures.at(14, 5))
        let english = Language.english.catalogue()
        let portuguese = Language.brazilianPortuguese.catalogue()
        func time(_ daysAgo: Int) -> CalendarTime {
            Calendar.utc.time(of: Fixtures.at(9, 7, daysAgo: daysAgo))
        }
        #expect(english.day(time(0), today: today) == "today · Sunday, 22 November")
        #expect(portuguese.day(time(1), today: today) == "ontem · sábado, 21 de novembro")
        #expect(portuguese.day(time(400), today: today) == "sábado, 18 de outubro de 2025")
        let spanish = Language.spanish.catalogue()
        #expect(spanish.day(time(1), today: today) == "ayer · sábado, 21 de noviembre")
        #expect(spanish.day(time(400), today: today) == "sábado, 18 de octubre de 2025")
        #expect(
            [0, 1, 3, 30, 400].map { spanish.short(time($0), today: today) } == [
                "09:07", "ayer", "jue", "23 oct", "oct 2025",
            ])
        #expect(
            [0, 1, 3, 30].map { spanish.moment(time($0), today: today) } == [
                "a las 09:07", "ayer a las 09:07", "el jueves", "el 23 oct",
            ])
        #expect(
            [0, 1, 3, 30, 400].map { english.short(time($0), today: today) } == [
                "09:07", "yest.", "Thu", "23 Oct", "Oct 2025",
            ])
        #expect(
            [0, 1, 3, 30, 400].map { portuguese.short(time($0), today: today) } == [
                "09:07", "ontem", "qui", "23 out", "out 2025",
            ])
    }

    /// A name that meant one command in one language and another in the next would do what nobody meant.
    @Test func everyNameOfACommandMeansThatCommand() {
        for screen in CommandScreen.allCases {
            for command in SlashCommand.all(on: screen) {
                for name in command.names(.english) {
                    #expect(SlashCommand(name: name.uppercased(), on: screen) == command, "/\(name)")
                    #expect(name == name.lowercased() && !name.contains(" "))
                }
            }
        }
    }

    /// Every command works somewhere, and a key that is shown for it does something.
    @Test(arguments: SlashCommand.allCases)
    func everyRowOfTheTableIsWhole(_ command: SlashCommand) {
        #expect(CommandScreen.allCases.contains { command.entry.isOn($0) })
        if let key = command.entry.key { #expect(Keymap.standard.key(for: key) != nil) }
    }

    /// Letters are pressed to answer, whatever stands beside them.
    @Test(arguments: Language.allCases)
    func answersHaveLettersOfTheirOwn(_ language: Language) {
        let letters = [Question.Answer.no, .yes, .oneLine].map { language.catalogue().letter(of: $0) }
        #expect(Set(letters).count == 3 && letters.allSatisfy { $0.utf8.count == 1 })
    }

    /// Where nothing but ASCII can be drawn, no text may slip past `say`.
    @Test(arguments: Language.allCases)
    func textsAreASCIIWhereTheTerminalIs(_ language: Language) {
        let plain = language.catalogue(CatalogueStyle(isASCII: true))
        let texts =
            SlashCommand.allCases.map { plain.words(for: $0).help }
            + Keymap.standard.bindings.flatMap { [plain.describe($0.command), plain.hint($0.command)] }
            + Keymap.Section.allCases.map { plain.section($0) }
            + [
                plain.typing, plain.olderAbove, plain.nextTry(in: 3), plain.heldNotice(2),
                plain.couldBe("a", ["b"]),
                plain.newBelow(2), plain.chooseConversationHint("F1", arrows: "↑ ↓", accept: "Enter"),
                plain.signInAgain, plain.sessionEnded,
                plain.copied(.inTmuxBuffer), plain.plainChoose, plain.noDate, plain.noSearchYet(["/"]),
            ]
        #expect(texts.filter { !$0.allSatisfy(\.isASCII) } == [])
    }

    @Test func dayNumbersCountNights() {
        #expect(CalendarTime(year: 1970, month: 1, day: 1, weekday: 4, hour: 0, minute: 0).dayNumber == 0)
        #expect(
            CalendarTime(year: 2000, month: 3, day: 1, weekday: 3, hour: 0, minute: 0).dayNumber == 11_017)
        for day in stride(from: -40_000, through: 60_000, by: 377) {
            let time = Calendar.utc.time(of: Timestamp(seconds: Int64(day) * 86_400 + 3))
            #expect(time.dayNumber == day)
        }
    }

    // MARK: English dates by country

    @Test(arguments: [
        ("%r", "%m/%d/%Y", DateStyle(hasTwelveHours: true, hasMonthFirst: true)),
        ("%I:%M:%S %p", "%d/%m/%y", DateStyle(hasTwelveHours: true)),
        ("%H:%M:%S", "%d/%m/%Y", .plain), ("%T", "%Y-%m-%d", .plain),
    ])
    func theLocalesFormatsSayHowDatesAreWritten(time: String, date: String, expected: DateStyle) {
        #expect(DateStyle(timeFormat: time, dateFormat: date) == expected)
    }

    @Test func onlyAnEnglishLocaleCounts() {
        // Where the system does not have this locale, its country says the same.
        let american = DateStyle(hasTwelveHours: true, hasMonthFirst: true)
        #expect(DateStyle(language: .english, environment: ["LANG": "en_US.UTF-8"]) == american)
        #expect(DateStyle(language: .english, environment: ["LANG": "C", "LC_TIME": "en_US"]) == american)
        for environment in [[:], ["LANG": "C.UTF-8"], ["LANG": "pt_BR.UTF-8"], ["LANG": "en_GB.UTF-8"]] {
            #expect(DateStyle(language: .english, environment: environment) == .plain)
        }
        #expect(DateStyle(language: .brazilianPortuguese, environment: ["LANG": "en_US.UTF-8"]) == .plain)
    }

    @Test func americanDates() {
        let american = Language.english.catalogue(
            CatalogueStyle(dates: DateStyle(hasTwelveHours: true, hasMonthFirst: true)))
        let today = Calendar.utc.time(of: Fixtures.at(14, 5))
        func time(_ hour: Int, _ minute: Int, _ daysAgo: Int = 0) -> CalendarTime {
            Calendar.utc.time(of: Fixtures.at(hour, minute, daysAgo: daysAgo))
        }
        #expect(american.day(time(9, 7, 400), today: today) == "Saturday, October 18, 2025")
        #expect(american.short(time(9, 7, 30), today: today) == "Oct 23")
        let clocks = [time(0, 5), time(9, 7), time(12, 0), time(23, 59)].map { american.clock($0) }
        #expect(clocks == ["12:05 AM", "9:07 AM", "12:00 PM", "11:59 PM"])
        #expect(clocks.allSatisfy { $0.count <= american.clockColumns })
    }
}
