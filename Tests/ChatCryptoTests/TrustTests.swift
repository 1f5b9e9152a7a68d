import ChatCrypto
import TestSupport
import Testing

@Suite("Pins and what a TLS failure says")
struct TrustTests {
    private static let digest = Digest.sha256(Array("key".utf8))

    /// The Base64 of the second digest begins with a slash, that of the third with two.
    @Test(
        arguments: ["", "sha256/", "sha256//"],
        [digest, [0xFC] + [UInt8](repeating: 0, count: 31), [UInt8](repeating: 0xFF, count: 32)])
    func pinNotations(prefix: String, digest: [UInt8]) throws {
        let pin = try PublicKeyPin(prefix + Base64.encode(digest))
        #expect(pin.digest == digest)
        #expect(pin.description == "sha256/" + Base64.encode(digest))
        #expect(try PublicKeyPin(pin.description) == pin)
    }

    @Test func wrongPins() {
        #expect(throws: PublicKeyPinError.wrongLength(3)) { try PublicKeyPin("sha256/Zm9v") }
        #expect(throws: PublicKeyPinError.wrongLength(0)) { try PublicKeyPin("") }
        #expect(throws: PublicKeyPinError.notBase64(.invalidLength(9))) {
            try PublicKeyPin("sha1/Zm9v")
        }
        #expect(PublicKeyPin(digest: [1, 2, 3]) == nil)
    }

    @Test("An unknown issuer can be pinned, and the sentence says how")
    func advice() throws {
        let pin = try #require(PublicKeyPin(digest: Self.digest))
        let failure = TLSFailure.selfSigned(subject: "CN = chat", pin: pin)
        #expect(failure.description == "the server's certificate is self-signed (CN = chat)")
        #expect(failure.advice?.contains(pin.description) == true)
        #expect(TLSFailure.truncated.advice == nil)
        #expect(
            TLSFailure.hostMismatch(host: "b.example", presented: ["a.example", "c.example"]).description
                == "the server's certificate is for a.example, c.example, not for b.example")
    }

    @Test("A missing authority file is named before anything is sent")
    func missingAuthorityFile() {
        let policy = TrustPolicy(usesSystemAuthorities: false, authorityFile: "/nonexistent/authority.pem")
        do {
            _ = try TLSSession(clientTo: "example.org", trusting: policy)
            Issue.record("a session came about without the authority file")
        } catch .authorityFile(let path, let reason) {
            #expect(path == "/nonexistent/authority.pem")
            #expect(!reason.isEmpty)
        } catch {
            Issue.record("another failure: \(error)")
        }
    }

    @Test(
        "The first ciphertext names the host, unless it is an address",
        arguments: [
            ("chat.example.org", true), ("chat.example.org.", true), ("127.0.0.1", false), ("::1", false),
        ])
    func serverNameIndication(host: String, isNamed: Bool) throws {
        let session = try TLSSession(clientTo: host, trusting: .system)
        let hello = session.takeCiphertext()
        #expect(hello.starts(with: [0x16, 0x03]))
        #expect(!session.isEstablished)
        let name = Array("chat.example.org".utf8)
        let serverName =
            [0x00, 0x00, 0x00, UInt8(name.count + 5), 0x00, UInt8(name.count + 3), 0x00, 0x00]
            + [UInt8(name.count)] + name + [0x00]
        #expect(contains(hello, Array(serverName.dropLast())) == isNamed)
        #expect(!contains(hello, Array("chat.example.org.".utf8)))
        #expect(!contains(hello, Array("127.0.0.1".utf8)))
    }

    @Test func whatIsNoTLSIsNamed() throws {
        let session = try TLSSession(clientTo: "example.org", trusting: .system)
        #expect(throws: TLSFailure.notTLS) { try session.receive(Array("HTTP/1.1 400 Bad Request\r\n".utf8)) }
    }

    @Test func anAlertIsTheServersRefusal() throws {
        // A fatal alert: handshake_failure (40), then one for protocol_version (70).
        let refused = try TLSSession(clientTo: "example.org", trusting: .system)
        #expect(throws: TLSFailure.refusedByPeer(alert: "handshake failure")) {
            try refused.receive([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])
        }
        let outdated = try TLSSession(clientTo: "example.org", trusting: .system)
        #expect(throws: TLSFailure.protocolVersion) {
            try outdated.receive([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])
        }
    }

    @Test func anEndWithoutGoodbyeIsTruncation() throws {
        let session = try TLSSession(clientTo: "example.org", trusting: .system)
        #expect(throws: TLSFailure.truncated) { try session.receiveEnd() }
    }

    @Test("Any bytes at all from a server make an error or a wait, never a crash")
    func garbage() throws {
        var generator = SeededGenerator(seed: UInt64.random(in: 0 ... .max))
        let seed = generator.seed
        for _ in 0..<300 {
            let session = try TLSSession(clientTo: "example.org", trusting: .system)
            var bytes: [UInt8] = [0x16, 0x03, 0x03, 0x00, 0x40, 0x02, 0x00, 0x00, 0x3C, 0x03, 0x03]
            bytes += (0..<60).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            if generator.next() % 4 == 0 {
                bytes[Int(generator.next() % 11)] = UInt8(truncatingIfNeeded: generator.next())
            }
            do throws(TLSFailure) {
                try session.receive(bytes)
                _ = try session.readPlaintext()
            } catch {
                #expect(!error.description.isEmpty, "seed \(seed)")
            }
            #expect(!session.isEstablished, "seed \(seed)")
        }
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard bytes.count >= part.count else { return false }
        return (0...(bytes.count - part.count)).contains { Array(bytes[$0..<($0 + part.count)]) == part }
    }
}
