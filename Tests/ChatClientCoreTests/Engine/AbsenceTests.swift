import ChatWire
import Testing

@testable import ChatClientCore

/// Nothing is erased and nothing is sent again because an answer lacks it: the engine against a server whose reads fail
/// and look like empty answers.
@Suite struct AbsenceTests {
    private func harness(_ server: inout ModelServer) throws -> EngineHarness {
        let harness = try EngineHarness()
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        return harness
    }

    /// Gives the server what was sent, and the program the answers.
    private func exchange(_ harness: EngineHarness, _ server: inout ModelServer) {
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
    }

    /// The server has what was sent; its answer is lost with the link, which comes back.
    private func loseAnswer(_ harness: EngineHarness, _ server: inout ModelServer) throws {
        for case .send(let text) in harness.take() { _ = server.receive(text) }
        harness.engine.linkEnded(try #require(harness.link), .closed(code: nil), at: harness.now)
        harness.pass(60)
        harness.connect()
    }

    /// Time passes on a link that lives; what is asked is answered.
    private func wait(_ seconds: Int, _ harness: EngineHarness, _ server: inout ModelServer) {
        for _ in 0..<seconds {
            harness.pass(1)
            harness.receive("2")
            harness.answerAll(&server)
            exchange(harness, &server)
        }
    }

    @Test func aConversationStaysWhileReadsFailAndIsWholeAfterwards() throws {
        var server = ModelServer(isIdempotent: false)
        for number in 1...6 { _ = server.store("m\(number)", from: bia, to: ana, tempID: nil) }
        let harness = try harness(&server)
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        #expect(try harness.rows().count == 6)
        server.failsReads = true
        harness.engine.linkEnded(try #require(harness.link), .closed(code: nil), at: harness.now)
        harness.pass(60)
        harness.connect()
        harness.answerAll(&server)
        wait(200, harness, &server)
        #expect(try harness.rows().count == 6)
        #expect(!harness.engine.core.sync.known.pages.isFresh(bia))
        server.failsReads = false
        _ = server.store("m7", from: bia, to: ana, tempID: nil)
        wait(400, harness, &server)
        #expect(try harness.rows().count == 7)
        #expect(harness.engine.core.sync.known.pages.isFresh(bia))
    }

    @Test func aFailingServerIsAskedLessAndLess() throws {
        var server = ModelServer(isIdempotent: false)
        _ = server.store("oi", from: ana, to: bia, tempID: nil)
        let harness = try harness(&server)
        server.failsReads = true
        harness.engine.linkEnded(try #require(harness.link), .closed(code: nil), at: harness.now)
        harness.pass(60)
        harness.engine.open(bia, at: harness.now)
        harness.connect()
        harness.answerAll(&server)
        let before = harness.engine.core.context.requests.number
        var pages = 0
        for _ in 0..<600 {
            harness.pass(1)
            harness.receive("2")
            pages += harness.open.count { $0.question is PageQuestion }
            harness.answerAll(&server)
        }
        #expect((4...9).contains(pages))
        #expect(harness.engine.core.context.requests.number - before < 100)
        #expect(try harness.rows().count == 1)
    }

    @Test func whatTheOtherSideDeletedGoes() throws {
        var server = ModelServer(isIdempotent: false)
        let ids = (1...3).map { server.store("m\($0)", from: ana, to: bia, tempID: nil).id }
        let harness = try harness(&server)
        #expect(try harness.rows().count == 3)
        server.delete(ids[2])
        wait(21, harness, &server)
        #expect(try harness.rows().map(\.content) == ["m1", "m2"])
        for id in ids { server.delete(id) }
        wait(21, harness, &server)
        #expect(try harness.rows() == [])
    }

    @Test func aConversationOfWhichTheListShowsAMessageIsNotEmpty() throws {
        var server = ModelServer(isIdempotent: false)
        server.failsReads = true
        _ = server.store("oi", from: ana, to: bia, tempID: nil)
        let harness = try EngineHarness()
        harness.connect()
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        #expect(try harness.engine.timeline(with: bia, before: nil, limit: 10).mayFetchOlder)
        #expect(!harness.engine.core.sync.known.pages.isFresh(bia))
        // One that really has none is empty at once.
        harness.engine.open(caio, at: harness.now)
        harness.answerAll(&server)
        #expect(try !harness.engine.timeline(with: caio, before: nil, limit: 10).mayFetchOlder)
        #expect(harness.engine.core.sync.known.pages.isFresh(caio))
    }

    /// Unread marks and contacts are kept like messages.
    @Test func emptyCountsAndListsTakeNothingAway() throws {
        var server = ModelServer(isIdempotent: false)
        _ = server.store("oi", from: bia, to: ana, tempID: nil)
        let harness = try harness(&server)
        harness.receive(.newMessage(server.messages[0]))
        harness.answerAll(&server)
        func conversation() throws -> Conversation? {
            try harness.engine.view.conversations().first { $0.peer == bia }
        }
        #expect(try conversation()?.unread == 1)
        server.failsLists = true
        wait(200, harness, &server)
        #expect(try conversation()?.unread == 1)
        #expect(try conversation()?.isContact == true)
        server.failsLists = false
        wait(200, harness, &server)
        #expect(try conversation()?.unread == 1)
        // Read on another device.
        _ = server.answer(PageQuestion(peer: bia, limit: 1, isPeek: false))
        wait(30, harness, &server)
        #expect(try conversation()?.unread == 0)
        server.contactNames[bia] = nil
        wait(60, harness, &server)
        #expect(try conversation()?.isContact == false)
    }

    // MARK: Sending again

    @Test func whatWasStoredIsNotSentAgainBecauseAPageIsEmpty() throws {
        var server = ModelServer(isIdempotent: false)
        _ = server.store("antes", from: ana, to: bia, tempID: nil)
        let harness = try harness(&server)
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        server.failsReads = true
        try loseAnswer(harness, &server)
        harness.answerAll(&server)
        exchange(harness, &server)
        #expect(server.messages.count == 2)
        #expect(try harness.rows().map(\.state) == [.sent, .unknown])
        // Nobody can tell: the person is asked.
        wait(130, harness, &server)
        #expect(server.messages.count == 2)
        #expect(try harness.rows().map(\.state) == [.sent, .held])
        // What turns up after all is taken from the person's hands.
        server.failsReads = false
        wait(400, harness, &server)
        #expect(try harness.rows().map(\.state) == [.sent, .sent])
        #expect(server.messages.count == 2)
    }

    @Test func aPageOfLaterSettlesWhatTheFirstLeftOpen() throws {
        var server = ModelServer(isIdempotent: false)
        _ = server.store("antes", from: ana, to: bia, tempID: nil)
        let harness = try harness(&server)
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        server.failsReads = true
        try loseAnswer(harness, &server)
        harness.answerAll(&server)
        server.failsReads = false
        wait(3, harness, &server)
        #expect(try harness.rows().map(\.state) == [.sent, .sent])
        #expect(server.messages.count == 2)
    }

    /// The first message to a contact: the list says that there is none, as the page does.
    @Test func theListIsTheSecondWitnessThatThereIsNothing() throws {
        var server = ModelServer(isIdempotent: false)
        let harness = try harness(&server)
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        // It never reached the server.
        _ = harness.take()
        try loseAnswer(harness, &server)
        harness.answerAll(&server)
        exchange(harness, &server)
        #expect(server.messages.map(\.content) == ["oi"])
        #expect(try harness.rows().map(\.state) == [.sent])
    }

    /// Of somebody who is no contact nothing else tells.
    @Test func withoutAWitnessThePersonIsAskedAndThenObeyed() throws {
        var server = ModelServer(isIdempotent: false)
        server.contactNames = [:]
        let harness = try harness(&server)
        let tempID = try harness.engine.send("oi", to: bia, at: harness.now)
        _ = harness.take()
        try loseAnswer(harness, &server)
        harness.answerAll(&server)
        wait(130, harness, &server)
        #expect(server.messages == [])
        #expect(try harness.rows().map(\.state) == [.held])
        try harness.engine.retry(tempID, at: harness.now)
        harness.answerAll(&server)
        wait(130, harness, &server)
        #expect(server.messages.map(\.content) == ["oi"])
        #expect(try harness.rows().map(\.state) == [.sent])
    }

    @Test func whatWasRefusedAfterItWasStoredIsLookedForBeforeItGoesAgain() throws {
        var server = ModelServer(isIdempotent: false)
        _ = server.store("antes", from: ana, to: bia, tempID: nil)
        let harness = try harness(&server)
        let tempID = try harness.engine.send("recusada depois", to: bia, at: harness.now)
        exchange(harness, &server)
        #expect(try harness.rows().map(\.state) == [.sent, .failed])
        try harness.engine.retry(tempID, at: harness.now)
        harness.answerAll(&server)
        exchange(harness, &server)
        #expect(try harness.rows().map(\.state) == [.sent, .sent])
        #expect(server.messages.map(\.content) == ["antes", "recusada depois"])
    }

    @Test func whatWasTakenBackBlocksNothingForEver() throws {
        var server = ModelServer(isIdempotent: false)
        _ = server.store("antes", from: ana, to: bia, tempID: nil)
        let harness = try harness(&server)
        let tempID = try harness.engine.send("engano", to: bia, at: harness.now)
        server.failsReads = true
        try loseAnswer(harness, &server)
        try harness.engine.discard(tempID, at: harness.now)
        _ = try harness.engine.send("certa", to: bia, at: harness.now)
        harness.answerAll(&server)
        wait(130, harness, &server)
        #expect(server.messages.map(\.content) == ["antes", "engano", "certa"])
        #expect(harness.engine.outboxSummary == OutboxSummary())
        // It is still deleted when it is found.
        server.failsReads = false
        try loseAnswer(harness, &server)
        harness.answerAll(&server)
        #expect(server.messages.map(\.content) == ["antes", "certa"])
        #expect(try harness.store.outbox.entries() == [])
    }
}
