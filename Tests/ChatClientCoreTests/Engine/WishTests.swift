import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct WishTests {
    let dora = UserID(4)

    private func names(_ harness: EngineHarness) throws -> [UserID: String] {
        let contacts = try harness.engine.view.conversations().filter(\.isContact)
        return Dictionary(uniqueKeysWithValues: contacts.map { ($0.peer, $0.name) })
    }

    /// The questions that change something, answered by the server.
    private func answerAll(_ harness: EngineHarness, _ server: inout ModelServer) -> [AnyHashable] {
        var changes: [AnyHashable] = []
        while let open = harness.takeQuestion() {
            if open.question is any WishQuestion { changes.append(AnyHashable(open.question)) }
            harness.answer(open, by: &server)
        }
        return changes
    }

    @Test func aWishIsShownAtOnceAndCarriedOutWithTheLink() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        _ = answerAll(harness, &server)
        harness.engine.linkEnded(1, .silence, at: harness.now)
        let forDora = try harness.engine.wish(dora, isWanted: true, name: "Dora", at: harness.now)
        let forBia = try harness.engine.wish(bia, isWanted: true, name: "Bibi", at: harness.now)
        let forCaio = try harness.engine.wish(caio, isWanted: false, name: nil, at: harness.now)
        #expect(try names(harness) == [dora: "Dora", bia: "Bibi"])
        try harness.restart()
        #expect(try names(harness) == [dora: "Dora", bia: "Bibi"])
        harness.connect()
        let changes = answerAll(harness, &server)
        let wanted: [AnyHashable] = [
            AddContactQuestion(wish: forDora),
            RenameContactQuestion(id: ContactID(102), name: "Bibi", wish: forBia),
            RemoveContactQuestion(id: ContactID(103), wish: forCaio),
        ]
        #expect(changes == wanted)
        #expect(server.contactNames == [dora: "Dora", bia: "Bibi"])
        #expect(try names(harness) == [dora: "Dora", bia: "Bibi"])
        #expect(try harness.store.wishes.all() == [])
    }

    @Test func wishesAboutOnePersonCoalesce() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        let wishes = try ["A", "B", "C"].map { name in
            try harness.engine.wish(bia, isWanted: true, name: name, at: harness.now)
        }
        // Added and taken back: nothing is left to do.
        _ = try harness.engine.wish(dora, isWanted: true, name: "Dora", at: harness.now)
        _ = try harness.engine.wish(dora, isWanted: false, name: nil, at: harness.now)
        harness.connect()
        let renaming = RenameContactQuestion(id: ContactID(102), name: "C", wish: wishes[2])
        #expect(answerAll(harness, &server) == [AnyHashable(renaming)])
        #expect(try harness.store.wishes.all() == [])
    }

    @Test func aStepWhoseAnswerWasLostIsNotRepeated() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        _ = try harness.engine.wish(dora, isWanted: true, name: nil, at: harness.now)
        server.contactNames[dora] = "Dora"
        harness.connect()
        #expect(answerAll(harness, &server) == [])
        #expect(try harness.store.wishes.all() == [])
    }

    @Test func aWishThatChangedMeanwhileGoesOn() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        _ = try harness.engine.wish(bia, isWanted: true, name: "A", at: harness.now)
        harness.connect()
        var seen: [RenameContactQuestion] = []
        while let open = harness.takeQuestion() {
            if let question = open.question as? RenameContactQuestion {
                seen.append(question)
                if seen.count == 1 {
                    _ = try harness.engine.wish(bia, isWanted: true, name: "B", at: harness.now)
                }
            }
            harness.answer(open, by: &server)
        }
        #expect(seen.map(\.id) == [ContactID(102), ContactID(102)])
        #expect(seen.map(\.name) == ["A", "B"])
        #expect(server.contactNames[bia] == "B")
    }

    @Test func aRefusalIsToldInTheServersWords() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        _ = try harness.engine.wish(dora, isWanted: true, name: "Dora", at: harness.now)
        harness.connect()
        harness.gather()
        var asked = 0
        while let open = harness.takeQuestion() {
            if open.question is AddContactQuestion {
                asked += 1
                harness.fail(open, .refused(status: 400, message: "Usuário não encontrado"))
            } else {
                harness.answer(open, by: &server)
            }
        }
        #expect(asked == 1)
        #expect(
            harness.takeChanges().contains(
                .notice(.contactChangeRefused(dora, reason: "Usuário não encontrado"))))
        #expect(try names(harness)[dora] == nil)
        #expect(try harness.store.wishes.all() == [])
    }

    @Test func aConversationIsDeletedHereAtOnceAndThereWithTheLink() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        for text in ["um", "dois"] {
            try harness.store.live(server.store(text, from: bia, to: ana, tempID: nil))
        }
        _ = try harness.store.readMarks.markRead(bia)
        try harness.store.enter("fica", "t1")
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        #expect(try harness.rows().map(\.content) == ["fica"])
        _ = server.answer(PageQuestion(peer: bia, limit: 50, isPeek: false))
        harness.connect()
        #expect(answerAll(harness, &server) == [AnyHashable(DeleteConversationQuestion(peer: bia))])
        #expect(server.messages == [])
        #expect(try harness.store.conversationDeletions.pending() == [])
    }

    @Test func newsOfTheOtherPersonAreNotDeletedUnseen() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        try harness.store.live(server.store("um", from: bia, to: ana, tempID: nil))
        _ = try harness.store.readMarks.markRead(bia)
        _ = server.answer(PageQuestion(peer: bia, limit: 50, isPeek: false))
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        _ = server.store("espera!", from: bia, to: ana, tempID: nil)
        harness.connect()
        #expect(answerAll(harness, &server) == [])
        #expect(harness.takeChanges().contains(.notice(.conversationKept(bia, reason: nil))))
        #expect(server.messages.count == 2)
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.preview == "espera!")
    }

    /// What is unread was there when the person deleted the conversation; only what has come since is news.
    @Test(arguments: [true, false], [0, 1])
    func unreadMessagesAreDeletedWithTheirConversation(isIdempotent: Bool, news: Int) throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: isIdempotent)
        for text in ["um", "dois"] {
            try harness.store.live(server.store(text, from: bia, to: ana, tempID: nil))
        }
        #expect(try harness.store.unread(bia) == 2)
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        #expect(try harness.engine.view.conversations().allSatisfy { $0.unread == 0 })
        for _ in 0..<news { _ = server.store("espera!", from: bia, to: ana, tempID: nil) }
        try harness.restart()
        harness.connect()
        let told = answerAll(harness, &server)
        let kept = harness.takeChanges().contains(.notice(.conversationKept(bia, reason: nil)))
        #expect(try harness.store.conversationDeletions.pending() == [])
        // Nobody has read anything.
        #expect(server.readBy == [])
        if news == 0 {
            #expect(told == [AnyHashable(DeleteConversationQuestion(peer: bia))])
            #expect(!kept)
            #expect(server.messages == [])
            #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 0)
        } else {
            #expect(told == [])
            #expect(kept)
            #expect(server.messages.count == 3)
        }
    }

    @Test func aDeletionThatTheServerRefusesIsTakenBack() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        try harness.store.live(server.store("um", from: bia, to: ana, tempID: nil))
        _ = try harness.store.readMarks.markRead(bia)
        _ = server.answer(PageQuestion(peer: bia, limit: 50, isPeek: false))
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        harness.connect()
        harness.engine.open(bia, at: harness.now)
        harness.gather()
        while let open = harness.takeQuestion() {
            if open.question is DeleteConversationQuestion {
                harness.fail(open, .refused(status: 400, message: "Contato não encontrado"))
            } else {
                harness.answer(open, by: &server)
            }
        }
        #expect(
            harness.takeChanges().contains(.notice(.conversationKept(bia, reason: "Contato não encontrado"))))
        #expect(try harness.rows().map(\.content) == ["um"])
    }

    // MARK: The batch of held messages

    @Test func heldMessagesAreSentOrDroppedTogether() throws {
        let harness = try EngineHarness()
        for (index, peer) in [bia, caio, bia].enumerated() {
            try harness.store.enter("n\(index)", "t\(index)", to: peer)
        }
        try harness.store.outbox.hold([TempID("t0"), TempID("t1")])
        try harness.restart()
        try harness.engine.sendHeld(at: harness.now)
        #expect(try harness.store.outbox.entries().map(\.tempID.rawValue) == ["t2", "t0", "t1"])
        #expect(try harness.store.outbox.entries().allSatisfy { $0.state == .queued })
        #expect(harness.engine.outboxSummary == OutboxSummary(queued: 3))
        try harness.store.outbox.hold([TempID("t0"), TempID("t2")])
        try harness.restart()
        try harness.engine.discardHeld(at: harness.now)
        #expect(try harness.store.outbox.entries().map(\.tempID.rawValue) == ["t1"])
        #expect(harness.engine.outboxSummary == OutboxSummary(queued: 1))
    }

    @Test func aMessageSentAsNewHasANewNameAndItsOldRow() throws {
        let harness = try EngineHarness()
        try harness.store.enter("de novo", "t0")
        try harness.store.outbox.fail(TempID("t0"), reason: "não")
        try harness.restart()
        let row = try harness.rows()[0].id
        let fresh = try harness.engine.sendAsNew(TempID("t0"), at: harness.now)
        #expect(fresh != TempID("t0"))
        let rows = try harness.rows()
        #expect(rows.map(\.id) == [row])
        #expect(rows.map(\.tempID) == [fresh])
        #expect(rows.map(\.state) == [.queued])
        #expect(harness.engine.outboxSummary == OutboxSummary(queued: 1))
        #expect(throws: ChatError.self) { try harness.engine.sendAsNew(TempID("t0"), at: harness.now) }
        #expect(throws: ChatError.self) { try harness.engine.sendAsNew(fresh, at: harness.now) }
    }
}
