import ChatWire
import Testing

@testable import ChatClientCore

/// A stream of changes that never ends, and one that has brought everything.
@Suite struct StreamProgressTests {
    private func change(_ sequence: Int64) throws -> SyncChange {
        try SyncChange(json: [
            "seq": .integer(sequence), "type": "message_delivered", "message_id": .integer(1),
        ])
    }

    private func answer(_ sequences: [Int64], _ cursor: String, hasMore: Bool = true) throws -> SyncAnswer {
        .changes(PartialList(try sequences.map(change)), cursor: cursor, hasMore: hasMore)
    }

    @Test func whatLeadsFurtherIsFollowedAtOnce() throws {
        var stream = StreamProgress()
        #expect(try stream.pause(after: answer([1, 2], "a")) == nil)
        #expect(try stream.pause(after: answer([3], "b")) == nil)
        #expect(try stream.pause(after: answer([], "b", hasMore: false)) == nil)
        #expect(stream.pause(after: .reset()) == nil)
        #expect(try stream.pause(after: answer([1], "a")) == nil)
    }

    @Test func whatBringsNothingNewIsAskedLessAndLess() throws {
        var stream = StreamProgress()
        #expect(try stream.pause(after: answer([4], "a")) == nil)
        for (number, seconds) in [2, 4, 8, 16, 32, 64, 64].enumerated() {
            // New cursors again and again, with nothing or with the same changes.
            let again = try answer(number.isMultiple(of: 2) ? [] : [3, 4], "c\(number)")
            #expect(stream.pause(after: again) == .seconds(seconds))
        }
        #expect(try stream.pause(after: answer([5], "d")) == nil)
    }

    @Test func aStreamThatBeginsAnewAgainAndAgainIsAskedLessAndLess() throws {
        var stream = StreamProgress()
        var pauses: [Duration?] = []
        for _ in 0..<4 {
            _ = try stream.pause(after: answer([1], "a"))
            pauses.append(stream.pause(after: .reset()))
        }
        #expect(pauses == [nil, .seconds(4), .seconds(8), .seconds(16)])
    }

    /// `watch` did this 400 times a second.
    @Test(arguments: [false, true]) func aStreamWithoutAnEndIsNotFollowedForEver(_ isReset: Bool) throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.gather()
        var asked = 0
        func answerAll() {
            while let open = harness.takeQuestion() {
                switch open.asked {
                case let question as Asked<ServerInformationQuestion>:
                    harness.answer(question, .success(.capable(of: [.sync, .peek])))
                case let question as Asked<ContactsQuestion>: harness.answer(question, .success([]))
                case let question as Asked<UnreadQuestion>:
                    harness.answer(question, .success(UnreadCounts(bySender: [:])))
                case let question as Asked<ChangesQuestion>:
                    asked += 1
                    guard asked < 1000 else { return }
                    let isOver = isReset && question.question.cursor != nil
                    harness.answer(
                        question,
                        .success(isOver ? .reset() : .changes([], cursor: "c\(asked)", hasMore: true)))
                default: Issue.record("nobody expects \(open.question)")
                }
            }
        }
        answerAll()
        for _ in 0..<60 {
            harness.pass(1)
            harness.receive("2")
            answerAll()
        }
        #expect((2...20).contains(asked))
        #expect(!harness.engine.core.context.requests.plan.isFinished)
    }

    // MARK: A whole stream

    private func message(_ id: Int64, with peer: UserID) -> Message { .sample(id, from: peer, isRead: true) }

    private func created(_ message: Message) throws -> SyncChange {
        var writer = JSONWriter()
        message.write(to: &writer, as: .object)
        return try SyncChange(
            json: [
                "seq": .integer(message.id.rawValue), "type": "message_created",
                "message": JSONValue(parsing: writer.bytes),
            ])
    }

    /// Two conversations of 130 messages: pages of both, then the stream, in parts.
    private func synced(isWhole: Bool, pruning: Bool = false) throws -> EngineHarness {
        let harness = try EngineHarness()
        let history = (1...260).map { message(Int64($0), with: $0.isMultiple(of: 2) ? bia : caio) }
        for peer in [bia, caio] {
            let page = history.filter { $0.senderID == peer }.suffix(50).reversed()
            _ = try harness.store.apply([
                .page(
                    ConversationPage(
                        peer: peer, messages: Array(page), limit: 50, before: nil,
                        knownAtRequest: MessageID(0), isPeek: true))
            ])
        }
        harness.connect()
        harness.gather()
        try harness.answer(ServerInformationQuestion.self, .capable(of: [.sync, .peek, .paging]))
        try harness.answer(ContactsQuestion.self, [])
        try harness.answer(UnreadQuestion.self, UnreadCounts(bySender: [:]))
        let changes = try history.map(created)
        try harness.answer(
            ChangesQuestion.self,
            .changes(
                PartialList(Array(changes[..<200])), cursor: "200", hasMore: true,
                state: SyncState(isWhole: isWhole)))
        if pruning {
            _ = try harness.store.pruning.prune(olderThan: nil, of: bia, keepingNewest: 50, limit: 10)
        }
        try harness.answer(
            ChangesQuestion.self,
            .changes(PartialList(Array(changes[200...])), cursor: "260", hasMore: false))
        return harness
    }

    @Test func aStreamFromTheBeginningLeavesNoGaps() throws {
        let harness = try synced(isWhole: true)
        for peer in [bia, caio] {
            #expect(try harness.rows(peer).count == 130)
            #expect(try !harness.engine.timeline(with: peer, before: nil, limit: 10).mayFetchOlder)
        }
        try harness.restart()
        #expect(try !harness.engine.timeline(with: bia, before: nil, limit: 10).mayFetchOlder)
        // After pruning the gaps are real.
        _ = try harness.store.pruning.prune(olderThan: nil, of: bia, keepingNewest: 50, limit: 100)
        #expect(try harness.engine.timeline(with: bia, before: nil, limit: 10).mayFetchOlder)
        #expect(try !harness.engine.timeline(with: caio, before: nil, limit: 10).mayFetchOlder)
    }

    @Test func aStreamThatBeginsLaterLeavesThem() throws {
        let harness = try synced(isWhole: false)
        #expect(try harness.engine.timeline(with: bia, before: nil, limit: 10).mayFetchOlder)
    }

    @Test func whatWasPrunedMeanwhileIsMissing() throws {
        let harness = try synced(isWhole: true, pruning: true)
        #expect(try harness.engine.timeline(with: bia, before: nil, limit: 10).mayFetchOlder)
    }
}
