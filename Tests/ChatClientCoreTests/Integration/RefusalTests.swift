import ChatNet
import ChatSQLite
import ChatWire
import Logging
import Testing

@testable import ChatClientCore

/// How a real client reads what servers say when they let nobody in, over real sockets.
@Suite(.serialized, .timeLimit(.minutes(3))) struct RefusalTests {
    /// Ana's account, created while the path was free; then the server is asked through a proxy with a rule.
    private func withClient(
        _ rule: FilteringProxy.Rule, transport: TransportPreference = .webSocket,
        linkTimeout: Duration = .seconds(15),
        logger: Logger = Logger(label: "client") { _ in SwiftLogNoOpLogHandler() },
        _ body: (ChatClient, FilteringProxy) async throws -> Void
    ) async throws {
        let server = try await TestServer()
        let proxy = try await server.proxy(rule)
        let home = try TemporaryDirectory()
        let configuration = ClientConfiguration(
            server: try ServerURL("http://127.0.0.1:\(proxy.port)"),
            directories: ClientDirectories(root: home.path), transport: transport, linkTimeout: linkTimeout,
            logger: logger)
        try await ChatClient(configuration: configuration)
            .register(name: "Ana", email: "ana@exemplo.com", password: "segredo1")
        // A new client without a connection: the proxy sees only the first request of each connection.
        let client = try ChatClient(configuration: configuration)
        try await body(client, proxy)
        await client.disconnect()
        await server.stop()
    }

    /// The failure of the first attempt that is reported.
    private func failure(_ client: ChatClient) async -> LinkFailure? {
        let changes = await client.changes()
        await client.connect()
        for await change in changes {
            if case .link(.offline(let reason, .some)) = change { return reason }
        }
        return nil
    }

    private static let recorded = ["41", #"44{"message":"Connection rejected by server"}"#]

    @Test(
        "A refusal is told in the server's words when the token is good all the same",
        arguments: [
            (recorded, "Connection rejected by server"), ([recorded[1]], "Connection rejected by server"),
            ([#"44"Unable to connect""#], "Unable to connect"), ([#"44{"message":"cheio"}"#], "cheio"),
        ])
    func refusals(packets: [String], words: String) async throws {
        try await withClient(.answer(packets)) { client, _ in
            #expect(await failure(client) == .rejected(words))
            #expect(await client.account != nil, "the token is kept")
        }
    }

    @Test("A refusal of a token that REST refuses too means to sign in again", arguments: [true, false])
    func badToken(isScripted: Bool) async throws {
        try await withClient(isScripted ? .answer(Self.recorded) : .pass) { client, _ in
            await client.replaceToken("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.AAAA")
            await client.connect()
            try await client.wait { $0.linkState == .refused }
            #expect(await client.account == nil)
        }
    }

    /// After a close packet the original server says why; a server that sends nothing more has refused all the same.
    @Test(
        "Nothing after the token, or a goodbye only, is given up in time",
        arguments: [([], LinkFailure.handshakeTimeout), (["41"], .rejected(""))])
    func silence(packets: [String], expected: LinkFailure) async throws {
        try await withClient(.answer(packets), linkTimeout: .milliseconds(200)) { client, _ in
            #expect(await failure(client) == expected)
        }
    }

    @Test func theAccountIsReleasedOnlyAfterTheLinkHasClosed() async throws {
        // The proxy leaves the closing handshake unanswered, so that the link is still closing when it is looked at.
        try await withClient(.answer([])) { client, _ in
            await client.connect()
            while await !client.hasOpenLink { await Task.yield() }
            let ending = Task { await client.disconnect() }
            while await client.wantsLink { await Task.yield() }
            #expect(await client.hasLock)
            await ending.value
            #expect(await !client.hasLock)
        }
    }

    @Test func silenceOverAWebSocketLeadsToPolling() async throws {
        try await withClient(.answer([]), transport: .automatic, linkTimeout: .seconds(1)) { client, proxy in
            await client.connect()
            try await client.wait { $0.linkState == .online }
            #expect(proxy.seen.contains("polling"))
        }
    }

    @Test(
        "Beside a WebSocket that says nothing polling is begun, and the next program begins with it",
        arguments: [FilteringProxy.Rule.neverAnswer, .openAndSwallow, .answer([])])
    func silentWebSockets(_ rule: FilteringProxy.Rule) async throws {
        // The server's time limit exceeds that of the test: only the silence can lead to polling.
        let log = Log(awaiting: Self.upgraded)
        try await withClient(
            rule, transport: .automatic, linkTimeout: .seconds(120), logger: log.logger
        ) { client, proxy in
            await client.connect()
            try await client.wait { $0.linkState == .online }
            try await client.wait { $0.driver?.links?.present?.kind == .polling }
            try await client.wait { $0.driver?.links?.rival == nil }
            await client.disconnect()
            let before = proxy.seen.count
            let next = try ChatClient(configuration: client.configuration)
            await next.connect()
            try await next.wait { $0.linkState == .online }
            #expect(!proxy.seen.dropFirst(before).contains("websocket"))
            // The path is free again.
            proxy.apply(.pass)
            await next.disconnect()
            await next.connect()
            try await next.wait { $0.linkState == .online }
            if await !next.isOverWebSocket { try await log.wait() }
            #expect(await next.isOverWebSocket)
            await next.disconnect()
        }
    }

    @Test("An HTTP status instead of a session", arguments: TransportPreference.allCases)
    func status(transport: TransportPreference) async throws {
        try await withClient(.answerEverything(status: 400), transport: transport) { client, proxy in
            let endpoint = "127.0.0.1:\(proxy.port)"
            #expect(
                await failure(client) == .network(.webSocketRefused(status: 400, endpoint: endpoint)))
            let tried = Set(proxy.seen.filter { $0 != "rest" })
            switch transport {
            case .automatic: #expect(tried == ["websocket", "polling"])
            case .webSocket: #expect(tried == ["websocket"])
            case .polling, .upgrade: #expect(tried == ["polling"])
            }
        }
    }

    @Test("What is wished for is done", arguments: [TransportPreference.webSocket, .polling, .upgrade])
    func wishes(transport: TransportPreference) async throws {
        let log = Log(awaiting: Self.upgraded)
        try await withClient(.pass, transport: transport, logger: log.logger) { client, proxy in
            await client.connect()
            try await client.wait { $0.linkState == .online }
            if transport == .upgrade { try await log.wait() }
            #expect(await client.isOverWebSocket == (transport != .polling))
            let seen = proxy.seen.filter { $0 != "rest" }
            #expect(seen.first == (transport == .webSocket ? "websocket" : "polling"))
            #expect(seen.contains("websocket+sid") == (transport == .upgrade))
        }
    }

    @Test func upgradesThatAreCutLeadToPollingThatStays() async throws {
        try await withClient(.cutAfterTheProbe, transport: .automatic) { client, proxy in
            await client.connect()
            try await client.wait { $0.driver?.links?.transports.first == .pollingOnly }
            try await client.wait { $0.linkState == .online }
            #expect(proxy.seen.filter { $0 == "websocket+sid" }.count == 2)
            #expect(await client.isOverWebSocket == false)
        }
    }

    @Test(
        "A gateway in front of REST takes nothing away: neither the token nor what waits",
        arguments: [
            (401, "", #"{"error":"portal"}"#), (401, "", "null"), (401, "", "[]"), (401, "", #""sign in""#),
            (401, "", #"{"success":false,"error":"x"}"#),
            (403, "", #"{"success":false,"message":"blocked"}"#),
            (404, "", #"{"error":"no route"}"#), (413, "", "<html>"), (200, "", "<html>"), (200, "", "{}"),
            (200, "", #"{"success":true}"#), (502, "", "<html>"),
            (302, "Location: http://portal.invalid/\r\n", ""),
        ])
    func gateways(status: Int, head: String, body: String) async throws {
        try await withClient(.pass) { client, proxy in
            proxy.apply(.answerREST(status: status, head: head, body: body))
            await client.connect()
            // A temporary refusal is tried again later; nothing else keeps the link from coming up.
            let comesUp = status < 500
            try await client.wait {
                if case .offline(.rejected, .some) = $0.linkState { return !comesUp }
                return $0.linkState == .online && comesUp
            }
            try await client.wish(UserID(77), named: "Dora")
            await #expect(throws: ChatError.self) { try await client.contacts.list() }
            await #expect(throws: ChatError.self) { try await client.verifyToken() }
            #expect(await client.account != nil)
            #expect(try await client.freshness.hasUntoldWishes())
            if comesUp { #expect(await client.linkState == .online) }
        }
    }

    @Test(
        "What a proxy refuses goes by REST, or is marked alone; the rest goes", arguments: [403, 413],
        [true, false])
    func whatAProxyRefusesGoesByREST(status: Int, isRefusedEverywhere: Bool) async throws {
        let rule = FilteringProxy.Rule.refuseText("proibido", status: status, byREST: isRefusedEverywhere)
        try await withClient(.pass, transport: .automatic) { client, proxy in
            let bia = try await ChatClient(
                configuration: ClientConfiguration(
                    server: client.configuration.server,
                    directories: ClientDirectories(root: TemporaryDirectory().path),
                    logger: Logger(label: "bia") { _ in SwiftLogNoOpLogHandler() }
                )
            ).register(name: "Bia", email: "bia@exemplo.com", password: "segredo1").user.id
            proxy.apply(rule)
            await client.connect()
            try await client.wait { $0.linkState == .online }
            let texts = ["antes", "isto é proibido", "depois"]
            var names: [TempID] = []
            for text in texts { names.append(try await client.send(text, to: bia)) }
            var outcomes: [SendOutcome] = []
            for name in names {
                outcomes.append(try await client.outbox.outcome(of: name, timeout: .seconds(30)))
            }
            let isSent = outcomes.map { if case .sent = $0 { true } else { false } }
            #expect(isSent == [true, !isRefusedEverywhere, true])
            if isRefusedEverywhere {
                let word = status == 403 ? "Forbidden" : "Content Too Large"
                #expect(outcomes[1] == .failed(reason: "proxy: HTTP \(status) \(word)"))
            } else {
                #expect(try await client.contents(with: bia) == texts)
            }
            #expect(await client.linkState == .online)
        }
    }

    @Test func aRefusedTokenBehindAGatewayIsNotThrownAway() async throws {
        try await withClient(.pass) { client, proxy in
            proxy.apply(.answerREST(status: 401, body: #"{"error":"portal"}"#))
            // After the socket's refusal the client asks by REST, where the gateway answers.
            await client.replaceToken("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.AAAA")
            await client.connect()
            try await client.wait {
                if case .offline(.rejected, .some) = $0.linkState { true } else { false }
            }
            #expect(await client.account != nil)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func noAccountComesFromAnotherOrigin(status: Int) async throws {
        let elsewhere = try await TestServer()
        let other = try await elsewhere.proxy(.pass)
        try await withClient(.pass) { client, proxy in
            let head = "Location: http://127.0.0.1:\(other.port)/api/auth/me\r\n"
            proxy.apply(.answerREST(status: status, head: head, body: ""))
            let before = await client.token
            await #expect(throws: ChatError.self) {
                try await client.signIn(email: "eva@exemplo.com", password: "segredo1")
            }
            await #expect(throws: ChatError.self) { try await client.signIn(token: "other") }
            await #expect(throws: ChatError.self) { try await client.contacts.list() }
            #expect(await client.token == before)
            #expect(other.seen.isEmpty)
        }
        await elsewhere.stop()
    }

    @Test func aLoadBalancersCookieGoesAlong() async throws {
        let log = Log(awaiting: Self.upgraded)
        try await withClient(.affinity(cookie: "lb=m7"), transport: .automatic, logger: log.logger) {
            client, proxy in
            await client.connect()
            try await client.wait { $0.linkState == .online }
            try await log.wait()
            #expect(await client.isOverWebSocket)
            #expect(proxy.seen.filter { $0 == "websocket+sid" }.count == 1)
        }
    }

    private static let upgraded = "the link has changed to a websocket"

    /// A log of a client, in which a test waits for a message.
    private struct Log {
        private let events = AsyncStream<Void>.makeStream()
        let logger: Logger

        init(awaiting text: String) {
            let handler = Handler(text: text, continuation: events.continuation)
            logger = Logger(label: "client") { _ in handler }
        }

        func wait() async throws {
            try await withThrowingTaskGroup(of: Void.self) { [stream = events.stream] group in
                group.addTask { for await _ in stream { return } }
                // Only so that a failing test ends.
                group.addTask {
                    try await Task.sleep(for: .seconds(30))
                    throw TimeIsUp()
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }

        private struct Handler: LogHandler {
            let text: String
            let continuation: AsyncStream<Void>.Continuation
            var logLevel = Logger.Level.debug
            var metadata = Logger.Metadata()

            init(text: String, continuation: AsyncStream<Void>.Continuation) {
                self.text = text
                self.continuation = continuation
            }

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) {
                if "\(event.message)" == text { continuation.yield() }
            }
        }
    }
}

extension ChatClient {
    /// A contact that only the server can make.
    fileprivate func wish(_ user: UserID, named name: String) throws {
        _ = try session?.engine.wish(user, isWanted: true, name: name, at: .now)
        session?.engine.planWishes(at: .now)
        settle()
    }

    fileprivate var token: String? { session?.engine.token }

    fileprivate func replaceToken(_ token: String) {
        session?.engine.renewToken(token, at: .now)
        settle()
    }
}
