import ChatWire
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The handler of a connection: real bytes go in and out, and the test is the socket, the clock and the API.
@Suite struct HTTPConnectionHandlerTests {
    /// Keeps requests until the test answers them.
    private final class Desk: Sendable {
        private struct Waiting {
            let request: RouteRequest
            let continuation: CheckedContinuation<RouteResponse, Never>
        }

        private let waiting = Mutex<[Waiting]>([])
        private let cancelled = Mutex<[String]>([])

        /// The methods, paths and bodies of the requests that wait for an answer.
        var requests: [String] {
            waiting.withLock { waiting in
                waiting.map { entry in
                    "\(entry.request.method?.rawValue ?? "-") \(entry.request.path.pattern)"
                        + (entry.request.body.isEmpty
                            ? "" : " " + String(decoding: entry.request.body, as: UTF8.self))
                }
            }
        }

        /// The paths of the requests whose client has gone.
        var gone: [String] { cancelled.withLock { $0 } }

        func answer(_ request: RouteRequest) async -> RouteResponse {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    waiting.withLock { $0.append(Waiting(request: request, continuation: continuation)) }
                }
            } onCancel: {
                cancelled.withLock { $0.append(request.path.pattern) }
            }
        }

        /// Answers the request that has waited longest.
        func reply(_ response: RouteResponse) {
            let first = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            first?.continuation.resume(returning: response)
        }

        /// Lets every task end.
        func clear() {
            for entry in waiting.withLock({ $0 }) { entry.continuation.resume(returning: .ok("")) }
            waiting.withLock { $0 = [] }
        }
    }

    /// One connection to a service.
    private struct Line {
        let desk = Desk()
        let channel: EmbeddedChannel
        let wire: Wire
        let service: HTTPService

        init(
            registry: ConnectionRegistry = ConnectionRegistry(logger: .quiet), address: String = "192.0.2.7",
            configure: (inout HTTPService) -> Void = { _ in }
        ) throws {
            (channel, wire) = try EmbeddedChannel.connected(to: address)
            var service = HTTPService(
                requestBodyBytes: 1 << 20, requestTimeout: .seconds(75), allowedOrigins: .any, logger: .quiet,
                taskExecutor: EventLoopTaskExecutor(eventLoop: channel.embeddedEventLoop), realtime: [:]
            ) { [desk] request in await desk.answer(request) }
            configure(&service)
            self.service = service
            let lease = try #require(registry.add(channel))
            try channel.pipeline.syncOperations.addHandler(
                HTTPConnectionHandler(service: service, lease: lease))
        }

        func receive(_ text: String) throws { try channel.receive(text.utf8) }

        func reply(_ response: RouteResponse = .ok("{}")) {
            desk.reply(response)
            channel.embeddedEventLoop.run()
        }

        func advance(_ seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

        func tell(_ event: some Sendable) {
            channel.pipeline.fireUserInboundEventTriggered(event)
            channel.embeddedEventLoop.run()
        }

        /// The status lines of the answers since the last call.
        func statuses() -> [String] {
            wire.takeText().components(of: "HTTP/1.1 ").map { String($0.prefix { $0 != "\r\n" }) }
        }

        func end() {
            desk.clear()
            channel.embeddedEventLoop.run()
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    }

    private static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
    }

    private static func post(_ body: String, _ fields: String = "") -> String {
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
    }

    private func with(_ line: Line, _ body: (Line) throws -> Void) rethrows {
        defer { line.end() }
        try body(line)
    }

    // MARK: Answers

    @Test func anAnswerIsTheseBytes() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/health"))
            #expect(line.desk.requests == ["GET /health"])
            #expect(line.wire.take() == [])
            line.reply()
            #expect(
                line.wire.takeText() == """
                    HTTP/1.1 200 OK\r
                    Content-Type: application/json\r
                    Content-Length: 2\r
                    Access-Control-Allow-Origin: *\r
                    Access-Control-Allow-Headers: Content-Type, Authorization\r
                    Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS\r
                    Cache-Control: no-store\r
                    X-Content-Type-Options: nosniff\r
                    \r
                    {}
                    """)
            #expect(line.wire.endings == [])
        }
    }

    @Test func aHEADHasTheLengthAndNoBody() throws {
        try with(Line()) { line in
            try line.receive("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n")
            line.reply(.ok("12345"))
            let text = line.wire.takeText()
            #expect(text.contains("Content-Length: 5\r\n"))
            #expect(text.hasSuffix("\r\n\r\n"))
        }
    }

    /// Whether the connection persists, by the version and the field (RFC 9112 section 9.3).
    @Test(arguments: [
        ("1.1", "", nil, true), ("1.1", "Connection: close\r\n", "close", false), ("1.0", "", "close", false),
        ("1.0", "Connection: keep-alive\r\n", "keep-alive", true),
    ])
    func theClientDecidesWhetherTheConnectionPersists(
        version: String, field: String, answered: String?, persists: Bool
    ) throws {
        try with(Line()) { line in
            try line.receive("GET /a HTTP/\(version)\r\nHost: x\r\n\(field)\r\n")
            line.reply()
            let text = line.wire.takeText()
            #expect(text.hasPrefix("HTTP/\(version) 200 OK\r\n"))
            let fields = text.components(of: "\r\n").filter { $0.hasPrefix("Connection: ") }
            #expect(fields == (answered.map { ["Connection: \($0)"] } ?? []))
            #expect(line.wire.endings == (persists ? [] : [.output]))
            try line.receive(Self.get("/b"))
            #expect(line.desk.requests == (persists ? ["GET /b"] : []))
        }
    }

    /// The peer gets a few seconds to read the last answer and to close the connection itself.
    @Test func anEndedConnectionIsClosedAfterThreeSeconds() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a", "Connection: close\r\n"))
            line.reply()
            line.advance(2)
            #expect(line.wire.endings == [.output])
            line.advance(1)
            #expect(line.wire.endings == [.output, .all])
        }
    }

    @Test func anAnswerMayEndTheConnection() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a") + Self.get("/b"))
            var response = RouteResponse.ok("{}")
            response.closesConnection = true
            line.reply(response)
            #expect(line.wire.takeText().contains("\r\nConnection: close\r\n"))
            #expect(line.wire.endings == [.output])
            #expect(line.desk.requests == [])
        }
    }

    // MARK: One after the other

    @Test func pipelinedRequestsAreAnsweredOneAfterTheOther() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a") + Self.post("body") + Self.get("/c"))
            #expect(line.desk.requests == ["GET /a"])
            line.reply(.ok("1"))
            #expect(line.desk.requests == ["POST /a body"])
            line.reply(.ok("22"))
            #expect(line.desk.requests == ["GET /c"])
            line.reply(.ok("333"))
            let bodies = line.wire.takeText().components(of: "\r\n\r\n").dropFirst().map {
                $0.prefix { $0 != "H" }
            }
            #expect(bodies == ["1", "22", "333"])
        }
    }

    /// While a request is being answered, further ones stay in the client's kernel.
    @Test func nothingIsReadWhileARequestIsAnswered() throws {
        try with(Line()) { line in
            line.channel.read()
            #expect(line.wire.readCount == 1)
            try line.receive(Self.get("/a"))
            line.channel.read()
            #expect(line.wire.readCount == 1)
            line.reply()
            #expect(line.wire.readCount == 2)
        }
    }

    /// No further answer is made for a peer that has not read the last one.
    @Test func theNextRequestWaitsUntilTheAnswerWasTaken() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a") + Self.get("/b"))
            line.channel.setWritable(false)
            line.reply()
            #expect(line.statuses() == ["200 OK"])
            #expect(line.desk.requests == [])
            line.channel.setWritable(true)
            #expect(line.desk.requests == ["GET /b"])
        }
    }

    @Test func anAnswerCountsUntilItWasTaken() throws {
        let budget = ByteBudget<UserID>(each: 10, all: 10)
        try with(Line()) { line in
            try line.receive(Self.get("/a"))
            line.channel.setWritable(false)
            var response = RouteResponse.ok("12345")
            response.hold = budget.hold(5, for: UserID(1))
            line.reply(response)
            response.hold = nil
            #expect(budget.sum == 5)
            line.channel.setWritable(true)
            #expect(budget.sum == 0)
        }
    }

    // MARK: Bodies

    @Test(arguments: [1, 3, 1000])
    func aBodyMayComeInPieces(length: Int) throws {
        try with(Line()) { line in
            let request = Array(Self.post("{\"a\": 1}").utf8)
            var rest = request[...]
            while !rest.isEmpty {
                try line.channel.receive(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
            #expect(line.desk.requests == ["POST /a {\"a\": 1}"])
        }
    }

    /// A body that is too long is refused at its announcement, or where it exceeds the limit. The rest is not read.
    @Test(arguments: [
        "Content-Length: 17\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n1\r\nx",
    ])
    func aLongBodyIsRefused(rest: String) throws {
        let line = try Line { $0.admitRoute = { _, _ in .body(16) } }
        try with(line) { line in
            try line.receive("POST /a HTTP/1.1\r\nHost: x\r\n" + rest)
            #expect(line.statuses() == ["413 Content Too Large"])
            #expect(line.wire.endings == [.output])
            try line.receive("more" + Self.get("/b"))
            #expect(line.desk.requests == [] && line.wire.take() == [])
            #expect(line.service.bodies.sum == 0)
        }
    }

    /// The service's own limit holds, whatever a route would read.
    @Test func noRouteReadsMoreThanTheService() throws {
        let line = try Line {
            $0.requestBodyBytes = 4
            $0.admitRoute = { _, _ in .body(1000) }
        }
        try with(line) { line in
            try line.receive(Self.post("1234"))
            #expect(line.desk.requests == ["POST /a 1234"])
            line.reply()
            try line.receive(Self.post("12345"))
            #expect(line.statuses() == ["200 OK", "413 Content Too Large"])
        }
    }

    @Test func aRouteMayRefuseBeforeTheBodyArrives() throws {
        let line = try Line {
            $0.admitRoute = { request, announced in
                announced == 100 ? .refuse(.failure("no \(request.path.pattern)", status: 401)) : .body(1000)
            }
        }
        try with(line) { line in
            try line.receive(
                "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n")
            let text = line.wire.takeText()
            #expect(text.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
            #expect(text.hasSuffix(#"{"success":false,"message":"no /a"}"#))
            #expect(line.wire.endings == [.output])
        }
    }

    @Test(arguments: [
        ("1.1", "100-continue", true), ("1.1", "100-Continue", true), ("1.0", "100-continue", false),
        ("1.1", "x", false),
    ])
    func anExpectantClientIsTold(version: String, expectation: String, isTold: Bool) throws {
        try with(Line()) { line in
            try line.receive(
                "POST /a HTTP/\(version)\r\nHost: x\r\nExpect: \(expectation)\r\nContent-Length: 2\r\n\r\n")
            #expect(line.wire.takeText() == (isTold ? "HTTP/1.1 100 Continue\r\n\r\n" : ""))
            try line.receive("ok")
            #expect(line.desk.requests == ["POST /a ok"])
        }
    }

    /// The bytes of a body count for the peer's address until the request is answered.
    @Test func bodiesAreCountedUntilTheAnswer() throws {
        let bodies = ByteBudget<String>(each: 8, all: 100)
        let lines = try (0..<2).map { _ in try Line { $0.bodies = bodies } }
        defer { for line in lines { line.end() } }
        try lines[0].receive(Self.post("12345"))
        #expect(bodies.sum == 5)
        try lines[1].receive(Self.post("1234"))
        #expect(lines[1].statuses() == ["503 Service Unavailable"])
        #expect(lines[1].wire.endings == [.output])
        lines[0].reply()
        #expect(bodies.sum == 0)
    }

    /// Behind a trusted proxy the bytes count for the client that the proxy names. Anybody else is counted
    /// under their own address, whatever their fields say.
    @Test(arguments: [("192.0.2.0/24", [200, 503, 200]), ("198.51.100.1", [200, 503, 503])])
    func bodiesCountForTheClientOfAProxy(trusted: String, statuses: [Int]) throws {
        let bodies = ByteBudget<String>(each: 8, all: 100)
        let proxies = try TrustedProxies(parsing: trusted)
        let lines = try (0..<3).map { _ in
            try Line {
                $0.bodies = bodies
                $0.proxies = proxies
            }
        }
        defer { for line in lines { line.end() } }
        for (line, client) in zip(lines, ["203.0.113.1", "203.0.113.1", "203.0.113.2"]) {
            try line.receive(Self.post("12345", "X-Forwarded-For: \(client)\r\n"))
        }
        for line in lines { line.reply() }
        #expect(lines.map { $0.statuses().first.flatMap { Int($0.prefix(3)) } } == statuses)
        #expect(bodies.sum == 0)
    }

    /// The requests of one connection to a proxy may be different clients'.
    @Test func eachRequestOfAConnectionIsCountedForItsOwnClient() throws {
        let bodies = ByteBudget<String>(each: 8, all: 100)
        let proxies = try TrustedProxies(parsing: "192.0.2.7")
        let line = try Line {
            $0.bodies = bodies
            $0.proxies = proxies
        }
        try with(line) { line in
            for client in ["203.0.113.1", "203.0.113.2"] {
                try line.receive(Self.post("12345", "X-Forwarded-For: \(client)\r\n"))
                #expect(bodies.sum == 5)
                #expect(bodies.take(4, for: client) == false)
                line.reply()
                #expect(bodies.sum == 0)
            }
        }
    }

    @Test func aLostConnectionGivesItsBytesBack() throws {
        let bodies = ByteBudget<String>(each: 100, all: 100)
        let line = try Line { $0.bodies = bodies }
        try line.receive("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n12345")
        #expect(bodies.sum == 5)
        line.end()
        #expect(bodies.sum == 0)
    }

    // MARK: Bad requests

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", "400 Bad Request"), ("nonsense\r\n\r\n", "400 Bad Request"),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 100_000))\r\n\r\n",
            "431 Request Header Fields Too Large"
        ),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "501 Not Implemented"),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "400 Bad Request"),
    ])
    func aBadRequestEndsTheConnection(request: String, status: String) throws {
        try with(Line()) { line in
            try line.receive(request)
            #expect(line.statuses() == [status])
            #expect(line.wire.endings == [.output])
            try line.receive(Self.get("/a"))
            #expect(line.desk.requests == [])
        }
    }

    /// A request that was answered stays answered, although the next one is bad.
    @Test func aBadRequestWaitsForTheAnswerBeforeIt() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a") + "nonsense\r\n\r\n")
            #expect(line.wire.take() == [])
            line.reply()
            #expect(line.statuses() == ["200 OK", "400 Bad Request"])
        }
    }

    // MARK: Time

    @Test func anIdleConnectionIsClosed() throws {
        try with(Line()) { line in
            line.advance(74)
            #expect(line.wire.endings == [])
            line.advance(1)
            #expect(line.wire.endings == [.all])
        }
    }

    /// A head must be complete 20 seconds after its first byte, however often another byte comes.
    @Test func aTrickledHeadIsCutOff() throws {
        try with(Line()) { line in
            for byte in Self.get("/a").utf8.prefix(19) {
                try line.channel.receive([byte])
                line.advance(1)
            }
            #expect(line.wire.endings == [])
            line.advance(1)
            #expect(line.wire.endings == [.all])
        }
    }

    /// A body of 40,960 bytes may take 20 + 10 seconds.
    @Test func aTrickledBodyIsCutOff() throws {
        let line = try Line { $0.admitRoute = { _, _ in .body(1 << 20) } }
        try with(line) { line in
            try line.receive("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 40960\r\n\r\n")
            for _ in 0..<29 {
                line.advance(1)
                try line.receive("x")
            }
            #expect(line.wire.endings == [])
            line.advance(1)
            #expect(line.wire.endings == [.all])
        }
    }

    @Test func anAnswerMayTakeAnyTime() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a"))
            line.advance(86_400)
            #expect(line.wire.endings == [])
            line.reply()
            #expect(line.statuses() == ["200 OK"])
            line.advance(74)
            #expect(line.wire.endings == [])
            line.advance(1)
            #expect(line.wire.endings == [.all])
        }
    }

    // MARK: Ends

    @Test func aStopClosesAnIdleConnectionAtOnce() throws {
        try with(Line()) { line in
            line.tell(ServerIsStopping())
            #expect(line.wire.endings == [.all])
        }
    }

    @Test func aStopWaitsForTheAnswer() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a") + Self.get("/b"))
            line.tell(ServerIsStopping())
            #expect(line.wire.endings == [])
            line.reply()
            #expect(line.wire.takeText().contains("\r\nConnection: close\r\n"))
            #expect(line.wire.endings == [.output])
            #expect(line.desk.requests == [])
        }
    }

    /// RFC 9293 section 3.6: a peer that sends no more still reads.
    @Test func aHalfClosedConnectionIsAnswered() throws {
        try with(Line()) { line in
            try line.receive(Self.get("/a") + Self.get("/b"))
            line.tell(ChannelEvent.inputClosed)
            line.reply()
            #expect(line.desk.requests == ["GET /b"])
            #expect(line.wire.endings == [])
            line.reply()
            let answers = line.wire.takeText().components(of: "HTTP/1.1 ")
            #expect(answers.map { $0.contains("\r\nConnection: close\r\n") } == [false, true])
            #expect(line.wire.endings == [.output])
        }
    }

    @Test(arguments: ["", "GET / HT", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"])
    func aHalfClosedConnectionWithoutAWholeRequestIsClosed(beginning: String) throws {
        try with(Line()) { line in
            if !beginning.isEmpty { try line.receive(beginning) }
            line.tell(ChannelEvent.inputClosed)
            #expect(line.wire.endings == [.all])
        }
    }

    @Test func workForAClientThatHasGoneIsCancelled() throws {
        let line = try Line()
        try line.receive(Self.get("/a"))
        #expect(line.desk.gone == [])
        line.channel.close(promise: nil)
        line.channel.embeddedEventLoop.run()
        #expect(line.desk.gone == ["/a"])
        line.reply()
        #expect(line.wire.take() == [])
        line.end()
    }

    /// A connection of the same address without a whole request makes room. Those that are answered do not.
    @Test func unfinishedRequestsDisplaceTheOldest() throws {
        let registry = ConnectionRegistry(
            limits: ConnectionRegistry.Limits(unfinished: 2), logger: .quiet)
        let answered = try Line(registry: registry)
        try answered.receive(Self.get("/a"))
        let lines = try (0..<3).map { _ in try Line(registry: registry) }
        let elsewhere = try Line(registry: registry, address: "192.0.2.8")
        defer { for line in lines + [answered, elsewhere] { line.end() } }
        #expect(lines.map(\.wire.endings) == [[.all], [], []])
        #expect(answered.wire.endings == [] && elsewhere.wire.endings == [])
        try lines[1].receive(Self.get("/b"))
        // The head of a further request counts from its first byte.
        answered.reply()
        try answered.receive("G")
        #expect(lines.map(\.wire.endings) == [[.all], [], []])
        elsewhere.reply()
        let last = try Line(registry: registry)
        defer { last.end() }
        #expect(lines.map(\.wire.endings) == [[.all], [], [.all]])
    }

    // MARK: Other protocols

    /// The user of a websocket, who keeps what happens.
    private final class Listener: WebSocketUser, Sendable {
        private let texts = Mutex<[String]>([])
        var log: [String] { texts.withLock { $0 } }
        private func note(_ text: String) { texts.withLock { $0.append(text) } }

        func webSocketOpened(_ webSocket: WebSocketHandler) { note("opened") }
        func webSocket(_ webSocket: WebSocketHandler, received event: WebSocketEvent) {
            if case .text(let bytes) = event {
                note(String(decoding: bytes, as: UTF8.self))
            } else {
                note("\(event)")
            }
        }
        func webSocketBurstEnded(_ webSocket: WebSocketHandler) { note("burst") }
        func webSocketEnded(_ webSocket: WebSocketHandler) { note("ended") }
        func serverStops(_ webSocket: WebSocketHandler) { note("stop") }
    }

    private static let handshake = get(
        "/ws",
        """
        Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n
        """)

    /// The bytes behind the handshake are the websocket's, and so is everything after them.
    @Test func aWebSocketGetsWhatFollowsItsHandshake() throws {
        let listener = Listener()
        let line = try Line {
            $0.realtime["/ws"] = .webSocket(
                WebSocketHandler.Limits(
                    message: WebSocketLimits(messageLength: 100, fragmentCount: 10), backlogBytes: 1000)
            ) { listener }
        }
        try with(line) { line in
            var client = WebSocketConnection(role: .client)
            client.send(text: "early")
            try line.channel.receive(Array(Self.handshake.utf8) + client.takeOutput())
            let answer = line.wire.takeText()
            #expect(answer.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
            #expect(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            #expect(listener.log.prefix(3) == ["opened", "early", "burst"])
            client.send(text: "later")
            try line.channel.receive(client.takeOutput())
            #expect(listener.log.suffix(2) == ["later", "burst"])
            // The connection's time limit was that of a request.
            line.advance(1000)
            #expect(line.wire.endings == [])
        }
        #expect(listener.log.last == "ended")
    }

    @Test func aBadHandshakeIsAnsweredByHTTP() throws {
        let listener = Listener()
        let line = try Line {
            $0.realtime["/ws"] = .webSocket(
                WebSocketHandler.Limits(
                    message: WebSocketLimits(messageLength: 100, fragmentCount: 10), backlogBytes: 1000)
            ) { listener }
        }
        try with(line) { line in
            try line.receive(Self.get("/ws"))
            #expect(line.statuses() == ["400 Bad Request"])
            #expect(line.wire.endings == [.output])
            #expect(listener.log == [])
        }
    }
}

extension RouteResponse {
    fileprivate static func ok(_ body: String) -> RouteResponse {
        RouteResponse(status: 200, body: Array(body.utf8))
    }
}

extension String {
    /// The parts between the separators, empty ones left out.
    fileprivate func components(of separator: String) -> [String] {
        split(separator: separator).map(String.init)
    }
}
