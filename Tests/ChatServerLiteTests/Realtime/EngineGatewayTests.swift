import ChatWire
import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// What the entrance to a realtime path decides about a request.
@Suite struct EngineGatewayTests {
    private final class Endpoint: EngineEndpoint {
        var isBusy = false
        var account: UserID?
        func open(on connection: EngineConnection, now: MonotonicInstant) {}
        func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) {}
        func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) {}
        func receive(_ packet: EnginePacket, now: MonotonicInstant) {}
        func transportClosed() {}
        func burstEnded() {}
        var deadline: MonotonicInstant? { nil }
        func tick(now: MonotonicInstant) {}
    }

    private func gateway(
        _ policy: WirePolicy = .recorded, strangers: Int? = 100,
        behaviour: ServerBehaviour.Realtime = .extended,
        endpoint: @escaping @Sendable () -> any EngineEndpoint = { Endpoint() }
    ) -> EngineGateway {
        EngineGateway(
            settings: EngineGateway.Settings(
                pingInterval: .seconds(25), pingTimeout: .seconds(60), maxPayload: 1000, policy: policy,
                strangerBytes: strangers, behaviour: behaviour),
            sessions: EngineSessions(eventLoop: EmbeddedEventLoop())
        ) { _ in endpoint() }
    }

    private func verdict(
        _ gateway: EngineGateway, _ method: HTTPMethod, _ query: String,
        fields: [(String, String)] = [],
        origins: AllowedOrigins = .any
    ) -> String {
        var head = HTTPRequestHead(method: method.rawValue, target: "/socket.io/?" + query)
        for (name, value) in fields { try? head.headers.add(name, value) }
        switch gateway.verdict(on: head, query: QueryItems(query[...]), origins: origins) {
        case .respond(let response):
            return "\(response.status) \(String(decoding: response.body, as: UTF8.self))"
        case .open(let callback): return callback == nil ? "open" : "open with a callback"
        case .poll(let connection, let callback):
            return "poll \(connection.sid)" + (callback == nil ? "" : " with a callback")
        case .post(let connection): return "post \(connection.sid)"
        case .upgrade(let response, let connection): return "\(response.status) \(connection?.sid ?? "new")"
        }
    }

    private let handshake = [
        ("Host", "x"), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ]

    @Test func requestsWithoutASession() {
        let gateway = gateway()
        let version =
            #"400 "The client is using an unsupported version of the Socket.IO or Engine.IO protocols""#
        let table: [(HTTPMethod, String, String)] = [
            (.get, "EIO=4&transport=polling", "open"), (.get, "EIO=4", "open"),
            (.get, "EIO=3&transport=polling", version),
            (.get, "transport=polling", version), (.get, "EIO=4&transport=x", #"400 "Invalid transport""#),
            (.post, "EIO=4&transport=polling", #"400 "Invalid session None""#),
            (.post, "EIO=4&transport=websocket", #"400 "Invalid transport""#),
            (.get, "EIO=4&transport=polling&sid=x", #"400 "Invalid session x""#),
            (.get, "EIO=4&transport=polling&sid=", #"400 "Invalid session ""#),
            (.get, "EIO=4&transport=websocket", #"400 "Invalid websocket upgrade""#),
            (.options, "", "200 OK"), (.put, "EIO=4", "405 Method Not Found"),
            (.delete, "", "405 Method Not Found"),
        ]
        for (method, query, expected) in table {
            #expect(verdict(gateway, method, query) == expected, "\(method) \(query)")
        }
        #expect(verdict(gateway, .get, "EIO=4&transport=websocket", fields: handshake) == "101 new")
    }

    /// A name that comes back in the refusal is cut.
    @Test func aLongNameIsCut() {
        let name = String(repeating: "a", count: 1000)
        #expect(
            verdict(gateway(), .get, "EIO=4&sid=\(name)")
                == #"400 "Invalid session \#(String(repeating: "a", count: 64))""#)
    }

    @Test func thePublicSuitesDemandStricterAnswers() {
        let gateway = gateway(.strict)
        #expect(verdict(gateway, .get, "EIO=4") == #"400 "Invalid transport""#)
        #expect(verdict(gateway, .put, "EIO=4&transport=polling") == "400 Method Not Found")
        #expect(verdict(gateway, .get, "EIO=4&transport=polling") == "open")
    }

    @Test func requestsOfASessionGoToIt() {
        let gateway = gateway()
        let session = gateway.begin(.polling, for: ClientAddress(peer: "192.0.2.1"))
        let query = "EIO=4&transport=polling&sid=\(session.sid)"
        #expect(verdict(gateway, .get, query) == "poll \(session.sid)")
        #expect(verdict(gateway, .post, query) == "post \(session.sid)")
        let webSocket = "EIO=4&transport=websocket&sid=\(session.sid)"
        #expect(verdict(gateway, .get, webSocket, fields: handshake) == "101 \(session.sid)")
        session.end(code: .normal)
        #expect(verdict(gateway, .get, query) == #"400 "Invalid session \#(session.sid)""#)
    }

    /// Old pages ask for a script. Only the behaviour of the real server answers with one, and only for a number.
    @Test func scriptsAreForTheRealServersBehaviour() {
        let query = "EIO=4&transport=polling&j="
        #expect(verdict(gateway(), .get, query + "7") == "open")
        let recorded = gateway(behaviour: .recorded)
        #expect(verdict(recorded, .get, query + "7") == "open with a callback")
        #expect(verdict(recorded, .get, query + "alert(1)") == "open")
        let session = recorded.begin(.polling, for: ClientAddress(peer: "192.0.2.1"))
        #expect(
            verdict(recorded, .get, query + "0&sid=\(session.sid)") == "poll \(session.sid) with a callback")
    }

    @Test(arguments: [
        (nil, "open"), ("https://a.example", "open"), ("https://b.example", #"400 "Not an accepted origin""#),
    ])
    func pagesOfOtherOriginsGetNoSession(origin: String?, expected: String) {
        #expect(
            verdict(
                gateway(), .get, "EIO=4&transport=polling", fields: origin.map { [("Origin", $0)] } ?? [],
                origins: .only(["https://a.example"])) == expected)
    }

    // MARK: Before the body

    private func admission(
        _ gateway: EngineGateway, sid: String?, announced: Int?, query: String = "EIO=4&transport=polling"
    ) -> String {
        let whole = query + (sid.map { "&sid=" + $0 } ?? "")
        let head = HTTPRequestHead(method: "POST", target: "/socket.io/?" + whole)
        let admission = gateway.admit(
            head, query: QueryItems(whole[...]), origins: .any, announced: announced, small: 10, most: 1000)
        switch admission {
        case .body(let limit): return "body \(limit)"
        case .refuse(let response): return "\(response.status)"
        }
    }

    /// A long body is read for a signed-in account, and for one that is just signing in.
    @Test func onlyASignedInSessionMaySendMuch() {
        let endpoints = [Endpoint(), Endpoint(), Endpoint()]
        endpoints[1].isBusy = true
        endpoints[2].account = UserID(1)
        for (endpoint, expected) in zip(endpoints, ["body 10", "body 1000", "body 1000"]) {
            let bound = NIOLoopBound(endpoint, eventLoop: EmbeddedEventLoop())
            let gateway = gateway { bound.value }
            let session = gateway.begin(.polling, for: ClientAddress(peer: "192.0.2.1"))
            #expect(admission(gateway, sid: session.sid, announced: 500) == expected)
            #expect(admission(gateway, sid: session.sid, announced: nil) == expected)
            #expect(admission(gateway, sid: session.sid, announced: 10) == "body 10")
        }
    }

    /// A long body without a session is refused before it arrives; a short one is read and then refused.
    @Test func aBodyWithoutASessionIsRefusedAtOnce() {
        let gateway = gateway()
        #expect(admission(gateway, sid: nil, announced: 500) == "400")
        #expect(admission(gateway, sid: "x", announced: nil) == "400")
        #expect(admission(gateway, sid: "x", announced: 9) == "body 10")
    }

    /// The entrance passes on when the next session may begin, in words that a browser may read.
    @Test func aClientThatBeginsTooManySessionsWaits() {
        let refused = ClientAddress(peer: "192.0.2.1")
        let gateway = EngineGateway(
            settings: EngineGateway.Settings(
                pingInterval: .seconds(25), pingTimeout: .seconds(60), maxPayload: 1000, policy: .recorded),
            sessions: EngineSessions(eventLoop: EmbeddedEventLoop()), backlogs: nil,
            admitClient: { client throws(RequestLimiter.Refused) in
                if client == refused { throw RequestLimiter.Refused(wait: .milliseconds(2001)) }
            }
        ) { _, _ in Endpoint() }
        let response = gateway.refusal(of: refused)
        #expect(response?.status == 429 && response?.crossOrigin == .engine)
        #expect(response?.headers.fields.map { "\($0.name): \($0.value)" } == ["Retry-After: 3"])
        #expect(gateway.refusal(of: ClientAddress(peer: "192.0.2.2")) == nil)
        #expect(self.gateway().refusal(of: refused) == nil)
    }

    @Test func withoutSignInEveryBodyIsRead() {
        let gateway = gateway(strangers: nil)
        let session = gateway.begin(.polling, for: ClientAddress(peer: "192.0.2.1"))
        #expect(admission(gateway, sid: session.sid, announced: 500) == "body 1000")
        #expect(gateway.webSocketLimits.message.messageLength == 1000)
        #expect(self.gateway().webSocketLimits.message.messageLength == 100)
    }

    /// Names cannot be guessed, and no two are the same.
    @Test func namesAreLongAndDifferent() {
        let names = Set((0..<1000).map { _ in EngineGateway.randomName() })
        #expect(names.count == 1000)
        #expect(names.allSatisfy { $0.utf8.count == 20 && !$0.contains("=") })
    }

    @Test(arguments: [
        ("0", "payload", #"___eio[0]("payload");"#), ("17", "a\"b\n", #"___eio[17]("a\"b\n");"#),
    ])
    func aScriptIsACallWithText(number: String, body: String, script: String) throws {
        let callback = try #require(JSONPCallback(number))
        let response = RouteResponse(status: 200, body: Array(body.utf8))
        #expect(String(decoding: callback.wrap(response).body, as: UTF8.self) == script)
        let refusal = RouteResponse(status: 400, body: Array(body.utf8))
        #expect(callback.wrap(refusal) == refusal)
    }

    @Test(arguments: ["", "-1", "1.5", "a", "99999999999999999999", "0;alert(1)", "0)"])
    func anythingElseIsNoScript(text: String) {
        #expect(JSONPCallback(text) == nil)
    }
}
