import TestSupport
import Testing

@testable import ChatWire

/// Compares masking with its definition: byte i is combined with byte i mod 4 of the key.
@Suite struct WebSocketMaskingTests {
    private let keyBytes: [UInt8] = [0x9C, 0x01, 0xF7, 0x3A]
    private var key: WebSocketMaskingKey {
        WebSocketMaskingKey(keyBytes[0], keyBytes[1], keyBytes[2], keyBytes[3])
    }

    private func masked(_ bytes: ArraySlice<UInt8>, from offset: Int = 0) -> [UInt8] {
        bytes.enumerated().map { $1 ^ keyBytes[($0 + offset) % 4] }
    }

    @Test func everyLengthAndAlignment() {
        var generator = SeededGenerator(seed: 42)
        let source = (0..<300).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for start in 0..<9 {
            for length in 0...(200 - start) {
                var bytes = source
                bytes.withUnsafeMutableBytes {
                    key.apply(to: UnsafeMutableRawBufferPointer(rebasing: $0[start..<(start + length)]))
                }
                let range = start..<(start + length)
                #expect(Array(bytes[range]) == masked(source[range]))
                #expect(Array(bytes[..<start]) == Array(source[..<start]), "bytes before are left alone")
                #expect(bytes[range.upperBound...].elementsEqual(source[range.upperBound...]))
            }
        }
    }

    @Test func maskingTwiceGivesTheBytesBack() {
        let source = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var bytes = source
        key.apply(to: &bytes)
        #expect(bytes != source)
        key.apply(to: &bytes)
        #expect(bytes == source)
    }

    @Test func aKeyGoesOnWhereThePayloadWasCut() {
        let source = (0..<100).map { UInt8($0) }
        for cut in 0...100 {
            var head = Array(source[..<cut])
            var tail = Array(source[cut...])
            key.apply(to: &head)
            key.advanced(by: cut).apply(to: &tail)
            #expect(head + tail == masked(source[...]))
        }
    }
}
