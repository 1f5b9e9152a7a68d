import ChatWire
import TestSupport
import Testing

/// Compares the validator with the standard library's, on the bytes at the edges of every rule.
@Suite struct UTF8ValidatorTests {
    private static let edges: [UInt8] = [
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]

    private func isValid(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    /// Whether some continuation makes the prefix valid: what the validator must say of it.
    private func canContinue(_ prefix: [UInt8]) -> Bool {
        let seconds: [UInt8] = [0x80, 0x90, 0xA0]
        let tails: [[UInt8]] = [[]] + seconds.flatMap { [[$0], [$0, 0x80], [$0, 0x80, 0x80]] }
        return tails.contains { isValid(prefix + $0) }
    }

    private func check(_ bytes: [UInt8]) {
        #expect(UTF8Validator.isValid(bytes) == isValid(bytes), "\(bytes)")
        var validator = UTF8Validator()
        let soFar = bytes.withUnsafeBytes { validator.consume($0) }
        #expect(soFar == canContinue(bytes), "\(bytes)")
        #expect(validator.isComplete == isValid(bytes), "\(bytes)")
        var stepwise = UTF8Validator()
        var last = true
        for byte in bytes { last = [byte].withUnsafeBytes { stepwise.consume($0) } }
        #expect(stepwise.isComplete == validator.isComplete && (bytes.isEmpty || last == soFar), "\(bytes)")
    }

    @Test func everySequenceOfEdges() {
        check([])
        for first in Self.edges {
            check([first])
            for second in Self.edges {
                check([first, second])
                for third in Self.edges where first >= 0xE0 {
                    check([first, second, third])
                    for fourth in [0x7F, 0x80, 0xBF, 0xC2] as [UInt8] where first >= 0xF0 {
                        check([first, second, third, fourth])
                    }
                }
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func randomTextWithAndWithoutDamage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("az09 \u{7F}çãé\u{7FF}\u{800}€\u{D7FF}\u{E000}\u{FFFF}😀\u{10000}\u{10FFFF}")
        for _ in 0..<100 {
            let length = Int.random(in: 0...120, using: &generator)
            let text = String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
            let bytes = Array((text + String(repeating: "x", count: length / 3)).utf8)
            #expect(UTF8Validator.isValid(bytes), "seed \(seed)")
            let damaged = bytes.mutated(using: &generator)
            #expect(UTF8Validator.isValid(damaged) == isValid(damaged), "seed \(seed): \(damaged)")
        }
    }

    @Test func aFailureIsFinal() {
        var validator = UTF8Validator()
        #expect([UInt8]("ok".utf8).withUnsafeBytes { validator.consume($0) })
        #expect(![0xFF as UInt8].withUnsafeBytes { validator.consume($0) })
        #expect(![UInt8]("ok".utf8).withUnsafeBytes { validator.consume($0) })
        #expect(!validator.isComplete)
    }

    @Test func badBytesAreFoundAnywhereInALongText() {
        for place in 0..<100 {
            var bytes = [UInt8](repeating: 0x61, count: 100)
            #expect(UTF8Validator.isValid(bytes))
            bytes[place] = 0x80
            #expect(!UTF8Validator.isValid(bytes), "at \(place)")
        }
    }
}
