import TestSupport
import Testing

@testable import ChatWire

extension JSONValue {
    /// A value of any shape, nested up to `depth`.
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2:
            return .integer(
                Int64(truncatingIfNeeded: generator.next() >> UInt64.random(in: 0..<64, using: &generator)))
        case 3:
            let double = Double(bitPattern: generator.next())
            // Only a double is ever written as an integral double, so skip integral ones.
            return double.isFinite && double != double.rounded() ? .double(double) : 0.25
        case 4, 5: return .string(.random(using: &generator))
        case 6:
            return .array(
                (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                    random(depth: depth - 1, using: &generator)
                })
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                        JSONObject.Member(
                            key: .random(using: &generator),
                            value: random(depth: depth - 1, using: &generator))
                    }))
        }
    }
}

extension String {
    /// A text that mixes ASCII, controls, quotes, and all lengths of UTF-8.
    static func random(using generator: inout SeededGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...24, using: &generator) {
            let ranges: [ClosedRange<UInt32>] = [
                0x20...0x7E, 0x20...0x7E, 0x61...0x7A, 0...0x1F, 0x22...0x22, 0x5C...0x5C, 0x80...0x7FF,
                0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
            ]
            let range = ranges[Int.random(in: 0..<ranges.count, using: &generator)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}

@Suite struct JSONFuzzTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `what is written is read again`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<1500 {
            let value = JSONValue.random(depth: 4, using: &generator)
            for escapes in [false, true] {
                let bytes = value.serialized(escapesNonASCII: escapes)
                let isRead = (try? JSONValue(parsing: bytes)) == value
                try #require(
                    isRead, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    /// Any bytes: nothing traps, and skipping agrees with parsing, including the offset.
    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func `skipping and parsing judge alike`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<3000 {
            let value = JSONValue.random(depth: 4, using: &generator)
            let bytes = value.serialized(escapesNonASCII: round % 2 == 0).mutated(using: &generator)
            let parsed = Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
            let skipped = Result { () throws(JSONError) in
                try JSONReader.read(bytes[...]) { reader throws(JSONError) in
                    try reader.skipValue()
                    try reader.end()
                }
            }
            switch (parsed, skipped) {
            case (.success(let value), .success):
                let again = (try? JSONValue(parsing: value.serialized())) == value
                try #require(again, "seed \(seed), round \(round): \(bytes)")
            case (.failure(let one), .failure(let other)):
                try #require(one == other, "seed \(seed), round \(round): \(bytes)")
            default:
                Issue.record("seed \(seed), round \(round): \(bytes)")
            }
        }
    }
}
