import ChatWire
import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The handler of a websocket. The test is the socket, the clock and the peer, which is ChatWire's client.
@Suite struct WebSocketHandlerTests {
    /// Keeps what happens, and holds the handler after a message that says so.
    private final class User: WebSocketUser {
        var log: [String] = []

        func webSocketOpened(_ webSocket: WebSocketHandler) { log.append("opened") }
        func webSocket(_ webSocket: WebSocketHandler, received event: WebSocketEvent) {
            log.append(Peer.name(event))
            if case .text(Array("hold".utf8)) = event { webSocket.hold() }
            if case .text(Array("echo".utf8)) = event { webSocket.send(text: Array("echo".utf8)) }
        }
        func webSocketBurstEnded(_ webSocket: WebSocketHandler) { log.append("burst") }
        func webSocketEnded(_ webSocket: WebSocketHandler) { log.append("ended") }
        func serverStops(_ webSocket: WebSocketHandler) { log.append("stop") }
    }

    private final class Peer {
        let channel: EmbeddedChannel
        let wire: Wire
        let user = User()
        let handler: WebSocketHandler
        var machine = WebSocketConnection(role: .client)

        init(
            backlog: Int = 1000, timeout: Duration? = .seconds(60), backlogs: ByteBudget<UserID>? = nil,
            messageLength: Int = 300_000
        ) throws {
            (channel, wire) = try EmbeddedChannel.connected()
            handler = WebSocketHandler(
                user: user,
                limits: WebSocketHandler.Limits(
                    message: WebSocketLimits(messageLength: messageLength, fragmentCount: 100),
                    backlogBytes: backlog, messageTimeout: timeout),
                backlogs: backlogs, logger: .quiet)
            try channel.pipeline.syncOperations.addHandler(handler)
        }

        /// Sends frames as one read.
        func send(_ texts: String...) throws {
            for text in texts { machine.send(text: text) }
            try channel.receive(machine.takeOutput())
        }

        /// The events that the server's bytes since the last call are.
        func received() -> [String] {
            machine.receive(wire.take())
            var events: [String] = []
            while let event = machine.nextEvent() { events.append(Self.name(event)) }
            return events
        }

        func advance(_ seconds: Int64) { channel.embeddedEventLoop.advanceTime(by: .seconds(seconds)) }

        func end() { _ = try? channel.finish(acceptAlreadyClosed: true) }

        static func name(_ event: WebSocketEvent) -> String {
            switch event {
            case .text(let bytes): String(decoding: bytes.prefix(40), as: UTF8.self)
            case .binary(let bytes): "binary \(bytes.count)"
            case .ping: "ping"
            case .pong: "pong"
            case .close(let code, let reason): "close \(code?.rawValue ?? 0) \(reason)"
            case .failure(let error): "failure \(error)"
            }
        }
    }

    private func with(_ peer: Peer, _ body: (Peer) throws -> Void) rethrows {
        defer { peer.end() }
        try body(peer)
    }

    // MARK: Incoming

    @Test func aBurstIsDeliveredAndAnsweredTogether() throws {
        try with(Peer()) { peer in
            try peer.send("a", "echo", "b")
            #expect(peer.user.log == ["opened", "a", "echo", "b", "burst"])
            #expect(peer.received() == ["echo"])
            peer.machine.ping([1])
            try peer.channel.receive(peer.machine.takeOutput())
            #expect(peer.user.log.suffix(2) == ["ping", "burst"])
            #expect(peer.received() == ["pong"])
        }
    }

    /// A held handler neither decodes nor reads. It continues exactly where it stopped.
    @Test func holdingStopsAtTheMessage() throws {
        try with(Peer()) { peer in
            try peer.send("a", "hold", "b", "hold", "c")
            #expect(peer.user.log == ["opened", "a", "hold", "burst"])
            peer.channel.read()
            #expect(peer.wire.readCount == 0)
            peer.handler.resume()
            #expect(peer.user.log.suffix(3) == ["b", "hold", "burst"])
            #expect(peer.wire.readCount == 0)
            peer.handler.resume()
            #expect(peer.user.log.suffix(2) == ["c", "burst"])
            #expect(peer.wire.readCount == 1)
            // A second resume changes nothing.
            let before = peer.user.log
            peer.handler.resume()
            #expect(peer.user.log == before && peer.wire.readCount == 1)
        }
    }

    @Test func bytesThatAreNoFramesEndIt() throws {
        try with(Peer()) { peer in
            // An unmasked frame of a client is a protocol error (RFC 6455 section 5.1).
            try peer.channel.receive([0x81, 0x01, 0x61])
            #expect(peer.user.log.count == 3 && peer.user.log[1].hasPrefix("failure"))
            #expect(peer.received().first?.hasPrefix("close 1002") == true)
            #expect(peer.wire.endings == [.output])
        }
    }

    /// Before anybody has signed in, messages are short.
    @Test func longMessagesNeedAnAccount() throws {
        for isAdmitted in [false, true] {
            try with(Peer(messageLength: 10)) { peer in
                if isAdmitted { peer.handler.admit(UserID(1), messageLength: 20) }
                try peer.send("0123456789abcdef")
                if isAdmitted {
                    #expect(peer.user.log == ["opened", "0123456789abcdef", "burst"])
                } else {
                    #expect(peer.received().first?.hasPrefix("close 1009") == true)
                    #expect(peer.wire.endings == [.output])
                }
            }
        }
    }

    // MARK: Time

    /// The first fragment begins the time of a message; pings and further fragments do not extend it.
    @Test func aMessageMustEndInTime() throws {
        try with(Peer(timeout: .seconds(10))) { peer in
            func fragment(_ header: UInt8) throws {
                try peer.channel.receive([header, 0x81, 0, 0, 0, 0, 0x61])
            }
            // A message in fragments that ends in time is fine.
            try fragment(0x01)
            peer.advance(9)
            try fragment(0x80)
            #expect(peer.user.log == ["opened", "burst", "aa", "burst"])
            try fragment(0x01)
            peer.advance(9)
            try fragment(0x00)
            try peer.channel.receive([0x89, 0x80, 0, 0, 0, 0])
            #expect(peer.received() == ["pong"])
            peer.advance(1)
            #expect(peer.received() == ["close 1013 too slow"])
            #expect(peer.user.log.last == "ended")
            #expect(peer.wire.endings == [.output])
        }
    }

    @Test func aPeerThatDoesNotAnswerACloseIsCutOff() throws {
        try with(Peer()) { peer in
            peer.handler.close(.goingAway, reason: "bye")
            #expect(peer.received() == ["close 1001 bye"])
            #expect(peer.wire.endings == [.output])
            // Nothing is sent after the close frame, and nothing is heard.
            peer.handler.send(text: Array("x".utf8))
            peer.handler.flush()
            try peer.send("y")
            #expect(peer.received() == [])
            #expect(peer.user.log == ["opened", "burst"])
            peer.advance(2)
            #expect(peer.wire.endings == [.output])
            peer.advance(1)
            #expect(peer.wire.endings == [.output, .all])
            #expect(peer.user.log == ["opened", "burst", "ended"])
        }
    }

    // MARK: Outgoing

    @Test func outputWaitsForTheFlush() throws {
        try with(Peer()) { peer in
            peer.handler.send(text: Array("a".utf8))
            peer.handler.send(.binary([1, 2, 3]))
            peer.handler.send(.text(Array("b".utf8)))
            #expect(peer.received() == [])
            peer.handler.flush()
            #expect(peer.received() == ["a", "binary 3", "b"])
        }
    }

    /// The output waits in pieces while the channel takes none, and goes out in order afterwards.
    @Test func outputWaitsForTheChannel() throws {
        try with(Peer(backlog: 1_000_000)) { peer in
            peer.channel.setWritable(false)
            for number in 0..<5 {
                peer.handler.send(text: Array("\(number)".utf8) + [UInt8](repeating: 0x61, count: 50_000))
                peer.handler.flush()
            }
            #expect(peer.received() == [])
            peer.channel.setWritable(true)
            #expect(peer.received().map { $0.prefix(2) } == ["0a", "1a", "2a", "3a", "4a"])
        }
    }

    @Test func aPeerThatDoesNotReadIsClosedWithAReason() throws {
        try with(Peer(backlog: 100)) { peer in
            peer.channel.setWritable(false)
            peer.handler.send(text: [UInt8](repeating: 0x61, count: 90))
            peer.handler.flush()
            #expect(peer.wire.endings == [])
            peer.handler.send(text: [UInt8](repeating: 0x61, count: 90))
            peer.handler.flush()
            // Whole frames are dropped, so the reason is the next that the peer reads.
            #expect(peer.received() == ["close 1013 reads too slowly"])
            #expect(peer.wire.endings == [.output])
            #expect(peer.user.log == ["opened", "ended"])
        }
    }

    /// What waits for an account counts for it, on all its sockets together.
    @Test func anAccountsBacklogIsLimited() throws {
        let budget = ByteBudget<UserID>(each: 150, all: 1000)
        let peers = try (0..<2).map { _ in try Peer(backlog: 1000, backlogs: budget) }
        defer { for peer in peers { peer.end() } }
        for peer in peers {
            peer.handler.admit(UserID(1), messageLength: 100)
            peer.channel.setWritable(false)
            peer.handler.send(text: [UInt8](repeating: 0x61, count: 98))
            peer.handler.flush()
        }
        #expect(peers[0].wire.endings == [] && peers[1].wire.endings == [.output])
        #expect(peers[1].received() == ["close 1013 too much is waiting"])
        #expect(budget.sum == 100)
        peers[0].channel.setWritable(true)
        #expect(budget.sum == 0)
        #expect(peers[0].received().count == 1)
    }

    @Test func anAdmittedSocketTakesItsBytesAlong() throws {
        let budget = ByteBudget<UserID>(each: 1000, all: 1000)
        let peer = try Peer(backlogs: budget)
        peer.channel.setWritable(false)
        peer.handler.send(text: [UInt8](repeating: 0x61, count: 98))
        peer.handler.flush()
        #expect(budget.sum == 100 && !budget.isUsedUp(by: UserID(1)))
        peer.handler.admit(UserID(1), messageLength: 100)
        #expect(budget.sum == 100)
        #expect(budget.take(901, for: UserID(1)) == false)
        peer.end()
        #expect(budget.sum == 0)
    }

    // MARK: Ends

    @Test func aCloseFrameIsAnswered() throws {
        try with(Peer()) { peer in
            peer.machine.close(code: .normal, reason: "done")
            try peer.channel.receive(peer.machine.takeOutput())
            #expect(peer.user.log == ["opened", "close 1000 done", "burst"])
            #expect(peer.received() == ["close 1000 "])
            #expect(peer.wire.endings == [.output])
        }
    }

    @Test func theUserHearsOfAStopOnce() throws {
        try with(Peer()) { peer in
            peer.channel.pipeline.fireUserInboundEventTriggered(ServerIsStopping())
            #expect(peer.user.log == ["opened", "stop"])
            peer.handler.close(.goingAway)
            peer.channel.pipeline.fireUserInboundEventTriggered(ServerIsStopping())
            #expect(peer.user.log == ["opened", "stop"])
        }
    }

    /// A peer that has stopped sending is gone: a websocket needs both directions.
    @Test func aHalfClosedSocketIsClosed() throws {
        try with(Peer()) { peer in
            peer.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            #expect(peer.wire.endings == [.all])
            #expect(peer.user.log == ["opened", "ended"])
        }
    }

    @Test func anErrorOfTheChannelClosesIt() throws {
        try with(Peer()) { peer in
            peer.channel.pipeline.fireErrorCaught(ChannelError.ioOnClosedChannel)
            #expect(peer.wire.endings == [.all])
        }
    }
}
