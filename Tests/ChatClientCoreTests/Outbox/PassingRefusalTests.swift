import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// Servers that cannot take a message now, and say so in words.
@Suite struct PassingRefusalTests {
    @Test(
        "Who asks to come back later has not refused",
        arguments: [
            "Servidor sem espaço em disco, tente novamente mais tarde",
            "Servidor sem acesso ao banco de dados, tente novamente mais tarde",
            "Servidor sobrecarregado, tente novamente", "SERVIDOR SEM ESPAÇO", "Sem acesso ao banco",
            "Erro ao enviar mensagem: 1114 (HY000): The table 'messages' is full",
            "Erro ao enviar mensagem: 1290 (HY000): The MariaDB server is running with the --read-only option",
            "Erro ao enviar mensagem: 1205 (HY000): Lock wait timeout exceeded; try restarting transaction",
            "Erro ao enviar mensagem: 2013 (HY000): Lost connection to MySQL server during query",
            "Erro ao enviar mensagem: 1142 (42000): UPDATE command denied to user 'chat'",
            "Erro ao enviar mensagem: MySQL Connection not available.",
        ])
    func later(reason: String) {
        #expect(PassingRefusal.isPassing(reason, after: 0))
        #expect(PassingRefusal.isPassing(reason, after: 1000))
    }

    @Test(
        "A refusal of the message itself is final",
        arguments: [
            "A mensagem é muito longa (máximo 5000 caracteres)", "Destinatário não encontrado",
            "A mensagem não pode estar vazia", "Dados inválidos", "",
            "Erro ao enviar mensagem: Failed converting Python 'str'",
            "Erro ao enviar mensagem: 1406 (22001): Data too long for column 'content' at row 1",
        ])
    func final(reason: String) { #expect(!PassingRefusal.isPassing(reason, after: 0)) }

    @Test func anErrorWithoutAReasonIsTriedSomeTimes() {
        #expect(PassingRefusal.isPassing("Erro no servidor", after: PassingRefusal.unexplainedMax - 1))
        #expect(!PassingRefusal.isPassing("Erro no servidor", after: PassingRefusal.unexplainedMax))
    }

    private let full = "Servidor sem espaço em disco, tente novamente mais tarde"

    /// The names of the messages that the engine has sent since the last call.
    private func sends(_ harness: EngineHarness) -> [(TempID, acknowledgement: UInt64)] {
        harness.take().compactMap { effect in
            guard case .send(let text) = effect, text.starts(with: Array("42".utf8)),
                let packet = try? SocketPacket(decoding: text[1...]),
                case .sendMessage(_, _, let tempID?) = try? ClientEvent.decode(packet.payload)
            else { return nil }
            return (tempID, packet.acknowledgementID ?? 0)
        }
    }

    @Test func aFullServerIsGivenTheSameMessageAgainAndTheOrderIsKept() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let first = try harness.engine.send("um", to: bia, at: harness.now)
        let second = try harness.engine.send("dois", to: bia, at: harness.now)
        for round in 0..<6 {
            let given = sends(harness)
            #expect(given.map(\.0) == [first], "\(round)")
            harness.receive(.messageError(tempID: first, reason: full))
            let refusal = SendAcknowledgement.refused(reason: full, tempID: first)
            harness.receive([refusal.packet(acknowledgementID: try #require(given.first?.1)).bytes])
            #expect(sends(harness).isEmpty)
            #expect(try harness.rows().map(\.state) == [.unknown, .queued])
            #expect(try harness.engine.view.outcome(of: first) == .queued)
            let due = try #require(harness.engine.core.context.outbox.deadline)
            harness.pass((due - harness.now.monotonic) / .seconds(1))
            harness.receive("2")
        }
        let notices = harness.takeChanges().filter { if case .notice = $0 { true } else { false } }
        #expect(notices == [.notice(.serverError(full))])
        for _ in 0..<2 {
            for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        }
        // The last attempt was taken out of the effects above by nobody: it reached the server.
        #expect(server.messages.map(\.content) == ["um", "dois"])
        #expect(try harness.rows().map(\.state) == [.sent, .sent])
        #expect(try harness.engine.view.outcome(of: second) != .queued)
    }

    /// A server that limits how often an account sends says when the next message may come.
    @Test func beyondALimitAMessageWaitsAsLongAsTheServerSays() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let tempID = try harness.engine.send("um", to: bia, at: harness.now)
        let given = try #require(sends(harness).first)
        harness.receive(.error("qualquer coisa"))
        let refusal = SendAcknowledgement.refused(reason: "qualquer coisa", tempID: tempID, retryAfter: 90)
        harness.receive([refusal.packet(acknowledgementID: given.1).bytes])
        #expect(try harness.engine.view.outcome(of: tempID) == .queued)
        let due = try #require(harness.engine.core.context.outbox.deadline)
        #expect(due - harness.now.monotonic == .seconds(90))
        #expect(harness.takeChanges().contains(.notice(.serverError("qualquer coisa"))))
        #expect(harness.engine.core.context.link.lastServerError == nil)
        harness.pass(50)
        harness.receive("2")
        harness.pass(41)
        harness.receive("2")
        #expect(sends(harness).map(\.0) == [tempID])
    }

    @Test func onTheOriginalServerItIsLookedForBeforeItGoesAgain() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let tempID = try harness.engine.send("um", to: bia, at: harness.now)
        // The server has stored it and fails afterwards.
        for case .send(let text) in harness.take() { _ = server.receive(text) }
        let reason = "Erro ao enviar mensagem: 1205 (HY000): Lock wait timeout exceeded"
        harness.receive(.messageError(tempID: tempID, reason: reason))
        let due = try #require(harness.engine.core.context.outbox.deadline)
        harness.pass((due - harness.now.monotonic) / .seconds(1))
        harness.answerAll(&server)
        #expect(sends(harness).isEmpty)
        #expect(server.messages.count == 1)
        #expect(try harness.rows().map(\.state) == [.sent])
    }

    @Test func thePersonNeedNotWait() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let tempID = try harness.engine.send("um", to: bia, at: harness.now)
        #expect(sends(harness).count == 1)
        harness.receive(.messageError(tempID: tempID, reason: full))
        try harness.engine.retry(tempID, at: harness.now)
        #expect(sends(harness).map(\.0) == [tempID])
    }

    @Test func aFailedReadMarkIsToldAgain() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.catchUpWithoutContacts()
        harness.receive(.newMessage(.sample(1, from: bia)))
        harness.engine.open(bia, at: harness.now)
        try harness.store.database.run(
            "UPDATE conversations SET read_is_pending = 1, read_to = 1, unread = 0, unread_not_cached = 0")
        try harness.engine.core.sync.known.tellReadMarks(&harness.engine.core.context)
        let mark = try #require(
            harness.engine.core.context.link.acknowledgements.first {
                if case .readMark = $0.value { true } else { false }
            })
        harness.receive(.error("Erro no servidor"))
        harness.receive([SendAcknowledgement.handled.packet(acknowledgementID: mark.key).bytes])
        #expect(try harness.store.readMarks.pending().count == 1)
    }

    @Test func whatIsTriedAgainByHandIsNotHeldAgainForItsAge() throws {
        let harness = try EngineHarness()
        let queued = try harness.engine.send("um", to: bia, at: harness.now)
        let held = try harness.engine.send("dois", to: caio, at: harness.now)
        try harness.store.outbox.hold([held])
        try harness.engine.core.context.reconcileOutbox()
        harness.pass(200_000)
        try harness.engine.retry(queued, at: harness.now)
        try harness.engine.retry(held, at: harness.now)
        try harness.restart()
        harness.connect()
        #expect(Set(sends(harness).map(\.0)) == [queued, held])
    }
}
