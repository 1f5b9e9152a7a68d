import ChatNet
import ChatWire
import Testing

@testable import ChatClientCore

/// The client sends a message that a proxy refuses by REST, and marks it as failed when that is refused too.
@Suite struct ProxyRefusalTests {
    private static let servers = [true, false]

    /// An open link on which a proxy has refused the first message with `status`.
    private func refused(
        _ server: inout ModelServer, status: Int = 413
    ) throws -> (EngineHarness, TempID) {
        let harness = try EngineHarness()
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let tempID = try harness.engine.send("grande", to: bia, at: harness.now)
        try refuse(harness, status)
        return (harness, tempID)
    }

    private func refuse(_ harness: EngineHarness, _ status: Int) throws {
        harness.gather()
        let link = try #require(harness.link)
        for case .send(let text) in harness.take() {
            guard String(decoding: text, as: UTF8.self).contains("send_message") else { continue }
            harness.engine.linkRefused(text, status: status, on: link, at: harness.now)
        }
        harness.gather()
    }

    /// The message, as a question.
    private func question(_ tempID: TempID) -> SendMessageQuestion {
        SendMessageQuestion(tempID: tempID, peer: bia, content: "grande")
    }

    /// Lets time pass and answers the engine's calls. A proxy refuses every message; those messages are returned.
    private func goOn(_ harness: EngineHarness, _ server: inout ModelServer) throws -> [String] {
        var sent: [String] = []
        for _ in 0..<8 {
            harness.pass(5)
            harness.receive("2")
            harness.answerAll(&server)
            sent += harness.effects.compactMap { effect in
                guard case .send(let text) = effect else { return nil }
                return String(decoding: text, as: UTF8.self)
            }.filter { $0.contains("send_message") }
            try refuse(harness, 413)
            harness.answerAll(&server)
        }
        return sent
    }

    private func answer(
        _ harness: EngineHarness, _ answer: Result<SendMessageQuestion.Answer, ChatError>
    ) throws {
        let open = try #require(harness.takeQuestion { $0 is SendMessageQuestion })
        harness.answer(try #require(open.asked as? Asked<SendMessageQuestion>), answer)
    }

    @Test(arguments: servers)
    func aRefusedMessageGoesByREST(isIdempotent: Bool) throws {
        var server = ModelServer(isIdempotent: isIdempotent)
        let (harness, tempID) = try refused(&server)
        #expect(try harness.rows().map(\.state) == [.sending])
        // The next message waits, to keep the order.
        _ = try harness.engine.send("pequena", to: bia, at: harness.now)
        #expect(!harness.takeTexts().contains { $0.contains("pequena") })
        harness.engine.linkRefused([], status: 413, on: 1, at: harness.now)
        #expect(harness.asked(SendMessageQuestion.self)?.question == question(tempID))
        try harness.answer(SendMessageQuestion.self, server.answer(question(tempID)))
        #expect(try harness.rows().map(\.state) == [.sent, .sending])
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        #expect(server.messages.map(\.content) == ["grande", "pequena"])
        #expect(try harness.rows().map(\.state) == [.sent, .sent])
        #expect(try harness.store.maintenance.problems() == [])
    }

    @Test(arguments: servers)
    func whatIsRefusedByRESTTooIsMarkedAlone(isIdempotent: Bool) throws {
        var server = ModelServer(isIdempotent: isIdempotent)
        let (harness, tempID) = try refused(&server)
        _ = try harness.engine.send("pequena", to: bia, at: harness.now)
        try answer(harness, .success(.refusedByProxy(status: 403)))
        #expect(
            try harness.engine.view.outcome(of: tempID) == .failed(reason: "proxy: HTTP 403 Forbidden"))
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        #expect(server.messages.map(\.content) == ["pequena"])
        #expect(try harness.rows().map(\.state) == [.sent, .failed])
        // A manual retry takes the same way.
        try harness.engine.retry(tempID, at: harness.now)
        #expect(try goOn(harness, &server).count == 1)
        #expect(server.messages.map(\.content) == ["pequena", "grande"])
        #expect(try harness.rows().map(\.state) == [.sent, .sent])
    }

    @Test func theServersOwnWordsCount() throws {
        var server = ModelServer(isIdempotent: true)
        let (harness, tempID) = try refused(&server)
        try answer(harness, .failure(.refused(status: 400, message: "Destinatário não encontrado")))
        #expect(
            try harness.engine.view.outcome(of: tempID) == .failed(reason: "Destinatário não encontrado"))
    }

    @Test(
        arguments: [
            .network(.closed(endpoint: "a:1")), .timeout, .unexpectedAnswer("HTTP status 302"),
            .unavailable(status: 502, retryAfter: nil), .unavailable(status: 500, retryAfter: nil),
            .unavailable(status: 503, retryAfter: .seconds(30)),
        ] as [ChatError])
    func anOpenAnswerIsAskedForUnderTheSameName(error: ChatError) throws {
        var server = ModelServer(isIdempotent: true)
        let (harness, tempID) = try refused(&server)
        _ = server.answer(question(tempID))
        try answer(harness, .failure(error))
        #expect(try harness.rows().map(\.state) == [.unknown])
        #expect(try goOn(harness, &server).count == 1)
        #expect(server.messages.map(\.content) == ["grande"])
        #expect(try harness.rows().map(\.state) == [.sent])
    }

    @Test(
        arguments: [
            .network(.closed(endpoint: "a:1")), .timeout, .unexpectedAnswer("HTTP status 302"),
            .unavailable(status: 502, retryAfter: nil), .unavailable(status: 504, retryAfter: nil),
        ] as [ChatError], [true, false])
    func onTheRealServerAnOpenAnswerIsLookedForAndNeverSentAgainUnasked(
        error: ChatError, isStored: Bool
    ) throws {
        var server = ModelServer(isIdempotent: false)
        let (harness, tempID) = try refused(&server)
        if isStored { _ = server.answer(question(tempID)) }
        try answer(harness, .failure(error))
        #expect(try goOn(harness, &server) == [])
        #expect(try harness.rows().map(\.state) == [isStored ? .sent : .held])
        guard !isStored else { return }
        // The message arrives late: the page that shows it settles it.
        _ = server.answer(question(tempID))
        #expect(try goOn(harness, &server) == [])
        #expect(try harness.rows().map(\.state) == [.sent])
        #expect(server.messages.count == 1)
    }

    /// A crash or a lost link during the attempt leaves the message unknown in the same way.
    @Test(arguments: [true, false])
    func onTheRealServerNothingIsForgottenOfTheDoubt(isCrash: Bool) throws {
        var server = ModelServer(isIdempotent: false)
        let (harness, tempID) = try refused(&server)
        if isCrash {
            try harness.restart()
        } else {
            harness.engine.linkEnded(1, .closed(code: nil), at: harness.now)
            harness.pass(60)
        }
        _ = harness.take()
        harness.connect()
        #expect(try goOn(harness, &server) == [])
        #expect(try harness.rows().map(\.state) == [.held])
        // The person retries, and the message is sent.
        try harness.engine.retry(tempID, at: harness.now)
        #expect(try goOn(harness, &server).count == 1)
        #expect(server.messages.map(\.content) == ["grande"])
        #expect(try harness.rows().map(\.state) == [.sent])
    }

    /// These statuses mean that nothing was done: the client sends the message again by itself, on any server.
    @Test(arguments: [408, 425, 429, 503])
    func onTheRealServerWhatAsksToComeLaterLeavesNoDoubt(status: Int) throws {
        var server = ModelServer(isIdempotent: false)
        _ = server.store("antes", from: bia, to: ana, tempID: nil)
        let (harness, _) = try refused(&server)
        try answer(harness, .failure(.unavailable(status: status, retryAfter: .seconds(1))))
        harness.engine.open(bia, at: harness.now)
        #expect(try goOn(harness, &server).count == 1)
        #expect(server.messages.map(\.content) == ["antes", "grande"])
        #expect(try harness.rows().map(\.state).last == .sent)
    }

    @Test func aRefusedTokenPausesEverythingAndKeepsTheMessage() throws {
        var server = ModelServer(isIdempotent: false)
        let (harness, tempID) = try refused(&server)
        try answer(harness, .failure(.unauthorized(message: "Token inválido ou expirado.")))
        #expect(harness.engine.outboxSummary.isPaused)
        #expect(try harness.store.outbox.entry(tempID)?.isUnfenced == false)
        #expect(try harness.rows().map(\.state) == [.unknown])
    }

    @Test func whatIsTakenBackMeanwhileIsDeletedWhenItArrives() throws {
        var server = ModelServer(isIdempotent: true)
        let (harness, tempID) = try refused(&server)
        try harness.engine.discard(tempID, at: harness.now)
        harness.answerAll(&server)
        #expect(server.messages.isEmpty)
        #expect(try harness.rows().isEmpty)
    }

    /// Other events are dropped, and the link stays up.
    @Test func otherEventsAreDropped() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        harness.engine.linkRefused(
            Array(#"42["typing_start",{"contact_user_id":2}]"#.utf8), status: 403, on: 1, at: harness.now)
        #expect(harness.take().isEmpty)
        #expect(harness.engine.linkState == .online)
    }
}
