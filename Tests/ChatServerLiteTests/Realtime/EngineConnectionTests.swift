import ChatWire
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// A session with its transports. The test is the client, the session's endpoint and the clock.
@Suite struct EngineConnectionTests {
    /// The end of a session: it keeps what it is told.
    private final class Endpoint: EngineEndpoint {
        var log: [String] = []
        var isBusy = false
        var account: UserID?
        var deadline: MonotonicInstant?
        /// The deadlines that follow the present one.
        var nextDeadlines: [MonotonicInstant] = []
        var ticks: [MonotonicInstant] = []
        private(set) var connection: EngineConnection?

        func open(on connection: EngineConnection, now: MonotonicInstant) {
            self.connection = connection
            log.append("open")
            connection.transmit(.text(Array("0{}".utf8)))
        }
        func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) {
            log.append("text \(String(decoding: text, as: UTF8.self))")
        }
        func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) {
            log.append("binary \(Array(binary))")
        }
        func receive(_ packet: EnginePacket, now: MonotonicInstant) {
            switch packet {
            case .message(.text(let text)):
                log.append("message \(String(decoding: text, as: UTF8.self))")
                if text.elementsEqual("busy".utf8) { isBusy = true }
            case .message(.binary(let bytes)): log.append("bytes \(Array(bytes))")
            default: log.append("packet \(packet)")
            }
        }
        func transportClosed() {
            log.append("closed")
            connection?.end(code: .normal)
        }
        func burstEnded() { log.append("burst") }
        func tick(now: MonotonicInstant) {
            ticks.append(now)
            deadline = nextDeadlines.isEmpty ? nil : nextDeadlines.removeFirst()
        }
    }

    /// A session, and the answers that its client has got, by name.
    private final class Session {
        let loop: EmbeddedEventLoop
        let sessions: EngineSessions
        let endpoint = Endpoint()
        let connection: EngineConnection
        private(set) var answers: [String] = []

        init(
            _ start: EngineServerTransport.Start = .polling, loop: EmbeddedEventLoop = EmbeddedEventLoop(),
            backlog: Int = 1000, backlogs: ByteBudget<UserID>? = nil,
            behaviour: ServerBehaviour.Realtime = .extended, sessions: EngineSessions? = nil
        ) {
            self.loop = loop
            let sessions = sessions ?? EngineSessions(eventLoop: loop)
            self.sessions = sessions
            connection = EngineConnection(
                sid: EngineGateway.randomName(),
                transport: EngineServerTransport(start, maxPayload: 1000, queuedBytesMax: backlog),
                endpoint: endpoint, sessions: sessions, eventLoop: loop, maxPayload: 1000, backlogs: backlogs,
                behaviour: behaviour)
            sessions.add(connection)
        }

        /// Begins a polling session, whose first GET is answered at once.
        func begin() {
            connection.open(answer: answer("open"))
            #expect(take() == ["open 200 0{}"])
            endpoint.log = []
        }

        func answer(_ name: String) -> EngineConnection.Answer {
            { [unowned self] response in
                answers.append("\(name) \(response.status) \(String(decoding: response.body, as: UTF8.self))")
            }
        }

        func get(_ name: String = "get") { connection.poll(answer(name)) }

        func post(_ body: String, _ name: String = "post") { connection.post(Array(body.utf8), answer(name)) }

        func send(_ text: String) { connection.transmit(.text(Array(text.utf8))) }

        func take() -> [String] {
            loop.run()
            defer { answers = [] }
            return answers
        }

        func log() -> [String] {
            loop.run()
            defer { endpoint.log = [] }
            return endpoint.log
        }
    }

    // MARK: Polling

    @Test func aSessionOpensWithItsFirstGET() {
        let session = Session()
        session.connection.open(answer: session.answer("first"))
        #expect(session.log() == ["open", "burst"])
        #expect(session.take() == ["first 200 0{}"])
        #expect(session.sessions[session.connection.sid] === session.connection)
    }

    @Test func framesWaitForAGETAndGoOutTogether() {
        let session = Session()
        session.begin()
        session.get()
        #expect(session.take() == [])
        session.send("4a")
        #expect(session.take() == ["get 200 4a"])
        session.send("4b")
        session.send("4c")
        #expect(session.take() == [])
        session.get()
        #expect(session.take() == ["get 200 4b\u{1E}4c"])
    }

    @Test func aPOSTIsAnsweredAfterItsPacketsWereDelivered() {
        let session = Session()
        session.begin()
        session.post("4a\u{1E}4b\u{1E}bAQI=")
        #expect(session.log() == ["message a", "message b", "bytes [1, 2]", "burst"])
        #expect(session.take() == ["post 200 ok"])
    }

    @Test func theRealServerSaysOKInCapitals() {
        let session = Session(behaviour: .recorded)
        session.begin()
        session.post("4a")
        #expect(session.take() == ["post 200 OK"])
    }

    /// While the endpoint is busy, for example with a sign-in, the rest of a POST waits, and so does its answer.
    @Test func aBusyEndpointGetsNothingFurther() {
        let session = Session()
        session.begin()
        session.post("4a\u{1E}4busy\u{1E}4b\u{1E}4busy\u{1E}4c")
        #expect(session.log() == ["message a", "message busy", "burst"])
        #expect(session.take() == [])
        session.endpoint.isBusy = false
        session.connection.resume()
        #expect(session.log() == ["message b", "message busy", "burst"])
        #expect(session.take() == [])
        session.endpoint.isBusy = false
        session.connection.resume()
        #expect(session.log() == ["message c", "burst"])
        #expect(session.take() == ["post 200 ok"])
    }

    @Test func anEndAnswersThePOSTThatWaits() {
        let session = Session()
        session.begin()
        session.post("4busy\u{1E}4b")
        session.connection.end(code: .normal)
        #expect(session.take() == [#"post 400 "Invalid session""#])
        #expect(session.log() == ["message busy", "burst"])
    }

    /// A client sends one POST after the other. A second one at the same time ends the session.
    @Test func twoPOSTsAtOnceEndTheSession() {
        let session = Session()
        session.begin()
        session.post("4busy\u{1E}4b", "first")
        session.post("4c", "second")
        #expect(session.take() == [#"second 400 "Invalid session""#, #"first 400 "Invalid session""#])
        #expect(session.log() == ["message busy", "burst", "closed"])
        #expect(session.sessions[session.connection.sid] == nil)
    }

    @Test func twoGETsAtOnceEndTheSession() {
        let session = Session()
        session.begin()
        session.get("first")
        session.get("second")
        #expect(session.take() == ["first 200 1", #"second 400 "Unexpected HTTP request""#])
        #expect(session.log() == ["closed"])
        session.get("third")
        #expect(session.take() == [#"third 400 "Unexpected HTTP request""#])
    }

    @Test func anAbandonedGETEndsTheSession() {
        let session = Session()
        session.begin()
        session.get()
        session.connection.pollAborted()
        // The end comes in a later turn of the event loop: the caller may be sending to an audience.
        #expect(session.endpoint.log == [])
        #expect(session.log() == ["closed"])
        #expect(session.take() == [])
    }

    // MARK: Clients that close their sending side

    @Test func aHalfClosedGETIsAnsweredAndTheClientMayComeBack() {
        let session = Session()
        session.begin()
        let now = ServerClock.monotonic()
        session.get()
        session.connection.pollEnded()
        #expect(session.take() == ["get 200 6"])
        session.get()
        session.connection.tick(now: now + .seconds(60))
        #expect(session.log() == [])
        session.send("4a")
        #expect(session.take() == ["get 200 4a"])
    }

    @Test func aClientThatDoesNotComeBackIsLost() {
        let session = Session()
        session.begin()
        session.get()
        session.connection.pollEnded()
        let end = ServerClock.monotonic() + .seconds(5)
        session.connection.tick(now: end - .seconds(1))
        #expect(session.log() == [])
        session.connection.tick(now: end)
        #expect(session.log() == ["closed"])
    }

    @Test func withoutAGETThereIsNothingToComeBackFor() {
        let session = Session()
        session.begin()
        session.connection.pollEnded()
        session.connection.tick(now: ServerClock.monotonic() + .seconds(60))
        #expect(session.log() == [] && session.take() == [])
    }

    // MARK: Limits

    @Test func whatWaitsForAGETIsLimited() {
        let session = Session(backlog: 10)
        session.begin()
        session.send("4567")
        session.send("4567890")
        #expect(session.log() == ["closed"])
    }

    /// The bytes that wait count for the account, from the sign-in on.
    @Test func whatWaitsCountsForTheAccount() {
        let budget = ByteBudget<UserID>(each: 12, all: 100)
        let session = Session(backlogs: budget)
        session.begin()
        session.endpoint.account = UserID(7)
        session.send("4567")
        let before = budget.sum
        #expect(before >= 4)
        session.get()
        #expect(budget.sum == 0)
        #expect(session.take() == ["get 200 4567"])
        session.send("45678901")
        #expect(session.log() == [])
        session.send("45678901")
        #expect(session.log() == ["closed"])
        #expect(budget.sum == 0)
    }

    // MARK: Ends

    @Test func aStopIsTheLastPacketOfAGET() {
        let session = Session()
        session.begin()
        session.get()
        session.connection.goAway()
        #expect(session.take() == ["get 200 1"])
        #expect(session.log() == ["closed"])
        #expect(session.sessions[session.connection.sid] == nil)
    }

    @Test func anEndedSessionHearsNothing() {
        let session = Session()
        session.begin()
        session.connection.end(code: .normal)
        session.connection.end(code: .internalError)
        session.send("4a")
        session.post("4b")
        session.connection.tick(now: ServerClock.monotonic() + .seconds(600))
        session.connection.dismiss()
        #expect(session.log().filter { $0 != "burst" } == [])
        #expect(session.take() == [#"post 400 "Invalid session""#])
    }

    // MARK: Time

    /// Small delays do not add up: a deadline that is met within 100 ms counts as met exactly. After a longer stall the
    /// peer gets its full time.
    @Test func smallDelaysDoNotAddUp() {
        let session = Session()
        session.begin()
        let start = ServerClock.monotonic() + .seconds(60)
        session.endpoint.deadline = start
        session.endpoint.nextDeadlines = [start + .milliseconds(30), start + .milliseconds(500)]
        session.connection.tick(now: start + .milliseconds(50))
        #expect(session.endpoint.ticks == [start, start + .milliseconds(30)])
        session.connection.tick(now: start + .milliseconds(499))
        #expect(session.endpoint.ticks.count == 2)
        session.connection.tick(now: start + .milliseconds(700))
        #expect(session.endpoint.ticks.last == start + .milliseconds(700))
    }

    // MARK: Websockets

    /// A websocket in memory, whose user is a session.
    private final class Socket {
        let channel: EmbeddedChannel
        let wire: Wire
        private var machine = WebSocketConnection(role: .client)

        init(_ session: Session) throws {
            (channel, wire) = try EmbeddedChannel.connected()
            try channel.pipeline.syncOperations.addHandler(
                WebSocketHandler(
                    user: session.connection,
                    limits: WebSocketHandler.Limits(
                        message: WebSocketLimits(messageLength: 1000, fragmentCount: 10), backlogBytes: 1000),
                    logger: .quiet))
        }

        func send(_ texts: String...) throws {
            for text in texts { machine.send(text: text) }
            try channel.receive(machine.takeOutput())
        }

        func received() -> [String] {
            machine.receive(wire.take())
            var events: [String] = []
            while let event = machine.nextEvent() {
                switch event {
                case .text(let bytes): events.append(String(decoding: bytes, as: UTF8.self))
                case .close(let code, let reason): events.append("close \(code?.rawValue ?? 0) \(reason)")
                default: events.append("\(event)")
                }
            }
            return events
        }

        func end() { _ = try? channel.finish(acceptAlreadyClosed: true) }
    }

    @Test func aWebSocketCarriesFramesAsTheyAre() throws {
        let session = Session(.webSocket)
        let socket = try Socket(session)
        defer { socket.end() }
        #expect(session.log() == ["open", "burst"])
        #expect(socket.received() == ["0{}"])
        try socket.send("4a", "4b")
        #expect(session.log() == ["text 4a", "text 4b", "burst"])
        session.send("4c")
        #expect(socket.received() == [])
        session.connection.flush()
        #expect(socket.received() == ["4c"])
    }

    @Test func aLostWebSocketEndsTheSession() throws {
        let session = Session(.webSocket)
        let socket = try Socket(session)
        socket.end()
        #expect(session.log() == ["open", "burst", "closed"])
        #expect(session.sessions[session.connection.sid] == nil)
    }

    @Test func anEndClosesTheWebSocketWithItsCode() throws {
        let session = Session(.webSocket)
        let socket = try Socket(session)
        defer { socket.end() }
        _ = socket.received()
        session.connection.end(code: .tryAgainLater, reason: "later")
        #expect(socket.received() == ["close 1013 later"])
        #expect(socket.wire.endings == [.output])
    }

    @Test func aStopSaysThatTheServerGoesAway() throws {
        let session = Session(.webSocket)
        let socket = try Socket(session)
        defer { socket.end() }
        _ = socket.received()
        socket.channel.pipeline.fireUserInboundEventTriggered(ServerIsStopping())
        #expect(socket.received() == ["close 1001 the server is stopping"])
        #expect(session.log() == ["open", "burst", "closed"])
    }

    // MARK: The upgrade

    @Test func pollingBecomesAWebSocket() throws {
        let session = Session()
        session.begin()
        session.get()
        let socket = try Socket(session)
        defer { socket.end() }
        try socket.send("2probe")
        #expect(socket.received() == ["3probe"])
        // The open GET is released, so that the client can stop polling.
        #expect(session.take() == ["get 200 6"])
        session.send("4queued")
        try socket.send("5")
        session.connection.flush()
        #expect(socket.received() == ["4queued"])
        try socket.send("4a")
        #expect(session.log().filter { $0 != "burst" } == ["text 4a"])
        session.get()
        #expect(session.take() == [#"get 400 "Unexpected HTTP request""#])
    }

    /// A candidate that speaks of anything else, or that goes, changes nothing.
    @Test(arguments: ["5", "4a", "2", "x", ""])
    func aBadCandidateIsClosed(first: String) throws {
        let session = Session()
        session.begin()
        let socket = try Socket(session)
        defer { socket.end() }
        try socket.send(first)
        #expect(socket.wire.endings == [.output])
        session.send("4a")
        session.get()
        #expect(session.take() == ["get 200 4a"])
        #expect(session.log().filter { $0 != "burst" } == [])
    }

    @Test func aLostCandidateChangesNothing() throws {
        let session = Session()
        session.begin()
        session.get()
        let socket = try Socket(session)
        try socket.send("2probe")
        #expect(session.take() == ["get 200 6"])
        socket.end()
        session.send("4a")
        session.get()
        #expect(session.take() == ["get 200 4a"])
        #expect(session.log() == [])
    }

    @Test func aSecondCandidateIsTurnedAway() throws {
        let session = Session()
        session.begin()
        let first = try Socket(session)
        let second = try Socket(session)
        defer {
            first.end()
            second.end()
        }
        #expect(second.wire.endings == [.output])
        try first.send("2probe", "5")
        #expect(first.received() == ["3probe"])
        #expect(first.wire.endings == [])
    }
}

/// The sessions of a server by name.
@Suite struct EngineSessionsTests {
    private final class Endpoint: EngineEndpoint {
        var closed = 0
        var ticks = 0
        private var connection: EngineConnection?
        func open(on connection: EngineConnection, now: MonotonicInstant) { self.connection = connection }
        func receive(text: ArraySlice<UInt8>, now: MonotonicInstant) {}
        func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant) {}
        func receive(_ packet: EnginePacket, now: MonotonicInstant) {}
        func transportClosed() {
            closed += 1
            connection?.end(code: .normal)
        }
        func burstEnded() {}
        var isBusy: Bool { false }
        var deadline: MonotonicInstant? { ticks == 0 ? MonotonicInstant(nanoseconds: 0) : nil }
        func tick(now: MonotonicInstant) { ticks += 1 }
    }

    private struct World {
        let loop = EmbeddedEventLoop()
        let sessions: EngineSessions
        var connections: [EngineConnection] = []
        var endpoints: [Endpoint] = []

        init(strangersMax: Int) { sessions = EngineSessions(eventLoop: loop, strangersMax: strangersMax) }

        mutating func add(_ count: Int = 1) {
            for _ in 0..<count {
                let endpoint = Endpoint()
                let connection = EngineConnection(
                    sid: "s\(connections.count)", transport: EngineServerTransport(.polling, maxPayload: 100),
                    endpoint: endpoint, sessions: sessions, eventLoop: loop, maxPayload: 100, backlogs: nil,
                    behaviour: .extended)
                connections.append(connection)
                endpoints.append(endpoint)
                sessions.add(connection)
                connection.open()
                loop.run()
            }
        }

        /// The numbers of the sessions that are there.
        var present: [Int] { connections.indices.filter { sessions["s\($0)"] != nil } }
    }

    @Test func theOldestStrangerMakesRoom() {
        var world = World(strangersMax: 3)
        world.add(3)
        #expect(world.present == [0, 1, 2])
        world.add()
        #expect(world.present == [1, 2, 3])
        #expect(world.endpoints.map(\.closed) == [1, 0, 0, 0])
    }

    /// Whoever has signed in counts no longer, and is never displaced.
    @Test func whoHasSignedInStays() {
        var world = World(strangersMax: 2)
        world.add(2)
        world.sessions.settle(world.connections[0])
        world.sessions.settle(world.connections[0])
        world.add()
        #expect(world.present == [0, 1, 2])
        world.add()
        #expect(world.present == [0, 2, 3])
    }

    @Test func aSessionThatHasEndedMakesRoom() {
        var world = World(strangersMax: 2)
        world.add(2)
        world.connections[0].end(code: .normal)
        world.sessions.remove(world.connections[0])
        world.add()
        #expect(world.present == [1, 2])
        // A settled session that ends does not count twice.
        world.sessions.settle(world.connections[1])
        world.connections[1].end(code: .normal)
        world.add()
        #expect(world.present == [2, 3])
        world.add()
        #expect(world.present == [3, 4])
    }

    /// Sessions come, sign in and go in any order. Those present are always what a plain list says.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func itAgreesWithAList(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = World(strangersMax: 5)
        var strangers: [Int] = []
        var settled: Set<Int> = []
        for step in 0..<600 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                world.add()
                strangers.append(world.connections.count - 1)
                if strangers.count > 5 { strangers.removeFirst() }
            case 2:
                guard let number = strangers.randomElement(using: &random) else { continue }
                world.sessions.settle(world.connections[number])
                strangers.removeAll { $0 == number }
                settled.insert(number)
            default:
                guard let number = (strangers + settled.sorted()).randomElement(using: &random) else {
                    continue
                }
                world.connections[number].end(code: .normal)
                strangers.removeAll { $0 == number }
                settled.remove(number)
            }
            #expect(world.present == (strangers + settled).sorted(), "seed \(seed), step \(step)")
        }
    }

    @Test func everySessionIsTicked() {
        var world = World(strangersMax: 10)
        world.add(3)
        world.sessions.tick()
        #expect(world.endpoints.map(\.ticks) == [1, 1, 1])
    }
}
