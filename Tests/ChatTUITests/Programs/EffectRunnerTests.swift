import ChatClientCore
import ChatWire
import Synchronization
import Testing

@testable import ChatTUI

/// What each effect does to a real client, and which event answers it.
@Suite(.serialized) struct EffectRunnerTests {
    /// A runner whose events the test takes.
    private final class Bench: Sendable {
        let client: ChatClient
        let mailbox: EventMailbox
        let runner: EffectRunner

        init(_ client: ChatClient, _ services: TerminalServices = TerminalServices()) throws {
            self.client = client
            mailbox = try EventMailbox()
            runner = EffectRunner(client: client, mailbox: mailbox, services: services)
        }

        deinit { runner.stop() }

        /// Carries out effects in order; the events up to the end of the last one.
        func run(_ effects: Effect...) async -> [AppEvent] {
            for effect in effects { runner.enqueue(effect) }
            runner.enqueue(.finish)
            return await events { if case .finished = $0 { true } else { false } }.dropLast()
        }

        /// Carries out an effect that does not hold up the others; its answer.
        func answer(_ effect: Effect, _ isAnswer: (AppEvent) -> Bool) async -> AppEvent? {
            runner.enqueue(effect)
            return await events(until: isAnswer).last
        }

        private func events(until isLast: (AppEvent) -> Bool) async -> [AppEvent] {
            var events: [AppEvent] = []
            while true {
                await readable(mailbox.descriptor)
                for event in mailbox.take() {
                    events.append(event)
                    if isLast(event) { return events }
                }
            }
        }
    }

    private func failure(_ events: [AppEvent]) -> ChatError? {
        guard events.count == 1, case .failed(let error) = events[0] else { return nil }
        return error
    }

    // MARK: Order

    @Test func effectsAreCarriedOutInTheirOrder() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(
            .saveDraft("um rascunho", for: bia), .send("primeira", to: bia), .send("segunda", to: bia),
            .saveDraft("outro", for: bia))
        let texts = try await desk.client.outbox.rows().map(\.row.content)
        #expect(texts == ["primeira", "segunda"])
        #expect(
            await desk.client.chats.draft(for: bia) == "outro", "the message came before the second draft")
        await desk.stop()
    }

    @Test func theEndTellsWhatIsLeftInTheOutbox() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("fica", to: bia))
        guard case .finished(let summary)? = await bench.answer(.finish, { _ in true }) else {
            Issue.record("no end")
            return
        }
        #expect(summary == OutboxSummary(queued: 1))
        await desk.stop()
    }

    @Test func effectsAfterTheEndAreNotCarriedOut() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.saveDraft("a", for: bia))
        bench.runner.stop()
        bench.runner.enqueue(.saveDraft("b", for: bia))
        #expect(await desk.client.chats.draft(for: bia) == "a")
        await desk.stop()
    }

    // MARK: The start

    @Test func theStartTellsWhoIsThereAndThenEveryChange() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        let events = await bench.run(.start)
        guard case .started(let account, let link, let outbox)? = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(account?.user.email == "ana@exemplo.com")
        #expect(link == .offline(reason: .notStarted, nextTry: nil))
        #expect(outbox == OutboxSummary())
        let change = await bench.answer(.saveDraft("x", for: bia)) {
            if case .change = $0 { true } else { false }
        }
        guard case .change(.conversations)? = change else {
            Issue.record("\(String(describing: change))")
            return
        }
        await desk.stop()
    }

    @Test func theLinkIsConnectedWhenTheScreenWantsIt() async throws {
        let (desk, _) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.start)
        let online = await bench.answer(.connect) {
            if case .change(.link(.online)) = $0 { true } else { false }
        }
        #expect(online != nil)
        await desk.stop()
    }

    // MARK: Loads

    @Test func theListAndAPageAreLoaded() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("um", to: bia), .send("dois", to: bia), .saveDraft("rascunho", for: bia))
        guard case .conversationsLoaded(let list)? = await bench.run(.loadConversations).first else {
            Issue.record("no list")
            return
        }
        #expect(list.map(\.peer) == [bia])
        #expect(list.map(\.preview) == ["dois"])
        guard
            case .timelineLoaded(let page, let draft)? = await bench.run(
                .loadTimeline(bia, limit: 1, withDraft: true)
            ).first
        else {
            Issue.record("no page")
            return
        }
        #expect(page.rows.map(\.content) == ["dois"])
        #expect(page.hasOlder)
        #expect(draft == "rascunho")
        guard
            case .timelineLoaded(_, let without)? = await bench.run(
                .loadTimeline(bia, limit: 1, withDraft: false)
            ).first
        else {
            Issue.record("no page")
            return
        }
        #expect(without == nil)
        await desk.stop()
    }

    @Test func everyWindowIsLoaded() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("um", to: bia), .send("dois", to: bia), .send("três", to: bia))
        let rows = try await desk.client.timeline(with: bia, limit: 10).rows
        for (window, expected) in [
            (Effect.Window.start, ["um", "dois"]), (.before(rows[2].position), ["um", "dois"]),
            (.before(rows[0].position), []), (.around(RowID(99)), []),
        ] {
            let events = await bench.run(.loadWindow(bia, window, limit: 2))
            guard case .windowLoaded(bia, let page)? = events.first else {
                Issue.record("\(events)")
                continue
            }
            #expect(page?.rows.map(\.content) == expected, "\(window)")
        }
        let around = await bench.run(.loadWindow(bia, .around(rows[1].id), limit: 3))
        guard case .windowLoaded(_, let page)? = around.first else {
            Issue.record("\(around)")
            return
        }
        #expect(page?.rows.map(\.content) == ["um", "dois", "três"])
        await desk.stop()
    }

    @Test func placesAreLookedUp() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("um", to: bia))
        let row = try #require(try await desk.client.timeline(with: bia, limit: 1).rows.first)
        guard case .located(bia, row.id)? = await bench.run(.locate(bia, at: Timestamp(seconds: 0))).first
        else {
            Issue.record("no place")
            return
        }
        guard case .unreadLocated(bia, nil, count: 3)? = await bench.run(.locateUnread(bia, count: 3)).first
        else {
            Issue.record("no answer")
            return
        }
        await desk.stop()
    }

    /// The state waits for the answer of a load, whatever happens.
    @Test func aLoadThatFailsIsAnsweredAllTheSame() async throws {
        let desk = try Desk.alone()
        let bench = try Bench(desk.client)
        let page = await bench.run(.loadTimeline(Fixtures.bia, limit: 5, withDraft: true))
        #expect(page.count == 2)
        guard case .failed(.notSignedIn) = page[0], case .timelineLoaded(let timeline, nil) = page[1] else {
            Issue.record("\(page)")
            return
        }
        #expect(timeline == Timeline(peer: Fixtures.bia, rows: [], hasOlder: false))
        let window = await bench.run(.loadWindow(Fixtures.bia, .start, limit: 5))
        guard window.count == 2, case .failed(.notSignedIn) = window[0],
            case .windowLoaded(Fixtures.bia, nil) = window[1]
        else {
            Issue.record("\(window)")
            return
        }
        let older = await bench.answer(.fetchOlder(Fixtures.bia)) {
            if case .olderFetched = $0 { true } else { false }
        }
        guard case .olderFetched(Fixtures.bia, foundMore: false)? = older else {
            Issue.record("\(String(describing: older))")
            return
        }
        let gap = await bench.answer(.fillGap(RowID(1), Fixtures.bia)) { _ in true }
        guard case .gapFilled(Fixtures.bia, .notSignedIn)? = gap else {
            Issue.record("\(String(describing: gap))")
            return
        }
        let search = await bench.run(.search(SearchQuestion(text: "x", peer: nil), after: nil))
        guard case .searchFailed(.notSignedIn)? = search.first else {
            Issue.record("\(search)")
            return
        }
    }

    @Test func withoutAnAccountEachChangeIsRefused() async throws {
        let desk = try Desk.alone()
        let bench = try Bench(desk.client)
        let bia = Fixtures.bia
        let effects: [Effect] = [
            .sendHeld, .discardHeld, .deleteConversation(bia), .retry([TempID("a")]),
            .discard([TempID("a")]), .sendAsNew(TempID("a")), .delete(RowID(1)), .saveDraft("x", for: bia),
            .pin(true, bia), .mute(true, bia), .locate(bia, at: Timestamp(seconds: 0)),
            .locateUnread(bia, count: 1),
        ]
        for effect in effects {
            #expect(failure(await bench.run(effect)) == .notSignedIn, "\(effect)")
        }
        for effect in [Effect.rename(bia, to: "B"), .removeContact(bia), .addContact(bia, name: "B")] {
            guard case .failed(.notSignedIn)? = await bench.answer(effect, { _ in true }) else {
                Issue.record("\(effect)")
                continue
            }
        }
        guard
            case .findFailed(.notSignedIn, query: "bi")? = await bench.answer(
                .findPeople("bi"), { _ in true })
        else {
            Issue.record("found somebody")
            return
        }
        // What needs no account, or only tells the engine, says nothing.
        for effect in [
            Effect.open(bia), .open(nil), .show(bia), .markRead(bia), .typing(true, to: bia), .reconnect,
            .connect, .redraw, .suspend, .askBackground, .copy("x"), .tell(.bell),
        ] {
            #expect(await bench.run(effect).isEmpty, "\(effect)")
        }
        await desk.stop()
    }

    // MARK: Unsent messages

    @Test func aRefusedTextComesBack() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        guard
            case .sendRefused(" ", to: bia, .invalid(.emptyMessage))? = await bench.run(.send(" ", to: bia))
                .first
        else {
            Issue.record("taken")
            return
        }
        let edited = await bench.run(.edit(TempID("nie"), "texto", to: bia, sendsAgain: true))
        guard case .sendRefused("texto", to: bia, .invalid(.unknownMessage(TempID("nie"))))? = edited.first
        else {
            Issue.record("\(edited)")
            return
        }
        #expect(try await desk.client.outbox.rows().isEmpty)
        await desk.stop()
    }

    @Test func unsentMessagesAreChangedAndTakenBack() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("um", to: bia), .send("dois", to: bia), .send("três", to: bia))
        let rows = try await desk.client.outbox.rows().map(\.row)
        let names = rows.compactMap(\.tempID)
        #expect(names.count == 3)
        #expect(await bench.run(.edit(names[0], "uno", to: bia, sendsAgain: false)).isEmpty)
        #expect(await bench.run(.edit(names[1], "due", to: bia, sendsAgain: true)).isEmpty)
        #expect(await bench.run(.retry([names[0], names[1]])).isEmpty)
        guard case .outboxLoaded(let entries)? = await bench.run(.loadOutbox).first else {
            Issue.record("no outbox")
            return
        }
        #expect(entries.map(\.row.content) == ["uno", "due", "três"])
        #expect(entries.map(\.peer) == [bia, bia, bia])
        #expect(await bench.run(.discard([names[0], names[1]]), .delete(rows[2].id)).isEmpty)
        #expect(try await desk.client.outbox.rows().isEmpty)
        #expect(
            failure(await bench.run(.sendAsNew(names[0]))) == .invalid(.unknownMessage(names[0])),
            "it is gone")
        await desk.stop()
    }

    @Test func ofSeveralMessagesTheFirstThatFailsEndsTheEffect() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("um", to: bia))
        let name = try #require(try await desk.client.outbox.rows().first?.row.tempID)
        let stranger = TempID("nie")
        #expect(failure(await bench.run(.discard([stranger, name]))) == .invalid(.unknownMessage(stranger)))
        #expect(try await desk.client.outbox.rows().count == 1)
        await desk.stop()
    }

    // MARK: Conversations and people

    @Test func pinsAndMutesAndDeletesAConversation() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("um", to: bia), .pin(true, bia), .mute(true, bia))
        let line = try #require(try await desk.client.conversations().first)
        #expect(line.isPinned && line.isMuted)
        _ = await bench.run(.pin(false, bia), .mute(false, bia))
        let after = try #require(try await desk.client.conversations().first)
        #expect(!after.isPinned && !after.isMuted)
        #expect(await bench.run(.deleteConversation(bia)).isEmpty)
        await desk.stop()
    }

    @Test func peopleAreFoundAddedRenamedAndRemoved() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        guard
            case .peopleFound(let people, query: "souza")? = await bench.answer(
                .findPeople("souza"), { _ in true })
        else {
            Issue.record("nobody")
            return
        }
        #expect(people.map(\.id) == [bia])
        guard
            case .contactAdded(bia, name: "Bia Souza")? = await bench.answer(
                .addContact(bia, name: "Bia Souza"), { _ in true })
        else {
            Issue.record("not added")
            return
        }
        #expect(try await desk.client.conversations().map(\.name) == ["Bia Souza"])
        bench.runner.enqueue(.rename(bia, to: "Bibi"))
        while try await desk.client.conversations().map(\.name) != ["Bibi"] { await Task.yield() }
        bench.runner.enqueue(.removeContact(bia))
        while try await !desk.client.conversations().isEmpty { await Task.yield() }
        guard
            case .findFailed(.invalid(.queryTooShort), query: "s")? = await bench.answer(
                .findPeople("s"), { _ in true })
        else {
            Issue.record("found by one letter")
            return
        }
        await desk.stop()
    }

    @Test func aSearchSaysWhetherItContinues() async throws {
        let (desk, bia) = try await Desk.ofAna()
        let bench = try Bench(desk.client)
        _ = await bench.run(.send("uma palavra", to: bia), .send("outra palavra", to: bia))
        let question = SearchQuestion(text: "palavra", peer: bia)
        guard
            case .searched(question, let page, isMore: false)? = await bench.run(
                .search(question, after: nil)
            ).first
        else {
            Issue.record("no answer")
            return
        }
        #expect(page.hits.map(\.row.content) == ["outra palavra", "uma palavra"])
        let cursor = SearchCursor(below: try #require(page.hits.first).row.position)
        guard
            case .searched(question, let rest, isMore: true)? = await bench.run(
                .search(question, after: cursor)
            ).first
        else {
            Issue.record("no answer")
            return
        }
        #expect(rest.hits.map(\.row.content) == ["uma palavra"])
        await desk.stop()
    }

    // MARK: The account

    @Test func peopleSignUpInAndOut() async throws {
        let desk = try await Desk.withServer()
        let bench = try Bench(desk.client)
        guard
            case .signedIn(let account)? = await bench.answer(
                .register(name: "Ana", email: "ana@exemplo.com", password: "segredo1"), { _ in true })
        else {
            Issue.record("not registered")
            return
        }
        #expect(account.user.name == "Ana")
        #expect(await bench.run(.signOut).isEmpty)
        #expect(await desk.client.account == nil)
        guard
            case .signInRefused(.refused(status: 400, message: "Email ou senha inválidos"))? =
                await bench.answer(
                    .signIn(email: "ana@exemplo.com", password: "errada"), { _ in true })
        else {
            Issue.record("signed in with the wrong password")
            return
        }
        guard
            case .signedIn? = await bench.answer(
                .signIn(email: "ana@exemplo.com", password: "segredo1"), { _ in true })
        else {
            Issue.record("not signed in")
            return
        }
        guard
            case .signInRefused(.refused)? = await bench.answer(
                .register(name: "Ana", email: "ana@exemplo.com", password: "segredo1"), { _ in true })
        else {
            Issue.record("registered twice")
            return
        }
        await desk.stop()
    }

    // MARK: Services

    @Test func theProgramAroundIsToldWhatItMustKeepAndShow() async throws {
        let told = Mutex<[String]>([])
        let services = TerminalServices(
            keepPreferences: { preferences in
                told.withLock { $0.append("keep \(preferences.listColumns as Any)") }
            },
            rememberServer: { told.withLock { $0.append("server") } },
            notify: { title, body in told.withLock { $0.append("\(title): \(body)") } })
        let desk = try Desk.alone()
        let bench = try Bench(desk.client, services)
        _ = await bench.run(.notify(title: "Bia", body: "olá"), .rememberServer, .keepPreferences(.standard))
        #expect(told.withLock { $0 }.prefix(2) == ["Bia: olá", "server"])
        #expect(told.withLock { $0 }.count == 3)
    }
}
