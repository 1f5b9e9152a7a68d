import ChatSQLite
import ChatWire
import Testing

@testable import ChatClientCore

/// What a person does with whole conversations, each call by itself on a real cache.
@Suite struct ChatListTests {
    @Test func aDraftStaysUntilItIsSent() async throws {
        let offline = try OfflineClient()
        let client = offline.client
        #expect(await client.chats.draft(for: bia) == "")
        try await client.chats.setDraft("quase…", for: bia)
        try await client.chats.setDraft("outro", for: caio)
        #expect(await client.chats.draft(for: bia) == "quase…")
        #expect(try await offline.another().chats.draft(for: bia) == "quase…", "another program sees it")
        try await client.send("enviada", to: bia)
        #expect(await client.chats.draft(for: bia) == "")
        #expect(await client.chats.draft(for: caio) == "outro")
        try await client.chats.setDraft("", for: caio)
        #expect(try await client.conversations().map(\.draft) == [nil])
    }

    @Test func onlyAnotherTextIsAChange() async throws {
        let offline = try OfflineClient()
        try await offline.client.chats.setDraft("a", for: bia)
        let same = try await offline.changes { try await offline.client.chats.setDraft("a", for: bia) }
        #expect(same == [])
        let other = try await offline.changes { try await offline.client.chats.setDraft("b", for: bia) }
        #expect(other == [.conversations])
    }

    @Test func pinnedConversationsStandAboveNewerOnes() async throws {
        let offline = try OfflineClient()
        let client = offline.client
        try await client.prepare { store in
            _ = try store.apply([
                .message(.sample(1, from: bia), from: .live), .message(.sample(2, from: caio), from: .live),
            ])
        }
        #expect(try await client.conversations().map(\.peer) == [caio, bia])
        let changes = try await offline.changes { try await client.chats.setPinned(true, for: bia) }
        #expect(changes == [.conversations])
        #expect(try await client.conversations().map(\.peer) == [bia, caio])
        #expect(try await client.conversations().map(\.isPinned) == [true, false])
        try await client.chats.setPinned(false, for: bia)
        #expect(try await client.conversations().map(\.peer) == [caio, bia])
    }

    @Test func mutingIsKeptAndAnnounced() async throws {
        let offline = try OfflineClient()
        let client = offline.client
        try await client.prepare { _ = try $0.live(.sample(1, from: bia)) }
        let changes = try await offline.changes { try await client.chats.setMuted(true, for: bia) }
        #expect(changes == [.conversations])
        #expect(try await client.conversations().map(\.isMuted) == [true])
        #expect(try await offline.another().conversations().map(\.isMuted) == [true])
        try await client.chats.setMuted(false, for: bia)
        #expect(try await client.conversations().map(\.isMuted) == [false])
    }

    @Test func aDeletedConversationIsGoneAtOnceAndUnsentMessagesStay() async throws {
        let offline = try OfflineClient()
        let client = offline.client
        try await client.prepare { store in
            _ = try store.live(.sample(1, from: bia, "velha"))
            _ = try store.live(.sample(2, from: caio, "de Caio"))
        }
        try await client.send("por enviar", to: bia)
        let changes = try await offline.changes { try await client.chats.delete(with: bia) }
        #expect(changes.contains(.timeline(bia)))
        #expect(changes.contains(.conversations))
        #expect(!changes.contains(.timeline(caio)))
        #expect(try await client.texts == [bia: ["por enviar"], caio: ["de Caio"]])
        #expect(try await client.freshness.hasUntoldWishes(), "the server has to be told")
    }

    @Test func withoutAnAccountThereAreNoConversations() async throws {
        let client = try OfflineClient(signedIn: nil).client
        #expect(try await client.conversations() == [])
        #expect(await client.chats.draft(for: bia) == "")
        let chats = client.chats
        await expectNotSignedIn([
            { try await chats.setDraft("x", for: bia) },
            { try await chats.setPinned(true, for: bia) }, { try await chats.setMuted(true, for: bia) },
            { try await chats.delete(with: bia) }, { _ = try await client.timeline(with: bia, limit: 1) },
        ])
    }
}
