import ChatWire
import Testing

/// Scripts: calls and the actions that they must return.
@Suite struct EngineServerTransportTests {
    private typealias Action = EngineServerTransport.Action

    private let now = MonotonicInstant(nanoseconds: 0)

    private func text(_ text: String) -> EngineFrame { .text(Array(text.utf8)) }

    private func answer(_ text: String) -> Action { .answerPoll(Array(text.utf8)) }

    private func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private func packet(_ text: String) -> EnginePacket {
        guard let packet = try? EnginePacket(text: bytes(text)) else { preconditionFailure(text) }
        return packet
    }

    private func polling(_ policy: WirePolicy = .strict) -> EngineServerTransport {
        EngineServerTransport(.polling, maxPayload: 100, policy: policy)
    }

    @Test func `a GET is answered when there is something to say`() {
        var transport = polling()
        #expect(transport.transmit(text("0{}")) == [])
        #expect(transport.transmit(text("4a")) == [])
        #expect(transport.pollRequested() == [answer("0{}\u{1E}4a")])
        #expect(transport.pollRequested() == [])
        #expect(transport.transmit(text("2")) == [answer("2")])
        #expect(transport.transmit(.binary([1])) == [])
        #expect(transport.pollRequested() == [answer("bAQ==")])
    }

    @Test func `an answer keeps to maxPayload, and holds one packet at least`() {
        var transport = polling()
        let big = text("4" + String(repeating: "x", count: 60))
        for _ in 0..<2 { #expect(transport.transmit(big) == []) }
        #expect(transport.pollRequested() == [.answerPoll(big.bytes)])
        #expect(transport.pollRequested() == [.answerPoll(big.bytes)])
        let huge = text("4" + String(repeating: "x", count: 200))
        #expect(transport.transmit(huge) == [])
        #expect(transport.pollRequested() == [.answerPoll(huge.bytes)])
    }

    @Test func `a client that does not poll is given up`() {
        var transport = EngineServerTransport(.polling, maxPayload: 100, queuedBytesMax: 10)
        #expect(transport.transmit(text("4xxxxxxx")) == [])
        #expect(transport.pollRequested() == [answer("4xxxxxxx")])
        #expect(transport.transmit(text("4xxxxxxx")) == [])
        #expect(transport.transmit(text("4y")) == [.lost])
        #expect(transport.transmit(text("4z")) == [] && transport.pollRequested() == [.rejectPoll])
    }

    @Test func `a POST is handed on`() {
        var transport = polling()
        #expect(
            transport.posted(bytes("4a\u{1E}3"))
                == [.deliver(.message(.text(bytes("a")))), .deliver(.pong([])), .acceptPost])
        #expect(transport.pollRequested() == [])
        #expect(transport.posted(bytes("zzz")) == [.rejectPost, answer("6"), .lost])
        #expect(transport.posted(bytes("4a")) == [.rejectPost])
        var recorded = polling(.recorded)
        #expect(recorded.posted(bytes("zzz")) == [.acceptPost])
        #expect(recorded.posted(bytes(String(repeating: "4", count: 101))) == [.rejectPost, .lost])
    }

    /// An unreadable packet is dropped alone; one with invalid base64 becomes an empty message.
    @Test(
        arguments: [
            ("4a\u{1E}bA\u{1E}4c", ["4a", "4", "4c"]), ("bAQ!=", ["4"]), ("b!\u{1E}3", ["4", "3"]),
            ("4a\u{1E}9\u{1E}4c", ["4a", "4c"]), ("\u{1E}4a\u{1E}", ["4a"]), ("", []), ("zzz", []),
            ("4a\u{1E}0nothing\u{1E}3", ["4a", "3"]),
        ] as [(String, [String])])
    func `under the recorded policy what can be read is handed on`(body: String, packets: [String]) {
        var transport = polling(.recorded)
        #expect(transport.posted(bytes(body)) == packets.map { .deliver(packet($0)) } + [.acceptPost])
        var strict = polling()
        #expect(strict.posted(bytes(body)) == [.rejectPost, .lost])
    }

    @Test func `a body of too many packets is dropped`() {
        var transport = EngineServerTransport(.polling, maxPayload: 10_000, policy: .recorded)
        let most = Array(repeating: "3", count: 1024).joined(separator: "\u{1E}")
        #expect(transport.posted(bytes(most)).count == 1025)
        #expect(transport.posted(bytes(most + "\u{1E}3")) == [.acceptPost])
    }

    @Test func `two GETs at once close the session`() {
        var transport = polling()
        #expect(transport.pollRequested() == [])
        #expect(transport.pollRequested() == [answer("1"), .rejectPoll, .lost])
        #expect(transport.pollRequested() == [.rejectPoll] && transport.end() == [])
    }

    @Test func `a GET that is given up closes the session`() {
        var transport = polling()
        #expect(transport.pollAborted() == [])
        #expect(transport.pollRequested() == [])
        #expect(transport.pollAborted() == [.lost])
        #expect(transport.posted(bytes("4a")) == [.rejectPost])
    }

    @Test func `the end releases the open GET`() {
        var transport = polling()
        #expect(transport.pollRequested() == [])
        #expect(transport.posted(bytes("1")) == [.deliver(.close), .acceptPost])
        #expect(transport.end() == [answer("6")])
        transport = polling()
        #expect(transport.pollRequested() == [])
        #expect(transport.transmit(text("1")) == [answer("1")])
        #expect(transport.end() == [])
    }

    @Test func `polling becomes a websocket`() {
        var transport = polling()
        #expect(transport.pollRequested() == [])
        #expect(transport.webSocketOpened(now: now) == [] && transport.deadline == now + .seconds(10))
        #expect(transport.webSocketOpened(now: now) == [.rejectWebSocket])
        #expect(transport.receive(packet("2probe")) == [.sendWebSocket(text("3probe")), answer("6")])
        // A GET that was in flight is released too; new packets wait or go with it.
        #expect(transport.pollRequested() == [answer("6")])
        #expect(transport.transmit(text("4a")) == [])
        #expect(transport.pollRequested() == [answer("4a")])
        #expect(transport.transmit(text("4b")) == [])
        #expect(transport.posted(bytes("4c")) == [.deliver(.message(.text(bytes("c")))), .acceptPost])
        #expect(transport.receive(packet("5")) == [.sendWebSocket(text("4b"))])
        #expect(transport.isWebSocket && transport.deadline == nil)
        #expect(transport.receive(packet("4d")) == [.deliver(.message(.text(bytes("d"))))])
        #expect(transport.transmit(text("4e")) == [.sendWebSocket(text("4e"))])
        #expect(transport.pollRequested() == [.rejectPoll] && transport.posted(bytes("4x")) == [.rejectPost])
        #expect(transport.webSocketOpened(now: now) == [.rejectWebSocket])
        #expect(transport.webSocketClosed() == [.lost])
        #expect(transport.webSocketClosed() == [] && transport.transmit(text("4f")) == [])
    }

    @Test func `a candidate that fails leaves polling as it was`() {
        for fails in ["4x", "2", "5", "1"] {
            var transport = polling()
            _ = transport.webSocketOpened(now: now)
            #expect(transport.receive(packet(fails)) == [.closeWebSocket])
            #expect(transport.receive(packet("2probe")) == [])
            #expect(transport.webSocketClosed() == [])
            #expect(transport.transmit(text("4a")) == [] && transport.pollRequested() == [answer("4a")])
        }
        var transport = polling()
        _ = transport.webSocketOpened(now: now)
        #expect(transport.receive(packet("2probe")) == [.sendWebSocket(text("3probe"))])
        #expect(transport.tick(now: now + .seconds(9)) == [])
        #expect(transport.tick(now: now + .seconds(10)) == [.closeWebSocket] && transport.deadline == nil)
        // Another websocket may try.
        #expect(transport.webSocketOpened(now: now) == [])
        #expect(transport.webSocketClosed() == [] && transport.webSocketOpened(now: now) == [])
        #expect(transport.end() == [.closeWebSocket])
    }

    @Test func `a session may be a websocket from the start`() {
        var transport = EngineServerTransport(.webSocket, maxPayload: 100)
        #expect(transport.transmit(text("0{}")) == [.sendWebSocket(text("0{}"))])
        #expect(transport.webSocketOpened(now: now) == [.rejectWebSocket])
        #expect(transport.pollRequested() == [.rejectPoll])
        #expect(transport.end() == [.closeWebSocket] && transport.end() == [])
    }
}
