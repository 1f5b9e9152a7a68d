import ChatWire
import Testing

@testable import ChatClientCore

/// How far the cache and the server know the same.
@Suite struct FreshnessTests {
    @Test func withoutALinkNothingIsKnownToBeFresh() async throws {
        for client in [try OfflineClient().client, try OfflineClient(signedIn: nil).client] {
            #expect(await !client.freshness.isUpToDate(with: bia))
            #expect(await !client.freshness.isCaughtUp)
            #expect(await client.freshness.callFailure == nil)
            #expect(try await !client.freshness.hasUntoldWishes())
        }
    }

    @Test(
        "What the person did waits for the server", arguments: ["read", "delete", "conversation", "contact"])
    func wishes(kind: String) async throws {
        let client = try OfflineClient().client
        try await client.prepare { store in
            _ = try store.live(.sample(1, from: bia, "olá"))
            _ = try store.live(.sample(2, from: ana, to: bia, "oi"))
        }
        #expect(try await !client.freshness.hasUntoldWishes())
        switch kind {
        case "read": await client.markRead(bia)
        case "delete":
            let row = try #require(try await client.history.row(of: MessageID(2))).row
            try await client.delete(row.id)
        case "conversation": try await client.chats.delete(with: bia)
        default: #expect(try await client.contacts.add(caio) == .queued)
        }
        #expect(try await client.freshness.hasUntoldWishes())
    }

    @Test func aLinkThatHasCaughtUpIsFreshForEveryProgram() async throws {
        let server = try await TestServer()
        let home = try TemporaryDirectory()
        let client = try await server.client(in: home)
        try await client.register(name: "Ana", email: "ana@exemplo.com", password: "segredo1")
        let other = try await server.client(in: TemporaryDirectory())
        let peer = try await other.register(name: "Bia", email: "bia@exemplo.com", password: "segredo2").user
            .id
        await client.open(peer)
        await client.connect()
        try await client.wait { $0.linkState == .online && $0.session?.engine.hasCaughtUp == true }
        #expect(await client.freshness.isCaughtUp)
        #expect(await client.freshness.isUpToDate(with: peer))
        #expect(await client.freshness.callFailure == nil)
        // Another program goes by the one that holds the link.
        let watching = try await server.client(in: home)
        await watching.connect()
        try await watching.wait { $0.linkState == .online }
        #expect(await !watching.isHolder)
        #expect(await watching.freshness.isCaughtUp)
        #expect(await watching.freshness.isUpToDate(with: peer))
        await client.disconnect()
        #expect(await !client.freshness.isCaughtUp)
        #expect(await !client.freshness.isUpToDate(with: peer))
        await watching.disconnect()
        await server.stop()
    }
}
