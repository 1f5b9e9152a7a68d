import ChatWire
import Testing

@testable import ChatClientCore

/// The whole path on one machine: the server encrypts and signs, the receiver checks and decrypts.
@Suite struct PushReceiverTests {
    @Test func pushesArriveUntilTheReceiverIsClosed() async throws {
        let server = try await TestServer(allowsPrivatePushes: true)
        let homes = try [TemporaryDirectory(), TemporaryDirectory()]
        let ana = try await server.client(in: homes[0])
        let bia = try await server.client(in: homes[1])
        try await ana.register(name: "Ana Lima", email: "ana@exemplo.com", password: "segredo1")
        let biaID = try await bia.register(name: "Bia Souza", email: "bia@exemplo.com", password: "segredo2")
            .user.id
        let receiver = try await bia.pushes.open()
        var events = receiver.events.makeAsyncIterator()

        try await bia.pushes.test()
        guard case .push(let test) = await events.next() else {
            Issue.record("no push")
            return
        }
        #expect(test.kind == "test")

        await ana.connect()
        _ = try await ana.send("olá", to: biaID)
        guard case .push(let message) = await events.next() else {
            Issue.record("no push")
            return
        }
        #expect(message.title == "💬 Ana Lima")
        #expect(message.body == "olá")
        #expect(message.kind == "message")
        await ana.disconnect()

        try await bia.pushes.close(receiver)
        #expect(await events.next() == nil)
        #expect(try await bia.pushes.end() == false)
        await #expect(throws: ChatError.self) { try await bia.pushes.test() }
        await server.stop()
    }

    /// A killed run leaves its subscription behind; the next one ends it.
    @Test func theNextReceiverEndsWhatIsLeft() async throws {
        let server = try await TestServer(allowsPrivatePushes: true)
        let home = try TemporaryDirectory()
        let ana = try await server.client(in: home)
        try await ana.register(name: "Ana Lima", email: "ana@exemplo.com", password: "segredo1")
        let lost = try await ana.pushes.open()
        await lost.stop()
        let receiver = try await ana.pushes.open()
        #expect(receiver.endpoint != lost.endpoint)
        #expect(try await ana.pushes.end())
        await #expect(throws: ChatError.self) { try await ana.pushes.test() }
        await receiver.stop()
        await server.stop()
    }

    @Test func aServerThatDoesNotPushHereSaysSo() async throws {
        let server = try await TestServer()
        let home = try TemporaryDirectory()
        let ana = try await server.client(in: home)
        try await ana.register(name: "Ana Lima", email: "ana@exemplo.com", password: "segredo1")
        await #expect(throws: ChatError.refused(status: 400, message: "Erro ao salvar subscription")) {
            _ = try await ana.pushes.open()
        }
        #expect(try await ana.pushes.end() == false)
        await server.stop()
    }
}
