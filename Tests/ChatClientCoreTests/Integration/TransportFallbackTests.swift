import ChatNet
import ChatWire
import Logging
import Testing

@testable import ChatClientCore

/// Real clients against the reference of the real API, behind proxies that obstruct WebSockets.
@Suite(
    .serialized, .timeLimit(.minutes(3)),
    .enabled(
        if: ReferenceServer.isPrepared,
        "NOT RUN: the reference of the real API is not prepared (fixtures/reference-api/run --prepare)"))
struct TransportFallbackTests {
    private func client(_ port: Int, in home: TemporaryDirectory) throws -> ChatClient {
        try ChatClient(
            configuration: ClientConfiguration(
                server: ServerURL("http://127.0.0.1:\(port)"),
                directories: ClientDirectories(root: home.path),
                logger: Logger(label: "client") { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Ana, behind the proxy, and Bia, without one, write to each other.
    private func converse(
        _ rule: FilteringProxy.Rule, _ body: (FilteringProxy, ChatClient) async throws -> Void
    ) async throws {
        let reference = try ReferenceServer()
        defer { reference.stop() }
        let proxy = try FilteringProxy(to: reference.port, rule)
        let homes = try [TemporaryDirectory(), TemporaryDirectory()]
        let ana = try client(proxy.port, in: homes[0])
        let bia = try client(reference.port, in: homes[1])
        let anaID = try await ana.register(name: "Ana", email: "ana@exemplo.com", password: "segredo1").user
            .id
        let biaID = try await bia.register(name: "Bia", email: "bia@exemplo.com", password: "segredo2").user
            .id
        await ana.connect()
        await bia.connect()
        try await ana.wait { $0.linkState == .online }
        try await bia.wait { $0.linkState == .online }
        try await bia.wait { $0.driver?.links?.present?.kind == .webSocket }

        var sent: [String] = []
        for number in 1...20 {
            let text = "olá \(number) \u{1F600}"
            sent.append(text)
            _ = try await ana.send(text, to: biaID)
        }
        let expected = sent
        try await bia.wait { try $0.contents(with: anaID) == expected }
        try await ana.wait {
            try $0.states(with: biaID).allSatisfy { [.sent, .delivered, .read].contains($0) }
                && $0.contents(with: biaID) == expected
        }
        let answer = try await bia.send("oi", to: anaID)
        guard case .sent = try await bia.outbox.outcome(of: answer, timeout: .seconds(20)) else {
            Issue.record("not sent")
            return
        }
        try await ana.wait { try $0.contents(with: biaID) == expected + ["oi"] }
        try await body(proxy, ana)
        await ana.disconnect()
        await bia.disconnect()
        let kept = try await bia.contents(with: anaID)
        #expect(Array(kept.prefix(expected.count + 1)) == expected + ["oi"], "each once, in order")
    }

    @Test(arguments: [
        FilteringProxy.Rule.refuse(status: 403, lettingUpgradesPass: false),
        .refuse(status: 400, lettingUpgradesPass: false), .hangUp, .openAndHangUp,
    ])
    func aProxyThatBlocksWebSocketsLeadsToPolling(_ rule: FilteringProxy.Rule) async throws {
        try await converse(rule) { proxy, ana in
            let realtime = proxy.seen.filter { $0 != "rest" }
            // Polls may use connections that REST calls have left open.
            #expect(realtime.filter { $0 == "websocket" } == [realtime.first], "\(realtime)")
            #expect(realtime.filter { $0 == "websocket+sid" }.count == 1, "one attempt to upgrade")
            #expect(await ana.firstTransport == .polling)
            try await ana.wait { $0.driver?.links?.present?.isWebSocket == false }

            // What worked is tried first the next time.
            let before = proxy.seen.count
            await ana.disconnect()
            await ana.connect()
            try await ana.wait { $0.linkState == .online }
            let again = proxy.seen.dropFirst(before).filter { $0 != "rest" }
            #expect(!again.contains("websocket"), "\(again)")
        }
    }

    @Test func pollingBecomesAWebSocketWhereTheWayIsFree() async throws {
        try await converse(.refuse(status: 503, lettingUpgradesPass: true)) { proxy, ana in
            try await ana.wait { $0.driver?.links?.present?.isWebSocket == true }
            let tempID = try await ana.send("por websocket", to: UserID(2))
            guard case .sent = try await ana.outbox.outcome(of: tempID, timeout: .seconds(20)) else {
                Issue.record("not sent")
                return
            }
            #expect(proxy.seen.contains("websocket+sid"))
        }
    }

    @Test func withoutAProxyItIsAWebSocket() async throws {
        try await converse(.pass) { proxy, _ in
            #expect(proxy.seen.filter { $0 != "rest" } == ["websocket"])
        }
    }
}

extension ChatClient {
    fileprivate var firstTransport: LinkTransportKind? { driver?.links?.transports.first }
}
