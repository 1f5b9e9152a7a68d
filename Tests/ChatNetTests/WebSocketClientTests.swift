import ChatNet
import ChatWire
import Testing

@Suite("The WebSocket client", .timeLimit(.minutes(2)))
struct WebSocketClientTests {
    private let thread = IOThread()

    private func connect(
        _ server: LoopbackServer, headers: HTTPHeaders = HTTPHeaders(), subprotocols: [String] = [],
        _ configuration: NetConfiguration = .patient()
    ) async throws -> WebSocketClient {
        let url = try server.url()
        return try await WebSocketClient.connect(
            to: url, path: url.webSocketTarget(), headers: headers, subprotocols: subprotocols,
            configuration: configuration, thread: thread)
    }

    @Test("Handshake, messages both ways, close", arguments: [1, .max])
    func conversation(pieceLength: Int) async throws {
        let heads = Record<String>()
        let ends = Record<WebSocketEvent?>()
        let isOver = Gate()
        let server = try LoopbackServer { peer, _ in
            guard let socket = WebSocketPeer(peer, subprotocols: ["chat"], pieceLength: pieceLength) else {
                return
            }
            heads.append(socket.requestHead)
            ends.append(socket.echo())
            isOver.open()
        }
        var headers = HTTPHeaders()
        try headers.add("Origin", "http://chat.example")
        let socket = try await connect(server, headers: headers, subprotocols: ["other", "chat"])
        #expect(socket.subprotocol == "chat")
        try await socket.send(text: Array("olá".utf8))
        try await socket.send(binary: [0, 1, 2])
        try await socket.ping([7])
        #expect(await socket.nextEvent() == .text(Array("olá".utf8)))
        #expect(await socket.nextEvent() == .binary([0, 1, 2]))
        #expect(await socket.nextEvent() == .pong([7]))
        await socket.close(code: .goingAway, reason: "enough")
        #expect(await socket.nextEvent() == .close(code: .goingAway, reason: ""))
        #expect(await socket.nextEvent() == nil)
        await isOver.opened()
        #expect(ends.all == [.close(code: .goingAway, reason: "enough")])
        let head = try #require(heads.all.first)
        #expect(head.hasPrefix("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"))
        #expect(head.contains("Host: 127.0.0.1:\(server.port)\r\n"))
        #expect(head.contains("Origin: http://chat.example\r\n"))
    }

    @Test("Messages that come together with the handshake's answer are not lost", arguments: [1, 100, .max])
    func leftover(pieceLength: Int) async throws {
        let server = try LoopbackServer { peer, _ in
            let socket = WebSocketPeer(peer, early: ["one", "two"], pieceLength: pieceLength)
            socket?.send("three")
            socket?.close(.normal)
            while socket?.nextEvent() != nil {}
        }
        let socket = try await connect(server)
        var events: [WebSocketEvent] = []
        for await event in socket.incoming { events.append(event) }
        #expect(
            events == [
                .text(Array("one".utf8)), .text(Array("two".utf8)), .text(Array("three".utf8)),
                .close(code: .normal, reason: ""),
            ])
        #expect(await socket.nextEvent() == nil)
    }

    @Test("Events and echoes keep their order under load")
    func order() async throws {
        let server = try LoopbackServer { peer, _ in WebSocketPeer(peer)?.echo() }
        let socket = try await connect(server)
        let count = 2_000
        let sending = Task {
            for number in 0..<count { try await socket.send(text: Array(String(number).utf8)) }
        }
        var received: [String] = []
        for await event in socket.incoming {
            guard case .text(let bytes) = event else { continue }
            received.append(String(decoding: bytes, as: UTF8.self))
            if received.count == count { break }
        }
        try await sending.value
        #expect(received == (0..<count).map(String.init))
        await socket.close()
    }

    @Test("As long as a message may be, in one frame")
    func largeMessages() async throws {
        let server = try LoopbackServer { peer, _ in WebSocketPeer(peer)?.echo() }
        let socket = try await connect(server)
        let bytes = pattern(WebSocketLimits.standard.messageLength)
        #expect(bytes.count == 16 << 20)
        let sending = Task { try await socket.send(binary: bytes) }
        #expect(await socket.nextEvent() == .binary(bytes))
        try await sending.value
        await socket.close()
    }

    @Test func pingsAreAnsweredByThemselves() async throws {
        let pongs = Record<WebSocketEvent?>()
        let server = try LoopbackServer { peer, _ in
            guard let socket = WebSocketPeer(peer) else { return }
            socket.ping([1, 2, 3])
            pongs.append(socket.nextEvent())
            socket.send("done")
            while socket.nextEvent() != nil {}
        }
        let socket = try await connect(server)
        #expect(await socket.nextEvent() == .ping([1, 2, 3]))
        #expect(await socket.nextEvent() == .text(Array("done".utf8)))
        #expect(pongs.all == [.pong([1, 2, 3])])
        await socket.close()
    }

    @Test func theServerCloses() async throws {
        let answers = Record<WebSocketEvent?>()
        let isOver = Gate()
        let server = try LoopbackServer { peer, _ in
            guard let socket = WebSocketPeer(peer) else { return }
            socket.close(.policyViolation, "no")
            answers.append(socket.nextEvent())
            // We end the connection first, and then the client.
            peer.endWriting()
            _ = peer.readToEnd()
            isOver.open()
        }
        let socket = try await connect(server)
        #expect(await socket.nextEvent() == .close(code: .policyViolation, reason: "no"))
        #expect(await socket.nextEvent() == nil)
        await expectError(.closed(endpoint: "127.0.0.1:\(server.port)")) { () async throws(NetError) in
            try await socket.send(text: [])
        }
        await isOver.opened()
        #expect(answers.all == [.close(code: .policyViolation, reason: "")])
    }

    @Test("A connection that ends or breaks without a close frame is a failure", arguments: [false, true])
    func loss(byReset: Bool) async throws {
        let server = try LoopbackServer { peer, _ in
            let socket = WebSocketPeer(peer, early: ["last words"])
            _ = socket?.nextEvent()
            if byReset { peer.resetWhenClosed() }
        }
        let socket = try await connect(server)
        #expect(await socket.nextEvent() == .text(Array("last words".utf8)))
        try await socket.send(text: Array("hello?".utf8))
        #expect(await socket.nextEvent() == .failure(.connectionLost))
        #expect(await socket.nextEvent() == nil)
        #expect(await socket.failure == (byReset ? .closed(endpoint: "127.0.0.1:\(server.port)") : nil))
    }

    @Test("What breaks the protocol ends the connection, and the server is told")
    func brokenProtocol() async throws {
        let told = Record<WebSocketEvent?>()
        let isOver = Gate()
        let server = try LoopbackServer { peer, _ in
            guard let socket = WebSocketPeer(peer) else { return }
            // A masked frame, which only clients may send.
            peer.write([0x81, 0x80, 1, 2, 3, 4])
            told.append(socket.nextEvent())
            isOver.open()
        }
        let socket = try await connect(server)
        #expect(await socket.nextEvent() == .failure(.maskedFrame))
        #expect(await socket.nextEvent() == nil)
        await isOver.opened()
        #expect(told.all == [.close(code: .protocolError, reason: "")])
    }

    @Test("A message beyond the limit is refused from its header on")
    func tooLarge() async throws {
        let server = try LoopbackServer { peer, _ in
            let socket = WebSocketPeer(peer)
            socket?.send(binary: pattern(1001))
            while socket?.nextEvent() != nil {}
        }
        var configuration = NetConfiguration.patient()
        configuration.limits.webSocket.messageLength = 1000
        let socket = try await connect(server, configuration)
        #expect(await socket.nextEvent() == .failure(.messageTooBig(length: 1001, limit: 1000)))
    }

    @Test("An ordinary answer refuses the WebSocket, with its status", arguments: [400, 401, 302, 503, 200])
    func refusal(status: Int) async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.answer("no", status: "\(status) Status", headers: "Location: /\r\n")
            _ = peer.readToEnd()
        }
        do {
            _ = try await connect(server)
            Issue.record("connected")
        } catch let error as NetError {
            #expect(error == .webSocketRefused(status: status, endpoint: "127.0.0.1:\(server.port)"))
            #expect(error.kind == .transient)
        }
    }

    @Test func aWrongKeyIsNoHandshake() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.write(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
            _ = peer.readToEnd()
        }
        do {
            _ = try await connect(server)
            Issue.record("connected")
        } catch let error as NetError {
            #expect(error == .webSocketHandshake(.wrongAccept, endpoint: "127.0.0.1:\(server.port)"))
        }
    }

    @Test func aHandshakeWithoutAnswerHasADeadline() async throws {
        let gate = Gate()
        let server = try LoopbackServer { peer, _ in
            gate.block()
            _ = peer
        }
        defer { gate.open() }
        var configuration = NetConfiguration.patient()
        configuration.timeouts.webSocketHandshake = .milliseconds(20)
        do {
            _ = try await connect(server, configuration)
            Issue.record("connected")
        } catch let error as NetError {
            #expect(error == .timeout(phase: .webSocketHandshake, endpoint: "127.0.0.1:\(server.port)"))
        }
    }

    @Test func aHandshakeThatTricklesHasADeadline() async throws {
        let gate = Gate()
        let server = try LoopbackServer { peer, _ in
            _ = peer.readHead()
            peer.write("HTTP/1.1 101 Switching Protocols\r\nX: ")
            // A byte from time to time, until the client has left.
            while let byte = peer.readNothing(forMilliseconds: 5) { peer.write([byte]) }
            gate.open()
        }
        var configuration = NetConfiguration.patient()
        configuration.timeouts.webSocketHandshake = .milliseconds(60)
        do {
            _ = try await connect(server, configuration)
            Issue.record("connected")
        } catch let error as NetError {
            #expect(error == .timeout(phase: .webSocketHandshake, endpoint: "127.0.0.1:\(server.port)"))
        }
        await gate.opened()
    }

    @Test("A server that never reads is given up, and what waits for it has a limit")
    func aServerThatNeverReads() async throws {
        let gate = Gate()
        let server = try LoopbackServer(receiveBuffer: 4096) { peer, _ in
            let socket = WebSocketPeer(peer)
            gate.block()
            _ = socket
        }
        defer { gate.open() }
        var configuration = NetConfiguration.patient()
        configuration.timeouts.send = .milliseconds(50)
        let socket = try await connect(server, configuration)
        let bytes = pattern(1_000_000)
        await expectError(.timeout(phase: .send, endpoint: "127.0.0.1:\(server.port)")) {
            () async throws(NetError) in
            // The system's buffers hold some megabytes at most.
            for _ in 0..<100 { try await socket.send(binary: bytes) }
        }
    }

    @Test("Closing does not wait for ever for a server that does not answer", arguments: [false, true])
    func unansweredClose(withConsumer: Bool) async throws {
        let gate = Gate()
        let server = try LoopbackServer { peer, _ in
            let socket = WebSocketPeer(peer, early: ["hello"])
            gate.block()
            _ = socket
        }
        defer { gate.open() }
        var configuration = NetConfiguration.patient()
        configuration.timeouts.webSocketClose = .milliseconds(20)
        let socket = try await connect(server, configuration)
        let greeting = AsyncStream.makeStream(of: Void.self)
        let consumer =
            withConsumer
            ? Task {
                var events: [WebSocketEvent] = []
                for await event in socket.incoming {
                    events.append(event)
                    greeting.continuation.yield()
                }
                return events
            } : nil
        if withConsumer { for await _ in greeting.stream { break } }
        await socket.close()
        #expect(await socket.failure == .timeout(phase: .close, endpoint: "127.0.0.1:\(server.port)"))
        if let consumer {
            #expect(await consumer.value == [.text(Array("hello".utf8)), .failure(.connectionLost)])
        }
    }

    @Test("While one task takes events, another may close; the first gets what still comes")
    func closeBesideAConsumer() async throws {
        let server = try LoopbackServer { peer, _ in
            let socket = WebSocketPeer(peer, early: ["hello"])
            // Answers the close only after some more messages.
            guard case .text = socket?.nextEvent() else { return }
            for number in 0..<3 { socket?.send(String(number)) }
            while socket?.nextEvent() != nil {}
        }
        let socket = try await connect(server)
        let greeting = AsyncStream.makeStream(of: Void.self)
        let consumer = Task {
            var events: [WebSocketEvent] = []
            for await event in socket.incoming {
                events.append(event)
                greeting.continuation.yield()
            }
            return events
        }
        for await _ in greeting.stream { break }
        try await socket.send(text: Array("go".utf8))
        await socket.close()
        #expect(
            await consumer.value == [
                .text(Array("hello".utf8)), .text([0x30]), .text([0x31]), .text([0x32]),
                .close(code: .normal, reason: ""),
            ])
    }

    @Test("When the consumer is cancelled while another task closes, the close still completes")
    func closeAfterACancelledConsumer() async throws {
        let server = try LoopbackServer { peer, _ in WebSocketPeer(peer)?.echo() }
        for _ in 0..<20 {
            let socket = try await connect(server)
            let consumer = Task { await socket.nextEvent() }
            await Task.yield()
            consumer.cancel()
            await socket.close()
            #expect(await socket.failure == nil)
            // It was cancelled, or it got the close first.
            let event = await consumer.value
            #expect(event == nil || event == .close(code: .normal, reason: ""))
        }
    }

    @Test("What comes while closing waits for the consumer, up to a limit")
    func undelivered() async throws {
        let server = try LoopbackServer { peer, _ in
            let socket = WebSocketPeer(peer)
            for number in 0..<10 { socket?.send(String(repeating: String(number), count: 100)) }
            while socket?.nextEvent() != nil {}
        }
        var configuration = NetConfiguration.patient()
        configuration.limits.receiveBuffer = 250
        let socket = try await connect(server, configuration)
        await socket.close()
        var events: [WebSocketEvent] = []
        for await event in socket.incoming { events.append(event) }
        #expect(
            events == [
                .text([UInt8](repeating: 0x30, count: 100)), .text([UInt8](repeating: 0x31, count: 100)),
                .close(code: .normal, reason: ""),
            ])
    }

    @Test func cancellingTheConsumerEndsItsStreamOnly() async throws {
        let server = try LoopbackServer { peer, _ in WebSocketPeer(peer)?.echo() }
        let socket = try await connect(server)
        let consumer = Task { await socket.nextEvent() }
        consumer.cancel()
        #expect(await consumer.value == nil)
        try await socket.send(text: Array("still open".utf8))
        #expect(await socket.nextEvent() == .text(Array("still open".utf8)))
        await socket.close()
    }

    @Test func aWebSocketNobodyHoldsIsClosed() async throws {
        let ends = Record<WebSocketEvent?>()
        let isOver = Gate()
        let server = try LoopbackServer { peer, _ in
            ends.append(WebSocketPeer(peer)?.echo())
            isOver.open()
        }
        do { _ = try await connect(server) }
        await isOver.opened()
        #expect(ends.all == [.failure(.connectionLost)])
    }
}
