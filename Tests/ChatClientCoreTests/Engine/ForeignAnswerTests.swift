import ChatWire
import Testing

@testable import ChatClientCore

/// Gateways, portals and other services answer in the server's place: nothing ends on their word.
@Suite struct ForeignAnswerTests {
    private static let foreign = ChatError.unexpectedAnswer("HTTP status 404 without MyChat's envelope")

    /// Answers all open questions: by a gateway, or by the server.
    private func answerAll(
        _ harness: EngineHarness, _ server: inout ModelServer, byGateway error: ChatError? = nil
    ) -> [any ServerQuestion] {
        var asked: [any ServerQuestion] = []
        while let open = harness.takeQuestion() {
            asked.append(open.question)
            if let error { harness.fail(open, error) } else { harness.answer(open, by: &server) }
        }
        return asked
    }

    /// A sent message that is deleted here, a contact renamed, a conversation deleted: told to nobody yet.
    private func harnessWithWishes(_ server: inout ModelServer) throws -> EngineHarness {
        let harness = try EngineHarness()
        harness.connect()
        let own = server.store("minha", from: ana, to: bia, tempID: nil)
        let theirs = server.store("oi", from: caio, to: ana, tempID: nil)
        _ = answerAll(harness, &server)
        harness.receive(.newMessage(own))
        harness.receive(.newMessage(theirs))
        harness.engine.linkEnded(1, .silence, at: harness.now)
        let row = try #require(try harness.rows().first { $0.messageID == own.id })
        try harness.engine.delete(row.id, at: harness.now)
        _ = try harness.engine.wish(bia, isWanted: true, name: "Bibi", at: harness.now)
        try harness.engine.deleteConversation(with: caio, at: harness.now)
        harness.pass(120)
        harness.connect()
        return harness
    }

    /// With the server's heartbeat, so that the link stays.
    private func passAMinute(_ harness: EngineHarness) {
        for _ in 0..<3 {
            harness.pass(20.5)
            harness.receive("2")
        }
    }

    @Test(
        "What the person wants is kept until the server itself has answered",
        arguments: [
            foreign, .unexpectedAnswer("no envelope"), .refused(status: 404, message: "no route"),
            .refused(status: 413, message: "x"),
        ])
    func wishesStay(error: ChatError) throws {
        var server = ModelServer(isIdempotent: true)
        let harness = try harnessWithWishes(&server)
        for _ in 0..<5 {
            _ = answerAll(harness, &server, byGateway: error)
            passAMinute(harness)
        }
        #expect(harness.engine.isSignedIn)
        #expect(try harness.store.deletions.pending().count == 1)
        #expect(try harness.store.wishes.all().map(\.user) == [bia])
        #expect(try harness.store.conversationDeletions.pending() == [caio])
        #expect(
            !harness.takeChanges().contains {
                if case .notice(.conversationKept) = $0 { true } else { false }
            })
        for _ in 0..<5 {
            _ = answerAll(harness, &server)
            passAMinute(harness)
        }
        #expect(try !harness.store.hasUntoldWishes())
        #expect(server.messages.isEmpty)
        #expect(server.contactNames[bia] == "Bibi")
    }

    @Test func theServersOwnRefusalEndsADeletion() throws {
        var server = ModelServer(isIdempotent: true)
        let harness = try harnessWithWishes(&server)
        for _ in 0..<3 {
            harness.gather()
            for case .ask(let open) in harness.take() {
                if open.question is DeleteMessageQuestion {
                    harness.fail(open, .refused(status: 400, message: "Mensagem não encontrada"))
                } else {
                    harness.answer(open, by: &server)
                }
            }
        }
        #expect(try harness.store.deletions.pending().isEmpty)
    }

    @Test func aRootOfAnotherProgramMeansNoExtensionsForNow() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        let open = try #require(harness.takeQuestion { $0 is ServerInformationQuestion })
        harness.fail(open, Self.foreign)
        _ = answerAll(harness, &server)
        #expect(harness.engine.core.context.requests.capabilities == [])
        #expect(try harness.store.meta.text(.capabilities) == nil)
        harness.pass(61)
        #expect(answerAll(harness, &server).contains { $0 is ServerInformationQuestion })
        #expect(harness.engine.core.context.requests.capabilities == [.idempotentSend, .presenceSnapshot])
    }

    @Test func aListThatIsNotWholeTakesNobodyOut() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply([.contacts([.sample(bia), .sample(caio, "Caio")])])
        _ = try store.apply([.contacts([.sample(bia, "Bibi")], isWhole: false)])
        let names = try store.conversations.all().filter(\.isContact).map(\.name)
        #expect(Set(names) == ["Bibi", "Caio"])
    }

    @Test func aCountThatCannotBeReadStays() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.receive(.newMessage(.sample(1, from: bia)))
        harness.receive(.newMessage(.sample(2, from: caio)))
        var counts = UnreadCounts(bySender: [:])
        counts.leftOut = [bia]
        try harness.answer(ServerInformationQuestion.self, .capable(of: []))
        try harness.answer(ContactsQuestion.self, [])
        // The count is of after the messages came.
        harness.engine.core.sync.known.counts.asked()
        // The counts before said the same of Caio: one alone is not believed.
        _ = try harness.engine.core.sync.known.counts.doubtful(
            in: counts, harness.engine.core.sync.known.list, &harness.engine.core.context)
        try harness.answer(UnreadQuestion.self, counts)
        #expect(try harness.store.unread(bia) == 1)
        #expect(try harness.store.unread(caio) == 0)
    }
}
