import ChatCrypto
import ChatNet
import ChatWire
import Foundation
import Testing

@Suite("TLS", .enabled(if: OpenSSLTool.isAvailable, OpenSSLTool.reasonToSkip), .timeLimit(.minutes(2)))
struct TLSTests {
    private let thread = IOThread()
    private let authority: TestAuthority

    init() throws {
        authority = try TestAuthority()
    }

    private func trusting(_ pins: Set<PublicKeyPin> = [], authority: Bool = true) -> NetConfiguration {
        .patient(
            trust: TrustPolicy(
                usesSystemAuthorities: false, authorityFile: authority ? self.authority.certificateFile : nil,
                pins: pins))
    }

    /// The status page of `s_server -www`, which has no length and ends with the connection.
    private func fetch(
        _ server: OpenSSLServer, host: String = "localhost", _ configuration: NetConfiguration
    ) async throws(NetError) -> HTTPResponse {
        let url: ServerURL
        do {
            url = try ServerURL("https://\(host):\(server.port)")
        } catch {
            fatalError("the test's own address is wrong: \(error)")
        }
        let client = HTTPClient(thread: thread, configuration: configuration)
        return try await client.execute(HTTPRequest(method: .get, target: "/"), at: url)
    }

    private func failure(
        _ server: OpenSSLServer, host: String = "localhost", _ configuration: NetConfiguration
    ) async throws -> TLSFailure {
        do throws(NetError) {
            _ = try await fetch(server, host: host, configuration)
        } catch {
            guard case .tls(let failure, let endpoint) = error else { throw error }
            #expect(endpoint == "\(host):\(server.port)")
            #expect(error.kind == .untrusted)
            return failure
        }
        Issue.record("the connection was trusted")
        throw CancellationError()
    }

    @Test("A good certificate, by name and by address", arguments: ["localhost", "127.0.0.1"])
    func trusted(host: String) async throws {
        let identity = try authority.issue(names: ["DNS:localhost", "IP:127.0.0.1"])
        let server = try OpenSSLServer(identity)
        let response = try await fetch(server, host: host, trusting())
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.3"))
    }

    @Test func tls12IsEnough() async throws {
        let identity = try authority.issue(names: ["DNS:localhost"])
        let server = try OpenSSLServer(identity, ["-www", "-no_tls1_3"])
        let response = try await fetch(server, trusting())
        #expect(String(decoding: response.body, as: UTF8.self).contains("TLSv1.2"))
    }

    @Test func olderThan12IsRefused() async throws {
        let identity = try authority.issue(names: ["DNS:localhost"])
        // The security level disables TLS 1.1 in this OpenSSL, so it must be enabled twice.
        let server = try OpenSSLServer(identity, ["-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(try await failure(server, trusting()) == .protocolVersion)
    }

    @Test func anUnknownAuthorityIsNamedAndCanBePinned() async throws {
        let identity = try authority.issue(names: ["DNS:localhost"])
        let server = try OpenSSLServer(identity)
        let found = try await failure(server, trusting(authority: false))
        #expect(found == .unknownIssuer(issuer: "CN = Test Authority", pin: identity.pin))
        #expect(found.advice?.contains(identity.pin.description) == true)
        #expect(try await fetch(server, trusting([identity.pin], authority: false)).status == 200)
    }

    @Test func aSelfSignedCertificateCanBePinnedOrTrustedByFile() async throws {
        let identity = try authority.selfSigned(names: ["DNS:localhost"])
        let server = try OpenSSLServer(identity)
        let expected = TLSFailure.selfSigned(subject: "CN = Lonely Server", pin: identity.pin)
        #expect(try await failure(server, trusting()) == expected)
        #expect(try await fetch(server, trusting([identity.pin])).status == 200)
        let file = NetConfiguration.patient(
            trust: TrustPolicy(usesSystemAuthorities: false, authorityFile: identity.certificateFile))
        #expect(try await fetch(server, file).status == 200)
    }

    @Test func theWrongHostIsNamed() async throws {
        let identity = try authority.issue(names: ["DNS:other.example", "DNS:*.example.org", "IP:127.0.0.2"])
        let server = try OpenSSLServer(identity)
        for host in ["localhost", "127.0.0.1"] {
            let expected = TLSFailure.hostMismatch(
                host: host, presented: ["other.example", "*.example.org", "127.0.0.2"])
            #expect(try await failure(server, host: host, trusting()) == expected)
        }
    }

    @Test func expiredAndNotYetValid() async throws {
        let expired = try OpenSSLServer(authority.issue(names: ["DNS:localhost"], validity: .past))
        #expect(
            try await failure(expired, trusting())
                == .certificateExpired(notAfter: "Jan  1 00:00:00 2021 GMT"))
        let early = try OpenSSLServer(authority.issue(names: ["DNS:localhost"], validity: .future))
        #expect(
            try await failure(early, trusting())
                == .certificateNotYetValid(notBefore: "Jan  1 00:00:00 2098 GMT"))
    }

    @Test("A pin stands for the issuer only: dates and names still count, and another key never does")
    func whatPinsMean() async throws {
        let expired = try authority.issue(names: ["DNS:localhost"], validity: .past)
        let found = try await failure(OpenSSLServer(expired), trusting([expired.pin], authority: false))
        #expect(found == .certificateExpired(notAfter: "Jan  1 00:00:00 2021 GMT"))

        let other = try authority.selfSigned(names: ["DNS:other.example"])
        let mismatch = try await failure(OpenSSLServer(other), trusting([other.pin], authority: false))
        #expect(mismatch == .hostMismatch(host: "localhost", presented: ["other.example"]))

        let good = try authority.issue(names: ["DNS:localhost"])
        #expect(
            try await failure(OpenSSLServer(good), trusting([other.pin, expired.pin]))
                == .pinMismatch(presented: good.pin))
    }

    @Test func anAuthorityFileThatIsMissingIsNamed() async throws {
        let server = try OpenSSLServer(authority.issue(names: ["DNS:localhost"]))
        let configuration = NetConfiguration.patient(
            trust: TrustPolicy(usesSystemAuthorities: false, authorityFile: "/nonexistent.pem"))
        guard case .authorityFile("/nonexistent.pem", _) = try await failure(server, configuration) else {
            Issue.record("another failure")
            return
        }
    }

    @Test func aServerWithoutTLSIsNamed() async throws {
        let server = try LoopbackServer { peer, _ in
            _ = peer.read()
            peer.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            _ = peer.readToEnd()
        }
        await expectError(.tls(.notTLS, endpoint: "127.0.0.1:\(server.port)")) { () async throws(NetError) in
            try await ConnectionOpener(configuration: trusting(), thread: thread).open(
                host: "127.0.0.1", port: server.port, isSecure: true)
        }
    }

    @Test func aServerThatSaysNothingHasADeadline() async throws {
        let gate = Gate()
        let server = try LoopbackServer { peer, _ in
            gate.block()
            _ = peer
        }
        defer { gate.open() }
        var configuration = trusting()
        configuration.timeouts.secure = .milliseconds(20)
        await expectError(.timeout(phase: .secure, endpoint: "127.0.0.1:\(server.port)")) {
            () async throws(NetError) in
            try await ConnectionOpener(configuration: configuration, thread: thread).open(
                host: "127.0.0.1", port: server.port, isSecure: true)
        }
    }

    @Test func aServerThatLeavesDuringTheHandshake() async throws {
        let server = try LoopbackServer { peer, _ in _ = peer.read() }
        await expectError(.closed(endpoint: "127.0.0.1:\(server.port)")) { () async throws(NetError) in
            try await ConnectionOpener(configuration: trusting(), thread: thread).open(
                host: "127.0.0.1", port: server.port, isSecure: true)
        }
    }

    // MARK: - Against our own server's end

    private func tlsServer(
        pieceLength: Int = .max, _ script: @escaping @Sendable (TLSPeer) throws -> Void
    ) throws -> LoopbackServer {
        let identity = try authority.issue(names: ["DNS:localhost", "IP:127.0.0.1"])
        let context = try TLSServerIdentity(
            certificate: Array(Data(contentsOf: URL(fileURLWithPath: identity.certificateFile))),
            privateKey: Array(Data(contentsOf: URL(fileURLWithPath: identity.keyFile)))
        ).context
        return try LoopbackServer { peer, _ in
            do {
                try script(try TLSPeer(peer, context, pieceLength: pieceLength))
            } catch {
                Issue.record("the server's script failed: \(error)")
            }
        }
    }

    @Test("Keep-alive over TLS, in pieces", arguments: [1, 7, .max])
    func keepAlive(pieceLength: Int) async throws {
        let server = try tlsServer(pieceLength: pieceLength) { peer in
            while let head = try peer.readHead() {
                let body = head.split(separator: "\r\n")[0]
                try peer.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        }
        let client = HTTPClient(thread: thread, configuration: trusting())
        for number in 0..<3 {
            let request = HTTPRequest(method: .get, target: "/\(number)")
            let response = try await client.execute(request, at: server.url("https"))
            #expect(response.body == Array("GET /\(number) HTTP/1.1".utf8))
        }
        #expect(server.connectionCount == 1)
        await client.closeIdleConnections()
    }

    @Test("A body that lasts until the end of the connection needs TLS's own goodbye")
    func truncation() async throws {
        let server = try tlsServer { peer in
            let head = try peer.readHead() ?? ""
            try peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it")
            if head.contains("GET /polite ") { peer.sayGoodbye() }
        }
        let client = HTTPClient(thread: thread, configuration: trusting())
        let url = try server.url("https")
        let whole = try await client.execute(HTTPRequest(method: .get, target: "/polite"), at: url)
        #expect(whole.body == Array("all of it".utf8))
        await expectError(.closed(endpoint: "127.0.0.1:\(server.port)")) { () async throws(NetError) in
            try await client.execute(HTTPRequest(method: .get, target: "/cut"), at: url)
        }
    }

    @Test func muchGoesBothWays() async throws {
        let bytes = pattern(1_000_000)
        let server = try tlsServer { peer in
            var count = 0
            while count < 1_000_000, let more = try peer.read() {
                count += more.count
                try peer.write(bytes: more)
            }
        }
        let connection = try await ConnectionOpener(configuration: trusting(), thread: thread).open(
            to: server.url("https"))
        try await connection.enqueue(bytes)
        var received: [UInt8] = []
        while received.count < bytes.count, let more = try await connection.read() { received += more }
        #expect(received == bytes)
        await connection.close()
    }

    @Test func aWebSocketInTLS() async throws {
        let server = try tlsServer { peer in
            guard let head = try peer.readHead(), let request = WebSocketPeer.request(head) else { return }
            var machine = WebSocketConnection(role: .server)
            let response = try WebSocketServerHandshake.accept(request)
            machine.send(text: "welcome")
            try peer.write(bytes: response.serializedHead() + machine.takeOutput())
            while machine.transportAction == .keepOpen, let bytes = try peer.read() {
                machine.receive(bytes)
                while let event = machine.nextEvent() {
                    if case .text(let text) = event { machine.send(text: text) }
                }
                try peer.write(bytes: machine.takeOutput())
            }
            peer.sayGoodbye()
        }
        let socket = try await WebSocketClient.connect(
            to: server.url("https"), path: "/", configuration: trusting(), thread: thread)
        try await socket.send(text: Array("secret".utf8))
        #expect(await socket.nextEvent() == .text(Array("welcome".utf8)))
        #expect(await socket.nextEvent() == .text(Array("secret".utf8)))
        await socket.close()
        #expect(await socket.nextEvent() == .close(code: .normal, reason: ""))
        #expect(await socket.failure == nil)
    }

    @Test("The server's end is understood by openssl s_client")
    func ourServerEnd() throws {
        let heads = Record<String>()
        let server = try tlsServer { peer in
            heads.append(try peer.readHead() ?? "")
            try peer.write("answer\n")
            peer.sayGoodbye()
        }
        let client = Process()
        client.executableURL = URL(fileURLWithPath: try #require(OpenSSLTool.path))
        client.arguments = [
            "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", authority.certificateFile,
            "-verify_return_error", "-verify_ip", "127.0.0.1", "-quiet", "-no_ign_eof",
        ]
        let input = Pipe()
        let output = Pipe()
        client.standardInput = input
        client.standardOutput = output
        client.standardError = FileHandle.nullDevice
        try client.run()
        input.fileHandleForWriting.write(Data("GET / HTTP/1.1\r\n\r\n".utf8))
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        client.waitUntilExit()
        #expect(String(decoding: answer, as: UTF8.self) == "answer\n")
        #expect(heads.all == ["GET / HTTP/1.1\r\n\r\n"])
    }
}
