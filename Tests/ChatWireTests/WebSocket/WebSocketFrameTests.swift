import ChatWire
import Testing

/// Frames as bytes, in both directions.
@Suite struct WebSocketFrameTests {
    /// The frame encodes to these bytes, and these bytes decode to the frame, however they are cut.
    private func expectFrame(
        _ header: WebSocketFrameHeader, _ payload: [UInt8], is bytes: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var encoded: [UInt8] = []
        WebSocketFrameEncoder.append(
            opcode: header.opcode, isFinal: header.isFinal, payload: payload,
            maskingKey: header.maskingKey, to: &encoded)
        #expect(encoded == bytes, sourceLocation: sourceLocation)

        for feed in Feed.allCases {
            var decoder = WebSocketFrameDecoder(role: header.maskingKey == nil ? .client : .server)
            var decoded: WebSocketFrameHeader?
            var rest: [UInt8] = []
            #expect(throws: Never.self, "\(feed)", sourceLocation: sourceLocation) {
                for piece in feed.cut(bytes) {
                    try piece.withUnsafeBytes { buffer in
                        var input = buffer
                        if decoded == nil { decoded = try decoder.nextHeader(&input) }
                        rest += input
                    }
                }
            }
            header.maskingKey?.apply(to: &rest)
            #expect(decoded == header, "\(feed)", sourceLocation: sourceLocation)
            #expect(rest == payload, "\(feed)", sourceLocation: sourceLocation)
            #expect(!decoder.isInsideHeader, sourceLocation: sourceLocation)
        }
    }

    @Test func examplesOfTheStandard() {
        let hello = Array("Hello".utf8)
        let key = WebSocketMaskingKey(0x37, 0xFA, 0x21, 0x3D)
        expectFrame(
            WebSocketFrameHeader(opcode: .text, payloadLength: 5), hello,
            is: [UInt8](hex: "81 05 48656c6c6f"))
        expectFrame(
            WebSocketFrameHeader(opcode: .text, maskingKey: key, payloadLength: 5), hello,
            is: [UInt8](hex: "81 85 37fa213d 7f9f4d5158"))
        expectFrame(
            WebSocketFrameHeader(isFinal: false, opcode: .text, payloadLength: 3), Array("Hel".utf8),
            is: [UInt8](hex: "01 03 48656c"))
        expectFrame(
            WebSocketFrameHeader(opcode: .continuation, payloadLength: 2), Array("lo".utf8),
            is: [UInt8](hex: "80 02 6c6f"))
        expectFrame(
            WebSocketFrameHeader(opcode: .ping, payloadLength: 5), hello, is: [UInt8](hex: "89 05 48656c6c6f")
        )
        expectFrame(
            WebSocketFrameHeader(opcode: .pong, maskingKey: key, payloadLength: 5), hello,
            is: [UInt8](hex: "8a 85 37fa213d 7f9f4d5158"))
    }

    @Test func lengthsAtTheirEdges() {
        let edges = [
            (0, "82 00"), (1, "82 01"), (125, "82 7d"), (126, "82 7e 007e"), (256, "82 7e 0100"),
            (65_535, "82 7e ffff"), (65_536, "82 7f 0000000000010000"),
        ]
        for (length, header) in edges {
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            expectFrame(
                WebSocketFrameHeader(opcode: .binary, payloadLength: length), payload,
                is: [UInt8](hex: header) + payload)
        }
    }

    @Test func maskedLengths() {
        let key = WebSocketMaskingKey(1, 2, 3, 4)
        for (length, header) in [(125, "82 fd"), (126, "82 fe 007e"), (65_536, "82 ff 0000000000010000")] {
            let payload = [UInt8](repeating: 0, count: length)
            let masked = (0..<length).map { UInt8($0 % 4 + 1) }
            expectFrame(
                WebSocketFrameHeader(opcode: .binary, maskingKey: key, payloadLength: length), payload,
                is: [UInt8](hex: header) + [1, 2, 3, 4] + masked)
        }
    }

    struct BadHeader: Sendable, CustomStringConvertible {
        let role: WebSocketRole
        let bytes: [UInt8]
        let error: WebSocketError
        var description: String { "\(role) \(error)" }

        init(_ role: WebSocketRole, _ hex: String, _ error: WebSocketError) {
            self.role = role
            bytes = [UInt8](hex: hex)
            self.error = error
        }
    }

    /// Headers that end with the byte that breaks a rule: it must be noticed there, not later.
    static let badHeaders: [BadHeader] = [
        BadHeader(.client, "91", .reservedBits(0b001)),
        BadHeader(.client, "a1", .reservedBits(0b010)),
        BadHeader(.server, "c1", .reservedBits(0b100)),
        BadHeader(.server, "f1", .reservedBits(0b111)),
        BadHeader(.client, "83", .unknownOpcode(3)),
        BadHeader(.server, "87", .unknownOpcode(7)),
        BadHeader(.server, "8b", .unknownOpcode(11)),
        BadHeader(.client, "8f", .unknownOpcode(15)),
        BadHeader(.client, "08", .fragmentedControlFrame(.close)),
        BadHeader(.server, "09", .fragmentedControlFrame(.ping)),
        BadHeader(.client, "0a", .fragmentedControlFrame(.pong)),
        BadHeader(.client, "81 80", .maskedFrame),
        BadHeader(.server, "81 00", .unmaskedFrame),
        BadHeader(.client, "88 7e", .controlFrameTooLong(.close)),
        BadHeader(.server, "89 fe", .controlFrameTooLong(.ping)),
        BadHeader(.client, "8a 7f", .controlFrameTooLong(.pong)),
        BadHeader(.client, "82 7e 0000", .nonMinimalLength(0)),
        BadHeader(.server, "82 fe 007d", .nonMinimalLength(125)),
        BadHeader(.client, "82 7f 000000000000007e", .nonMinimalLength(126)),
        BadHeader(.server, "82 ff 000000000000ffff", .nonMinimalLength(65_535)),
        BadHeader(.client, "82 7f 8000000000000000", .lengthOutOfRange(1 << 63)),
        BadHeader(.server, "82 ff ffffffffffffffff", .lengthOutOfRange(.max)),
    ]

    @Test(arguments: badHeaders)
    func badHeaderFailsAtTheByteThatBreaksTheRule(_ bad: BadHeader) {
        for feed in Feed.allCases {
            var connection = WebSocketConnection(role: bad.role)
            let events = connection.events(receiving: feed.cut(bad.bytes))
            #expect(events == [.failure(bad.error)], "\(feed)")
            #expect(connection.state == .failed(bad.error))
        }
        var early = WebSocketConnection(role: bad.role)
        #expect(early.events(receiving: Array(bad.bytes.dropLast())) == [])
        #expect(early.state == .open)
    }

    @Test func closePayloadIsCutBetweenCharacters() {
        let payload = WebSocketFrameEncoder.closePayload(
            code: .goingAway, reason: String(repeating: "ã", count: 62))
        #expect(payload == [0x03, 0xE9] + Array(String(repeating: "ã", count: 61).utf8))
        #expect(payload.count == 124)
        let full = WebSocketFrameEncoder.closePayload(
            code: .normal, reason: String(repeating: "a", count: 500))
        #expect(full.count == 125)
        #expect(WebSocketFrameEncoder.closePayload(code: .noStatusReceived, reason: "x") == [])
        #expect(WebSocketFrameEncoder.closePayload(code: nil, reason: "x") == [])
    }
}

extension WebSocketMaskingKey {
    func apply(to bytes: inout [UInt8]) {
        bytes.withUnsafeMutableBytes { apply(to: $0) }
    }
}
