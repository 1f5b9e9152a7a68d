import Foundation
import TestSupport
import Testing

@testable import ChatWire

@Suite struct PollingPayloadTests {
    @Test(
        arguments: [
            ([.text(Array("2".utf8))], "2"),
            ([.text(Array("40".utf8)), .text(Array(#"42["é"]"#.utf8))], "40\u{1E}42[\"é\"]"),
            ([.binary([1, 2, 3, 4]), .text(Array("4x".utf8))], "bAQIDBA==\u{1E}4x"),
            ([.text(Array("4".utf8)), .binary([]), .binary([0xFF])], "4\u{1E}b\u{1E}b/w=="),
        ] as [([EngineFrame], String)])
    func `payloads are written and read`(frames: [EngineFrame], text: String) throws {
        #expect(PollingPayload.encode(frames).text == text)
        let packets = try PollingPayload.decode(Array(text.utf8)[...], bytesMax: 100)
        #expect(packets.map(\.frame) == frames)
        #expect(frames.map(PollingPayload.length).reduce(-1, +) == text.utf8.count)
    }

    @Test(
        arguments: [
            ("", .emptyPacket), ("4x\u{1E}", .emptyPacket), ("\u{1E}4x", .emptyPacket),
            ("zzz", .unknownPacketType(0x7A)), ("4a\u{1E}9", .unknownPacketType(0x39)),
            ("bA", .invalidBase64), ("bAQ=", .invalidBase64), ("bA===", .invalidBase64),
            ("bAR==", .invalidBase64),
            ("bAQ==AQ==", .invalidBase64), ("b====", .invalidBase64), ("bAQ!=", .invalidBase64),
            (String(repeating: "4", count: 101), .tooBig(length: 101, limit: 100)),
        ] as [(String, EngineError)])
    func `refuses`(text: String, error: EngineError) {
        #expect(throws: error) { try PollingPayload.decode(Array(text.utf8)[...], bytesMax: 100) }
    }

    @Test func `takes so many packets and no more`() throws {
        let body = Array(repeating: "4", count: 16).joined(separator: "\u{1E}")
        #expect(try PollingPayload.decode(Array(body.utf8)[...], bytesMax: 100, packetsMax: 16).count == 16)
        #expect(throws: EngineError.tooManyPackets(limit: 15)) {
            try PollingPayload.decode(Array(body.utf8)[...], bytesMax: 100, packetsMax: 15)
        }
    }

    @Test func `base64 is that of Foundation`() {
        var generator = SeededGenerator(seed: 91)
        for length in 0..<200 {
            let data = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var text: [UInt8] = []
            EngineBase64.append(data, to: &text)
            #expect(text == [UInt8](Data(data).base64EncodedData()))
            #expect(EngineBase64.decode(text[...]) == data)
        }
    }

    @Test(arguments: [92, 93] as [UInt64])
    func `mutated payloads are survived`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let body = Array("40{\"a\":1}\u{1E}bAQIDBA==\u{1E}2probe\u{1E}b\u{1E}430[]".utf8)
        for round in 0..<10_000 {
            let mutated = body.mutated(using: &generator)
            guard let packets = try? PollingPayload.decode(mutated[...], bytesMax: 1000) else { continue }
            let again = try? PollingPayload.decode(
                PollingPayload.encode(packets.map(\.frame))[...], bytesMax: 1000)
            try #require(again == packets, "seed \(seed), round \(round): \(mutated)")
        }
    }

    @Test func `recorded payloads are read`() throws {
        var count = 0
        for recorded in try Transcripts.sockets() where recorded.name.hasPrefix("polling_connect") {
            for step in recorded.steps {
                guard let body = step.body, body != "OK", body.first?.isNumber == true else { continue }
                let packets = try PollingPayload.decode(Array(body.utf8)[...], bytesMax: 1_000_000)
                #expect(PollingPayload.encode(packets.map(\.frame)).text == body)
                count += packets.count
            }
        }
        #expect(count > 20)
    }
}
