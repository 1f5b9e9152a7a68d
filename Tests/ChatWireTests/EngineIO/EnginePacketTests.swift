import ChatWire
import TestSupport
import Testing

@Suite struct EnginePacketTests {
    private static let handshake = EngineHandshake(sid: "mMimpeLKNe-A4uC_AAAA")
    private static let open =
        #"0{"sid":"mMimpeLKNe-A4uC_AAAA","upgrades":[],"pingTimeout":60000,"#
        + #""pingInterval":25000,"maxPayload":1000000}"#

    @Test(
        arguments: [
            (.open(handshake), open),
            (.close, "1"),
            (.ping([]), "2"),
            (.ping(Array("probe".utf8)[...]), "2probe"),
            (.pong([]), "3"),
            (.pong(Array("probe".utf8)[...]), "3probe"),
            (.message(.text([])), "4"),
            (.message(.text(Array(#"2["é"]"#.utf8)[...])), #"42["é"]"#),
            (.upgrade, "5"),
            (.noop, "6"),
        ] as [(EnginePacket, String)])
    func `packets are written and read`(packet: EnginePacket, text: String) throws {
        #expect(packet.frame == .text(Array(text.utf8)))
        #expect(try EnginePacket(text: Array(text.utf8)[...]) == packet)
        #expect(try EnginePacket(packet.frame) == packet)
    }

    @Test func `binary messages have no type`() throws {
        let packet = EnginePacket.message(.binary([0, 0x34, 0xFF]))
        #expect(packet.frame == .binary([0, 0x34, 0xFF]))
        #expect(try EnginePacket(packet.frame) == packet)
    }

    @Test(
        arguments: [
            ("", .emptyPacket), ("7", .unknownPacketType(0x37)), ("9", .unknownPacketType(0x39)),
            ("b", .unknownPacketType(0x62)), ("/", .unknownPacketType(0x2F)), ("0", .invalidHandshake),
            ("0{}", .invalidHandshake), ("0[]", .invalidHandshake), ("0{", .invalidHandshake),
            (#"0{"sid":"","pingInterval":1,"pingTimeout":1}"#, .invalidHandshake),
            (#"0{"sid":3,"pingInterval":1,"pingTimeout":1}"#, .invalidHandshake),
            (#"0{"sid":"a","pingInterval":0,"pingTimeout":1}"#, .invalidHandshake),
            (#"0{"sid":"a","pingInterval":1,"pingTimeout":-1}"#, .invalidHandshake),
            (#"0{"sid":"a","pingInterval":1}"#, .invalidHandshake),
            (#"0{"sid":"a","pingInterval":1,"pingTimeout":1,"maxPayload":0}"#, .invalidHandshake),
        ] as [(String, EngineError)])
    func `refuses`(text: String, error: EngineError) {
        #expect(throws: error) { try EnginePacket(text: Array(text.utf8)[...]) }
    }

    @Test func `reads the handshakes of others`() throws {
        let text =
            #"0{"pingTimeout":5000.0,"sid":"x","pingInterval":99999999999999,"#
            + #""upgrades":["websocket",1],"new":[]}"#
        let expected = EngineHandshake(
            sid: "x", upgrades: ["websocket"], pingInterval: .seconds(86400), pingTimeout: .seconds(5))
        #expect(try EnginePacket(text: Array(text.utf8)[...]) == .open(expected))
    }

    @Test(arguments: [61, 62] as [UInt64])
    func `mutated packets are survived`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<10_000 {
            let text = Array([Self.open, "2probe", #"42["a",{}]"#][round % 3].utf8).mutated(using: &generator)
            guard let packet = try? EnginePacket(text: text[...]) else { continue }
            let again = try? EnginePacket(packet.frame)
            try #require(again == packet, "seed \(seed), round \(round): \(text)")
        }
    }
}
