import ChatWire
import TestSupport
import Testing

/// A client and a server over a line. Its answers come in any order that HTTP and a websocket allow, drawn from a
/// seed. However the upgrade goes or fails, every message arrives once and in order, both ways.
@Suite struct UpgradeSimulationTests {
    struct Line {
        var generator: SeededGenerator
        var now = MonotonicInstant(nanoseconds: 0)
        let webSocketWorks: Bool

        var client = SocketConnection.client(policy: .strict)
        var server: SocketConnection
        var clientTransport = EngineClientTransport(.polling(upgrades: true))
        var serverTransport: EngineServerTransport

        // What is in flight. GETs and POSTs are answered in any order relative to each other; a websocket keeps its
        // order. Nil is the closing of the websocket.
        var gets = 0
        var pollAnswers: [(status: Int, body: [UInt8])] = []
        var posts: [[UInt8]] = []
        var postAnswers: [Int] = []
        var webSocketOpening = false
        var toServer: [EngineFrame?] = []
        var toClient: [EngineFrame?] = []

        var heardByClient: [Int64] = []
        var heardByServer: [Int64] = []
        var saidByClient: Int64 = 0
        var saidByServer: Int64 = 0
        var isConnected = false
        var closings: [String] = []

        init(seed: UInt64) {
            generator = SeededGenerator(seed: seed)
            webSocketWorks = seed % 4 != 0
            let handshake = EngineHandshake(sid: "s", upgrades: ["websocket"], maxPayload: 300)
            server = .server(handshake, policy: .strict, connectTimeout: nil)
            serverTransport = EngineServerTransport(.polling, maxPayload: 300, policy: .strict)
            carryOut(atClient: client.start(now: now))
            carryOut(atServer: server.start(now: now))
            carryOut(clientTransport.begin())
        }

        // MARK: - Carrying out

        mutating func carryOut(atClient actions: [SocketConnection.Action]) {
            for action in actions {
                switch action {
                case .transmit(let frame): carryOut(clientTransport.transmit(frame))
                case .opened:
                    let time = now
                    carryOut(
                        atClient: client.perform { $0.connect(auth: nil, timeout: .seconds(9), now: time) })
                case .session(.connected): isConnected = true
                case .session(.event(let event)):
                    if let number = try? event.decoded().last?.integerValue { heardByClient.append(number) }
                case .closed(let reason):
                    closings.append("client \(reason)")
                    carryOut(clientTransport.end())
                default: break
                }
            }
        }

        mutating func carryOut(atServer actions: [SocketConnection.Action]) {
            for action in actions {
                switch action {
                case .transmit(let frame): carryOut(serverTransport.transmit(frame))
                case .session(.connectRequested): carryOut(atServer: server.perform { $0.accept(sid: "x") })
                case .session(.event(let event)):
                    if let number = try? event.decoded().last?.integerValue { heardByServer.append(number) }
                case .closed(let reason):
                    closings.append("server \(reason)")
                    carryOut(serverTransport.end())
                default: break
                }
            }
        }

        mutating func carryOut(_ actions: [EngineClientTransport.Action]) {
            for action in actions {
                switch action {
                case .openWebSocket: webSocketOpening = true
                case .sendWebSocket(let frame): toServer.append(frame)
                case .closeWebSocket:
                    if webSocketOpening { webSocketOpening = false } else { toServer.append(nil) }
                case .poll: gets += 1
                case .post(_, let body): posts.append(body)
                case .deliver(let packet): carryOut(atClient: client.receive(packet, now: now))
                case .refused: break
                case .lost: carryOut(atClient: client.transportClosed())
                }
            }
        }

        mutating func carryOut(_ actions: [EngineServerTransport.Action]) {
            for action in actions {
                switch action {
                case .answerPoll(let body): pollAnswers.append((200, body))
                case .rejectPoll: pollAnswers.append((400, []))
                case .acceptPost: postAnswers.append(200)
                case .rejectPost: postAnswers.append(400)
                case .sendWebSocket(let frame): toClient.append(frame)
                case .closeWebSocket, .rejectWebSocket: toClient.append(nil)
                case .deliver(let packet): carryOut(atServer: server.receive(packet, now: now))
                case .lost: carryOut(atServer: server.transportClosed())
                }
            }
        }

        // MARK: - Steps

        /// Moves one item on, if anything is in flight.
        mutating func move() -> Bool {
            var moves: [(inout Line) -> Void] = []
            if gets > 0 {
                moves.append { line in
                    line.gets -= 1
                    line.carryOut(line.serverTransport.pollRequested())
                }
            }
            if !pollAnswers.isEmpty {
                moves.append { line in
                    let answer = line.pollAnswers.removeFirst()
                    line.carryOut(
                        line.clientTransport.pollAnswered(
                            status: answer.status, body: answer.body[...], now: line.now))
                }
            }
            if !posts.isEmpty {
                moves.append { line in
                    let body = line.posts.removeFirst()
                    line.carryOut(line.serverTransport.posted(body[...]))
                }
            }
            if !postAnswers.isEmpty {
                moves.append { line in
                    let status = line.postAnswers.removeFirst()
                    line.carryOut(line.clientTransport.postAnswered(status: status))
                }
            }
            if webSocketOpening { moves.append { $0.settleWebSocket() } }
            if !toServer.isEmpty { moves.append { $0.moveToServer() } }
            if !toClient.isEmpty { moves.append { $0.moveToClient() } }
            guard let move = moves.randomElement(using: &generator) else { return false }
            move(&self)
            return true
        }

        private mutating func settleWebSocket() {
            webSocketOpening = false
            guard webSocketWorks else {
                carryOut(clientTransport.webSocketClosed())
                return
            }
            carryOut(serverTransport.webSocketOpened(now: now))
            carryOut(clientTransport.webSocketOpened())
        }

        private mutating func moveToServer() {
            guard let frame = toServer.removeFirst() else {
                carryOut(serverTransport.webSocketClosed())
                return
            }
            if let packet = try? EnginePacket(frame) { carryOut(serverTransport.receive(packet)) }
        }

        private mutating func moveToClient() {
            guard let frame = toClient.removeFirst() else {
                carryOut(clientTransport.webSocketClosed())
                return
            }
            if let packet = try? EnginePacket(frame) { carryOut(clientTransport.receive(packet)) }
        }

        mutating func talk() {
            guard isConnected else { return }
            if Bool.random(using: &generator) {
                let payload = JSONValue.array(["n", .integer(saidByClient)]).serialized()
                saidByClient += 1
                carryOut(atClient: client.perform { $0.send(event: payload[...]) })
            } else {
                let payload = JSONValue.array(["n", .integer(saidByServer)]).serialized()
                saidByServer += 1
                carryOut(atServer: server.perform { $0.send(event: payload[...]) })
            }
        }
    }

    @Test func `nothing is lost, doubled or overtaken`() throws {
        var upgraded = 0
        for seed in 1...400 as ClosedRange<UInt64> {
            var line = Line(seed: seed)
            for _ in 0..<300 {
                if Int.random(in: 0..<5, using: &line.generator) == 0 { line.talk() }
                _ = line.move()
            }
            for _ in 0..<2000 where line.move() {}
            try #require(line.closings == [], "seed \(seed)")
            try #require(line.saidByClient > 3 && line.saidByServer > 3, "seed \(seed)")
            try #require(line.heardByServer == Array(0..<line.saidByClient), "seed \(seed)")
            try #require(line.heardByClient == Array(0..<line.saidByServer), "seed \(seed)")
            try #require(line.clientTransport.isWebSocket == line.webSocketWorks, "seed \(seed)")
            try #require(line.serverTransport.isWebSocket == line.webSocketWorks, "seed \(seed)")
            upgraded += line.webSocketWorks ? 1 : 0
            // The close packet arrives over either transport.
            line.carryOut(atClient: line.client.close())
            for _ in 0..<100 where line.move() {}
            try #require(line.client.isClosed && line.server.isClosed, "seed \(seed): \(line.closings)")
        }
        #expect(upgraded == 300)
    }
}
