import ChatClientCore
import ChatNet
import ChatWire
import Testing

@testable import ChatTUI

/// What is put together from a catalogue's texts, with exact words.
struct WordsTests {
    private let english = Language.english.catalogue()
    private let portuguese = Language.brazilianPortuguese.catalogue()
    private let spanish = Language.spanish.catalogue()

    // MARK: Numbers

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1001, "1,001"), (1010, "1,010"), (5000, "5,000"),
            (12_345, "12,345"), (100_000, "100,000"),
        ])
    func numbersAreGrouped(number: Int, expected: String) {
        #expect(english.grouped(number) == expected)
        #expect(portuguese.grouped(number) == expected.replacing(",", with: "."))
    }

    @Test func countsHaveTheirForms() {
        #expect(
            [0, 1, 2].map { english.newMessagesBelow($0) } == [
                "0 new messages", "1 new message", "2 new messages",
            ])
        #expect(
            [0, 1, 2].map { portuguese.newMessagesBelow($0) }
                == ["0 mensagens novas", "1 mensagem nova", "2 mensagens novas"])
        #expect(
            [0, 1, 2].map { spanish.newMessagesBelow($0) }
                == ["0 mensajes nuevos", "1 mensaje nuevo", "2 mensajes nuevos"])
        #expect([1, 2].map { english.waiting($0) } == ["1 not sent", "2 not sent"])
        #expect([1, 2].map { portuguese.waiting($0) } == ["1 não enviada", "2 não enviadas"])
        #expect([1, 2].map { spanish.waiting($0) } == ["1 no enviado", "2 no enviados"])
        #expect(
            [1, 2].map { english.retried($0) } == ["1 message is sent again", "2 messages are sent again"])
        #expect([1, 2].map { spanish.discarded($0) } == ["1 mensaje descartado", "2 mensajes descartados"])
        #expect(english.newBelow(2) == "↓ 2 new messages")
        #expect(english.length(1234, of: 5000) == "1,234/5,000")
        #expect(english.hits(3, hasMore: true) == "3+")
        #expect(english.hits(1, hasMore: false) != english.hits(2, hasMore: false))
        #expect(english.outboxTitle(0) == english.outboxWord)
        #expect(english.outboxTitle(2) == english.outboxWord + " · 2 not sent")
    }

    // MARK: The link

    @Test(
        arguments: [
            (LinkState.signedOut, nil, "signed out"), (.connecting, nil, "connecting…"),
            (.online, 5, "connected"),
            (.inUseElsewhere, nil, "in use elsewhere"), (.refused, nil, "sign in again"),
            (.offline(reason: .notStarted, nextTry: nil), 5, "offline"),
            (.offline(reason: .silence, nextTry: nil), nil, "offline"),
            (.offline(reason: .silence, nextTry: nil), 0, "offline · trying…"),
            (.offline(reason: .silence, nextTry: nil), 12, "offline · next try in 12 s"),
        ] as [(LinkState, Int?, String)])
    func linkStates(state: LinkState, seconds: Int?, words: String) {
        #expect(english.link(state, secondsToNextTry: seconds) == words)
        #expect(english.plainLink(state, secondsToNextTry: seconds) == "Connection: \(words).")
    }

    @Test(
        arguments: [
            (26, "offline · next try in 12 s"), (25, "offline · 12 s"), (14, "offline · 12 s"), (13, "12 s"),
            (1, "12 s"),
        ])
    func theLinkFitsItsColumns(columns: Int, words: String) {
        #expect(
            english.link(.offline(reason: .silence, nextTry: nil), secondsToNextTry: 12, columns: columns)
                == words)
        #expect(english.link(.online, secondsToNextTry: nil, columns: 1) == "connected")
    }

    @Test(
        arguments: [
            (LinkFailure.notStarted, "the link was not started"),
            (.handshakeTimeout, "the server did not answer in time"), (.silence, "the server went silent"),
            (.closed(code: 1001), "the server closed the link"),
            (.closed(code: nil), "the server closed the link"),
            (.protocolViolation("x"), "the server speaks another protocol"),
            (.rejected("Token inválido ou expirado."), "The token is not valid or has expired."),
            (.rejected("cheio"), "cheio"),
        ] as [(LinkFailure, String)])
    func linkFailures(failure: LinkFailure, words: String) {
        #expect(english.reason(failure) == words)
    }

    // MARK: Errors

    @Test(
        arguments: [
            (ChatError.notSignedIn, "Nobody is signed in.", "No has iniciado sesión."),
            (
                .refused(status: 400, message: "Email ou senha inválidos"), "Wrong email or password",
                "Correo o contraseña incorrectos"
            ),
            (.refused(status: 400, message: "outra coisa"), "outra coisa", "outra coisa"),
            (
                .unavailable(status: 503, retryAfter: nil), "The server cannot answer now (503).",
                "El servidor no puede responder ahora (503)."
            ),
            (
                .unexpectedAnswer("x"), "The server's answer makes no sense.",
                "La respuesta del servidor no tiene sentido."
            ),
            (.timeout, "No answer in time.", "Sin respuesta a tiempo."),
            (.invalid(.emptyMessage), "An empty message is not sent.", "Un mensaje vacío no se envía."),
            (
                .invalid(.messageTooLong(length: 5001, limit: 5000)), "Too long: at most 5,000 characters.",
                "Demasiado largo: como máximo 5.000 caracteres."
            ),
            (
                .invalid(.outboxFull(limit: 10_000)), "The outbox is full: 10000 messages wait to be sent.",
                "La bandeja de salida está llena: 10000 mensajes esperan para enviarse."
            ),
            (.invalid(.ownAccount), "That is you.", "Esa persona eres tú."),
            (.invalid(.unknownMessage(TempID("x"))), "That message is gone.", "Ese mensaje ya no existe."),
            (
                .invalid(.alreadyOnItsWay(TempID("x"))), "That message is on its way already.",
                "Ese mensaje ya está en camino."
            ),
            (
                .invalid(.notDeletable(RowID(1))), "That message cannot be deleted.",
                "Ese mensaje no se puede borrar."
            ),
            (.invalid(.malformedToken), "That is no token.", "Eso no es un token."),
            (
                .invalid(.gapOutOfReach), "The server gives no older messages.",
                "El servidor no tiene mensajes más antiguos."
            ),
            (.invalid(.emptyName), "A name is needed.", "Falta un nombre."),
            (.invalid(.queryTooShort), "Two letters at least.", "Al menos dos letras."),
            (
                .file(path: "/x", code: 13), "/x cannot be used (error 13).",
                "No se puede usar /x (error 13)."
            ),
        ] as [(ChatError, String, String)])
    func errors(error: ChatError, english: String, spanish: String) {
        #expect(self.english.error(error) == english)
        #expect(self.spanish.error(error) == spanish)
    }

    @Test func aFaultOfTheServerKeepsItsDetails() {
        let message = RequestProblem.serverError.message
        #expect(english.serverWords(message) == "The server failed")
        #expect(english.serverWords(message + ": tabela x") == "The server failed: tabela x")
        #expect(english.serverWords("xyz") == "xyz")
    }

    /// Every refusal that the API knows is said in each language, and Portuguese says it as it came.
    @Test(arguments: Refusal.allCases)
    func everyRefusalIsTranslated(refusal: Refusal) {
        let message = refusal.message
        #expect(portuguese.serverWords(message) == message)
        #expect(english.serverWords(message) != message)
        #expect(spanish.serverWords(message) != message)
        #expect(english.serverWords(message) != spanish.serverWords(message))
    }

    @Test(arguments: RequestProblem.allCases)
    func everyProblemIsTranslated(problem: RequestProblem) {
        #expect(!english.words(for: problem).isEmpty)
        #expect(english.words(for: problem) != spanish.words(for: problem))
        #expect(portuguese.words(for: problem) == problem.message)
    }

    @Test func aFormerServerSaysWhatWaits() {
        #expect(
            english.formerServer(.wentBack, held: 0) == english.otherServer(english.why(.wentBack)))
        #expect(
            english.formerServer(.wentBack, held: 2)
                == english.otherServer(english.why(.wentBack)) + " " + english.waitForYou(2))
        let reasons: [FormerServerReason] = [.otherDatabase, .otherAccount, .wentBack, .otherMessages]
        for strings in [english, portuguese, spanish] {
            #expect(Set(reasons.map { strings.why($0) }).count == 4)
        }
    }

    // MARK: Names and commands

    @Test func unknownCommandsGetAdvice() {
        let without = english.unknownCommand("lsit", suggestion: nil)
        #expect(without == english.unknownCommand("lsit") + " " + english.slashHint)
        #expect(
            english.unknownCommand("lsit", suggestion: "list")
                == english.unknownCommand("lsit") + " " + english.didYouMean("list") + " " + english.slashHint
        )
    }

    @Test func peopleCanBeConfused() {
        #expect(english.couldBe("bia", ["Bia A", "Bia B"]) == "“bia” could be Bia A or Bia B.")
        #expect(portuguese.couldBe("bia", ["Bia A", "Bia B"]) == "“bia” pode ser Bia A ou Bia B.")
        #expect(spanish.couldBe("bia", ["Bia A", "Bia B"]) == "“bia” puede ser Bia A o Bia B.")
        #expect(english.pinned("Bia", true) == "Bia stays on top.")
        #expect(english.pinned("Bia", false) == "Bia is no longer kept on top.")
        #expect(english.muted("Bia", true) == "No more alerts from Bia.")
        #expect(english.muted("Bia", false) == "Alerts from Bia are on again.")
        #expect(english.received("Bia", "olá") == "Bia: olá")
        #expect(english.profileIs("a", others: []) == english.profileIs("a"))
        #expect(
            english.profileIs("a", others: ["b", "c"]) == english.profileIs("a") + " "
                + english.otherProfiles("b, c"))
    }

    // MARK: Dates

    private func time(_ hour: Int, _ minute: Int, _ daysAgo: Int = 0) -> CalendarTime {
        Calendar.utc.time(of: Fixtures.at(hour, minute, daysAgo: daysAgo))
    }

    @Test func momentsInASentence() {
        let today = time(14, 5)
        let days = [0, 1, 3, 30, 400]
        #expect(
            days.map { english.moment(time(9, 7, $0), today: today) }
                == ["at 09:07", "yesterday at 09:07", "on Thursday", "on 23 Oct", "on Oct 2025"])
        #expect(
            days.map { portuguese.moment(time(1, 7, $0), today: today) }
                == ["à 01:07", "ontem à 01:07", "na quinta-feira", "em 23 out", "em out 2025"])
        #expect(portuguese.moment(time(9, 7, 1), today: today) == "ontem às 09:07")
        #expect(
            [time(9, 0, 6), time(9, 0, 2)].map { portuguese.moment($0, today: today) }
                == ["na segunda-feira", "na sexta-feira"])
        #expect(spanish.moment(time(1, 7), today: today) == "a la 01:07")
        #expect(english.exactly(time(9, 7, 1), today: today) == "yesterday · Saturday, 21 November, 09:07")
    }

    @Test func everyLanguageHasItsMonthsAndDays() {
        for strings in [english, portuguese, spanish] {
            #expect(Set(strings.months).count == 12 && Set(strings.weekdays).count == 7)
            for month in 1...12 {
                let time = CalendarTime(year: 2026, month: month, day: 1, weekday: 0, hour: 0, minute: 0)
                #expect(strings.name(ofMonth: time) == strings.months[month - 1])
                #expect(TextWidth.of(strings.short(time, today: self.time(0, 0))) <= 8)
            }
            for weekday in 0...6 {
                let time = CalendarTime(year: 2026, month: 1, day: 1, weekday: weekday, hour: 0, minute: 0)
                #expect(strings.name(ofWeekday: time) == strings.weekdays[weekday])
            }
        }
    }

    // MARK: States

    @Test func everyStateHasAWordOfItsOwn() {
        for strings in [english, portuguese, spanish] {
            #expect(Set(RowState.allCases.map { strings.word($0) }).count == RowState.allCases.count)
        }
        #expect(english.plainState(.held, "olá") == "Waiting for you: olá")
        #expect(english.plainState(.read, "olá") == "Read: olá")
    }

    @Test(
        arguments: [
            (OutboxSummary(), "Everything is sent."), (OutboxSummary(queued: 1, sending: 1), "2 queued."),
            (OutboxSummary(failed: 1), "1 not sent."),
            (OutboxSummary(queued: 1, held: 2), "1 queued, 2 not sent."),
        ])
    func outboxes(summary: OutboxSummary, words: String) {
        #expect(english.plainOutbox(summary) == words)
    }

    @Test func heldMessagesSayWhy() {
        let held = Fixtures.row(8, from: Fixtures.me, "x", at: Fixtures.at(14, 0), .held)
        #expect(english.heldBack(held) == "held back, since it is old: you decide")
        let refused = Fixtures.row(
            8, from: Fixtures.me, "x", at: Fixtures.at(14, 0), .held, failure: "Email ou senha inválidos")
        #expect(english.heldBack(refused) == "Wrong email or password")
        #expect(Set([nil, .formerServer, .goneFromServer].map { english.heldBack($0) }).count == 3)
    }
}
