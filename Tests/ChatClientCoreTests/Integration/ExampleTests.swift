import ChatClientCore
import ChatWire
import Logging
import Testing

/// The example of the documentation: it uses only public API.
private func sayHello(
    on server: ServerURL, home: String, email: String, password: String, to friend: UserID
) async throws -> [String] {
    let client = try ChatClient(
        configuration: ClientConfiguration(
            server: server, directories: ClientDirectories(root: home),
            logger: Logger(label: "example") { _ in SwiftLogNoOpLogHandler() }))
    try await client.signIn(email: email, password: password)
    let changes = await client.changes()
    await client.connect()

    // The message is on disk when this returns; the rest happens automatically.
    let name = try await client.send("Olá! Sou um exemplo.", to: friend)
    guard case .sent = try await client.outbox.outcome(of: name, timeout: .seconds(30)) else {
        await client.disconnect()
        return []
    }

    // Every change says what to read again.
    var shown: [String] = []
    await client.open(friend)
    for await change in changes {
        guard case .timeline(friend) = change else { continue }
        let timeline = try await client.timeline(with: friend, limit: 20)
        shown = timeline.rows.map { "\($0.isMine ? "eu" : "ela"): \($0.content)" }
        if timeline.rows.contains(where: { !$0.isMine }) { break }
    }
    await client.markRead(friend)
    await client.disconnect()
    return shown
}

@Suite struct ExampleTests {
    @Test func theExampleSaysHelloAndSeesTheAnswer() async throws {
        let server = try await TestServer(capabilities: Capability.allCases)
        let homes = try [TemporaryDirectory(), TemporaryDirectory(), TemporaryDirectory()]
        let bia = try await server.client(in: homes[0])
        let friend = try await bia.register(name: "Bia", email: "bia@exemplo.com", password: "segredo1").user
            .id
        let setUp = try await server.client(in: homes[1])
        let ana = try await setUp.register(name: "Ana", email: "ana@exemplo.com", password: "segredo2").user
            .id
        await bia.connect()
        let url = bia.configuration.server
        async let shown = sayHello(
            on: url, home: homes[2].path, email: "ana@exemplo.com", password: "segredo2", to: friend)
        try await bia.wait { try $0.contents(with: ana) == ["Olá! Sou um exemplo."] }
        _ = try await bia.send("Oi, exemplo!", to: ana)
        #expect(try await shown == ["eu: Olá! Sou um exemplo.", "ela: Oi, exemplo!"])
        await bia.disconnect()
        await server.stop()
    }
}
