import ChatCrypto
import Testing

@Suite("Digests and authentication codes")
struct HashTests {
    /// FIPS 180-4's own examples.
    @Test(arguments: [
        (HashAlgorithm.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            .sha384, "abc",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
        ),
        (
            .sha512, "abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ])
    func digestsMatchTheStandard(algorithm: HashAlgorithm, text: String, hexadecimal: String) {
        let digest = Digest.compute(Array(text.utf8), using: algorithm)
        #expect(Hexadecimal.text(digest) == hexadecimal)
        #expect(digest.count == algorithm.digestLength)
    }

    @Test("A slice is digested like its bytes")
    func slices() {
        let bytes = Array("xabcx".utf8)
        #expect(Digest.sha256(bytes[1...3]) == Digest.sha256(Array("abc".utf8)))
        #expect(Digest.sha1("abc".utf8) == Digest.sha1(Array("abc".utf8)))
    }

    /// RFC 4231 test cases 1, 2 and 6 (a key longer than a block).
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There", HashAlgorithm.sha256,
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?", .sha384,
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?", .sha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            .sha256,
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func authenticationCodesMatchTheStandard(
        key: [UInt8], message: String, algorithm: HashAlgorithm, hexadecimal: String
    ) {
        let message = Array(message.utf8)
        let code = HMAC.authenticate(message, key: key, using: algorithm)
        #expect(Hexadecimal.text(code) == hexadecimal)
        #expect(HMAC.isValid(code, for: message, key: key, using: algorithm))
        #expect(!HMAC.isValid(code.dropLast(), for: message, key: key, using: algorithm))
        #expect(!HMAC.isValid(code, for: message + [0], key: key, using: algorithm))
        for index in code.indices {
            var forged = code
            forged[index] ^= 1
            #expect(!HMAC.isValid(forged, for: message, key: key, using: algorithm))
        }
    }

    @Test("An empty key and an empty message are allowed, and an empty key is not the key before")
    func emptyKey() {
        let expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(Hexadecimal.text(HMAC.authenticate([UInt8](), key: [UInt8]())) == expected)
        _ = HMAC.authenticate(Array("a".utf8), key: Array("secret".utf8))
        #expect(Hexadecimal.text(HMAC.authenticate([UInt8](), key: [UInt8]())) == expected)
    }

    @Test func constantTimeEquality() {
        #expect(constantTimeEqual([UInt8](), [UInt8]()))
        #expect(constantTimeEqual([1, 2, 3], [0, 1, 2, 3][1...]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
    }
}

enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
