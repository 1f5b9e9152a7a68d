import ChatWire
import Testing

@testable import ChatClientCore

/// The stream of changes: how each change is read, and its effect on a cache that was offline.
@Suite struct SyncChangeTests {
    private func change(_ json: String) throws -> StoreChange? {
        StoreChange(try SyncChange(json: JSONValue(parsing: Array(json.utf8))), me: ana)
    }

    private let message =
        #"{"id":7,"sender_id":2,"receiver_id":1,"content":"oi","status":"sent","is_read":false,"#
        + #""created_at":"2026-11-22T07:49:12"}"#

    @Test func everyKindIsRead() throws {
        guard
            case .message(let read, .sync) = try change(
                #"{"seq":1,"type":"message_created","message":\#(message)}"#)
        else { return #expect(Bool(false), "no message") }
        #expect(read.id == MessageID(7))
        #expect(
            try change(#"{"seq":2,"type":"message_delivered","message_id":7,"contact_user_id":2}"#)
                == .status(MessageID(7), .delivered))
        #expect(
            try change(#"{"seq":3,"type":"messages_read","reader_id":2,"sender_id":1,"up_to_id":7}"#)
                == .readByPeer(bia, upTo: MessageID(7)))
        #expect(
            try change(#"{"seq":3,"type":"messages_read","reader_id":1,"sender_id":2,"up_to_id":7}"#)
                == .readByMe(bia, upTo: MessageID(7)))
        #expect(
            try change(#"{"seq":4,"type":"message_deleted","message_id":7,"contact_user_id":2}"#)
                == .deleted(MessageID(7)))
        #expect(
            try change(
                #"{"seq":5,"type":"conversation_deleted","by_user_id":2,"contact_user_id":2,"up_to_id":9}"#)
                == .conversationDeleted(bia, upTo: MessageID(9)))
        #expect(
            try change(#"{"seq":6,"type":"contact_removed","contact_id":102,"contact_user_id":2}"#)
                == .contactRemoved(ContactID(102)))
    }

    @Test(arguments: [
        #"{"seq":1,"type":"something_new"}"#, #"{"seq":1,"type":"message_created"}"#,
        #"{"seq":1,"type":"messages_read","reader_id":2,"sender_id":1}"#,
        #"{"seq":1,"type":"conversation_deleted","contact_user_id":2}"#,
    ])
    func whatSaysNothingIsPassedOver(_ json: String) throws {
        #expect(try change(json) == nil)
    }

    @Test func aReplayedMarkOrDeletionDoesNotReachNewerMessages() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply([.message(.sample(5), from: .live), .message(.sample(9), from: .live)])
        _ = try store.apply([.readByMe(bia, upTo: MessageID(5))])
        #expect(try store.unread() == 1)
        _ = try store.apply([.conversationDeleted(bia, upTo: MessageID(5))])
        #expect(try store.rows().map(\.messageID) == [MessageID(9)])
        #expect(try store.unread() == 1)
    }

    @Test func aLateMessageIsNotCountedTwice() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.apply([.unread([bia: 2], unsettled: [])])
        _ = try store.apply((1...3).map { .message(.sample($0), from: .sync) }, cursor: "c.3")
        #expect(try store.unread() == 3)
        #expect(try store.meta.text(.cursor) == "c.3")
    }

    @Test func theStreamMakesAConversationContiguous() throws {
        let store = try ChatStore(inMemoryFor: ana)
        _ = try store.page((1...5).map { .sample($0) })
        _ = try store.apply((6...70).map { .message(.sample($0), from: .sync) })
        _ = try store.page((66...70).map { .sample($0) }, limit: 5)
        #expect(try store.gaps.edges(of: bia) == [])
    }

    @Test func theEngineFollowsTheStreamFromItsCursor() throws {
        let harness = try EngineHarness()
        harness.connect()
        try harness.answer(ServerInformationQuestion.self, .capable(of: [.sync]))
        try harness.answer(ContactsQuestion.self, [])
        try harness.answer(UnreadQuestion.self, UnreadCounts(bySender: [:]))
        #expect(harness.asked(ChangesQuestion.self)?.question.cursor == nil)
        let created = try SyncChange(
            json: JSONValue(parsing: Array(#"{"seq":1,"type":"message_created","message":\#(message)}"#.utf8))
        )
        try harness.answer(ChangesQuestion.self, .changes([created], cursor: "a.1", hasMore: true))
        #expect(try harness.rows().map(\.content) == ["oi"])
        #expect(harness.asked(ChangesQuestion.self)?.question.cursor == "a.1")
        try harness.answer(ChangesQuestion.self, .reset())
        #expect(try #require(harness.asked(ChangesQuestion.self)).question.cursor == nil)
        try harness.answer(ChangesQuestion.self, .reset())
        #expect(harness.asked(ChangesQuestion.self) == nil)
        // History causes no notices.
        #expect(!harness.takeChanges().contains { if case .notice = $0 { true } else { false } })
    }
}
