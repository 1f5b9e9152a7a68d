import ChatWire
import TestSupport
import Testing

/// Random conversations and random damage, each repeatable from its seed.
@Suite struct WebSocketPropertyTests {
    /// A stream of frames from one role, and the events that it must produce at the other.
    private struct Conversation {
        var stream: [UInt8] = []
        var events: [WebSocketEvent] = []

        init(from role: WebSocketRole, using generator: inout SeededGenerator) {
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                appendMessage(from: role, using: &generator)
            }
            guard Bool.random(using: &generator) else { return }
            let payload = WebSocketFrameEncoder.closePayload(code: .goingAway, reason: "fim")
            append(.close, payload, from: role, using: &generator)
            events.append(.close(code: .goingAway, reason: "fim"))
        }

        private mutating func appendMessage(
            from role: WebSocketRole, using generator: inout SeededGenerator
        ) {
            let isText = Bool.random(using: &generator)
            let payload = isText ? Self.text(using: &generator) : Self.bytes(using: &generator)
            var rest = payload[...]
            var opcode: WebSocketOpcode = isText ? .text : .binary
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let count = Int.random(in: 0...rest.count, using: &generator)
                append(opcode, Array(rest.prefix(count)), isFinal: false, from: role, using: &generator)
                rest = rest.dropFirst(count)
                opcode = .continuation
                appendControl(from: role, using: &generator)
            }
            append(opcode, Array(rest), from: role, using: &generator)
            events.append(isText ? .text(payload) : .binary(payload))
        }

        private mutating func appendControl(
            from role: WebSocketRole, using generator: inout SeededGenerator
        ) {
            guard Int.random(in: 0..<3, using: &generator) == 0 else { return }
            let payload = Array(Self.bytes(using: &generator).prefix(125))
            let isPing = Bool.random(using: &generator)
            append(isPing ? .ping : .pong, payload, from: role, using: &generator)
            events.append(isPing ? .ping(payload) : .pong(payload))
        }

        private mutating func append(
            _ opcode: WebSocketOpcode, _ payload: [UInt8], isFinal: Bool = true, from role: WebSocketRole,
            using generator: inout SeededGenerator
        ) {
            let key = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
            WebSocketFrameEncoder.append(
                opcode: opcode, isFinal: isFinal, payload: payload,
                maskingKey: role == .client ? WebSocketMaskingKey(key[0], key[1], key[2], key[3]) : nil,
                to: &stream)
        }

        private static func length(using generator: inout SeededGenerator) -> Int {
            let edges = [0, 1, 7, 8, 63, 64, 65, 124, 125, 126, 127, 1000]
            return edges.randomElement(using: &generator) ?? 0
        }

        private static func bytes(using generator: inout SeededGenerator) -> [UInt8] {
            (0..<length(using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }

        private static func text(using generator: inout SeededGenerator) -> [UInt8] {
            let alphabet = Array("abç€😀 ")
            let count = length(using: &generator) / 3
            return Array(
                String((0..<count).map { _ in alphabet.randomElement(using: &generator) ?? "a" }).utf8)
        }
    }

    @Test(arguments: WebSocketRole.allCases, 1...40 as ClosedRange<UInt64>)
    func everyConversationArrives(role: WebSocketRole, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let conversation = Conversation(from: role.peer, using: &generator)
        for feed in Feed.allCases {
            var connection = WebSocketConnection(role: role)
            let events = connection.events(receiving: feed.cut(conversation.stream, seed: seed))
            #expect(events == conversation.events, "seed \(seed), \(feed)")
        }
    }

    /// Both ends in normal use, with each message echoed, over a transport that cuts anywhere.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func bothRolesUnderstandEachOther(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var client = WebSocketConnection(role: .client, maskingKeysFrom: SeededGenerator(seed: seed))
        var server = WebSocketConnection(role: .server)
        var expected: [WebSocketEvent] = []
        for _ in 0..<20 {
            let count = Int.random(in: 0...300, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if Bool.random(using: &generator) {
                client.send(binary: bytes)
                expected.append(.binary(bytes))
            } else {
                let text = String(decoding: bytes, as: UTF8.self)
                client.send(text: text)
                expected.append(.text(Array(text.utf8)))
            }
        }
        client.ping([1])
        expected.append(.pong([1]))
        client.close(code: .normal, reason: "ok")
        expected.append(.close(code: .normal, reason: ""))

        for piece in Feed.pieces.cut(client.takeOutput(), seed: seed) {
            server.receive(piece)
            while let event = server.nextEvent() {
                switch event {
                case .text(let bytes): server.send(text: bytes)
                case .binary(let bytes): server.send(binary: bytes)
                default: break
                }
            }
        }
        #expect(server.state == .closed, "seed \(seed)")
        let events = client.events(receiving: Feed.pieces.cut(server.takeOutput(), seed: seed &+ 1))
        #expect(events == expected, "seed \(seed)")
        #expect(client.state == .closed, "seed \(seed)")
    }

    /// Damaged streams never trap, end in at most one failure, stay within bounds, and mean the same however they are
    /// cut.
    @Test(arguments: WebSocketRole.allCases, 1...150 as ClosedRange<UInt64>)
    func damageIsJudgedAlikeHoweverItIsCut(role: WebSocketRole, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let conversation = Conversation(from: role.peer, using: &generator)
        for _ in 0..<4 {
            let damaged = conversation.stream.mutated(using: &generator)
            let limits = WebSocketLimits(messageLength: 2000, fragmentCount: 6)
            var outcomes: [[WebSocketEvent]] = []
            for feed in Feed.allCases {
                var connection = WebSocketConnection(
                    role: role, limits: limits, maskingKeysFrom: SeededGenerator(seed: seed))
                var events = connection.events(receiving: feed.cut(damaged, seed: seed))
                connection.receiveEndOfInput()
                if let last = connection.nextEvent() { events.append(last) }
                events.append(.binary(connection.takeOutput()))
                outcomes.append(events)
            }
            #expect(outcomes.allSatisfy { $0 == outcomes[0] }, "seed \(seed), \(role): \(damaged)")
            let failures = outcomes[0].dropLast(2).filter {
                if case .failure = $0 { true } else { false }
            }
            #expect(failures.isEmpty, "seed \(seed): a failure is the last event")
        }
    }

    /// Bytes without any structure.
    @Test(arguments: WebSocketRole.allCases, 1...50 as ClosedRange<UInt64>)
    func noiseNeverTraps(role: WebSocketRole, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let noise = (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            var whole = WebSocketConnection(role: role)
            var cut = WebSocketConnection(role: role)
            let events = whole.events(receiving: noise)
            #expect(cut.events(receiving: Feed.byteByByte.cut(noise)) == events, "seed \(seed): \(noise)")
            #expect(cut.state == whole.state, "seed \(seed): \(noise)")
        }
    }
}
