import ChatWire
import Testing

@testable import ChatClientCore

/// Scripts on the whole engine: what happens → what it does.
@Suite struct ChatEngineTests {
    @Test func aLinkIsOpenedOnlyByTheHolderWhoWantsOne() throws {
        let harness = try EngineHarness()
        harness.engine.setWantsLink(true, at: harness.now)
        #expect(harness.take() == [])
        harness.engine.setHolder(true, at: harness.now)
        #expect(harness.take() == [.openLink(1)])
        harness.engine.setWantsLink(false, at: harness.now)
        #expect(harness.take().contains(.closeLink(1)))
        #expect(harness.engine.linkState == .offline(reason: .notStarted, nextTry: nil))
    }

    @Test func theTokenIsShownAfterTheOpening() throws {
        let harness = try EngineHarness()
        harness.begin()
        harness.engine.linkOpened(1, at: harness.now)
        #expect(harness.takeTexts() == [])
        harness.receive([ModelServer.opening])
        #expect(harness.takeTexts() == [#"40{"token":"token"}"#])
        #expect(harness.engine.linkState == .connecting)
        harness.receive(#"40{"sid":"c"}"#)
        // The server is asked whose the token is before anything is told to it.
        #expect(harness.engine.linkState == .connecting)
        harness.tellAccount(.ana)
        #expect(harness.engine.linkState == .online)
        #expect(harness.takeChanges().contains(.link(.online)))
    }

    @Test func aMessageEnteredOnlineGoesAtOnceAndOnce() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let tempID = try harness.engine.send("  oi  ", to: bia, at: harness.now)
        #expect(try harness.rows().map(\.state) == [.sending])
        let texts = harness.takeTexts()
        #expect(texts.count == 1)
        #expect(texts[0].contains(#""content":"oi""#) && texts[0].contains(tempID.rawValue))
        let sent = Message.sample(7, from: ana, to: bia, "oi")
        harness.receive([
            ServerEvent.messageConfirmed(tempID: tempID, sent).packet().bytes,
            ServerEvent.messageConfirmed(tempID: tempID, sent).packet(as: .messageSent).bytes,
            ServerEvent.newMessage(sent).packet().bytes,
            SendAcknowledgement.accepted(sent).packet(acknowledgementID: 0).bytes,
        ])
        #expect(try harness.rows().map(\.state) == [.sent])
        #expect(
            try harness.engine.view.outcome(of: tempID)
                == .sent(.sample(7, from: ana, to: bia, "oi", tempID: tempID)))
        #expect(harness.engine.outboxSummary == OutboxSummary())
    }

    @Test func whatIsEnteredOfflineGoesInOrderWhenTheLinkReturns() throws {
        let harness = try EngineHarness()
        for text in ["um", "dois", "três"] { _ = try harness.engine.send(text, to: bia, at: harness.now) }
        #expect(try harness.rows().map(\.state) == [.queued, .queued, .queued])
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        for _ in 0..<3 {
            for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        }
        #expect(server.messages.map(\.content) == ["um", "dois", "três"])
        #expect(try harness.rows().map(\.state) == [.sent, .sent, .sent])
    }

    @Test func aLongOutboxIsNotReadAnewAfterEachCommitOfAnotherProgram() throws {
        let harness = try EngineHarness()
        for number in 0..<600 { _ = try harness.engine.send("m\(number)", to: bia, at: harness.now) }
        func enterElsewhere(_ name: String) throws {
            _ = try harness.store.outbox.enqueue(
                "de fora", to: bia, tempID: TempID(name), at: harness.now.wall, attemptAbove: nil)
            harness.engine.cacheChangedElsewhere(at: harness.now)
        }
        try enterElsewhere("t1")
        #expect(harness.engine.outboxSummary.queued == 601)
        for number in 2...9 { try enterElsewhere("t\(number)") }
        #expect(harness.engine.outboxSummary.queued == 601)
        // All at once, a moment later.
        let due = try #require(harness.engine.deadline)
        #expect(due < harness.now.monotonic + .milliseconds(100))
        harness.pass(0.1)
        #expect(harness.engine.outboxSummary.queued == 609)
    }

    @Test func aFullOutboxTakesNoMoreAndLosesNothing() throws {
        let harness = try EngineHarness()
        #expect(harness.engine.composing.limit == 10_000)
        harness.engine.composing.limit = 2
        for text in ["um", "dois"] { _ = try harness.engine.send(text, to: bia, at: harness.now) }
        try harness.engine.setDraft("três", for: bia)
        #expect(throws: ChatError.invalid(.outboxFull(limit: 2))) {
            try harness.engine.send("três", to: bia, at: harness.now)
        }
        #expect(try harness.rows().map(\.content) == ["um", "dois"])
        #expect(try harness.store.conversations.draft(for: bia) == "três")
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        // One has gone: there is room for one.
        _ = try harness.engine.send("três", to: bia, at: harness.now)
        #expect(try harness.rows().map(\.content) == ["um", "dois", "três"])
    }

    @Test func aRefusedMessageFailsWithTheServersWordsAndTheNextGoes() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        let refused = try harness.engine.send("recusada", to: bia, at: harness.now)
        _ = try harness.engine.send("boa", to: bia, at: harness.now)
        harness.connect()
        for _ in 0..<3 {
            for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        }
        let rows = try harness.rows()
        #expect(rows.map(\.content) == ["boa", "recusada"])
        #expect(rows.map(\.state) == [.sent, .failed])
        #expect(rows[1].failure == "A mensagem é muito longa")
        #expect(
            harness.takeChanges().contains(
                .notice(.sendFailed(to: bia, refused, reason: "A mensagem é muito longa"))))
        #expect(try harness.engine.view.outcome(of: refused) == .failed(reason: "A mensagem é muito longa"))
    }

    @Test func aLostAnswerIsAskedForUnderTheSameNameWhereTheServerKnowsIt() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        for case .send(let text) in harness.take() { _ = server.receive(text) }
        harness.engine.linkEnded(1, .closed(code: nil), at: harness.now)
        #expect(try harness.rows().map(\.state) == [.unknown])
        harness.pass(60)
        harness.connect()
        harness.answerAll(&server)
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        #expect(server.messages.count == 1)
        #expect(try harness.rows().map(\.state) == [.sent])
    }

    @Test func onTheRealServerALostAnswerIsLookedUpFirst() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let first = try harness.engine.send("oi", to: bia, at: harness.now)
        for case .send(let text) in harness.take() { _ = server.receive(text) }
        harness.engine.linkEnded(1, .closed(code: nil), at: harness.now)
        let second = try harness.engine.send("outra", to: bia, at: harness.now)
        harness.pass(60)
        harness.connect()
        for case .send(let text) in harness.effects {
            #expect(!String(decoding: text, as: UTF8.self).contains("send_message"))
        }
        harness.answerAll(&server)
        for _ in 0..<2 {
            for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        }
        #expect(server.messages.map(\.content) == ["oi", "outra"])
        #expect(try harness.rows().map(\.tempID) == [first, second])
        #expect(try harness.rows().map(\.state) == [.sent, .sent])
    }

    @Test func aLookUpThatWouldMarkAsReadWaitsUntilThePersonLooks() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        for case .send(let text) in harness.take() { _ = server.receive(text) }
        _ = server.store("ainda não vista", from: bia, to: ana, tempID: nil)
        try harness.restart()
        harness.connect()
        harness.answerAll(&server)
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 1)
        #expect(try harness.rows().map(\.state) == [.unknown])
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        #expect(try harness.rows().map(\.content) == ["oi", "ainda não vista"])
        #expect(server.messages.count == 2)
    }

    @Test func aPageAskedForOnAnEarlierLinkSettlesNothing() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        // A page that shows this reaches back far enough to prove that something is absent.
        let landmark = server.store("antes", from: bia, to: ana, tempID: nil)
        harness.connect()
        harness.answerAll(&server)
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        _ = harness.take()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        harness.engine.core.context.requests.plan.add(.page(bia, limit: PageLimits.longest))
        harness.engine.tick(at: harness.now)
        let old = harness.engine.core.context.requests.running
        #expect(old.count == 1)
        // The server has it, but the page of the old link, answered only later, was made before that.
        for case .send(let text) in harness.take() { _ = server.receive(text) }
        harness.engine.linkEnded(1, .closed(code: nil), at: harness.now)
        harness.pass(60)
        harness.connect()
        while let open = harness.takeQuestion(where: { !($0 is PageQuestion) }) {
            harness.answer(open, by: &server)
        }
        #expect(harness.engine.core.context.outbox.resolving(bia).count == 1)
        for case let asked as Asked<PageQuestion> in old.values.map(\.asked) {
            harness.answer(asked, .success([landmark]))
        }
        for case .send(let text) in harness.effects { harness.receive(server.receive(text)) }
        harness.answerAll(&server)
        #expect(server.messages.map(\.content) == ["antes", "oi"])
        #expect(try harness.rows().map(\.state) == [.received, .sent])
    }

    @Test func aCrashInMidSendLosesAndDoublesNothing() throws {
        for isIdempotent in [true, false] {
            let harness = try EngineHarness()
            var server = ModelServer(isIdempotent: isIdempotent)
            harness.connect()
            harness.answerAll(&server)
            _ = harness.take()
            _ = try harness.engine.send("oi", to: bia, at: harness.now)
            for case .send(let text) in harness.take() { _ = server.receive(text) }
            try harness.restart()
            #expect(try harness.rows().map(\.state) == [.unknown])
            harness.connect()
            harness.answerAll(&server)
            for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
            #expect(server.messages.count == 1)
            #expect(try harness.rows().map(\.state) == [.sent])
        }
    }

    @Test func silenceAfterASendReplacesTheLink() throws {
        let harness = try EngineHarness()
        harness.connect()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        _ = harness.take()
        harness.pass(14.9)
        #expect(harness.engine.linkState == .online)
        harness.pass(0.2)
        #expect(harness.take().contains(.closeLink(1)))
        #expect(try harness.rows().map(\.state) == [.unknown])
    }

    @Test func aReceivedMessageIsReceiptedAfterTheCommitAndAnnouncedOnce() throws {
        let harness = try EngineHarness()
        harness.connect()
        _ = harness.takeTexts()
        _ = harness.takeChanges()
        let message = Message.sample(9, "olá")
        harness.receive([
            ServerEvent.newMessage(message).packet().bytes,
            ServerEvent.messageNotification(message, from: Person(id: bia, name: "Bia")).packet().bytes,
        ])
        #expect(
            harness.takeTexts() == [
                #"42["join_conversation",{"contact_user_id":2}]"#,
                #"42["message_delivered",{"message_id":9,"sender_id":2}]"#,
            ])
        let notices = harness.takeChanges().filter { if case .notice = $0 { true } else { false } }
        let row = try #require(try harness.rows().first)
        #expect(
            notices == [
                .notice(
                    .received(from: Person(id: bia, name: "Bia"), row: row.id, content: "olá", isOpen: false))
            ])
        #expect(try harness.engine.view.conversations().map(\.unread) == [1])
    }

    @Test func readMarksGoByTheSocketAndWaitWhileOffline() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.message(.sample(9), from: .live)])
        harness.engine.markRead(bia, at: harness.now)
        #expect(try harness.engine.view.conversations().map(\.unread) == [0])
        harness.connect()
        // What is there is not known yet.
        #expect(harness.takeTexts().allSatisfy { !$0.contains("message_read") })
        harness.catchUp(listing: [.sample(bia, last: .sample(9), unread: 1)], unread: [bia: 1])
        let texts = harness.takeTexts()
        #expect(texts.contains(#"420["message_read",{"sender_id":2}]"#))
        #expect(try harness.store.readMarks.pending().count == 1)
        harness.receive("430[]")
        #expect(try harness.store.readMarks.pending().isEmpty)
        harness.receive(.newMessage(.sample(10)))
        harness.engine.markRead(bia, at: harness.now)
        #expect(harness.takeTexts().contains(#"421["message_read",{"sender_id":2}]"#))
    }

    @Test func aReadMarkCoversWhatWasSeen() throws {
        let harness = try EngineHarness()
        harness.connect()
        try harness.answer(ServerInformationQuestion.self, .capable(of: [.sync, .peek, .readUpTo]))
        for id in 1...5 { harness.receive(.newMessage(.sample(Int64(id)))) }
        _ = harness.takeTexts()
        harness.engine.markRead(bia, upTo: MessageID(3), at: harness.now)
        #expect(
            harness.takeTexts().contains { $0.contains(#"["message_read",{"sender_id":2,"up_to_id":3}]"#) })
        #expect(try harness.engine.view.conversations().map(\.unread) == [2])
        #expect(try harness.store.timeline.firstUnread(with: bia) == harness.rows()[3].id)
        // Less than before tells nothing.
        harness.engine.markRead(bia, upTo: MessageID(2), at: harness.now)
        #expect(harness.takeTexts().isEmpty)
    }

    @Test func whereAMarkCoversAllItWaitsUntilAllWasSeen() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.catchUpWithoutContacts()
        for id in 1...5 { harness.receive(.newMessage(.sample(Int64(id)))) }
        _ = harness.takeTexts()
        harness.engine.markRead(bia, upTo: MessageID(3), at: harness.now)
        #expect(harness.takeTexts().isEmpty)
        #expect(try harness.engine.view.conversations().map(\.unread) == [2])
        // The server still counts them all.
        _ = try harness.store.apply([.unread([bia: 5], unsettled: [])])
        #expect(try harness.engine.view.conversations().map(\.unread) == [2])
        harness.engine.markRead(bia, upTo: MessageID(5), at: harness.now)
        #expect(harness.takeTexts().contains { $0.contains(#"["message_read",{"sender_id":2}]"#) })
        #expect(try harness.engine.view.conversations().map(\.unread) == [0])
    }

    @Test func whatIsOpenUnattendedIsNotFetchedWhereThatMarksIt() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        _ = server.store("não lida", from: bia, to: ana, tempID: nil)
        harness.engine.open(bia, isAttended: false, at: harness.now)
        harness.connect()
        harness.answerAll(&server)
        #expect(try harness.rows() == [])
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 1)
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        #expect(try harness.rows().map(\.content) == ["não lida"])
        // Nobody is there when the link is lost and comes back.
        harness.engine.open(bia, isAttended: false, at: harness.now)
        _ = server.store("nova", from: bia, to: ana, tempID: nil)
        harness.engine.linkEnded(1, .closed(code: nil), at: harness.now)
        harness.pass(120)
        harness.connect()
        harness.answerAll(&server)
        #expect(try harness.rows().map(\.content) == ["não lida"])
    }

    @Test func aMessageThatTheCountsToldOfBeforeItCameIsCountedOnce() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        harness.connect()
        let message = server.store("contada antes de chegar", from: bia, to: ana, tempID: nil)
        harness.answerAll(&server)
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 1)
        harness.receive(.newMessage(message))
        harness.answerAll(&server)
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 1)
        harness.receive(.newMessage(server.store("nova", from: bia, to: ana, tempID: nil)))
        harness.answerAll(&server)
        #expect(try harness.engine.view.conversations().first { $0.peer == bia }?.unread == 2)
    }

    @Test func unreadConversationsAreFetchedOnlyWhenThePersonOpensThem() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        _ = server.store("não lida", from: bia, to: ana, tempID: nil)
        _ = server.store("minha, do celular", from: ana, to: caio, tempID: nil)
        harness.connect()
        harness.answerAll(&server)
        #expect(try harness.rows(caio).map(\.content) == ["minha, do celular"])
        #expect(try harness.rows(bia) == [])
        let list = try harness.engine.view.conversations()
        #expect(list.first { $0.peer == bia }?.preview == "não lida")
        #expect(list.first { $0.peer == bia }?.unread == 1)
        harness.engine.open(bia, at: harness.now)
        harness.answerAll(&server)
        #expect(try harness.rows(bia).map(\.content) == ["não lida"])
        #expect(try harness.engine.view.conversations().allSatisfy { $0.unread == 0 })
    }

    @Test func newsThatNobodyAnnouncedAreFoundByAsking() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        let gone = server.store("apagada depois", from: ana, to: caio, tempID: nil)
        harness.connect()
        harness.answerAll(&server)
        #expect(try harness.rows(caio).count == 1)
        server.delete(gone.id)
        _ = server.store("por REST", from: ana, to: caio, tempID: nil)
        harness.pass(21)
        harness.answerAll(&server)
        #expect(try harness.rows(caio).map(\.content) == ["apagada depois", "por REST"])
        // A page that shows less than the cache holds is believed when another one does so later.
        harness.pass(62)
        harness.answerAll(&server)
        #expect(try harness.rows(caio).map(\.content) == ["por REST"])
        // What never agrees is not asked for ever.
        harness.pass(21)
        harness.gather()
        #expect(harness.takeQuestion { $0 is PageQuestion } == nil)
    }

    @Test func aRefusedTokenIsVerifiedAndThenPausesEverything() throws {
        let harness = try EngineHarness()
        let tempID = try harness.engine.send("oi", to: bia, at: harness.now)
        harness.begin()
        harness.engine.linkOpened(1, at: harness.now)
        harness.receive([ModelServer.opening])
        harness.receive("41")
        harness.receive(#"44{"message":"Connection rejected by server"}"#)
        #expect(harness.takesQuestion(VerifyTokenQuestion.self))
        try harness.fail(VerifyTokenQuestion.self, .unauthorized(message: "Token inválido ou expirado."))
        #expect(harness.engine.linkState == .refused)
        #expect(harness.take().contains(.forgetToken))
        let changes = harness.takeChanges()
        #expect(changes.contains(.notice(.signInAgain)) && changes.contains(.account(nil)))
        #expect(harness.engine.outboxSummary == OutboxSummary(queued: 1, isPaused: true))
        harness.engine.renewToken("novo", at: harness.now)
        #expect(harness.take().contains(.openLink(2)))
        #expect(!harness.engine.outboxSummary.isPaused)
        #expect(try harness.engine.view.outcome(of: tempID) == .queued)
    }

    @Test func aRefusalThatIsNotTheTokensIsTriedAgain() throws {
        let harness = try EngineHarness()
        harness.begin()
        harness.engine.linkOpened(1, at: harness.now)
        harness.receive([ModelServer.opening])
        harness.receive(#"44/,"Unable to connect""#)
        #expect(harness.takesQuestion(VerifyTokenQuestion.self))
        try harness.answer(VerifyTokenQuestion.self, ())
        guard case .offline(.rejected("Unable to connect"), .some) = harness.engine.linkState else {
            Issue.record("unexpected \(harness.engine.linkState)")
            return
        }
    }

    @Test func anAccountTakenElsewhereIsNotFoughtFor() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.receive(.userOnline(Person(id: ana, name: "Ana")))
        #expect(harness.engine.linkState == .inUseElsewhere)
        #expect(harness.take().contains(.closeLink(1)))
        harness.pass(29)
        #expect(harness.link == nil)
        harness.engine.reconnectNow(at: harness.now)
        #expect(harness.take().contains(.openLink(2)))
    }

    @Test func theRealServersWordToADisplacedSocketIsUnderstood() throws {
        let harness = try EngineHarness()
        harness.connect()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        harness.receive(.error("Usuario não autenticado"))
        #expect(harness.engine.linkState == .inUseElsewhere)
        #expect(try harness.rows().map(\.state) == [.unknown])
    }

    @Test func typingIsShownUntilItEnds() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.receive(.userTyping(Person(id: bia, name: "Bia")))
        #expect(harness.takeChanges().contains(.typing(bia, true)))
        harness.pass(7)
        #expect(harness.takeChanges().contains(.typing(bia, false)))
        harness.receive(.userTyping(Person(id: bia, name: "Bia")))
        _ = harness.takeChanges()
        harness.receive(.newMessage(.sample(5)))
        #expect(harness.takeChanges().contains(.typing(bia, false)))
    }

    @Test func ownTypingEndsWithTheMessage() throws {
        let harness = try EngineHarness()
        harness.connect()
        _ = harness.takeTexts()
        harness.engine.typing(true, to: bia, at: harness.now)
        harness.gather()
        _ = try harness.engine.send("oi", to: bia, at: harness.now)
        let texts = harness.takeTexts()
        #expect(texts[1].contains("typing_start"))
        #expect(texts[2].contains("typing_stop"))
        #expect(texts[3].contains("send_message"))
    }

    @Test func presenceIsForgottenWithTheLink() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: false)
        harness.connect()
        harness.answerAll(&server)
        harness.receive(.userOnline(Person(id: bia, name: "Bia")))
        harness.receive(.userOffline(caio))
        func presence(_ peer: UserID) throws -> Presence? {
            try harness.engine.view.conversations().first { $0.peer == peer }?.presence
        }
        #expect(try presence(bia) == .online)
        #expect(try presence(caio) == .offline)
        harness.engine.linkEnded(1, .closed(code: nil), at: harness.now)
        #expect(try presence(bia) == .unknown)
        #expect(
            try harness.engine.view.conversations().first { $0.peer == caio }?.lastSeen == harness.now.wall)
    }

    @Test(arguments: [(false, Presence.online), (true, .offline)])
    func whoTypesIsOnlineWhereNoSnapshotSaysSo(_ hasExtensions: Bool, _ expected: Presence) throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: hasExtensions)
        harness.connect()
        harness.answerAll(&server)
        harness.receive(.userTyping(Person(id: bia, name: "Bia")))
        let conversation = try harness.engine.view.conversations().first { $0.peer == bia }
        #expect(conversation?.isTyping == true)
        #expect(conversation?.presence == expected)
    }

    @Test func aMessageTakenBackOnItsWayIsDeletedAtTheServer() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        let tempID = try harness.engine.send("engano", to: bia, at: harness.now)
        try harness.engine.discard(tempID, at: harness.now)
        #expect(try harness.rows() == [])
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        harness.answerAll(&server)
        #expect(server.messages == [])
        #expect(try harness.store.deletions.pending() == [])
    }

    @Test func whatWaitedADayIsHeldAndAskedFor() throws {
        let harness = try EngineHarness()
        let tempID = try harness.engine.send("velha", to: bia, at: harness.now)
        _ = try harness.engine.send("outra", to: caio, at: harness.now)
        harness.now.wall.microseconds += 86_401 * 1_000_000
        harness.connect()
        // One question for both.
        let notices = harness.takeChanges().filter { if case .notice = $0 { true } else { false } }
        #expect(notices == [.notice(.held(count: 2))])
        #expect(try harness.rows().map(\.state) == [.held])
        try harness.engine.retry(tempID, at: harness.now)
        #expect(try harness.rows().map(\.state) == [.sending])
    }

    @Test func wrongRequestsAreRefusedBeforeAnythingIsWritten() throws {
        let harness = try EngineHarness()
        try harness.engine.setDraft("rascunho", for: bia)
        #expect(throws: ChatError.invalid(.emptyMessage)) {
            try harness.engine.send(" \u{A0}\n", to: bia, at: harness.now)
        }
        #expect(throws: ChatError.invalid(.messageTooLong(length: 5001, limit: 5000))) {
            try harness.engine.send(String(repeating: "é", count: 5001), to: bia, at: harness.now)
        }
        #expect(throws: ChatError.invalid(.ownAccount)) {
            try harness.engine.send("eu", to: ana, at: harness.now)
        }
        #expect(throws: ChatError.invalid(.unknownMessage(TempID("x")))) {
            try harness.engine.discard(TempID("x"), at: harness.now)
        }
        #expect(try harness.store.conversations.draft(for: bia) == "rascunho")
        #expect(try harness.rows() == [])
    }

    @Test func anotherProgramsMessageIsSentByTheHolder() throws {
        let harness = try EngineHarness()
        var server = ModelServer(isIdempotent: true)
        harness.connect()
        harness.answerAll(&server)
        _ = harness.take()
        // As another program's store would.
        _ = try harness.store.outbox.enqueue(
            "de fora", to: bia, tempID: TempID("t9"), at: harness.now.wall, attemptAbove: nil)
        harness.engine.cacheChangedElsewhere(at: harness.now)
        for case .send(let text) in harness.take() { harness.receive(server.receive(text)) }
        #expect(server.messages.map(\.content) == ["de fora"])
    }

    @Test func aWatcherShowsWhoIsConnected() throws {
        let harness = try EngineHarness()
        _ = try harness.store.apply([.contacts([.sample(bia), .sample(caio, "Caio")])])
        harness.connect()
        try harness.answer(ServerInformationQuestion.self, .capable(of: [.sync, .peek, .presenceSnapshot]))
        harness.receive(.userOnline(Person(id: bia, name: "Bia")))
        let watcher = try EngineHarness(store: harness.store)
        watcher.engine.setWantsLink(true, at: watcher.now)
        func presences() throws -> [UserID: Presence] {
            Dictionary(
                uniqueKeysWithValues: try watcher.engine.view.conversations().map { ($0.peer, $0.presence) })
        }
        #expect(try presences() == [bia: .online, caio: .offline])
        harness.receive(.userOffline(bia))
        #expect(try presences()[bia] == .offline)
        // Without the link nobody knows.
        harness.engine.setHolder(false, at: harness.now)
        #expect(try presences() == [bia: .unknown, caio: .unknown])
    }

    @Test func aWatcherShowsTheHoldersLink() throws {
        let harness = try EngineHarness()
        harness.connect()
        let watcher = try EngineHarness(store: harness.store)
        watcher.engine.setWantsLink(true, at: watcher.now)
        #expect(watcher.engine.linkState == .online)
        harness.engine.setHolder(false, at: harness.now)
        #expect(watcher.engine.linkState == .offline(reason: .notStarted, nextTry: nil))
    }
}
