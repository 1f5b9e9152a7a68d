import ChatWire
import Testing

/// Scripts: calls and the actions that they must return.
@Suite struct EngineSessionTests {
    private static let handshake = EngineHandshake(
        sid: "x", pingInterval: .seconds(25), pingTimeout: .seconds(20), maxPayload: 100)
    private static let open = EnginePacket.open(handshake).frame.bytes[...]

    private func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
    }

    private func text(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private func frame(_ text: String) -> EngineSession.Action { .transmit(.text(Array(text.utf8))) }

    private func openClient(_ policy: WirePolicy = .recorded) -> EngineSession {
        var session = EngineSession(role: .client(openTimeout: .seconds(10)), policy: policy)
        #expect(session.start(now: at(0)) == [])
        #expect(session.receive(text: Self.open, now: at(1)) == [.opened(Self.handshake)])
        return session
    }

    private func openServer(_ policy: WirePolicy = .recorded) -> EngineSession {
        var session = EngineSession(role: .server(Self.handshake), policy: policy)
        #expect(session.start(now: at(0)) == [.transmit(.text(Array(Self.open)))])
        return session
    }

    // MARK: - Opening

    @Test func `a client waits for the handshake`() {
        var session = EngineSession(role: .client(openTimeout: .seconds(10)))
        #expect(session.deadline == nil && session.tick(now: at(99)) == [])
        #expect(session.start(now: at(0)) == [])
        #expect(session.start(now: at(5)) == [])
        #expect(session.deadline == at(10) && !session.isOpen)
        #expect(session.send(.text([0x34])) == [])
        #expect(session.receive(text: text("4early"), now: at(1)) == [])
        #expect(session.receive(text: Self.open, now: at(2)) == [.opened(Self.handshake)])
        #expect(session.isOpen && session.handshake == Self.handshake && session.deadline == at(47))
        #expect(session.receive(text: Self.open, now: at(3)) == [])
    }

    @Test func `a server that never opens is given up`() {
        var session = EngineSession(role: .client(openTimeout: .seconds(10)))
        #expect(session.start(now: at(0)) == [])
        #expect(session.tick(now: at(9.999)) == [])
        #expect(session.tick(now: at(10)) == [.closed(.openTimeout)])
        #expect(session.isClosed && session.deadline == nil)
        #expect(session.receive(text: Self.open, now: at(11)) == [])
        #expect(session.tick(now: at(99)) == [] && session.close() == [] && session.transportClosed() == [])
    }

    @Test(arguments: [WirePolicy.strict, .recorded])
    func `a broken handshake ends a client under any policy`(policy: WirePolicy) {
        var session = EngineSession(role: .client(openTimeout: .seconds(10)), policy: policy)
        _ = session.start(now: at(0))
        #expect(session.receive(text: text("0{}"), now: at(0)) == [.closed(.violation(.invalidHandshake))])
    }

    // MARK: - Heartbeat

    @Test func `a server pings and waits for the pong`() {
        var session = openServer()
        #expect(session.deadline == at(25))
        #expect(session.tick(now: at(24)) == [])
        #expect(session.tick(now: at(25.5)) == [frame("2")])
        #expect(session.deadline == at(45.5))
        #expect(session.tick(now: at(30)) == [])
        #expect(session.receive(text: text("3"), now: at(31)) == [])
        #expect(session.deadline == at(56))
        #expect(session.tick(now: at(56)) == [frame("2")])
        // Other traffic is not a pong.
        #expect(session.receive(text: text("4x"), now: at(70)) == [.message(.text(text("x")))])
        #expect(session.tick(now: at(75.9)) == [])
        #expect(session.tick(now: at(76)) == [.closed(.heartbeatTimeout)])
    }

    @Test func `a pong that nobody asked for moves nothing`() {
        var session = openServer(.strict)
        #expect(session.receive(text: text("3"), now: at(20)) == [])
        #expect(session.deadline == at(25))
    }

    @Test func `a client pongs and waits for the ping`() {
        var session = openClient()
        #expect(session.deadline == at(46))
        #expect(session.receive(text: text("2"), now: at(26)) == [frame("3")])
        #expect(session.deadline == at(71))
        #expect(session.receive(text: text("2probe"), now: at(40)) == [frame("3probe")])
        #expect(session.receive(text: text("4x"), now: at(80)) == [.message(.text(text("x")))])
        #expect(session.tick(now: at(84.9)) == [])
        #expect(session.tick(now: at(85)) == [.closed(.heartbeatTimeout)])
    }

    @Test func `the wrong direction is passed over or ends it`() {
        var server = openServer()
        #expect(server.receive(text: text("2"), now: at(1)) == [] && server.isOpen)
        #expect(server.receive(text: text("2abc"), now: at(1)) == [] && server.isOpen)
        var client = openClient()
        #expect(client.receive(text: text("3"), now: at(1)) == [] && client.isOpen)
        let end: [EngineSession.Action] = [.closed(.violation(.wrongHeartbeatDirection))]
        server = openServer(.strict)
        #expect(server.receive(text: text("2"), now: at(1)) == end)
        client = openClient(.strict)
        #expect(client.receive(text: text("3"), now: at(1)) == end)
    }

    // MARK: - Messages

    @Test func `messages go through`() {
        for var session in [openClient(), openServer()] {
            #expect(session.receive(text: text("4"), now: at(2)) == [.message(.text([]))])
            #expect(session.receive(text: text("4é\n"), now: at(2)) == [.message(.text(text("é\n")))])
            #expect(session.receive(binary: [1, 2], now: at(2)) == [.message(.binary([1, 2]))])
            #expect(session.send(.binary([7])) == [.transmit(.binary([7]))])
            #expect(session.send(EncodedPacket(bytes: Array("42[]".utf8))) == [frame("42[]")])
            #expect(session.receive(text: text("5"), now: at(2)) == [])
            #expect(session.receive(text: text("6"), now: at(2)) == [])
        }
    }

    @Test(arguments: [WirePolicy.strict, .recorded])
    func `what is beyond maxPayload ends it`(policy: WirePolicy) {
        let big = [0x34] + [UInt8](repeating: 0x78, count: 100)
        for makeSession in [openClient, openServer] {
            var session = makeSession(policy)
            #expect(session.receive(text: big.dropLast(), now: at(2)) == [.message(.text(big[1..<100]))])
            let reason = EngineCloseReason.violation(.tooBig(length: 101, limit: 100))
            #expect(session.receive(text: big[...], now: at(2)) == [.closed(reason)])
            #expect(reason.webSocketCloseCode == 1009)
            session = makeSession(policy)
            #expect(session.receive(binary: big[...], now: at(2)) == [.closed(reason)])
        }
    }

    @Test(
        arguments: [("", .emptyPacket), ("9", .unknownPacketType(0x39)), ("0{}", .invalidHandshake)]
            as [(String, EngineError)])
    func `nonsense is passed over or ends it`(nonsense: String, error: EngineError) {
        for makeSession in [openClient, openServer] {
            var session = makeSession(.recorded)
            #expect(session.receive(text: text(nonsense), now: at(2)) == [] && session.isOpen)
            session = makeSession(.strict)
            #expect(session.receive(text: text(nonsense), now: at(2)) == [.closed(.violation(error))])
            #expect(session.receive(text: text("4x"), now: at(2)) == [])
        }
    }

    // MARK: - Closing

    @Test func `both sides can end it`() {
        for makeSession in [openClient, openServer] {
            var session = makeSession(.recorded)
            #expect(session.receive(text: text("1"), now: at(2)) == [.closed(.peer)])
            #expect(session.send(.text([0x34])) == [] && session.handshake == nil)
            session = makeSession(.recorded)
            #expect(session.close() == [frame("1"), .closed(.local)])
            #expect(session.close() == [])
            session = makeSession(.recorded)
            #expect(session.transportClosed() == [.closed(.transport)])
            #expect(session.transportClosed() == [])
        }
        var session = EngineSession(role: .client(openTimeout: .seconds(1)))
        #expect(session.close() == [.closed(.local)])
        #expect(session.start(now: at(0)) == [])
    }

    /// A client and a server that only hear each other stay together for a day, and part when the line goes silent.
    @Test func `a quiet session lives on its heartbeat`() {
        var server = EngineSession(role: .server(Self.handshake))
        var client = EngineSession(role: .client(openTimeout: .seconds(10)), policy: .strict)
        var now = at(0)
        var toClient = server.start(now: now)
        var pings = 0
        _ = client.start(now: now)
        for _ in 0..<3456 {
            for case .transmit(.text(let frame)) in toClient {
                for case .transmit(.text(let answer)) in client.receive(text: frame[...], now: now) {
                    #expect(server.receive(text: answer[...], now: now) == [])
                    pings += 1
                }
            }
            now = server.deadline ?? now
            #expect(client.tick(now: now) == [])
            toClient = server.tick(now: now)
        }
        #expect(pings == 3455 && now == at(86400) && client.isOpen && server.isOpen)
        #expect(server.tick(now: server.deadline ?? now) == [.closed(.heartbeatTimeout)])
        #expect(client.tick(now: client.deadline ?? now) == [.closed(.heartbeatTimeout)])
    }
}
