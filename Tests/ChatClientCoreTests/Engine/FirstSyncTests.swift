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
        var changes: [Int] = []
        func answer() throws {
            while let index = harness.effects.firstIndex(where: { if case .call = $0 { true } else { false } }
            ) {
                guard case .call(let number, let call) = harness.effects.remove(at: index) else { break }
                var result = EngineAnswer.done
                switch call {
                case .serverInformation:
                    result = .serverInformation(
                        ServerInformation(
                            name: "MyChat API", version: "1", capabilities: [.sync, .peek, .paging]))
                case .contacts: result = .contacts([.sample(bia, last: history.last)])
                case .unread: result = .unread(UnreadCounts(bySender: [:]))
                case .page(let peer, let limit, let peek):
                    #expect(peer == bia && peek)
                    result = .messages(history.suffix(limit).reversed())
                case .changes:
                    changes.append(number)
                    continue
                default: break
                }
                harness.engine.receive(.success(result), to: number, at: harness.now)
                harness.gather()
            }
        }
        try answer()
        #expect(changes.count == 1)
        #expect(try harness.engine.view.conversations().map(\.preview) == ["m300"])
        harness.engine.open(bia, at: harness.now)
        harness.gather()
        try answer()
        #expect(try harness.rows().map(\.content) == (251...300).map { "m\($0)" })
        // The rest comes behind it, in the order of the past.
        let facts = try history.map { message in
            try SyncChange(
                json: [
                    "seq": .integer(message.id.rawValue), "type": "message_created",
                    "message": Self.json(message),
                ])
        }
        harness.engine.receive(
            .success(.changes(.changes(PartialList(facts), cursor: "300", hasMore: false))), to: changes[0],
            at: harness.now)
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
