import ChatCrypto
import Testing

@Suite struct WebPushMessageTests {
    /// RFC 8291 section 5 and appendix A.
    private enum Example {
        static let plaintext = Array("When I grow up, I want to be a watermelon".utf8)
        static let body =
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
            + "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
            + "a-fN"

        static func receiver() throws -> P256PrivateKey {
            try P256PrivateKey(secret: Base64URL.decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
        }

        static func sender() throws -> P256PrivateKey {
            try P256PrivateKey(secret: Base64URL.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
        }

        static func secret() throws -> [UInt8] { try Base64URL.decode("BTBZMqHH6r4Tts7J_aSIgg") }
        static func salt() throws -> [UInt8] { try Base64URL.decode("DGv6ra1nlYgDCS1FRnbzlw") }
    }

    @Test func theExampleOfTheRFCInBothDirections() throws {
        let receiver = try Example.receiver()
        let body = try WebPushMessage.seal(
            Example.plaintext, to: receiver.publicKey, secret: Example.secret(), sender: Example.sender(),
            salt: Example.salt())
        #expect(Base64URL.encode(body) == Example.body)
        #expect(
            try WebPushMessage.open(body, with: receiver, secret: Example.secret()) == Example.plaintext)
    }

    @Test func everyMessageIsEncryptedAnew() throws {
        let receiver = P256PrivateKey()
        let secret = RandomBytes.generate(16)
        let first = try WebPushMessage.seal(Example.plaintext, to: receiver.publicKey, secret: secret)
        let second = try WebPushMessage.seal(Example.plaintext, to: receiver.publicKey, secret: secret)
        #expect(first[..<86] != second[..<86])
        for body in [first, second] {
            #expect(try WebPushMessage.open(body, with: receiver, secret: secret) == Example.plaintext)
        }
    }

    @Test(arguments: [0, 1, WebPushMessage.plaintextLengthMax])
    func lengths(_ length: Int) throws {
        let receiver = P256PrivateKey()
        let secret = RandomBytes.generate(16)
        let plaintext = [UInt8](repeating: 0, count: length)
        let body = try WebPushMessage.seal(plaintext, to: receiver.publicKey, secret: secret)
        #expect(body.count <= 4096)
        #expect(try WebPushMessage.open(body, with: receiver, secret: secret) == plaintext)
    }

    @Test func refusesWhatDoesNotFit() throws {
        let receiver = P256PrivateKey()
        let secret = RandomBytes.generate(16)
        let long = [UInt8](repeating: 1, count: WebPushMessage.plaintextLengthMax + 1)
        #expect(throws: WebPushError.tooLong) {
            try WebPushMessage.seal(long, to: receiver.publicKey, secret: secret)
        }
        #expect(throws: WebPushError.invalidSecret) {
            try WebPushMessage.seal([1], to: receiver.publicKey, secret: [1])
        }
    }

    /// Flipping any bit and cutting off any end makes the message unreadable; nothing crashes.
    @Test func refusesWhatWasChanged() throws {
        let receiver = try Example.receiver()
        let body = try Base64URL.decode(Example.body)
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            // The record size may change within bounds: RFC 8188 authenticates it only through the place of the cut.
            if (16..<20).contains(index), (try? open(changed)) == Example.plaintext { continue }
            #expect(throws: WebPushError.self, "byte \(index)") { try open(changed) }
        }
        for length in body.indices {
            #expect(throws: WebPushError.self, "length \(length)") { try open(Array(body[..<length])) }
        }
        #expect(throws: WebPushError.forged) {
            try WebPushMessage.open(body, with: receiver, secret: RandomBytes.generate(16))
        }
        #expect(throws: WebPushError.forged) {
            try WebPushMessage.open(body, with: P256PrivateKey(), secret: Example.secret())
        }
    }

    private func open(_ body: [UInt8]) throws -> [UInt8] {
        try WebPushMessage.open(body, with: Example.receiver(), secret: Example.secret())
    }
}
