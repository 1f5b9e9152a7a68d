import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct FirstSyncTests {
    /// A new device of an account with a long history: the stream of changes takes its time.
    @Test func theListAndTheOpenConversationDoNotWaitForTheHistory() throws {
        let harness = try EngineHarness()
        let history = (1...300).map { Message.sample(Int64($0), "m\($0)", isRead: true) }
        harness.connect()
        harness.gather()
        var changes: [Asked<ChangesQuestion>] = []
        func answer() {
            while let open = harness.takeQuestion() {
                switch open.asked {
                case let asked as Asked<ServerInformationQuestion>:
                    harness.answer(asked, .success(.capable(of: [.sync, .peek, .paging])))
                case let asked as Asked<ContactsQuestion>:
                    harness.answer(asked, .success([.sample(bia, last: history.last)]))
                case let asked as Asked<UnreadQuestion>:
                    harness.answer(asked, .success(UnreadCounts(bySender: [:])))
                case let asked as Asked<PageQuestion>:
                    #expect(asked.question.peer == bia && asked.question.isPeek)
                    let page = history.suffix(asked.question.limit).reversed()
                    harness.answer(asked, .success(PartialList(Array(page))))
                case let asked as Asked<ChangesQuestion>: changes.append(asked)
                default: Issue.record("nobody expects \(open.question)")
                }
            }
        }
        answer()
        #expect(changes.count == 1)
        #expect(try harness.engine.view.conversations().map(\.preview) == ["m300"])
        harness.engine.open(bia, at: harness.now)
        harness.gather()
        answer()
        #expect(try harness.rows().map(\.content) == (251...300).map { "m\($0)" })
        // The rest comes behind it, in the order of the past.
        let facts = try history.map { message in
            try SyncChange(
                json: [
                    "seq": .integer(message.id.rawValue), "type": "message_created",
                    "message": Self.json(message),
                ])
        }
        harness.answer(changes[0], .success(.changes(PartialList(facts), cursor: "300", hasMore: false)))
        #expect(try harness.rows().map(\.content) == (1...300).map { "m\($0)" })
        #expect(try harness.rows().allSatisfy { !$0.isGapAbove })
        #expect(try harness.store.unread() == 0)
    }

    private static func json(_ message: Message) -> JSONValue {
        var writer = JSONWriter()
        message.write(to: &writer, as: .object)
        return (try? JSONValue(parsing: writer.bytes)) ?? .null
    }
}
