import ChatWire
import Testing

@testable import ChatClientCore

/// Whose cache it is: what shows that the server is another one, and what becomes of the history then.
@Suite struct IdentityTests {
    private static let zeca = User(id: ana, name: "Zeca", email: "zeca@exemplo.com")
    private static let renumbered = User(id: caio, name: "Ana", email: "ana@exemplo.com")
    private static let renamed = User(id: ana, name: "Ana Outra", email: "ana@exemplo.com")

    /// A cache that knows Ana and Bia, with two messages each way that the server has confirmed.
    ///
    /// - Parameter isElsewhere: whether another device of Ana's sent her messages.
    private func harness(isElsewhere: Bool = false) throws -> EngineHarness {
        let harness = try EngineHarness()
        try harness.store.identity.remember(.ana)
        _ = try harness.store.apply([
            .contacts([.sample(bia)]), .message(.sample(1, "um", isRead: true), from: .live),
            .message(
                .sample(2, from: ana, to: bia, "dois", tempID: TempID("t2")),
                from: isElsewhere ? .live : .confirmation(TempID("t2"))),
            .message(.sample(3, "três", isRead: true), from: .live),
            .message(
                .sample(4, from: ana, to: bia, "quatro", tempID: TempID("t4")),
                from: isElsewhere ? .live : .confirmation(TempID("t4"))),
        ])
        return harness
    }

    /// Up to the server's acceptance, without its word on whose the token is.
    private func open(_ harness: EngineHarness) {
        harness.begin()
        harness.engine.linkOpened(1, at: harness.now)
        harness.receive([ModelServer.opening])
        harness.receive(#"40{"sid":"c"}"#)
    }

    private func isFormer(_ harness: EngineHarness) throws -> [String] {
        try harness.rows().filter { $0.formerPeer != nil }.map(\.content)
    }

    @Test func nothingGoesOutBeforeTheServerSaysWhoseTheTokenIs() throws {
        let harness = try harness()
        let tempID = try harness.engine.send("oi", to: bia, at: harness.now)
        _ = harness.takeTexts()
        open(harness)
        harness.receive(.newMessage(.sample(9, "chegou")))
        let before = harness.take()
        #expect(
            before.allSatisfy { effect in
                guard case .send(let text) = effect else { return true }
                return text.starts(with: Array("40".utf8))
            })
        #expect(try harness.rows().map(\.content).contains("chegou") == false)
        harness.effects = before
        harness.tellAccount(.ana)
        #expect(harness.takeTexts().contains { $0.contains(tempID.rawValue) })
        #expect(try harness.rows().map(\.content).contains("chegou"))
    }

    @Test(arguments: [zeca, renumbered, renamed])
    func aTokenOfAnotherAccountIsThrownAwayAndNothingIsSent(user: User) throws {
        let harness = try harness()
        let tempID = try harness.engine.send("para a Bia", to: bia, at: harness.now)
        open(harness)
        harness.receive(.newMessage(.sample(9, "para o Zeca")))
        harness.tellAccount(user)
        let effects = harness.take()
        #expect(effects.contains(.forgetToken))
        for case .send(let text) in effects {
            #expect(!String(decoding: text, as: UTF8.self).contains("para a Bia"))
        }
        #expect(harness.takeChanges().contains(.notice(.formerServer(.otherAccount, held: 1))))
        #expect(try isFormer(harness) == ["um", "dois", "três", "quatro"])
        let waiting = try #require(try harness.rows().last)
        #expect(waiting.state == .held && waiting.heldReason == .formerServer)
        #expect(try harness.rows().map(\.content).contains("para o Zeca") == false)
        // Nor later, under the other name.
        _ = try harness.store.identity.claim(for: Self.zeca)
        #expect(throws: ChatError.invalid(.ofAnotherAccount(tempID))) {
            try harness.engine.retry(tempID, at: harness.now)
        }
        try harness.engine.sendHeld(at: harness.now)
        #expect(try harness.rows().last?.state == .held)
    }

    /// What a number stands for is told by its sender, its text and its time.
    private static let others = [
        Message.sample(2, from: bia, to: ana, "dois"), .sample(2, from: ana, to: caio, "dois"),
        .sample(2, from: ana, to: bia, "outra"),
        {
            var message = Message.sample(2, from: ana, to: bia, "dois")
            message.createdAt = Timestamp(seconds: message.createdAt.seconds + 3600)
            return message
        }(),
    ]

    @Test(arguments: others, [MessageSource.live, .sync, .page, .confirmation(nil)])
    func aKnownNumberOfAnotherMessageSetsTheHistoryAside(message: Message, source: MessageSource) throws {
        let harness = try harness()
        let result = try harness.store.apply([.message(message, from: source)], cursor: "7")
        #expect(result.setAside?.reason == .otherMessages)
        #expect(try isFormer(harness) == ["um", "dois", "três", "quatro"])
        #expect(try harness.store.messages.newestID() == MessageID(2))
        #expect(try harness.store.meta.text(.cursor) == nil)
        #expect(try harness.store.timeline.row(MessageID(2))?.row.content == message.content)
        #expect(try harness.store.maintenance.problems() == [])
    }

    @Test func theSameMessageInAnotherFormSetsNothingAside() throws {
        let harness = try harness()
        var message = Message.sample(2, from: ana, to: bia, " dois ")
        message.createdAt.microseconds += 999_999
        let result = try harness.store.apply([.message(message, from: .page)])
        #expect(result.setAside == nil)
        #expect(try isFormer(harness) == [])
    }

    /// The original server dates a row before it waits for the lock of its database, for up to 50 s, and the event
    /// after that.
    @Test(arguments: [Int64(-50), 3, 50])
    func anEventAndARowOfOneMessageAreOneWhateverTheServerWaitedFor(seconds: Int64) throws {
        let harness = try harness()
        var message = Message.sample(2, from: ana, to: bia, "dois")
        message.createdAt = Timestamp(seconds: message.createdAt.seconds + seconds)
        #expect(try harness.store.apply([.message(message, from: .page)]).setAside == nil)
        #expect(try isFormer(harness) == [])
        message.content = "outra"
        #expect(try harness.store.apply([.message(message, from: .page)]).setAside?.reason == .otherMessages)
    }

    /// A new message with a number below an older one's: numbers rise with time.
    @Test func aNewMessageWithALowerNumberSetsTheHistoryAside() throws {
        let harness = try harness()
        _ = try harness.store.apply([.message(.sample(40, "quarenta", isRead: true), from: .live)])
        var late = Message.sample(20, "atrasada")
        #expect(try harness.store.apply([.message(late, from: .live)]).setAside == nil)
        late = .sample(21, "depois da cópia")
        late.createdAt = Timestamp(seconds: 1_000_000 + 40 + 3600)
        #expect(try harness.store.apply([.message(late, from: .live)]).setAside?.reason == .wentBack)
    }

    /// The server was restored, and gave the number of a lost message to the one that is sent now.
    @Test func whatIsSentToARestoredServerIsSent() throws {
        let harness = try harness()
        harness.connect()
        harness.catchUpWithoutContacts()
        let tempID = try harness.engine.send("de novo", to: bia, at: harness.now)
        harness.receive(
            .messageConfirmed(tempID: tempID, .sample(2, from: ana, to: bia, "de novo", tempID: tempID)))
        guard case .sent(let message) = try harness.engine.view.outcome(of: tempID) else {
            Issue.record("it is not sent")
            return
        }
        #expect(message.id == MessageID(2))
        #expect(try isFormer(harness) == ["um", "dois", "três", "quatro"])
        #expect(harness.engine.core.context.requests.plan.isOpen(.contacts))
    }

    /// What waits behind it does not go, what was given to the server that is there now is not held.
    @Test func whatIsOnItsWayWhenTheServerShowsIsNotHeld() throws {
        let harness = try harness()
        harness.connect()
        harness.catchUpWithoutContacts()
        let first = try harness.engine.send("a caminho", to: bia, at: harness.now)
        let second = try harness.engine.send("atrás", to: bia, at: harness.now)
        try harness.engine.core.sync.setHistoryAside(
            .otherDatabase, at: harness.now, &harness.engine.core.context)
        #expect(try harness.engine.view.outcome(of: first) == .queued)
        #expect(try harness.engine.view.outcome(of: second) == .held)
        #expect(harness.takeChanges().contains(.notice(.formerServer(.otherDatabase, held: 1))))
        harness.receive(
            .messageConfirmed(tempID: first, .sample(7, from: ana, to: bia, "a caminho", tempID: first)))
        #expect(try harness.rows().filter { $0.messageID != nil }.map(\.content) == ["a caminho"])
    }

    @Test func noMarkOrDeletionOfTheOldHistoryTouchesTheNew() throws {
        let harness = try harness()
        _ = try harness.store.apply([
            .message(.sample(50, "lida", isRead: false), from: .live), .readByMe(bia, upTo: MessageID(50)),
            .readByPeer(bia, upTo: MessageID(50)), .deleted(MessageID(30)),
        ])
        try harness.store.conversationDeletions.enter(bia)
        _ = try harness.store.former.setAside(.otherDatabase)
        _ = try harness.store.apply([
            .message(.sample(30, "nova"), from: .live),
            .message(.sample(31, from: ana, to: bia, "minha"), from: .live),
        ])
        #expect(try harness.rows().filter { $0.messageID != nil }.map(\.state) == [.received, .sent])
        #expect(try harness.store.unread() == 1)
        #expect(try harness.store.conversationDeletions.pending() == [])
        #expect(try harness.store.readMarks.pending().isEmpty)
        // And nothing of the new one touches the old.
        let other = try self.harness()
        _ = try other.store.former.setAside(.otherDatabase)
        _ = try other.store.apply([
            .readByPeer(bia, upTo: MessageID(100)), .conversationDeleted(bia, upTo: MessageID(100)),
        ])
        #expect(try isFormer(other) == ["um", "dois", "três", "quatro"])
        #expect(try other.rows().map(\.state) == [.received, .sent, .received, .sent])
    }

    /// A page of a restored server: what it has takes its place again, what it had confirmed and lacks waits.
    @Test func whatARestoredServerLacksCanBeSentAgain() throws {
        let harness = try harness()
        _ = try harness.store.former.setAside(.otherDatabase)
        let page = ConversationPage(
            peer: bia, messages: [.sample(2, from: ana, to: bia, "dois"), .sample(1, "um", isRead: true)],
            limit: 50, before: nil, knownAtRequest: MessageID(0), isPeek: true)
        let result = try harness.store.apply([.contacts([.sample(bia)]), .page(page)])
        #expect(result.goneFromServer == 1)
        #expect(try isFormer(harness) == ["três"])
        #expect(try harness.rows().map(\.content) == ["três", "um", "dois", "quatro"])
        let gone = try #require(try harness.rows().last)
        #expect(gone.state == .held && gone.heldReason == .goneFromServer && gone.tempID == TempID("t4"))
        try harness.restart()
        harness.connect()
        try harness.engine.sendHeld(at: harness.now)
        #expect(harness.takeTexts().contains { $0.contains("quatro") && $0.contains("t4") })
        #expect(try harness.store.maintenance.problems() == [])
    }

    /// Each device offers its own messages; sent again from both, a message would arrive twice.
    @Test func whatAnotherDeviceSentIsOfferedOnlyThere() throws {
        let harness = try harness(isElsewhere: true)
        let own = try harness.engine.send("daqui", to: bia, at: harness.now)
        _ = try harness.store.apply([
            .message(.sample(5, from: ana, to: bia, "daqui", tempID: own), from: .confirmation(own))
        ])
        _ = try harness.store.former.setAside(.otherDatabase)
        let page = ConversationPage(
            peer: bia, messages: [.sample(1, "um", isRead: true)], limit: 50, before: nil,
            knownAtRequest: MessageID(0), isPeek: true)
        let result = try harness.store.apply([.contacts([.sample(bia)]), .page(page)])
        #expect(result.goneFromServer == 1)
        #expect(try harness.store.timeline.unsent().map(\.row.tempID) == [own])
        #expect(try isFormer(harness) == ["dois", "três", "quatro"])
        #expect(try harness.store.maintenance.problems() == [])
    }

    /// The same on a server that does not announce deletions, and for messages that seemed deleted.
    @Test func whatAnotherDeviceSentIsNotKeptFromAPageOfTheOriginal() throws {
        let harness = try harness(isElsewhere: true)
        let page = ConversationPage(
            peer: bia,
            messages: [
                .sample(9, "nova"), .sample(2, from: ana, to: bia, "dois"), .sample(1, "um", isRead: true),
            ], limit: 50, before: nil, knownAtRequest: MessageID(4), isPeek: false)
        for _ in 0..<4 { #expect(try harness.store.apply([.page(page)]).goneFromServer == 0) }
        #expect(try harness.store.timeline.unsent().isEmpty)
        try harness.store.gone.remember(MessageID(2))
        _ = try harness.store.apply([.deleted(MessageID(2))])
        _ = try harness.store.former.setAside(.wentBack)
        let later = ConversationPage(
            peer: bia, messages: [.sample(1, "um", isRead: true)], limit: 50, before: nil,
            knownAtRequest: MessageID(0), isPeek: true)
        #expect(try harness.store.apply([.contacts([.sample(bia)]), .page(later)]).goneFromServer == 0)
    }

    /// It was there all the time, as another answer shows.
    @Test func whatComesBackAfterAllTakesItsPlaceAgain() throws {
        let harness = try harness()
        _ = try harness.store.former.setAside(.wentBack)
        _ = try harness.store.apply([
            .page(
                ConversationPage(
                    peer: bia, messages: [.sample(1, "um", isRead: true)], limit: 50, before: nil,
                    knownAtRequest: MessageID(0), isPeek: true))
        ])
        #expect(try harness.store.timeline.unsent().count == 2)
        let back = try harness.store.apply([
            .message(.sample(2, from: ana, to: bia, "dois"), from: .sync),
            .message(.sample(3, "três", isRead: true), from: .sync),
            .message(.sample(4, from: ana, to: bia, "quatro", tempID: TempID("t4")), from: .sync),
        ])
        #expect(back.confirmed == [TempID("t2"), TempID("t4")])
        #expect(try harness.rows().map(\.content) == ["um", "dois", "três", "quatro"])
        #expect(try isFormer(harness) == [])
        #expect(try harness.store.timeline.unsent().isEmpty)
    }

    @Test func anotherPersonWithTheNumberIsSentNothing() throws {
        let harness = try harness()
        let tempID = try harness.engine.send("segredo", to: bia, at: harness.now)
        _ = try harness.store.former.setAside(.otherDatabase)
        #expect(throws: ChatError.invalid(.forSomebodyElse(tempID))) {
            try Composing.checkObstacle(to: tempID, harness.engine.core.context)
        }
        _ = try harness.store.apply([.person(Person(id: bia, name: "Beto"))])
        #expect(try harness.store.formerPeople.obstacle(to: tempID) == .forSomebodyElse(tempID))
        _ = try harness.store.apply([.contacts([.sample(bia)])])
        #expect(try harness.store.formerPeople.obstacle(to: tempID) == nil)
    }

    /// The number of somebody of the former server may be somebody else's: what is written to it waits until it is
    /// known.
    @Test func whatIsWrittenToSomebodyOfTheFormerServerWaits() throws {
        let harness = try harness()
        _ = try harness.store.former.setAside(.otherDatabase)
        harness.connect()
        harness.catchUpWithoutContacts()
        let tempID = try harness.engine.send("é você?", to: bia, at: harness.now)
        #expect(try harness.engine.view.outcome(of: tempID) == .held)
        #expect(!harness.takeTexts().contains { $0.contains(tempID.rawValue) })
        #expect(throws: ChatError.invalid(.forSomebodyElse(tempID))) {
            try harness.engine.retry(tempID, at: harness.now)
        }
        _ = try harness.store.apply([.contacts([.sample(bia)])])
        try harness.engine.retry(tempID, at: harness.now)
        #expect(harness.takeTexts().contains { $0.contains(tempID.rawValue) })
    }

    @Test func anotherEpochSetsTheHistoryAside() throws {
        let harness = try harness()
        #expect(try harness.store.identity.contradiction(epoch: "a") == nil)
        #expect(try harness.store.identity.contradiction(epoch: "a") == nil)
        #expect(try harness.store.identity.contradiction(epoch: nil) == nil)
        #expect(try harness.store.identity.contradiction(epoch: "b") == .otherDatabase)
        let known = MessageID(4)
        func reason(_ state: SyncState) throws -> FormerServerReason? {
            try harness.store.identity.contradiction(state, knownAtRequest: known)
        }
        #expect(try reason(SyncState(epoch: "a", newestID: MessageID(4))) == nil)
        #expect(try reason(SyncState(epoch: "a", newestID: MessageID(3))) == .wentBack)
        #expect(try reason(SyncState(epoch: "a", isBehindCursor: true)) == .wentBack)
        #expect(try reason(SyncState(epoch: "b", newestID: MessageID(9))) == .otherDatabase)
    }

    /// It was taken for deleted: a page of a restored server lacked it, and its number is another message's by now.
    @Test func aNumberOfWhatWasTakenForDeletedTellsToo() throws {
        let harness = try harness()
        try harness.store.gone.remember(MessageID(4))
        try harness.store.gone.remember(MessageID(3))
        _ = try harness.store.apply([.deleted(MessageID(4)), .deleted(MessageID(3))])
        #expect(
            try harness.store.apply([.message(.sample(3, "três", isRead: true), from: .page)]).setAside == nil
        )
        let other = Message.sample(4, from: caio, to: ana, "do Caio")
        #expect(try harness.store.apply([.message(other, from: .page)]).setAside?.reason == .otherMessages)
        #expect(try isFormer(harness) == ["um", "dois", "quatro"])
        #expect(try harness.store.timeline.row(MessageID(4))?.row.content == "do Caio")
    }

    /// The original says nothing of deletions: an own message that its newest page lacks at the end may have been
    /// deleted by another device, or be lost with a backup. It is not forgotten unasked.
    @Test func anOwnMessageThatTheOriginalLacksAtTheEndWaits() throws {
        let harness = try harness()
        let page = ConversationPage(
            peer: bia,
            messages: [.sample(9, "nova")] + [
                .sample(2, from: ana, to: bia, "dois"), .sample(1, "um", isRead: true),
            ], limit: 50, before: nil, knownAtRequest: MessageID(4), isPeek: false)
        var isGone = false
        for _ in 0..<3 where !isGone { isGone = try harness.store.apply([.page(page)]).goneFromServer == 1 }
        #expect(isGone)
        #expect(try harness.rows().last?.heldReason == .goneFromServer)
        #expect(try harness.store.formerPeople.obstacle(to: TempID("t4")) == nil)
    }

    /// A page is cut in a second, so what is newer may be proved gone before what is older. The person is offered them
    /// in the order in which they were written.
    ///
    /// - Parameter atTheCut: how many of the lost messages were stored in the second in which the page ends.
    @Test(arguments: [1, 2])
    func whatIsFoundGoneLaterKeepsItsPlaceBeforeNewerMessages(atTheCut: Int) throws {
        let harness = try EngineHarness()
        try harness.store.identity.remember(.ana)
        var changes: [StoreChange] = [
            .contacts([.sample(bia)]), .message(.sample(1, "um", isRead: true), from: .live),
        ]
        let lost = ["dois", "três", "quatro"]
        for (index, text) in lost.enumerated() {
            let tempID = TempID("t\(index)")
            let own = Message.sample(
                Int64(index + 2), from: ana, to: bia, text, tempID: tempID,
                second: index < atTheCut ? 1 : Int64(index + 1))
            changes.append(.message(own, from: .confirmation(tempID)))
        }
        _ = try harness.store.apply(changes)
        let page = ConversationPage(
            peer: bia, messages: [.sample(9, "nova", second: 9), .sample(1, "um", isRead: true, second: 1)],
            limit: 50,
            before: nil, knownAtRequest: MessageID(4), isPeek: false, isOrderedByID: false)
        #expect(try harness.store.apply([.page(page)]).goneFromServer == lost.count - atTheCut)
        #expect(try harness.store.timeline.unsent().map(\.row.content) == Array(lost[atTheCut...]))
        #expect(try harness.store.apply([.page(page)]).goneFromServer == atTheCut)
        #expect(try harness.store.timeline.unsent().map(\.row.content) == lost)
        #expect(try harness.rows().map(\.content) == ["um", "nova", "dois", "três", "quatro"])
        #expect(try harness.store.maintenance.problems() == [])
        // What is entered or wanted afterwards stands behind them.
        try harness.restart()
        harness.connect()
        _ = try harness.engine.send("cinco", to: bia, at: harness.now)
        try harness.engine.sendHeld(at: harness.now)
        let unsent = try harness.store.timeline.unsent().map(\.row.content)
        #expect(unsent == ["cinco", "dois", "três", "quatro"])
        #expect(try harness.store.maintenance.problems() == [])
    }

    @Test func theSameNumberForAnotherAccountOnSigningInSetsTheHistoryAside() throws {
        let harness = try harness()
        #expect(try harness.store.identity.claim(for: .ana) == nil)
        _ = try harness.engine.send("da Ana", to: bia, at: harness.now)
        try harness.engine.signedIn(Self.zeca, at: harness.now)
        #expect(try isFormer(harness).count == 4)
        #expect(harness.engine.outboxSummary.held == 1)
        // Ana again, on the database that was hers: her messages take their places again as they come.
        try harness.engine.signedIn(.ana, at: harness.now)
        _ = try harness.store.apply([.message(.sample(1, "um", isRead: true), from: .sync)])
        #expect(try isFormer(harness) == ["dois", "três", "quatro"])
    }

    /// The database was made anew, and the person has another number there; their own is somebody else's, and somebody
    /// else's their own.
    @Test func whoHasAnotherNumberKeepsTheOldHistory() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/it's old.db"
        do {
            let old = try ChatStore(path: path, me: ana)
            try old.identity.remember(.ana)
            _ = try old.apply([
                .contacts([.sample(bia), .sample(caio, "Caio")]),
                .message(.sample(1, "da Bia", isRead: true), from: .live),
                .message(.sample(2, from: ana, to: bia, "para a Bia", tempID: TempID("t2")), from: .live),
                .message(.sample(3, from: caio, to: ana, "do Caio", isRead: true), from: .live),
            ])
            _ = try old.enter("não enviada", "t9")
            try old.conversations.setDraft("um rascunho", for: caio)
        }
        let store = try ChatStore(path: directory.path + "/new.db", me: bia)
        try store.identity.remember(User(id: bia, name: "Ana", email: "Ana@exemplo.com"))
        let aside = try store.inheritance.takeOver(from: path, of: ana)
        #expect(aside == HistorySetAside(reason: .otherAccount, held: 1))
        #expect(try store.inheritance.takeOver(from: path, of: ana) == nil)
        // Who had the number that is Ana's now has none here.
        let former = try store.timeline.page(with: UserID(-2), before: nil, limit: 10).rows
        #expect(former.map(\.content) == ["da Bia", "para a Bia", "não enviada"])
        #expect(former.map(\.isMine) == [false, true, true])
        #expect(former.map(\.formerPeer) == ["Bia", "Bia", nil])
        #expect(former.last?.state == .held && former.last?.heldReason == .formerServer)
        #expect(try store.formerPeople.obstacle(to: TempID("t9")) == .forSomebodyElse(TempID("t9")))
        #expect(
            try store.timeline.page(with: caio, before: nil, limit: 10).rows.map(\.content) == ["do Caio"])
        #expect(try store.conversations.draft(for: caio) == "um rascunho")
        #expect(try store.conversations.all().map(\.name).sorted() == ["Bia", "Caio"])
        #expect(try store.maintenance.problems() == [])
    }

    @Test func messagesOfAFormerServerAreRemovedHereOnly() throws {
        let harness = try harness()
        _ = try harness.store.former.setAside(.otherDatabase)
        for row in try harness.rows() { try harness.engine.delete(row.id, at: harness.now) }
        #expect(try harness.rows().isEmpty)
        #expect(try harness.store.deletions.pending() == [])
    }
}
