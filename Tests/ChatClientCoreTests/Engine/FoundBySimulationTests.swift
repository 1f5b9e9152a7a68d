import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// What the simulation found, each as a script of its own.
@Suite struct FoundBySimulationTests {
    @Test func anAttemptThatCouldNotBeWrittenDownWasNotMade() throws {
        let harness = try EngineHarness()
        let fuse = CommitFuse(on: harness.store.database)
        _ = try harness.store.apply([.message(.sample(3, from: ana, to: bia, "oi"), from: .live)])
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        harness.begin()
        let link = try #require(harness.link)
        harness.engine.linkOpened(link, at: harness.now)
        fuse.left = 0
        harness.receive([ModelServer.opening, Array(#"40{"sid":"c"}"#.utf8)])
        harness.tellAccount(.ana)
        fuse.left = nil
        #expect(try harness.rows().map(\.state) == [.sent, .queued])
        // As unknown it would be looked for, and another device's "oi" taken for it.
        #expect(harness.engine.outboxSummary == OutboxSummary(queued: 1))
    }

    @Test func theListTellsWhenAMessageIsBeingSent() throws {
        let harness = try EngineHarness()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        _ = harness.takeChanges()
        harness.connect()
        #expect(harness.takeChanges().contains(.conversations))
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.previewState == .sending)
    }

    /// The other program's message is on the disk before this one's, and this one was not told yet.
    @Test func whatAnotherProgramEnteredBeforeGoesBefore() throws {
        let harness = try EngineHarness()
        harness.connect()
        _ = harness.takeTexts()
        let first = try harness.store.outbox.enqueue(
            "primeira", to: bia, tempID: TempID("outro"), at: harness.now.wall, attemptAbove: nil)
        _ = try harness.engine.send("segunda", to: bia, at: harness.now)
        let texts = harness.takeTexts()
        #expect(texts.count == 1)
        #expect(texts.first?.contains(first.tempID.rawValue) == true)
        #expect(try harness.rows().map(\.state) == [.sending, .queued])
    }

    @Test func whatAnotherProgramEnteredBeforeIsNotOvertakenFromTheQueueEither() throws {
        let store = try ChatStore(inMemoryFor: ana)
        let now = Moment.at(0).wall
        _ = try store.outbox.enqueue("primeira", to: bia, tempID: TempID("1"), at: now, attemptAbove: nil)
        _ = try store.outbox.enqueue("segunda", to: bia, tempID: TempID("2"), at: now, attemptAbove: nil)
        #expect(try !store.outbox.beginAttempt(TempID("2"), above: MessageID(0)))
        #expect(try store.outbox.beginAttempt(TempID("1"), above: MessageID(0)))
    }

    /// The holder resends what is unknown; another program has just taken it back.
    @Test func whatAnotherProgramTookBackIsNotSentAgain() throws {
        let harness = try EngineHarness()
        harness.connect()
        let tempID = try harness.engine.send("engano", to: bia, at: harness.now)
        #expect(harness.takeTexts().contains { $0.contains("send_message") })
        harness.engine.linkEnded(try #require(harness.link), .closed(code: nil), at: harness.now)
        harness.pass(60)
        harness.connect()
        _ = try harness.store.outbox.discard(tempID)
        var server = ModelServer(isIdempotent: true)
        harness.answerAll(&server)
        #expect(harness.takeTexts().allSatisfy { !$0.contains("send_message") })
    }

    @Test func whoTakesTheLinkOverShowsAttemptsForWhatTheyAre() throws {
        let harness = try EngineHarness()
        _ = try harness.rows()
        harness.engine.setWantsLink(true, at: harness.now)
        _ = harness.takeChanges()
        harness.engine.setHolder(true, at: harness.now)
        let changes = harness.takeChanges()
        #expect(changes.contains(.timeline(bia)) && changes.contains(.conversations))
    }

    @Test func aMessageProvedAbsentForgetsWhatWasKnownBeforeIt() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.outbox.enqueue(
            "oi", to: bia, tempID: TempID("1"), at: Moment.at(0).wall, attemptAbove: MessageID(4))
        try store.outbox.requeue(TempID("1"))
        #expect(try store.outbox.entry(TempID("1"))?.knownID == nil)
        #expect(try store.outbox.beginAttempt(TempID("1"), above: MessageID(9)))
        #expect(try store.outbox.entry(TempID("1"))?.knownID == MessageID(9))
    }

    /// The server has thrown away changes that the cache never saw.
    @Test func aStreamThatBeginsAnewLeavesAGap() throws {
        let store = try ChatStore(inMemoryFor: ana)
        let page = ConversationPage(
            peer: bia, messages: [.sample(3), .sample(2)], limit: 50, before: nil,
            knownAtRequest: MessageID(0), isPeek: true)
        for _ in 0..<2 { _ = try store.apply([.page(page)], cursor: "7") }
        try store.gaps.forgetCursor()
        let effects = try store.apply([.message(.sample(9), from: .sync)], cursor: "20")
        #expect(effects.timelines == [bia])
        #expect(try store.gaps.edges(of: bia) == [Gap(after: 3, before: 9)])
        let rows = try store.timeline.page(with: bia, before: nil, limit: 10).rows
        #expect(rows.map(\.isGapAbove) == [false, false, true])
        // The next page closes it, and says so.
        let next = ConversationPage(
            peer: bia, messages: [.sample(9), .sample(6), .sample(3), .sample(2)], limit: 50, before: nil,
            knownAtRequest: MessageID(9), isPeek: true)
        #expect(try store.apply([.page(next)]).timelines == [bia])
        #expect(try store.gaps.edges(of: bia) == [])
    }

    @Test func aStreamThatBeginsBeforeTheEndOfTheCacheLeavesNone() throws {
        let store = try ChatStore(inMemoryFor: ana)
        let page = ConversationPage(
            peer: bia, messages: [.sample(3), .sample(2)], limit: 50, before: nil,
            knownAtRequest: MessageID(0), isPeek: true)
        for _ in 0..<2 { _ = try store.apply([.page(page)]) }
        try store.gaps.forgetCursor()
        _ = try store.apply(
            [.message(.sample(3), from: .sync), .message(.sample(9), from: .sync)], cursor: "20")
        #expect(try store.gaps.edges(of: bia) == [])
    }

    /// The count was made before the message came that the stream of changes brought first.
    @Test func anOldCountReadsNothing() throws {
        let harness = try EngineHarness()
        harness.connect()
        _ = try harness.store.apply([.message(.sample(1), from: .live), .message(.sample(2), from: .live)])
        harness.gather()
        try harness.answer(ServerInformationQuestion.self, .capable(of: [.sync, .peek]))
        try harness.answer(ContactsQuestion.self, [])
        let change = try SyncChange(
            json: JSONValue(
                parsing: Array(
                    #"""
                    {"seq":1,"type":"message_created","message":{"id":3,"sender_id":2,"receiver_id":1,
                    "content":"nova","is_read":false,"created_at":"2026-01-01T00:00:00"}}
                    """#.utf8)))
        #expect(harness.asked(ChangesQuestion.self)?.question.cursor == nil)
        try harness.answer(ChangesQuestion.self, .changes([change], cursor: "1", hasMore: false))
        try harness.answer(UnreadQuestion.self, UnreadCounts(bySender: [bia: 2]))
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 3)
        // When it is quieter, it is counted again.
        harness.pass(4)
        #expect(harness.takeQuestion { $0 is UnreadQuestion } != nil)
    }

    /// Wished for while nothing was unread, asked for when something was: on the original server that would
    /// mark it as read.
    @Test func aPageIsNotAskedForWhenSomethingUnreadHasCome() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        harness.engine.core.context.requests.plan.add(.page(bia, limit: 50))
        harness.receive(.newMessage(.sample(5)))
        #expect(harness.takeQuestion { $0 is PageQuestion } == nil)
    }

    @Test func whatTheCacheLacksCannotBeRead() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        _ = server.store("não lida", from: bia, to: ana, tempID: nil)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.takeTexts()
        harness.engine.markRead(bia, at: harness.now)
        #expect(harness.takeTexts() == [])
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 1)
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        harness.engine.markRead(bia, at: harness.now)
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 0)
    }

    @Test func aDeletedConversationDoesNotTakeWithItWhatWasWrittenSince() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        harness.engine.linkEnded(try #require(harness.link), .closed(code: nil), at: harness.now)
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        _ = try harness.engine.send("nova", to: bia, at: harness.now)
        harness.pass(60)
        harness.connect()
        #expect(try harness.rows().map(\.state) == [.queued])
        harness.answerAll(&server)
        #expect(try harness.store.conversationDeletions.pending() == [])
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        #expect(server.messages.map(\.content) == ["nova"])
        #expect(try harness.rows().map(\.content) == ["nova"])
    }

    /// On its way when the conversation was deleted here: whether the server has it is not known.
    @Test func aConversationWithAMessageOnItsWayIsKept() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = try harness.engine.send("a caminho", to: bia, at: harness.now)
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        harness.gather()
        for case .send(let text) in harness.effects { harness.receive(server.receive(text)) }
        harness.answerAll(&server)
        #expect(harness.takeChanges().contains(.notice(.conversationKept(bia, reason: nil))))
        #expect(server.messages.map(\.content) == ["a caminho"])
    }

    /// The server is not asked to delete a conversation that went on. The person had deleted one message before, and that
    /// stands.
    @Test("bundled 24473", arguments: [true, false])
    func aMessageDeletedBeforeItsConversationIsDeletedAllTheSame(isRefused: Bool) throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        try harness.store.live(server.store("engano", from: ana, to: bia, tempID: nil))
        let row = try #require(try harness.rows().first).id
        try harness.engine.delete(row, at: harness.now)
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        if !isRefused { _ = server.store("espera!", from: bia, to: ana, tempID: nil) }
        harness.connect()
        for open in harness.open where isRefused && open.question is DeleteConversationQuestion {
            harness.fail(open, .refused(status: 400, message: "Contato não encontrado"))
        }
        harness.answerAll(&server)
        #expect(server.messages.map(\.content) == (isRefused ? [] : ["espera!"]))
        #expect(try harness.store.deletions.pending() == [])
    }

    /// Nothing of the deletion can be done while the server does not answer: the messages go on.
    @Test func messagesDoNotWaitForAServerThatDoesNotDelete() throws {
        let harness = try EngineHarness()
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        _ = try harness.engine.send("nova", to: bia, at: harness.now)
        harness.connect()
        #expect(try harness.rows().map(\.state) == [.queued])
        try harness.fail(ContactsQuestion.self, .unavailable(status: 503, retryAfter: nil))
        #expect(try harness.rows().map(\.state) == [.sending])
    }

    private func isAskedForUnread(_ harness: EngineHarness) -> Bool {
        harness.takesQuestion(UnreadQuestion.self)
    }

    /// What came by the stream may have been counted already, in place of what was deleted in changes that the
    /// server has thrown away.
    @Test("bundled 886, 957, 960, 974, 1174, 1722, 1845, 2247, 2646, 2955, 3132")
    func whatTheStreamBringsIsCountedAgainWhenItIsQuiet() throws {
        let harness = try EngineHarness()
        harness.connect()
        var server = ModelServer(isIdempotent: true)
        harness.answerAll(&server)
        harness.engine.core.context.requests.learn([.sync, .peek])
        let effects = try harness.store.apply([.message(.sample(3), from: .sync)])
        harness.engine.core.stored(effects, isLive: false, at: harness.now)
        #expect(!isAskedForUnread(harness))
        // Nobody waits for it.
        #expect(harness.engine.core.context.requests.plan.isFinished)
        harness.pass(4)
        #expect(isAskedForUnread(harness))
    }

    @Test("bundled 1173") func aSmallerCountNamesNothingAsRead() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply((1...3).map { .message(.sample($0), from: .live) })
        func unread() throws -> [MessageID] {
            try store.database.rows("SELECT server_id FROM messages WHERE state = 0 ORDER BY server_id") {
                MessageID($0.int64(0))
            }
        }
        let all = [MessageID(1), MessageID(2), MessageID(3)]
        // One was read elsewhere, or is gone.
        _ = try store.apply([.unread([bia: 2], unsettled: [])])
        #expect(try store.unread(bia) == 2)
        #expect(try unread() == all)
        #expect(
            try store.timeline.row(#require(try store.timeline.firstUnread(with: bia)))?.row.messageID
                == all[1])
        // It turns out which: it is not counted a second time.
        _ = try store.apply([.deleted(all[0])])
        #expect(try store.unread(bia) == 2)
        _ = try store.apply([.message(.sample(4), from: .live)])
        #expect(try store.unread(bia) == 3)
        // None of them is left: that names them all.
        _ = try store.apply([.unread([:], unsettled: [])])
        #expect(try unread() == [])
        #expect(try store.unread(bia) == 0)
    }

    /// It would have stayed, and no count of the server's would have been taken, as long as the link was up.
    @Test("original 3776") func aReadMarkWithoutAnAcknowledgementIsToldAgain() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(9), from: .live)])
        harness.engine.markRead(bia, at: harness.now)
        harness.connect()
        harness.catchUp(listing: [.sample(bia, last: .sample(9), unread: 1)], unread: [bia: 1])
        #expect(harness.takeTexts().contains(#"420["message_read",{"sender_id":2}]"#))
        harness.pass(30)
        harness.receive("2")
        harness.pass(31)
        #expect(harness.takeTexts().contains(#"421["message_read",{"sender_id":2}]"#))
    }

    /// The person read offline; meanwhile something came that they have not seen, and a read mark covers all.
    @Test("original 21, 42, 58, 63") func aReadMarkWaitsWhileSomethingUnseenIsThere() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        let first = server.store("lida", from: bia, to: ana, tempID: nil)
        _ = try harness.store.apply([.message(first, from: .live)])
        harness.engine.markRead(bia, at: harness.now)
        _ = server.store("nova", from: bia, to: ana, tempID: nil)
        harness.connect()
        harness.answerAll(&server)
        #expect(harness.takeTexts().allSatisfy { !$0.contains("message_read") })
        // The server counts both.
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 2)
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 0)
        #expect(try harness.store.readMarks.pending().isEmpty)
    }

    /// The same where a read mark may name its end: it does not wait.
    @Test("bundled 34, 35, 49, 60, 65") func aReadMarkNamesItsEndWhereTheServerUnderstands() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(9), from: .live)])
        harness.engine.markRead(bia, at: harness.now)
        _ = try harness.store.apply([.message(.sample(10), from: .live)])
        harness.connect()
        harness.gather()
        try harness.answer(ServerInformationQuestion.self, .capable(of: [.readUpTo]))
        #expect(harness.takeTexts().contains(#"420["message_read",{"sender_id":2,"up_to_id":9}]"#))
        // The count may be of before: it is asked for again afterwards, and changes nothing now.
        try harness.answer(ContactsQuestion.self, [])
        try harness.answer(UnreadQuestion.self, UnreadCounts(bySender: [bia: 2]))
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 1)
        _ = harness.take()
        harness.receive("430[]")
        #expect(try harness.store.readMarks.pending().isEmpty)
        #expect(isAskedForUnread(harness))
    }

    /// Nothing tells of an own message that another device has written to somebody who is no contact.
    @Test("original 7746, 8223") func aConversationIsLookedAtBeforeItIsDeleted() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        server.contactNames = [:]
        _ = try harness.store.apply([
            .message(server.store("antiga", from: bia, to: ana, tempID: nil), from: .live)
        ])
        harness.engine.markRead(bia, at: harness.now)
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        _ = server.store("do celular", from: ana, to: bia, tempID: nil)
        _ = server.answer(PageQuestion(peer: bia, limit: 50, isPeek: false))
        harness.connect()
        harness.answerAll(&server)
        #expect(harness.takeChanges().contains(.notice(.conversationKept(bia, reason: nil))))
        #expect(server.messages.map(\.content).contains("do celular"))
        #expect(try harness.rows().map(\.content) == ["do celular"])
        // With nothing since, it goes.
        try harness.engine.deleteConversation(with: bia, at: harness.now)
        harness.answerAll(&server)
        #expect(server.messages.isEmpty)
    }

    /// All of the newest page lies in one second, and any of that second may be missing from it: nothing is complete
    /// yet, and the same page again would never show what is older.
    @Test("original 23") func behindABusySecondThereIsMore() throws {
        let harness = try EngineHarness()
        let old = (1...3).map { Message.sample($0, isRead: true) }
        let busy = (Int64(4)...63).map { id in
            var message = Message.sample(id, isRead: true)
            message.createdAt = Timestamp(seconds: 2_000_000)
            return message
        }
        let all = Array((old + busy).reversed())
        func scrollUp() throws -> Int? {
            guard let request = try harness.engine.olderPage(of: bia) else { return nil }
            let page = Array(all.prefix(request.limit))
            _ = try harness.engine.receiveOlder(page, for: request, at: harness.now)
            return request.limit
        }
        #expect(try scrollUp() == PageLimits.usual)
        #expect(try harness.store.gaps.fetchState(of: bia).contiguousTo == nil)
        #expect(try scrollUp() == PageLimits.longest)
        #expect(try harness.rows().count == all.count)
        _ = try scrollUp()
        #expect(try scrollUp() == nil)
    }

    /// The same behind what is known already: between its end and the busy second anything may be missing.
    @Test("original 188, 215, 218, 494, 1255") func aBusySecondBehindWhatIsKnownLeavesAGap() throws {
        let harness = try EngineHarness()
        let known = (1...3).map { Message.sample($0, isRead: true) }
        let between = (4...23).map { Message.sample($0, isRead: true) }
        let busy = (Int64(24)...83).map { id in
            var message = Message.sample(id, isRead: true)
            message.createdAt = Timestamp(seconds: 2_000_000)
            return message
        }
        func receive(_ messages: [Message], limit: Int) throws {
            let request = OlderRequest(
                peer: bia, limit: limit, before: nil, isPeek: false,
                known: try harness.store.messages.newestID())
            let page = Array(messages.reversed().prefix(limit))
            _ = try harness.engine.receiveOlder(page, for: request, at: harness.now)
        }
        for _ in 0..<2 { try receive(known, limit: PageLimits.usual) }
        #expect(try harness.store.gaps.edges(of: bia) == [])
        for _ in 0..<2 {
            try receive(known + between + busy, limit: PageLimits.usual)
            #expect(try harness.store.gaps.edges(of: bia) == [Gap(after: 3, before: 34)])
        }
        let request = try #require(try harness.engine.olderPage(of: bia))
        #expect(request.limit == PageLimits.longest)
        try receive(known + between + busy, limit: request.limit)
        #expect(try harness.store.gaps.edges(of: bia) == [])
        #expect(try harness.rows().count == 83)
    }

    /// Which of the unread ones that only the server has are among the read is not known.
    @Test("bundled 426") func aReadMarkOfAnotherDeviceIsCountedAgain() throws {
        let harness = try EngineHarness()
        harness.connect()
        var server = ModelServer(isIdempotent: true)
        harness.answerAll(&server)
        harness.engine.core.context.requests.learn([.sync, .peek, .readUpTo])
        _ = try harness.store.apply([.unread([bia: 61], unsettled: [], untold: [])])
        let effects = try harness.store.apply([.readByMe(bia, upTo: MessageID(3))])
        harness.engine.core.stored(effects, isLive: false, at: harness.now)
        _ = harness.take()
        harness.pass(4)
        #expect(isAskedForUnread(harness))
    }

    /// Two were read here, which the server was not told, and two are unread here; but it counts more than these, and
    /// another device may have read all four.
    @Test("original 422, 854") func aCountThatExplainsItselfInTwoWaysIsTakenAsItIs() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply((1...2).map { .message(.sample($0), from: .live) })
        _ = try store.readMarks.markRead(bia)
        _ = try store.apply((3...4).map { .message(.sample($0), from: .live) })
        _ = try store.apply([.unread([bia: 4], unsettled: [], untold: [])])
        #expect(try store.unread(bia) == 2)
        _ = try store.apply([.unread([bia: 61], unsettled: [], untold: [])])
        #expect(try store.unread(bia) == 61)
    }

    /// The server has not been told of what was read, and counts nothing: its reads fail, and more may have come.
    @Test("original 229") func aReadMarkWaitsWhileTheCountIsEmpty() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(9), from: .live)])
        harness.engine.markRead(bia, at: harness.now)
        harness.connect()
        harness.catchUpWithoutContacts()
        #expect(harness.takeTexts().allSatisfy { !$0.contains("message_read") })
        harness.pass(21)
        harness.catchUp(listing: [.sample(bia, last: .sample(9), unread: 1)], unread: [bia: 1])
        #expect(harness.takeTexts().contains(#"420["message_read",{"sender_id":2}]"#))
    }

    /// One was read here, which the server was not told; it counts one. That may be another one, which came after a
    /// second device had read the first, and no list names the newest message.
    @Test("original 12344, 13030, 15080") func aReadMarkOfAStrangerWaitsWhereTheCountMayBeOfAnotherMessage()
        throws
    {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(9), from: .live)])
        harness.engine.markRead(bia, at: harness.now)
        harness.connect()
        harness.catchUpWithoutContacts(unread: [bia: 1])
        #expect(harness.engine.core.sync.known.isCaughtUp)
        #expect(harness.takeTexts().allSatisfy { !$0.contains("message_read") })
        // The person looks, and the page that is shown marks on the server what it shows.
        harness.engine.open(bia, at: harness.now)
        harness.gather()
        var server = ModelServer(isIdempotent: false)
        server.contactNames = [:]
        _ = server.store("outra", from: bia, to: ana, tempID: nil)
        harness.answerAll(&server)
        #expect(try harness.rows().map(\.content).contains("outra"))
    }

    /// Another device has read the first message, and answered a second one that this one never heard of: the list names
    /// the answer, and the count is of the second.
    @Test("original 24026", arguments: [true, false])
    func aReadMarkWaitsWhereTheNewestMessageIsAnAnswerFromElsewhere(isAnswered: Bool) throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        try harness.store.live(server.store("uma", from: bia, to: ana, tempID: nil))
        harness.engine.markRead(bia, at: harness.now)
        if isAnswered {
            _ = server.answer(PageQuestion(peer: bia, limit: 50, isPeek: false))
            _ = server.store("outra", from: bia, to: ana, tempID: nil)
            try harness.store.live(server.store("resposta", from: ana, to: bia, tempID: nil))
        }
        harness.connect()
        harness.answerAll(&server)
        #expect(harness.takeTexts().contains { $0.contains("message_read") } == !isAnswered)
    }

    /// The cache has never seen a list, and the first one is empty because the server's read failed.
    @Test("bundled 193") func anEmptyListDoesNotFulfilTheWishToRemoveSomebody() throws {
        let harness = try EngineHarness()
        _ = try harness.engine.wish(bia, isWanted: false, name: nil, at: harness.now)
        harness.connect()
        harness.catchUpWithoutContacts()
        #expect(try harness.store.wishes.all().map(\.user) == [bia])
        var server = ModelServer(isIdempotent: false)
        harness.pass(6)
        harness.answerAll(&server)
        #expect(server.contactNames[bia] == nil)
        #expect(try harness.store.wishes.all().isEmpty)
    }

    @Test func aListThatStaysEmptyFulfilsTheWishToRemoveSomebody() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        server.contactNames = [:]
        _ = try harness.engine.wish(bia, isWanted: false, name: nil, at: harness.now)
        harness.connect()
        harness.answerAll(&server)
        #expect(try harness.store.wishes.all().map(\.user) == [bia])
        for _ in 0..<14 {
            harness.pass(5)
            harness.receive("2")
            harness.answerAll(&server)
        }
        #expect(try harness.store.wishes.all().isEmpty)
    }

    /// Two were read here, which the server was not told, and one is unread here. The server counts three, and lists a
    /// message that the cache lacks: another device may have read the two, and two that are not here yet be unread.
    @Test("original 95, 98") func aCountIsTakenAsItIsWhileTheListShowsSomethingNewer() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply((1...2).map { .message(.sample($0), from: .live) })
        _ = try store.readMarks.markRead(bia)
        _ = try store.apply([.message(.sample(3), from: .live)])
        _ = try store.apply([.unread([bia: 3], unsettled: [], untold: [])])
        #expect(try store.unread(bia) == 1)
        _ = try store.apply([.contacts([.sample(bia, last: .sample(6, from: ana, to: bia), unread: 3)])])
        _ = try store.apply([.unread([bia: 3], unsettled: [], untold: [])])
        #expect(try store.unread(bia) == 3)
    }

    /// One was read here, which the server was not told, and one is unread here. The server counted two that the cache
    /// lacks, and then one fewer: that explains itself by the one that was read here, but also by one that is missing.
    @Test("original 577") func whatIsKnownToBeMissingStaysCounted() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply([.message(.sample(1), from: .live)])
        _ = try store.readMarks.markRead(bia)
        _ = try store.apply([.message(.sample(3), from: .live)])
        _ = try store.apply([.unread([bia: 3], unsettled: [], untold: [])])
        #expect(try store.unread(bia) == 3)
        _ = try store.apply([.unread([bia: 2], unsettled: [], untold: [])])
        #expect(try store.unread(bia) == 2)
    }

    /// The mark set out before the message was sent, and arrives after a page that already shows the message.
    @Test("original 2115") func aReadMarkWithoutAnEndCoversOnlyWhatTheLinkHasToldOf() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(5, from: ana, to: bia, "antes"), from: .live)])
        harness.connect()
        harness.receive(.newMessage(.sample(6, from: ana, to: bia, "no link")))
        _ = try harness.store.apply([.message(.sample(7, from: ana, to: bia, "na página"), from: .page)])
        harness.receive(.messagesRead(by: bia, readerID: nil, senderID: nil, upToID: nil))
        #expect(try harness.rows().map(\.state) == [.read, .read, .sent])
        harness.receive(.newMessage(.sample(7, from: ana, to: bia, "na página")))
        harness.receive(.messagesRead(by: bia, readerID: nil, senderID: nil, upToID: nil))
        #expect(try harness.rows().map(\.state) == [.read, .read, .read])
    }

    /// The same of a deletion: what came after it stays, and the stream of changes tells what came before.
    @Test func aDeletionWithoutAnEndCoversOnlyWhatTheLinkHasToldOf() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(5), from: .live)])
        harness.connect()
        var server = ModelServer(isIdempotent: true)
        harness.answerAll(&server)
        harness.engine.core.context.requests.learn([.sync, .peek])
        _ = try harness.store.apply([.message(.sample(6), from: .sync)])
        _ = harness.take()
        harness.receive(.conversationDeleted(by: bia, contact: ana))
        #expect(try harness.rows().map(\.messageID) == [MessageID(6)])
        #expect(harness.takesQuestion(ChangesQuestion.self))
    }

    /// The server's reads fail: two counts in a row are empty, and there has never been a list. The conversation itself
    /// is asked, which marks nothing as read on this server.
    @Test("bundled 647") func emptyCountsReadNothingWhereTheConversationCanBeLookedAt() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.receive(.newMessage(.sample(9)))
        let peeking = ServerInformation.capable(of: [.peek])
        for _ in 0..<2 {
            for open in harness.open {
                switch open.asked {
                case let asked as Asked<ServerInformationQuestion>: harness.answer(asked, .success(peeking))
                case let asked as Asked<UnreadQuestion>:
                    harness.answer(asked, .success(UnreadCounts(bySender: [:])))
                default: harness.fail(open, .timeout)
                }
            }
            harness.pass(6)
        }
        #expect(try harness.store.unread(bia) == 1)
        #expect(
            harness.engine.core.context.requests.isRunning(PageQuestion(peer: bia, limit: 50, isPeek: true)))
    }

    /// A gateway answers for the root. What the server said of itself on an earlier link still holds.
    @Test("bundled 3671") func aForeignRootDoesNotTakeTheServersExtensionsAway() throws {
        let harness = try EngineHarness()
        try harness.store.meta.set(.capabilities, to: "peek read-up-to")
        harness.connect()
        try harness.fail(ServerInformationQuestion.self, .unexpectedAnswer("a page"))
        #expect(harness.engine.core.context.requests.capabilities == [.peek, .readUpTo])
    }

    /// One was read here, which the server was not told; it counts one. The list shows an own message that was sent
    /// before the list was asked for: it may hide a message that the person has not seen.
    @Test func aReadMarkWaitsWhereAnOwnMessageMayHideANewOne() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(9), from: .live)])
        harness.engine.markRead(bia, at: harness.now)
        harness.connect()
        let own = Message.sample(11, from: ana, to: bia)
        harness.receive(.newMessage(own))
        var server = ModelServer(isIdempotent: false)
        server.contactNames = [:]
        let listed = Contact.sample(bia, last: own, unread: 1)
        for _ in 0..<6 {
            for open in harness.open {
                switch open.asked {
                case let asked as Asked<ContactsQuestion>: harness.answer(asked, .success([listed]))
                case let asked as Asked<UnreadQuestion>:
                    harness.answer(asked, .success(UnreadCounts(bySender: [bia: 1])))
                default: harness.answer(open, by: &server)
                }
            }
        }
        #expect(harness.engine.core.sync.known.isCaughtUp)
        #expect(harness.takeTexts().allSatisfy { !$0.contains("message_read") })
    }

    /// The list showed a message that the cache lacks, then an own message that was sent afterwards.
    @Test func anOwnMessageDoesNotHideWhatTheListHasShown() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply([.message(.sample(1), from: .live)])
        _ = try store.apply([.contacts([.sample(bia, last: .sample(6), unread: 2)])])
        #expect(try store.listed.isNewer(of: bia))
        let own = Message.sample(7, from: ana, to: bia)
        _ = try store.apply([.message(own, from: .live), .contacts([.sample(bia, last: own, unread: 2)])])
        #expect(try store.listed.isNewer(of: bia))
        #expect(try store.conversations.all().first?.preview == own.content)
        _ = try store.apply([
            .message(.sample(6), from: .live), .contacts([.sample(bia, last: own, unread: 2)]),
        ])
        #expect(try !store.listed.isNewer(of: bia))
    }

    /// The page was made before the message came, and marks only what it could show.
    @Test("original 8420") func aLatePageReadsNothingThatCameSince() throws {
        let harness = try EngineHarness()
        harness.connect()
        var server = ModelServer(isIdempotent: false)
        _ = server.store("antes", from: bia, to: ana, tempID: nil)
        harness.answerAll(&server)
        harness.engine.open(bia, at: harness.now)
        harness.gather()
        let page = PageQuestion(peer: bia, limit: 50, isPeek: false)
        #expect(harness.asked(PageQuestion.self)?.question == page)
        let answer = server.answer(page)
        harness.engine.open(nil, at: harness.now)
        harness.receive(.newMessage(.sample(7)))
        try harness.answer(PageQuestion.self, answer)
        #expect(try harness.store.unread(bia) == 1)
    }

    /// The contact was removed elsewhere, and it was the only one: an empty list removes nobody, but with the server's
    /// own word the contact is known to be gone, and is added anew under the name that the person wants.
    @Test("original 7751, bundled 5258") func aContactThatIsGoneIsAddedUnderItsNewName() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.contacts([.sample(bia)])])
        let wish = try harness.engine.wish(bia, isWanted: true, name: "Beatriz", at: harness.now)
        harness.connect()
        var server = ModelServer(isIdempotent: false)
        server.contactNames = [:]
        var added: [ContactWish] = []
        for _ in 0..<8 {
            for open in harness.open {
                if let question = open.question as? AddContactQuestion { added.append(question.wish) }
                if open.question is RenameContactQuestion {
                    harness.fail(open, .refused(status: 400, message: "Contato não encontrado"))
                } else {
                    harness.answer(open, by: &server)
                }
            }
        }
        #expect(added.contains(wish))
        #expect(server.contactNames[bia] == "Beatriz")
        #expect(try harness.store.wishes.all().isEmpty)
    }

    /// Without knowing whose the cache is, another account could not be told later.
    @Test("bundled 4743") func aCacheThatDoesNotKnowItsAccountWaitsForTheServersWord() throws {
        for isKnown in [true, false] {
            let harness = try EngineHarness()
            if isKnown { try harness.store.identity.remember(.ana) }
            harness.begin()
            harness.engine.linkOpened(try #require(harness.link), at: harness.now)
            harness.receive([ModelServer.opening])
            harness.receive(#"40{"sid":"c"}"#)
            harness.gather()
            try harness.fail(AccountQuestion.self, .unexpectedAnswer("a page"))
            #expect((harness.engine.linkState == .online) == isKnown)
        }
    }

    /// The ids of the former database are higher: a read mark without an end must not reach up to them.
    @Test func aReadMarkWithoutAnEndEndsWithTheNewDatabase() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(90, from: ana, to: bia, "antes"), from: .live)])
        harness.connect()
        try harness.engine.core.sync.setHistoryAside(
            .otherDatabase, at: harness.now, &harness.engine.core.context)
        harness.receive(.newMessage(.sample(3, from: ana, to: bia, "primeira")))
        harness.receive(.messagesRead(by: bia, readerID: nil, senderID: nil, upToID: nil))
        harness.receive(.newMessage(.sample(4, from: ana, to: bia, "segunda")))
        let states = try harness.rows().filter { $0.messageID != nil }.map(\.state)
        #expect(states == [.read, .sent])
    }

    /// The unread message is below the page, and its mark was pruned from the changes: two counts say that it was read.
    @Test("bundled 8982") func countsOfAServerThatAnswersAreBelievedOfStrangers() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.receive(.newMessage(.sample(9)))
        let peeking = ServerInformation.capable(of: [.peek])
        for _ in 0..<8 {
            for open in harness.open {
                harness.engine.core.sync.known.counts.asked()
                switch open.asked {
                case let asked as Asked<ServerInformationQuestion>: harness.answer(asked, .success(peeking))
                case let asked as Asked<UnreadQuestion>:
                    harness.answer(asked, .success(UnreadCounts(bySender: [caio: 3])))
                default: harness.fail(open, .timeout)
                }
            }
            harness.pass(6)
        }
        #expect(try harness.store.unread(bia) == 0)
    }

    /// Nothing is unread and there are no contacts: only the page, which does not reach the unread message, is not empty.
    @Test("bundled 25226", arguments: [true, false])
    func emptyCountsBesideAnEmptyListAreBelievedWithAPage(isShown: Bool) throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.receive(.newMessage(.sample(9)))
        let peeking = ServerInformation.capable(of: [.peek])
        let later = (11..<11 + Int64(PageLimits.usual)).map {
            Message.sample($0, from: ana, to: bia, "depois")
        }
        let page = PartialList<Message>(isShown ? later : [])
        for _ in 0..<8 {
            for open in harness.open {
                harness.engine.core.sync.known.counts.asked()
                switch open.asked {
                case let asked as Asked<ServerInformationQuestion>: harness.answer(asked, .success(peeking))
                case let asked as Asked<UnreadQuestion>:
                    harness.answer(asked, .success(UnreadCounts(bySender: [:])))
                case let asked as Asked<ContactsQuestion>: harness.answer(asked, .success([]))
                case let asked as Asked<PageQuestion>: harness.answer(asked, .success(page))
                default: harness.fail(open, .timeout)
                }
            }
            harness.pass(6)
        }
        #expect(try harness.store.unread(bia) == (isShown ? 0 : 1))
        #expect(try harness.rows().contains { $0.messageID == MessageID(9) })
    }

    /// The contact is there, but the list is empty because a read failed: the server's refusal to add it again does not
    /// end the wish to call it by another name.
    @Test("original 5665") func aRefusedAdditionWaitsForAListThatIsNotEmpty() throws {
        let harness = try EngineHarness()
        _ = try harness.engine.wish(bia, isWanted: true, name: "Beatriz", at: harness.now)
        harness.connect()
        var server = ModelServer(isIdempotent: false)
        for round in 0..<6 {
            for open in harness.open {
                switch open.asked {
                case let asked as Asked<ContactsQuestion> where round < 4: harness.answer(asked, .success([]))
                case is Asked<AddContactQuestion>:
                    harness.fail(open, .refused(status: 400, message: "Contato já adicionado"))
                default: harness.answer(open, by: &server)
                }
            }
            harness.pass(6)
        }
        harness.answerAll(&server)
        #expect(server.contactNames[bia] == "Beatriz")
    }
}
