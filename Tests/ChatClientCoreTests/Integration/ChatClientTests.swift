import ChatNet
import ChatWire
import Testing

@testable import ChatClientCore

/// Real clients against the bundled server, with all of its extensions and with none.
@Suite(.serialized) struct ChatClientTests {
    private static let kinds: [[Capability]] = [Capability.allCases, []]

    private struct Pair: Sendable {
        let server: TestServer
        let homes: [TemporaryDirectory]
        let ana: ChatClient
        let bia: ChatClient
        let anaID: UserID
        let biaID: UserID

        func end() async {
            await ana.disconnect()
            await bia.disconnect()
            await server.stop()
        }
    }

    /// Two people who are each other's contacts, connected.
    private func pair(_ capabilities: [Capability]) async throws -> Pair {
        let server = try await TestServer(capabilities: capabilities)
        let homes = try [TemporaryDirectory(), TemporaryDirectory()]
        let ana = try await server.client(in: homes[0])
        let bia = try await server.client(in: homes[1])
        let anaID = try await ana.register(name: "Ana Lima", email: "ana@exemplo.com", password: "segredo1")
            .user.id
        let biaID = try await bia.register(name: "Bia Souza", email: "bia@exemplo.com", password: "segredo2")
            .user.id
        try await ana.contacts.add(biaID)
        try await bia.contacts.add(anaID)
        await ana.connect()
        await bia.connect()
        try await ana.wait { $0.linkState == .online }
        try await bia.wait { $0.linkState == .online }
        return Pair(server: server, homes: homes, ana: ana, bia: bia, anaID: anaID, biaID: biaID)
    }

    @Test(arguments: kinds) func aMessageIsSentDeliveredAndRead(_ capabilities: [Capability]) async throws {
        let pair = try await pair(capabilities)
        // Bia does not open it: without extensions that would mark it as read.
        await pair.ana.open(pair.biaID)
        let tempID = try await pair.ana.send("Olá 😀", to: pair.biaID)
        guard case .sent(let message) = try await pair.ana.outbox.outcome(of: tempID, timeout: .seconds(20))
        else {
            Issue.record("not sent")
            return
        }
        #expect(message.content == "Olá 😀")
        try await pair.bia.wait { try $0.contents(with: pair.anaID) == ["Olá 😀"] }
        #expect(try await pair.bia.conversations().map(\.name) == ["Ana Lima"])
        // A count that was in flight may include the message too, until the next one settles it.
        try await pair.bia.wait { try $0.conversations().map(\.unread) == [1] }
        try await pair.ana.wait { try $0.states(with: pair.biaID) == [.delivered] }
        await pair.bia.markRead(pair.anaID)
        try await pair.ana.wait { try $0.states(with: pair.biaID) == [.read] }
        await pair.end()
    }

    @Test func typingAndPresenceAreSeen() async throws {
        let pair = try await pair(Capability.allCases)
        try await pair.ana.wait { try $0.conversations().first?.presence == .online }
        await pair.ana.open(pair.biaID)
        await pair.bia.open(pair.anaID)
        // A message each way: then both are in the room.
        for (client, peer) in [(pair.ana, pair.biaID), (pair.bia, pair.anaID)] {
            let tempID = try await client.send("oi", to: peer)
            _ = try await client.outbox.outcome(of: tempID, timeout: .seconds(20))
        }
        await pair.bia.typing(true, to: pair.anaID)
        try await pair.ana.wait { try $0.conversations().first?.isTyping == true }
        await pair.bia.typing(false, to: pair.anaID)
        try await pair.ana.wait { try $0.conversations().first?.isTyping == false }
        await pair.bia.disconnect()
        try await pair.ana.wait { try $0.conversations().first?.presence == .offline }
        await pair.end()
    }

    @Test(arguments: kinds) func whatIsEnteredWhileTheServerIsDownArrivesOnceInOrder(
        _ capabilities: [Capability]
    ) async throws {
        let pair = try await pair(capabilities)
        await pair.ana.open(pair.biaID)
        let first = try await pair.ana.send("antes", to: pair.biaID)
        _ = try await pair.ana.outbox.outcome(of: first, timeout: .seconds(20))
        // Without extensions, missed messages are fetched only for the open conversation.
        await pair.bia.open(pair.anaID)
        await pair.server.stop()
        try await pair.ana.wait { $0.linkState != .online }
        for text in ["um", "dois"] { try await pair.ana.send(text, to: pair.biaID) }
        #expect(try await pair.ana.states(with: pair.biaID).suffix(2) == [.queued, .queued])
        #expect(await pair.ana.outboxSummary().unsent == 2)
        try await pair.server.start()
        await pair.ana.reconnectNow()
        await pair.bia.reconnectNow()
        try await pair.bia.wait { try $0.contents(with: pair.anaID) == ["antes", "um", "dois"] }
        try await pair.ana.wait { $0.outboxSummary() == OutboxSummary() }
        #expect(try await pair.ana.contents(with: pair.biaID) == ["antes", "um", "dois"])
        await pair.end()
    }

    @Test func aSecondProgramEntersAndTheHolderSends() async throws {
        let pair = try await pair(Capability.allCases)
        let command = try await pair.server.client(in: pair.homes[0])
        #expect(await command.account?.user.email == "ana@exemplo.com")
        await command.connect()
        #expect(await command.linkState == .online)
        let tempID = try await command.send("da linha de comando", to: pair.biaID)
        guard case .sent = try await command.outbox.outcome(of: tempID, timeout: .seconds(20)) else {
            Issue.record("the holder did not send it")
            return
        }
        try await pair.ana.wait { try $0.contents(with: pair.biaID) == ["da linha de comando"] }
        try await pair.bia.wait { try $0.contents(with: pair.anaID) == ["da linha de comando"] }
        // The holder leaves: the other one takes its place.
        await pair.ana.disconnect()
        let again = try await command.send("e agora sozinha", to: pair.biaID)
        guard case .sent = try await command.outbox.outcome(of: again, timeout: .seconds(20)) else {
            Issue.record("nobody took over")
            return
        }
        await command.disconnect()
        await pair.end()
    }

    @Test func aNewProgramShowsTheCacheWithoutANetwork() async throws {
        let pair = try await pair(Capability.allCases)
        let tempID = try await pair.ana.send("guardada", to: pair.biaID)
        _ = try await pair.ana.outbox.outcome(of: tempID, timeout: .seconds(20))
        try await pair.ana.chats.setDraft("quase…", for: pair.biaID)
        await pair.end()
        let later = try await pair.server.client(in: pair.homes[0])
        #expect(try await later.contents(with: pair.biaID) == ["guardada"])
        #expect(try await later.conversations().map(\.preview) == ["guardada"])
        #expect(await later.chats.draft(for: pair.biaID) == "quase…")
        let offline = try await later.send("sem rede", to: pair.biaID)
        #expect(try await later.outbox.outcome(of: offline, timeout: .zero) == .queued)
        await #expect(throws: ChatError.self) { try await later.contacts.findPeople("Bia") }
    }

    @Test func theServersRefusalsKeepTheirWords() async throws {
        let server = try await TestServer()
        let home = try TemporaryDirectory()
        let client = try await server.client(in: home)
        await #expect(throws: ChatError.refused(status: 400, message: "Email ou senha inválidos")) {
            try await client.signIn(email: "ninguem@exemplo.com", password: "segredo")
        }
        await #expect(throws: ChatError.unauthorized(message: "Token inválido ou expirado.")) {
            try await client.signIn(token: "a.b.c")
        }
        await #expect(throws: ChatError.invalid(.malformedToken)) { try await client.signIn(token: "a\nb") }
        await #expect(throws: ChatError.notSignedIn) { try await client.send("oi", to: UserID(2)) }
        #expect(await client.linkState == .signedOut)
        try await client.register(name: "Ana", email: "ana@exemplo.com", password: "segredo")
        try await client.signOut()
        #expect(await client.account == nil)
        try await client.signIn(email: "ana@exemplo.com", password: "segredo")
        #expect(await client.account?.expiresAt != nil)
        await server.stop()
        await #expect(throws: ChatError.self) { try await client.contacts.findPeople("Bia") }
    }

    @Test func aRefusedTokenPausesTheOutboxUntilThePersonSignsIn() async throws {
        let pair = try await pair(Capability.allCases)
        await pair.ana.disconnect()
        let queued = try await pair.ana.send("fica", to: pair.biaID)
        // As when the server's secret has changed.
        await pair.ana.useToken("e30.e30.e30")
        await pair.ana.connect()
        try await pair.ana.wait { $0.linkState == .refused }
        #expect(await pair.ana.account == nil)
        #expect(await pair.ana.outboxSummary() == OutboxSummary(queued: 1, isPaused: true))
        try await pair.ana.signIn(email: "ana@exemplo.com", password: "segredo1")
        guard case .sent = try await pair.ana.outbox.outcome(of: queued, timeout: .seconds(20)) else {
            Issue.record("not sent after signing in")
            return
        }
        await pair.end()
    }

    @Test(arguments: kinds) func anotherDeviceCatchesUp(_ capabilities: [Capability]) async throws {
        let pair = try await pair(capabilities)
        let home = try TemporaryDirectory()
        let phone = try await pair.server.client(in: home)
        try await phone.signIn(email: "ana@exemplo.com", password: "segredo1")
        await pair.bia.open(pair.anaID)
        for text in ["um", "engano", "três"] {
            let tempID = try await pair.ana.send(text, to: pair.biaID)
            _ = try await pair.ana.outbox.outcome(of: tempID, timeout: .seconds(20))
        }
        let wrong = try #require(
            try await pair.ana.timeline(with: pair.biaID, limit: 3).rows.dropFirst().first)
        try await pair.ana.delete(wrong.id)
        // A read mark covers what is there: all of it must have arrived.
        try await pair.bia.wait { try $0.contents(with: pair.anaID) == ["um", "três"] }
        await pair.bia.markRead(pair.anaID)
        try await pair.ana.wait { try $0.states(with: pair.biaID) == [.read, .read] }
        await phone.connect()
        await phone.open(pair.biaID)
        try await phone.wait { try $0.contents(with: pair.biaID) == ["um", "três"] }
        try await phone.wait { try $0.states(with: pair.biaID) == [.read, .read] }
        await phone.disconnect()
        await pair.end()
    }

    @Test func anOwnMessageIsDeletedForBoth() async throws {
        let pair = try await pair(Capability.allCases)
        let tempID = try await pair.ana.send("engano", to: pair.biaID)
        _ = try await pair.ana.outbox.outcome(of: tempID, timeout: .seconds(20))
        try await pair.bia.wait { try $0.contents(with: pair.anaID) == ["engano"] }
        let row = try #require(try await pair.ana.timeline(with: pair.biaID, limit: 1).rows.first)
        try await pair.ana.delete(row.id)
        #expect(try await pair.ana.contents(with: pair.biaID) == [])
        try await pair.bia.wait { try $0.contents(with: pair.anaID) == [] }
        await #expect(throws: ChatError.invalid(.notDeletable(row.id))) { try await pair.ana.delete(row.id) }
        await pair.end()
    }
}

extension ChatClient {
    fileprivate func useToken(_ token: String) { session?.engine.renewToken(token, at: .now) }
}
