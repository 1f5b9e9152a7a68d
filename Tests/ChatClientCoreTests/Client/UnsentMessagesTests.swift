import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// What a person does with the messages that wait, each call by itself on a real cache.
@Suite struct UnsentMessagesTests {
    private func rows(_ client: ChatClient) async throws -> [String] {
        try await client.outbox.rows().map { "\($0.peer) \($0.row.content) \($0.row.state)" }
    }

    /// Makes a queued message fail or wait for the person.
    private func make(_ state: RowState, _ names: [TempID], _ client: ChatClient) async throws {
        try await client.prepare { store in
            if state == .failed {
                for name in names { try store.outbox.fail(name, reason: "muito longa") }
            } else {
                try store.outbox.hold(names)
            }
        }
    }

    @Test func theRowsStandInTheOrderOfEntryWithTheirReceivers() async throws {
        let offline = try OfflineClient()
        #expect(try await rows(offline.client) == [])
        try await offline.client.send("um", to: bia)
        try await offline.client.send("dois", to: caio)
        try await offline.client.send("três", to: bia)
        #expect(try await rows(offline.client) == ["2 um queued", "3 dois queued", "2 três queued"])
        #expect(await offline.client.outboxSummary() == OutboxSummary(queued: 3))
    }

    @Test func enteringTellsWhatHasChanged() async throws {
        let offline = try OfflineClient()
        let changes = try await offline.changes { try await offline.client.send("  um \n", to: bia) }
        #expect(
            changes == [
                .timeline(bia), .conversations, .link(.offline(reason: .notStarted, nextTry: nil)),
                .outbox(OutboxSummary(queued: 1)),
            ])
        #expect(try await offline.client.texts == [bia: ["um"]])
    }

    @Test(
        "What cannot be sent to any server is refused, and nothing changes",
        arguments: [
            ("", bia, InvalidRequest.emptyMessage), (" \n\t", bia, .emptyMessage), ("olá", ana, .ownAccount),
            (
                String(repeating: "é", count: 5001), bia,
                .messageTooLong(length: 5001, limit: 5000)
            ),
        ])
    func refusals(text: String, peer: UserID, reason: InvalidRequest) async throws {
        let offline = try OfflineClient()
        try await offline.client.chats.setDraft("rascunho", for: bia)
        await #expect(throws: ChatError.invalid(reason)) { try await offline.client.send(text, to: peer) }
        #expect(try await rows(offline.client) == [])
        #expect(await offline.client.chats.draft(for: bia) == "rascunho")
    }

    // MARK: Outcomes

    @Test func theOutcomeIsReadFromTheCache() async throws {
        let client = try OfflineClient().client
        let queued = try await client.send("um", to: bia)
        let failed = try await client.send("dois", to: bia)
        let held = try await client.send("três", to: bia)
        try await make(.failed, [failed], client)
        try await make(.held, [held], client)
        #expect(try await client.outbox.outcome(of: queued, timeout: .zero) == .queued)
        #expect(
            try await client.outbox.outcome(of: failed, timeout: .seconds(60))
                == .failed(reason: "muito longa"))
        #expect(try await client.outbox.outcome(of: held, timeout: .seconds(60)) == .held)
        let stranger = TempID("nie")
        await #expect(throws: ChatError.invalid(.unknownMessage(stranger))) {
            _ = try await client.outbox.outcome(of: stranger, timeout: .zero)
        }
    }

    @Test func aMessageThatStillWaitsIsQueuedWhenTheTimeIsOver() async throws {
        let client = try OfflineClient().client
        let name = try await client.send("um", to: bia)
        #expect(try await client.outbox.outcome(of: name, timeout: .milliseconds(1)) == .queued)
        #expect(await client.waiters.isEmpty)
    }

    @Test func aWaiterLearnsWhatHappensMeanwhile() async throws {
        let client = try OfflineClient().client
        let names = [
            try await client.send("um", to: bia), try await client.send("dois", to: bia),
            try await client.send("três", to: bia),
        ]
        let waiting = names.map { name in
            Task { try await client.outbox.outcome(of: name, timeout: .seconds(600)) }
        }
        while await client.waiters.count < 3 { await Task.yield() }
        try await client.outbox.discard(names[0])
        #expect(try await waiting[0].value == .discarded)
        try await make(.failed, [names[1]], client)
        #expect(try await waiting[1].value == .failed(reason: "muito longa"))
        #expect(await client.waiters.count == 1, "the third one still waits")
        try await client.signOut()
        await #expect(throws: ChatError.notSignedIn) { _ = try await waiting[2].value }
        #expect(await client.waiters.isEmpty)
    }

    // MARK: Again

    @Test func aFailedMessageIsRetriedBehindWhatWasEnteredSince() async throws {
        let offline = try OfflineClient()
        let client = offline.client
        let failed = try await client.send("um", to: bia)
        try await client.send("dois", to: bia)
        try await make(.failed, [failed], client)
        #expect(await client.outboxSummary() == OutboxSummary(queued: 1, failed: 1))
        let changes = try await offline.changes { try await client.outbox.retry(failed) }
        #expect(changes == [.timeline(bia), .conversations, .outbox(OutboxSummary(queued: 2))])
        #expect(try await rows(client) == ["2 dois queued", "2 um queued"])
        #expect(try await client.outbox.rows().last?.row.tempID == failed, "its name stays")
    }

    @Test func aHeldMessageIsSentUnderANewNameInTheSameRow() async throws {
        let client = try OfflineClient().client
        let held = try await client.send("um", to: bia)
        try await make(.held, [held], client)
        let before = try #require(try await client.outbox.rows().first?.row)
        let fresh = try await client.outbox.sendAsNew(held)
        #expect(fresh != held)
        let after = try #require(try await client.outbox.rows().first?.row)
        #expect(after.id == before.id)
        #expect(after.tempID == fresh)
        #expect(after.state == .queued)
        await #expect(throws: ChatError.invalid(.unknownMessage(held))) {
            try await client.outbox.retry(held)
        }
    }

    @Test func aQueuedMessageNeedsNoNewName() async throws {
        let client = try OfflineClient().client
        let name = try await client.send("um", to: bia)
        await #expect(throws: ChatError.invalid(.alreadyOnItsWay(name))) {
            try await client.outbox.sendAsNew(name)
        }
        try await client.outbox.retry(name)
        #expect(try await rows(client) == ["2 um queued"])
    }

    @Test func allHeldMessagesGoInTheirOrderOrGoAway() async throws {
        let client = try OfflineClient().client
        var names: [TempID] = []
        for text in ["um", "dois", "três"] { names.append(try await client.send(text, to: bia)) }
        try await make(.held, [names[2], names[0]], client)
        #expect(try await rows(client) == ["2 um held", "2 dois queued", "2 três held"])
        try await client.outbox.sendHeld()
        #expect(try await rows(client) == ["2 dois queued", "2 um queued", "2 três queued"])
        try await make(.held, [names[1], names[2]], client)
        try await client.outbox.discardHeld()
        #expect(try await rows(client) == ["2 um queued"])
        #expect(await client.outboxSummary() == OutboxSummary(queued: 1))
    }

    // MARK: Changing and taking back

    @Test func theTextOfAWaitingMessageIsReplacedInPlace() async throws {
        let client = try OfflineClient().client
        let first = try await client.send("um", to: bia)
        try await client.send("dois", to: bia)
        try await client.outbox.edit(first, text: "\t uno ")
        #expect(try await rows(client) == ["2 uno queued", "2 dois queued"])
        await #expect(throws: ChatError.invalid(.emptyMessage)) {
            try await client.outbox.edit(first, text: " ")
        }
        let stranger = TempID("nie")
        await #expect(throws: ChatError.invalid(.unknownMessage(stranger))) {
            try await client.outbox.edit(stranger, text: "x")
        }
        #expect(try await rows(client) == ["2 uno queued", "2 dois queued"])
    }

    @Test func anAttemptedMessageIsNotEdited() async throws {
        let client = try OfflineClient().client
        let name = try await client.send("um", to: bia)
        try await client.prepare { store in _ = try store.outbox.beginAttempt(name, above: MessageID(0)) }
        #expect(try await rows(client) == ["2 um unknown"])
        await #expect(throws: ChatError.invalid(.alreadyOnItsWay(name))) {
            try await client.outbox.edit(name, text: "dois")
        }
        #expect(try await rows(client) == ["2 um unknown"])
    }

    @Test func aMessageIsTakenBackOnce() async throws {
        let offline = try OfflineClient()
        let client = offline.client
        let name = try await client.send("um", to: bia)
        let changes = try await offline.changes { try await client.outbox.discard(name) }
        #expect(changes == [.timeline(bia), .conversations, .outbox(OutboxSummary())])
        #expect(try await rows(client) == [])
        await #expect(throws: ChatError.invalid(.unknownMessage(name))) {
            try await client.outbox.discard(name)
        }
    }

    @Test func aMessageIsNeglectedWhileTheHolderLeavesIt() async throws {
        // The lock is a file: its directory has to stay.
        let offline = try OfflineClient()
        let client = offline.client
        let name = try await client.send("um", to: bia)
        #expect(await client.outbox.isNeglected(name), "nobody holds the link here")
        #expect(await !client.outbox.isNeglected(TempID("nie")))
        await client.connect()
        #expect(await !client.outbox.isNeglected(name), "this program sends itself")
        await client.disconnect()
        try await make(.failed, [name], client)
        #expect(await !offline.client.outbox.isNeglected(name), "it does not wait for anybody")
    }

    @Test func withoutAnAccountThereIsNothingToSend() async throws {
        let client = try OfflineClient(signedIn: nil).client
        let name = TempID("um")
        #expect(try await rows(client) == [])
        #expect(await client.outboxSummary() == OutboxSummary())
        #expect(await !client.outbox.isNeglected(name))
        let outbox = client.outbox
        await expectNotSignedIn([
            { _ = try await outbox.outcome(of: name, timeout: .zero) },
            { try await outbox.retry(name) }, { try await outbox.sendHeld() },
            { try await outbox.discardHeld() }, { _ = try await outbox.sendAsNew(name) },
            { try await outbox.edit(name, text: "x") }, { try await outbox.discard(name) },
            { _ = try await client.send("um", to: bia) }, { try await client.delete(RowID(1)) },
        ])
    }
}
