import ChatWire
import Testing

/// Scripts: calls and the actions that they must return.
@Suite struct EngineClientTransportTests {
    private typealias Action = EngineClientTransport.Action

    private let now = MonotonicInstant(nanoseconds: 0)

    private func text(_ text: String) -> EngineFrame { .text(Array(text.utf8)) }

    private func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private func packet(_ text: String) -> EnginePacket {
        guard let packet = try? EnginePacket(text: bytes(text)) else { preconditionFailure(text) }
        return packet
    }

    private func post(_ text: String) -> Action { .post(sid: "s", Array(text.utf8)) }

    private static let handshake = EngineHandshake(sid: "s", upgrades: ["websocket"], maxPayload: 200)
    private static let opening = EnginePacket.open(handshake).frame.bytes[...]

    private func polling(upgrades: Bool = false) -> EngineClientTransport {
        var transport = EngineClientTransport(.polling(upgrades: upgrades))
        #expect(transport.begin() == [.poll(sid: nil)])
        let more: [Action] = upgrades ? [.openWebSocket(sid: "s")] : []
        #expect(
            transport.pollAnswered(status: 200, body: Self.opening, now: now)
                == [.deliver(.open(Self.handshake)), .poll(sid: "s")] + more)
        return transport
    }

    @Test func `a websocket from the start`() {
        var transport = EngineClientTransport(.webSocket)
        #expect(transport.transmit(text("4x")) == [])
        #expect(transport.begin() == [.openWebSocket(sid: nil)] && transport.begin() == [])
        #expect(transport.webSocketOpened() == [] && transport.isWebSocket)
        #expect(transport.transmit(text("4x")) == [.sendWebSocket(text("4x"))])
        #expect(transport.receive(packet("4y")) == [.deliver(.message(.text(bytes("y"))))])
        #expect(transport.end() == [.closeWebSocket])
        #expect(transport.webSocketClosed() == [] && transport.receive(packet("4y")) == [])
        transport = EngineClientTransport(.webSocket)
        _ = transport.begin()
        #expect(transport.webSocketClosed() == [.lost(.webSocket)])
    }

    @Test(arguments: [401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 421, 422, 426, 431, 451])
    func `an event that a proxy does not let through is told, and the rest goes on`(status: Int) {
        var transport = polling()
        #expect(transport.transmit(text("42[1]")) == [post("42[1]")])
        _ = transport.transmit(text("42[2]"))
        _ = transport.transmit(text("42[3]"))
        #expect(
            transport.postAnswered(status: status)
                == [.refused(text("42[1]"), status: status), post("42[2]\u{1E}42[3]")])
        // Frames that were refused together are tried one by one.
        #expect(transport.postAnswered(status: status) == [post("42[2]")])
        _ = transport.transmit(text("42[4]"))
        #expect(transport.postAnswered(status: 200) == [post("42[3]")])
        #expect(
            transport.postAnswered(status: status) == [
                .refused(text("42[3]"), status: status), post("42[4]"),
            ])
        #expect(transport.postAnswered(status: 200) == [])
    }

    @Test func `what keeps the session going cannot be done without`() {
        for frame in ["3", "40{}", "1"] {
            var transport = polling()
            _ = transport.transmit(text(frame))
            #expect(transport.postAnswered(status: 403) == [.lost(.status(403))])
        }
        for status in [408, 425, 429, 500, 502, 503, 302, 204] {
            var transport = polling()
            _ = transport.transmit(text("42[1]"))
            #expect(transport.postAnswered(status: status) == [.lost(.status(status))])
        }
        var transport = polling()
        _ = transport.transmit(text("42[1]"))
        #expect(
            transport.postAnswered(status: 400, body: Array("\"Invalid session\"".utf8))
                == [.lost(.status(400))])
        transport = polling()
        _ = transport.transmit(text("42[1]"))
        #expect(
            transport.postAnswered(status: 400, body: Array("<html>".utf8))
                == [.refused(text("42[1]"), status: 400)])
    }

    @Test func `polling goes round and round`() {
        var transport = polling()
        #expect(transport.deadline == nil)
        #expect(
            transport.pollAnswered(status: 200, body: bytes("2\u{1E}4a"), now: now)
                == [.deliver(.ping([])), .deliver(.message(.text(bytes("a")))), .poll(sid: "s")])
        #expect(transport.transmit(text("3")) == [post("3")])
        #expect(transport.transmit(text("4b")) == [] && transport.transmit(.binary([1])) == [])
        #expect(transport.postAnswered(status: 200) == [post("4b\u{1E}bAQ==")])
        #expect(transport.postAnswered(status: 200) == [])
        #expect(transport.postAnswered(status: 500) == [])
    }

    @Test func `a request keeps to the limits of the server`() {
        var transport = polling()
        #expect(transport.transmit(text("4first")) == [post("4first")])
        for _ in 0..<20 { #expect(transport.transmit(text("4")) == []) }
        #expect(
            transport.postAnswered(status: 200) == [
                post(Array(repeating: "4", count: 16).joined(separator: "\u{1E}"))
            ])
        let big = text("4" + String(repeating: "x", count: 192))
        #expect(transport.transmit(big) == [])
        #expect(
            transport.postAnswered(status: 200) == [
                post(Array(repeating: "4", count: 4).joined(separator: "\u{1E}"))
            ])
        #expect(transport.postAnswered(status: 200) == [.post(sid: "s", big.bytes)])
    }

    @Test func `polling becomes a websocket when all is quiet`() {
        var transport = polling(upgrades: true)
        #expect(transport.deadline == now + .seconds(10))
        #expect(transport.transmit(text("4a")) == [post("4a")])
        #expect(transport.webSocketOpened() == [.sendWebSocket(text("2probe"))])
        #expect(transport.receive(packet("3probe")) == [])
        #expect(transport.transmit(text("4b")) == [])
        #expect(transport.pollAnswered(status: 200, body: bytes("6"), now: now) == [.deliver(.noop)])
        #expect(
            transport.postAnswered(status: 200) == [.sendWebSocket(text("5")), .sendWebSocket(text("4b"))])
        #expect(transport.isWebSocket && transport.deadline == nil)
        #expect(transport.transmit(text("4c")) == [.sendWebSocket(text("4c"))])
        #expect(transport.receive(packet("4d")) == [.deliver(.message(.text(bytes("d"))))])
        #expect(transport.webSocketClosed() == [.lost(.webSocket)])
    }

    @Test func `a candidate that fails leaves polling as it was`() {
        for step in 0..<5 {
            var transport = polling(upgrades: true)
            var expected: [Action] = []
            switch step {
            case 0: #expect(transport.webSocketClosed() == [])
            case 1:
                _ = transport.webSocketOpened()
                #expect(transport.webSocketClosed() == [])
            case 2:
                _ = transport.webSocketOpened()
                #expect(transport.receive(packet("3")) == [.closeWebSocket])
            case 3:
                #expect(transport.tick(now: now + .seconds(9)) == [])
                #expect(transport.tick(now: now + .seconds(10)) == [.closeWebSocket])
            default:
                // The connection is lost while it waits for the last POST; the GET is already answered, and there is
                // something to send.
                #expect(transport.transmit(text("4x")) == [post("4x")])
                _ = transport.webSocketOpened()
                #expect(transport.receive(packet("3probe")) == [])
                #expect(transport.pollAnswered(status: 200, body: bytes("6"), now: now) == [.deliver(.noop)])
                #expect(transport.transmit(text("4a")) == [])
                #expect(transport.webSocketClosed() == [.poll(sid: "s")])
                #expect(transport.postAnswered(status: 200) == [post("4a")])
                #expect(transport.postAnswered(status: 200) == [])
                expected = []
            }
            #expect(transport.deadline == nil && !transport.isWebSocket)
            #expect(transport.transmit(text("4z")) == expected + [post("4z")], "\(step)")
        }
    }

    @Test(
        arguments: [
            (400, "\"Invalid session\"", .status(400)), (200, "<html>", .payload(.unknownPacketType(0x3C))),
            (200, "", .payload(.emptyPacket)), (502, "", .status(502)),
            (200, String(repeating: "4", count: 201), .payload(.tooBig(length: 201, limit: 200))),
        ] as [(Int, String, EngineClientTransport.Loss)])
    func `bad answers lose the way`(status: Int, body: String, loss: EngineClientTransport.Loss) {
        var transport = polling()
        #expect(transport.pollAnswered(status: status, body: bytes(body), now: now) == [.lost(loss)])
        #expect(transport.transmit(text("4a")) == [] && transport.end() == [])
        transport = polling(upgrades: true)
        #expect(
            transport.pollAnswered(status: status, body: bytes(body), now: now) == [
                .closeWebSocket, .lost(loss),
            ])
        transport = EngineClientTransport(.polling(upgrades: true))
        _ = transport.begin()
        #expect(
            transport.pollAnswered(status: 200, body: bytes("4a"), now: now).last
                == .lost(.payload(.invalidHandshake)))
    }

    @Test func `failed requests lose the way`() {
        var transport = polling()
        #expect(transport.transmit(text("4a")) == [post("4a")])
        #expect(transport.postAnswered(status: 400) == [.lost(.status(400))])
        transport = polling()
        #expect(transport.requestFailed() == [.lost(.request)] && transport.requestFailed() == [])
    }

    @Test func `the end still says goodbye`() {
        var transport = polling(upgrades: true)
        #expect(transport.transmit(text("4a")) == [post("4a")])
        #expect(transport.transmit(text("1")) == [])
        #expect(transport.end() == [.closeWebSocket])
        #expect(transport.transmit(text("4late")) == [])
        #expect(transport.pollAnswered(status: 200, body: bytes("6"), now: now) == [])
        #expect(transport.postAnswered(status: 200) == [post("1")])
        #expect(transport.postAnswered(status: 200) == [] && transport.requestFailed() == [])
        transport = polling()
        #expect(transport.end() == [])
    }
}
