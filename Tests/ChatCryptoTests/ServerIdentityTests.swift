import ChatCrypto
import Testing

@Suite("A server's certificate, key and sessions")
struct ServerIdentityTests {
    private static let validity: ClosedRange<Int64> = 1_700_000_000...4_000_000_000
    private let key = P256PrivateKey()
    private let certificate: [UInt8]
    private let keyText: [UInt8]

    init() throws {
        certificate = try Self.certificate(key)
        keyText = Array(try key.pem().utf8)
    }

    private static func certificate(_ key: P256PrivateKey) throws -> [UInt8] {
        let names = ["chat.example.org", "127.0.0.1", "::1"].compactMap(SelfSignedCertificate.Name.init)
        return Array(try SelfSignedCertificate.pem(for: names, key: key, validity: validity).utf8)
    }

    private func problem(_ certificate: [UInt8], _ key: [UInt8]) -> TLSIdentityProblem? {
        do throws(TLSIdentityProblem) {
            _ = try TLSServerIdentity(certificate: certificate, privateKey: key)
            return nil
        } catch {
            return error
        }
    }

    @Test func aCertificateSaysWhatItWasMadeFor() throws {
        let facts = try TLSServerIdentity(certificate: certificate, privateKey: keyText).certificate
        #expect(facts.names == ["chat.example.org", "127.0.0.1", "0:0:0:0:0:0:0:1"])
        #expect(facts.validity == Self.validity)
        #expect(facts.pin != nil)
    }

    @Test func bothMayBeInOneFile() throws {
        let both = keyText + certificate
        #expect(problem(both, both) == nil)
    }

    @Test func whatCannotBeUsedIsNamed() throws {
        #expect(problem([], keyText) == .noCertificate)
        #expect(problem(keyText, keyText) == .noCertificate)
        #expect(problem(certificate, []) == .noKey)
        #expect(problem(certificate, certificate) == .noKey)
        guard case .brokenKey = problem(certificate, Array(keyText.prefix(80))) else {
            Issue.record("a broken key passed")
            return
        }
        let stranger = Array(try P256PrivateKey().pem().utf8)
        #expect(problem(certificate, stranger) == .keyMismatch)
        var broken = certificate
        broken.removeSubrange(100..<140)
        guard case .brokenCertificate = problem(broken, keyText) else {
            Issue.record("a broken certificate passed")
            return
        }
    }

    /// Made with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes128 -pass pass:secret`.
    @Test func anEncryptedKeyIsNotAskedFor() {
        let text = """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgS3VYjJwxcpAICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEOF721h870Q7//pez+UVvBAEgZAT
            5ZtcX2HIYDBslFvGlGUOqaMXJIVINhsVSf/cxgJocnyS2GPo1UmufmJ/MvjTl08n
            VWNMxMAMNw+mTSmWxgH/k4C/Zk7+rAkDI7T1/y03xdZa7ixutqo1hSjtlyH9yM8a
            UrBHzyhBu4w+YyPtj1u5jT8lxVBfYFcJHiYouWi6O+4RkNw50PQPyrv6aWBIZ9k=
            -----END ENCRYPTED PRIVATE KEY-----

            """
        #expect(problem(certificate, Array(text.utf8)) == .keyEncrypted)
    }

    @Test(
        "Names for a certificate",
        arguments: [
            ("localhost", true), ("*.example.org", true), ("a_b.example", true), ("192.0.2.1", true),
            ("2001:db8::1", true),
            ("", false), ("*", false), ("a..b", false), ("-a", false), ("a b", false), ("a,DNS:b", false),
            ("ä.example", false),
        ])
    func names(text: String, isName: Bool) {
        #expect((SelfSignedCertificate.Name(text) != nil) == isName)
    }

    // MARK: Sessions

    /// Lets both ends talk until neither has anything to say.
    private func exchange(_ client: TLSSession, _ server: TLSSession, pieceLength: Int = .max) throws {
        while true {
            let (there, back) = (client.takeCiphertext(), server.takeCiphertext())
            if there.isEmpty && back.isEmpty { return }
            for (bytes, end) in [(there, server), (back, client)] {
                var rest = bytes[...]
                while !rest.isEmpty {
                    try end.receive(rest.prefix(pieceLength))
                    rest = rest.dropFirst(pieceLength)
                }
            }
        }
    }

    private func sessions(
        _ protocols: [String] = [], host: String = "chat.example.org"
    ) throws -> (client: TLSSession, server: TLSSession) {
        let identity = try TLSServerIdentity(certificate: certificate, privateKey: keyText)
        let trust = TrustPolicy(
            usesSystemAuthorities: false, pins: Set([identity.certificate.pin].compactMap { $0 }))
        return (
            try TLSSession(clientTo: host, trusting: trust, applicationProtocols: protocols),
            try TLSSession(serverWith: identity.context)
        )
    }

    @Test("A client that pins the key connects", arguments: [1, 100, .max])
    func handshake(pieceLength: Int) throws {
        let (client, server) = try sessions(["h2", "http/1.1"])
        try exchange(client, server, pieceLength: pieceLength)
        #expect(client.isEstablished && server.isEstablished)
        #expect(server.protocolVersion == "TLSv1.3")
        #expect(server.applicationProtocol == "http/1.1")
        #expect(client.applicationProtocol == "http/1.1")
        try client.write([1, 2, 3])
        try server.write([UInt8](repeating: 7, count: 100_000))
        try exchange(client, server, pieceLength: pieceLength)
        #expect(try server.readPlaintext() == [1, 2, 3])
        #expect(try client.readPlaintext() == [UInt8](repeating: 7, count: 100_000))
    }

    @Test("An address is a name too", arguments: ["127.0.0.1", "::1"])
    func addresses(host: String) throws {
        let (client, server) = try sessions(host: host)
        try exchange(client, server)
        #expect(client.isEstablished)
        #expect(server.applicationProtocol == nil)
    }

    @Test func aClientWithoutACommonProtocolIsRefused() throws {
        let (client, server) = try sessions(["h2"])
        #expect(throws: TLSFailure.self) { try exchange(client, server) }
        #expect(throws: TLSFailure.self) { try client.receive(server.takeCiphertext()) }
        #expect(!client.isEstablished && !server.isEstablished)
    }

    @Test func aRecordGoesIntoABufferOfAnySize() throws {
        let (client, server) = try sessions()
        try exchange(client, server)
        try client.write(Array(0..<100))
        try server.receive(client.takeCiphertext())
        var parts: [[UInt8]] = []
        while true {
            var part = [UInt8](repeating: 0, count: 60)
            let count = try part.withUnsafeMutableBytes { try server.read(into: $0) }
            if count == 0 { break }
            parts.append(Array(part.prefix(count)))
        }
        #expect(parts == [Array(0..<60), Array(60..<100)])
    }
}
