import ChatWire
import TestSupport
import Testing

@Suite struct SocketPacketTests {
    private static func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    @Test(arguments: [
        (SocketPacket(.connect), "0"),
        (SocketPacket(.connect, payload: bytes(#"{"token":"abc"}"#)), #"0{"token":"abc"}"#),
        (SocketPacket(.connect, namespace: "/foo", payload: bytes("{}")), "0/foo,{}"),
        (SocketPacket(.connect, namespace: "/foo"), "0/foo,"),
        (SocketPacket(.disconnect), "1"),
        (SocketPacket(.disconnect, namespace: "/a/b"), "1/a/b,"),
        (SocketPacket(.event, payload: bytes(#"["a",1]"#)), #"2["a",1]"#),
        (SocketPacket(.event, acknowledgementID: 0, payload: bytes("[]")), "20[]"),
        (SocketPacket(.event, namespace: "/é", acknowledgementID: 12, payload: bytes("[]")), "2/é,12[]"),
        (SocketPacket(.event, acknowledgementID: .max, payload: bytes("[]")), "218446744073709551615[]"),
        (SocketPacket(.acknowledgement, acknowledgementID: 5, payload: bytes("[]")), "35[]"),
        (SocketPacket(.connectError, payload: bytes(#""no""#)), #"4"no""#),
        (SocketPacket(.binaryEvent, attachmentCount: 0, payload: bytes("[]")), "50-[]"),
        (SocketPacket(.binaryEvent, attachmentCount: 32, payload: bytes(#"["a"]"#)), #"532-["a"]"#),
        (
            SocketPacket(
                .binaryAcknowledgement, namespace: "/x", acknowledgementID: 7, attachmentCount: 1,
                payload: bytes("[]")), "61-/x,7[]"
        ),
    ])
    func `packets are written and read`(packet: SocketPacket, text: String) throws {
        #expect(packet.encoded.bytes.text == "4" + text)
        #expect(try SocketPacket(decoding: Self.bytes(text)) == packet)
    }

    @Test func `what follows a question mark is dropped, and a last comma may be missing`() throws {
        #expect(try SocketPacket(decoding: Self.bytes("0/foo?token=1,{}")).namespace == "/foo")
        #expect(
            try SocketPacket(decoding: Self.bytes("1/foo")) == SocketPacket(.disconnect, namespace: "/foo"))
    }

    @Test(
        arguments: [
            ("", .emptyPacket), ("7", .unknownKind(0x37)), ("9", .unknownKind(0x39)),
            ("a", .unknownKind(0x61)),
            ("/", .unknownKind(0x2F)), ("5[]", .missingAttachmentCount), ("5", .missingAttachmentCount),
            ("51[]", .missingAttachmentCount), ("5-[]", .missingAttachmentCount),
            ("6/x,1[]", .missingAttachmentCount),
            ("533-[]", .tooManyAttachments(limit: 32)),
            ("599999999999999999999999-[]", .tooManyAttachments(limit: 32)),
            ("218446744073709551616[]", .invalidAcknowledgementID),
            ("0/" + String(repeating: "x", count: 128) + ",", .invalidNamespace),
        ] as [(String, SocketError)])
    func `refuses`(text: String, error: SocketError) {
        #expect(throws: error) { try SocketPacket(decoding: Self.bytes(text)) }
    }

    @Test func `a namespace is UTF-8`() {
        #expect(throws: SocketError.invalidNamespace) {
            try SocketPacket(decoding: [0x30, 0x2F, 0xC0, 0x80, 0x2C])
        }
    }

    @Test(arguments: [71, 72] as [UInt64])
    func `mutated packets are survived`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let texts = [
            "0/foo,{\"token\":1}", "2/x,12[\"a\"]", "51-/é,7[\"a\",{\"_placeholder\":true,\"num\":0}]",
            "435[]",
        ]
        for round in 0..<10_000 {
            let text = Array(texts[round % 4].utf8).mutated(using: &generator)
            guard var packet = try? SocketPacket(decoding: text[...]) else { continue }
            // A written-out namespace "/" is omitted when it is written again. A payload that begins with a digit, a
            // slash or "1-" would be read as the fields before it.
            let again = try? SocketPacket(decoding: packet.encoded.bytes.dropFirst())
            if packet.payload.first.map({ (0x2F...0x39).contains($0) }) == true { continue }
            if packet.namespace == "" { packet.namespace = "/" }
            try #require(again == packet, "seed \(seed), round \(round): \(text)")
        }
    }
}
