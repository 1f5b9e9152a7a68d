import ChatCrypto
import TestSupport
import Testing

@Suite("Base64")
struct Base64Tests {
    /// Tests both directions at once, in both alphabets.
    private func expectPair(
        _ bytes: [UInt8], _ standard: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(Base64.encode(bytes) == standard, sourceLocation: sourceLocation)
        #expect(try Base64.decode(standard) == bytes, sourceLocation: sourceLocation)
        let padded = String(standard.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
        let bare = String(padded.prefix { $0 != "=" })
        #expect(Base64URL.encode(bytes) == bare, sourceLocation: sourceLocation)
        #expect(try Base64URL.decode(bare) == bytes, sourceLocation: sourceLocation)
        #expect(try Base64URL.decode(bare, padding: .optional) == bytes, sourceLocation: sourceLocation)
        #expect(try Base64URL.decode(padded, padding: .optional) == bytes, sourceLocation: sourceLocation)
        #expect(try Base64URL.decode(padded, padding: .required) == bytes, sourceLocation: sourceLocation)
    }

    /// RFC 4648 section 10.
    @Test func standardExamples() throws {
        try expectPair([], "")
        try expectPair(Array("f".utf8), "Zg==")
        try expectPair(Array("fo".utf8), "Zm8=")
        try expectPair(Array("foo".utf8), "Zm9v")
        try expectPair(Array("foob".utf8), "Zm9vYg==")
        try expectPair(Array("fooba".utf8), "Zm9vYmE=")
        try expectPair(Array("foobar".utf8), "Zm9vYmFy")
        try expectPair([0xFB, 0xFF, 0xFE], "+//+")
        try expectPair([0x00, 0x10, 0x83], "ABCD")
    }

    @Test func randomBytesComeBack() throws {
        var generator = SeededGenerator(seed: UInt64.random(in: 0 ... .max))
        let seed = generator.seed
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            #expect(try Base64.decode(Base64.encode(bytes)) == bytes, "seed \(seed)")
            #expect(try Base64URL.decode(Base64URL.encode(bytes)) == bytes, "seed \(seed)")
        }
    }

    @Test(arguments: [
        ("Zg=", Base64Error.invalidPadding),
        ("Zg", .invalidPadding),
        ("Zg===", .invalidPadding),
        ("Zm9v=", .invalidPadding),
        ("Zm9v====", .invalidPadding),
        ("====", .invalidPadding),
        ("=", .invalidPadding),
        ("Z", .invalidLength(1)),
        ("Z===", .invalidLength(4)),
        ("Zm9vY", .invalidLength(5)),
        ("Zh==", .strayBits),
        ("Zm9=", .strayBits),
        ("Zm9v\n", .invalidLength(5)),
        ("Zm 9", .invalidCharacter(offset: 2)),
        ("Zm=v", .invalidCharacter(offset: 2)),
        ("Zm9-", .invalidCharacter(offset: 3)),
        ("Zm9_", .invalidCharacter(offset: 3)),
        ("Zmé", .invalidCharacter(offset: 2)),
    ])
    func standardRefuses(text: String, error: Base64Error) {
        #expect(throws: error) { try Base64.decode(text) }
    }

    @Test(arguments: [
        ("Zg==", Base64Padding.forbidden, Base64Error.invalidPadding),
        ("Zg", .required, .invalidPadding),
        ("Zg=", .optional, .invalidPadding),
        ("Zm9v=", .optional, .invalidPadding),
        ("Z", .forbidden, .invalidLength(1)),
        ("Z", .optional, .invalidLength(1)),
        ("Zh", .forbidden, .strayBits),
        ("Zm9+", .forbidden, .invalidCharacter(offset: 3)),
        ("Zm9/", .forbidden, .invalidCharacter(offset: 3)),
    ])
    func urlRefuses(text: String, padding: Base64Padding, error: Base64Error) {
        #expect(throws: error) { try Base64URL.decode(text, padding: padding) }
    }

    @Test("Garbage is refused or is the one encoding of what it decodes to")
    func onlyOneTextForEachValue() {
        var generator = SeededGenerator(seed: UInt64.random(in: 0 ... .max))
        let seed = generator.seed
        let alphabet = Array("ABCwxyz0189+/=-_ ".utf8)
        for _ in 0..<20_000 {
            let length = Int(generator.next() % 9)
            let text = (0..<length).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
            if let bytes = try? Base64.decode(text) {
                #expect(Array(Base64.encode(bytes).utf8) == text, "seed \(seed)")
            }
            if let bytes = try? Base64URL.decode(text) {
                #expect(Array(Base64URL.encode(bytes).utf8) == text, "seed \(seed)")
            }
        }
    }
}
