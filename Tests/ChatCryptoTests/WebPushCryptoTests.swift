import ChatCrypto
import Testing

@Suite("Key derivation, AES-GCM and P-256")
struct WebPushCryptoTests {
    private func bytes(_ hexadecimal: String) throws -> [UInt8] {
        let digits = Array(hexadecimal.utf8.filter { $0 != UInt8(ascii: " ") })
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16))
        }
    }

    // MARK: - HKDF

    /// RFC 5869 appendix A.1 and A.3 (no salt, no info).
    @Test func keyDerivationMatchesTheStandard() throws {
        let inputKey = [UInt8](repeating: 0x0B, count: 22)
        let salt = Array(UInt8(0)...12)
        let pseudorandomKey = HKDF.extract(salt: salt, inputKey: inputKey)
        #expect(
            Hexadecimal.text(pseudorandomKey)
                == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
        let expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        let info = Array(UInt8(0xF0)...0xF9)
        #expect(Hexadecimal.text(HKDF.expand(pseudorandomKey, info: info, length: 42)) == expected)
        #expect(
            Hexadecimal.text(HKDF.derive(salt: salt, inputKey: inputKey, info: info, length: 42)) == expected)
        #expect(
            Hexadecimal.text(HKDF.derive(salt: [UInt8](), inputKey: inputKey, info: [UInt8](), length: 42))
                == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    }

    @Test("Shorter output is a prefix of longer output", arguments: [0, 1, 31, 32, 33, 255 * 32])
    func lengths(length: Int) {
        let longest = HKDF.expand([1, 2, 3], info: [4], length: 255 * 32)
        #expect(HKDF.expand([1, 2, 3], info: [4], length: length) == Array(longest.prefix(length)))
    }

    // MARK: - AES-GCM

    /// Test cases 1, 2 and 4 by the authors of the mode.
    @Test(arguments: [
        (
            "00000000000000000000000000000000", "000000000000000000000000", "", "",
            "58e2fccefa7e3061367f1d57a4e7455a"
        ),
        (
            "00000000000000000000000000000000", "000000000000000000000000", "",
            "00000000000000000000000000000000",
            "0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf"
        ),
        (
            "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
                + "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091 5bc94fbc3221a5db94fae95ae7121a47"
        ),
    ])
    func encryptionMatchesTheStandard(
        key: String, nonce: String, authenticated: String, plaintext: String, sealed: String
    ) throws {
        let (key, nonce, authenticated) = (try bytes(key), try bytes(nonce), try bytes(authenticated))
        let (plaintext, sealed) = (try bytes(plaintext), try bytes(sealed))
        #expect(try AESGCM.seal(plaintext, key: key, nonce: nonce, authenticating: authenticated) == sealed)
        #expect(try AESGCM.open(sealed, key: key, nonce: nonce, authenticating: authenticated) == plaintext)
        for index in sealed.indices {
            var forged = sealed
            forged[index] ^= 0x80
            #expect(throws: AESGCMError.forged) {
                try AESGCM.open(forged, key: key, nonce: nonce, authenticating: authenticated)
            }
        }
        #expect(throws: AESGCMError.forged) {
            try AESGCM.open(sealed, key: key, nonce: nonce, authenticating: authenticated + [0])
        }
        #expect(throws: AESGCMError.forged) {
            try AESGCM.open(sealed.dropLast(), key: key, nonce: nonce, authenticating: authenticated)
        }
    }

    @Test func wrongLengths() {
        let key = [UInt8](repeating: 0, count: 16)
        let nonce = [UInt8](repeating: 0, count: 12)
        #expect(throws: AESGCMError.invalidKeyLength(32)) {
            try AESGCM.seal([1], key: key + key, nonce: nonce)
        }
        #expect(throws: AESGCMError.invalidNonceLength(16)) { try AESGCM.seal([1], key: key, nonce: key) }
        #expect(throws: AESGCMError.forged) { try AESGCM.open([1, 2, 3], key: key, nonce: nonce) }
    }

    // MARK: - P-256

    /// RFC 6979 appendix A.2.5.
    @Test func signatures() throws {
        let key = try P256PrivateKey(
            secret: bytes("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"))
        let point = try bytes(
            "04 60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                + "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299")
        #expect(key.publicKey.point == point)
        let known = try bytes(
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
                + "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")
        let message = Array("sample".utf8)
        #expect(key.publicKey.isValidSignature(known, for: message))
        #expect(!key.publicKey.isValidSignature(known, for: Array("Sample".utf8)))
        // Both numbers come in all lengths, sometimes with leading zeros.
        for number in 0..<300 {
            let text = Array("message \(number)".utf8)
            let signature = try key.signature(for: text)
            #expect(signature.count == 64)
            #expect(key.publicKey.isValidSignature(signature, for: text))
            #expect(!key.publicKey.isValidSignature(signature, for: message))
            #expect(!P256PrivateKey().publicKey.isValidSignature(signature, for: text))
        }
        for broken in [
            [], [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0xFF, count: 64),
            Array(known.dropLast()),
        ] {
            #expect(!key.publicKey.isValidSignature(broken, for: message))
        }
    }

    /// RFC 8291 appendix A: key agreement, derivation and encryption of one push message.
    @Test func aPushMessage() throws {
        let receiver = try P256PrivateKey(
            secret: Base64URL.decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
        let sender = try P256PrivateKey(
            secret: Base64URL.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
        let receiverPoint =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        let senderPoint =
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
        #expect(Base64URL.encode(receiver.publicKey.point) == receiverPoint)
        #expect(Base64URL.encode(sender.publicKey.point) == senderPoint)

        let shared = try sender.sharedSecret(with: P256PublicKey(point: Base64URL.decode(receiverPoint)))
        #expect(try receiver.sharedSecret(with: sender.publicKey) == shared)
        #expect(Base64URL.encode(shared) == "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs")

        let info = Array("WebPush: info\0".utf8) + receiver.publicKey.point + sender.publicKey.point
        let inputKey = HKDF.derive(
            salt: try Base64URL.decode("BTBZMqHH6r4Tts7J_aSIgg"), inputKey: shared, info: info, length: 32)
        #expect(Base64URL.encode(inputKey) == "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg")
        let salt = try Base64URL.decode("DGv6ra1nlYgDCS1FRnbzlw")
        let key = HKDF.derive(
            salt: salt, inputKey: inputKey, info: Array("Content-Encoding: aes128gcm\0".utf8), length: 16)
        let nonce = HKDF.derive(
            salt: salt, inputKey: inputKey, info: Array("Content-Encoding: nonce\0".utf8), length: 12)
        #expect(Base64URL.encode(key) == "oIhVW04MRdy2XN9CiKLxTg")
        #expect(Base64URL.encode(nonce) == "4h_95klXJ5E_qnoN")

        let plaintext = Array("When I grow up, I want to be a watermelon".utf8) + [2]
        let sealed = try AESGCM.seal(plaintext, key: key, nonce: nonce)
        #expect(
            Base64URL.encode(sealed)
                == "8pfeW0KbunFT06SuDKoJH9Ql87S1QUrdirN6GcG7sFz1y1sqLgVi1VhjVkHsUoEsbI_0LpXMuGvnzQ")
        #expect(try AESGCM.open(sealed, key: key, nonce: nonce) == plaintext)
    }

    @Test func keysThatAreNone() throws {
        let order = try bytes("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")
        let largest = try bytes("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550")
        #expect(try P256PrivateKey(secret: largest).secret == largest)
        for secret in [order, [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0xFF, count: 32), [], [1]]
        {
            #expect(throws: P256Error.invalidPrivateKey) { try P256PrivateKey(secret: secret) }
        }
        let point = P256PrivateKey().publicKey.point
        #expect(try P256PublicKey(point: point).point == point)
        var besideTheCurve = point
        besideTheCurve[64] ^= 1
        var compressed = Array(point.prefix(33))
        compressed[0] = 0x02
        var otherForm = point
        otherForm[0] = 0x05
        for wrong: [UInt8] in [besideTheCurve, compressed, otherForm, [], [0], Array(point.dropLast())] {
            #expect(throws: P256Error.invalidPublicKey) { try P256PublicKey(point: wrong) }
        }
    }

    @Test func pemAndBack() throws {
        let key = P256PrivateKey()
        let pem = try key.pem()
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(try P256PrivateKey(pem: pem).secret == key.secret)
        for text in [
            "", "-----BEGIN PRIVATE KEY-----", pem.replacing("M", with: "N"), String(pem.dropLast(40)),
        ] {
            #expect(throws: P256Error.invalidPEM) { try P256PrivateKey(pem: text) }
        }
    }
}
