import ChatCrypto
import ChatWire
import Foundation
import Logging
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The server behind its own TLS, against real peers.
@Suite(.timeLimit(.minutes(3))) struct TLSServerTests {
    private func withServer(
        configure: (inout ServerConfiguration) -> Void = { _ in }, logger: Logger = .quiet,
        _ body: (TestServer, TestCertificate) async throws -> Void
    ) async throws {
        let certificate = try TestCertificate()
        try await TestServer.run(
            configure: { configuration in
                configuration.tls = certificate.files
                configure(&configuration)
            }, logger: logger
        ) { try await body($0, certificate) }
    }

    private func register(_ name: String, _ http: HTTPTestClient) throws -> Account {
        let answer = try http.post(
            "/api/auth/register",
            ["name": .string(name), "email": .string(name + "@ex.com"), "password": "secret1"])
        return Account(
            id: UserID(try #require(answer.json?["data"]?["user"]?["id"]?.integerValue)), name: name,
            email: name + "@ex.com", token: try #require(answer.json?["data"]?["token"]?.stringValue))
    }

    @Test func requestsAndWebSocketsGoThroughTLS() async throws {
        try await withServer { server, certificate in
            #expect(server.server.url == "https://127.0.0.1:\(server.server.port)")
            let http = try HTTPTestClient(port: server.server.port, trust: certificate.trust)
            #expect(http.connection.session?.applicationProtocol == "http/1.1")
            let (ana, bia) = (try register("ana", http), try register("bia", http))
            let sockets = try [ana, bia].map { account in
                let socket = try SocketTestClient(port: server.server.port, trust: certificate.trust)
                try socket.signIn(account.token)
                return socket
            }
            // More than a record, as websocket message, as event and as answer.
            let text = String(repeating: "🦜", count: 4990)
            try sockets[0].emit(
                "send_message",
                ["receiver_id": .integer(bia.id.rawValue), "content": .string(text), "temp_id": "t"])
            #expect(try sockets[1].event().payload.serialized().count > 20_000)
            let page = try http.get("/api/messages/conversation/\(bia.id)?peek=1", token: ana.token)
            #expect(page.json?["data"]?["messages"]?.arrayValue?.first?["content"]?.stringValue == text)
        }
    }

    @Test func plainHTTPIsToldWhatToWrite() async throws {
        try await withServer { server, _ in
            let answer = try HTTPTestClient(port: server.server.port).get("/health")
            #expect(answer.status == 400)
            #expect(answer.text.contains("https://"))
        }
    }

    /// A peer that ends TCP without close_notify may have been cut off by somebody in between.
    @Test func aRequestThatWasCutOffIsNotAnswered() async throws {
        try await withServer { server, certificate in
            let connection = try TCPTestConnection(port: server.server.port, trust: certificate.trust)
            try connection.send(Array("GET /health HTTP/1.1\r\nHost: a\r\n".utf8))
            shutdown(connection.descriptor, Int32(SHUT_WR))
            #expect(try connection.receive().isEmpty)
            #expect(connection.session?.isClosedByPeer == true, "the server says goodbye itself")
        }
    }

    @Test func aPeerThatSaidGoodbyeIsStillAnswered() async throws {
        try await withServer { server, certificate in
            let http = try HTTPTestClient(port: server.server.port, trust: certificate.trust)
            let session = try #require(http.connection.session)
            try session.write("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            session.close()
            try http.sendRaw(past: session)
            #expect(try http.receive(answerTo: .get).status == 200)
            #expect(try http.isEnded())
        }
    }

    /// Silent, slow and endless handshakes end by the server's own bounds.
    @Test(arguments: [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01]] as [[UInt8]])
    func aHalfOpenHandshakeEnds(begins bytes: [UInt8]) async throws {
        try await withServer(configure: { $0.limits.handshakeTimeout = .milliseconds(50) }) {
            server, certificate in
            let connection = try TCPTestConnection(port: server.server.port)
            try connection.sendRaw(bytes)
            #expect(try connection.receiveRaw().isEmpty)
            // On a busy machine an honest handshake may take longer too.
            var http: HTTPTestClient?
            for _ in 0..<100 where http == nil {
                http = try? HTTPTestClient(port: server.server.port, trust: certificate.trust)
            }
            #expect(try http?.get("/health").status == 200)
        }
    }

    @Test func halfOpenHandshakesOfOneAddressDisplaceEachOther() async throws {
        try await withServer(configure: { $0.limits.unfinishedRequests = 8 }) { server, certificate in
            let idle = try (0..<20).map { _ in try TCPTestConnection(port: server.server.port) }
            let http = try HTTPTestClient(port: server.server.port, trust: certificate.trust)
            #expect(try http.get("/health").status == 200)
            #expect(try idle[0].receiveRaw().isEmpty)
        }
    }

    /// Everything that waits for a peer that does not read counts towards the bound of the websocket.
    @Test func aSlowReaderIsBounded() async throws {
        try await withServer(configure: { $0.limits.outgoingBacklogBytes = 1 << 20 }) { server, certificate in
            let http = try HTTPTestClient(port: server.server.port, trust: certificate.trust)
            let (ana, bia) = (try register("ana", http), try register("bia", http))
            let contact: JSONValue = ["contact_user_id": .integer(bia.id.rawValue)]
            #expect(try http.post("/api/contacts/add", contact, token: ana.token).status == 201)
            let reader = try SocketTestClient(
                port: server.server.port, receiveBuffer: 65_536, trust: certificate.trust)
            try reader.signIn(bia.token)
            let sender = try SocketTestClient(port: server.server.port, trust: certificate.trust)
            try sender.signIn(ana.token)
            #expect(try sender.event().name == "user_online")
            let text = String(repeating: "🦜", count: 4990)
            var (sent, isOffline) = (0, false)
            while !isOffline, sent < 4000 {
                try sender.emit(
                    "send_message",
                    [
                        "receiver_id": .integer(bia.id.rawValue), "content": .string(text),
                        "temp_id": .string("t\(sent)"),
                    ])
                sent += 1
                isOffline = try sender.settle().contains { $0.contains("user_offline") }
            }
            #expect(isOffline, "nobody was closed after \(sent) messages")
            // What was in transit arrives whole, then the reason.
            var heard = 0
            var frame = try reader.frame()
            while case .text(let text) = frame {
                heard += text.utf8.count
                frame = try reader.frame()
            }
            #expect(frame == .closed(code: 1013))
            // Apart from the kernel's buffers of at most 8 MB, the queued output was within the limit.
            #expect(heard < 10 << 20, "\(heard) bytes")
        }
    }

    // MARK: A new certificate

    @Test func newConnectionsGetTheNewCertificateAndOldOnesLive() async throws {
        try await withServer { server, certificate in
            let old = try certificate.trust
            let connections = try (0..<connectionCount).map { _ in
                // Without a request of its own it could be displaced by those that come after it.
                let connection = try HTTPTestClient(port: server.server.port, trust: old)
                #expect(try connection.get("/health").status == 200)
                return connection
            }
            try certificate.renew()
            server.server.readCertificateAgain()
            let http = try HTTPTestClient(port: server.server.port, trust: certificate.trust)
            #expect(try http.get("/health").status == 200)
            #expect(throws: TLSFailure.self) {
                _ = try HTTPTestClient(port: server.server.port, trust: old)
            }
            for connection in connections { #expect(try connection.get("/health").status == 200) }
        }
    }

    /// A thousand where the limit of open files allows it: each has two ends in this process.
    private var connectionCount: Int { min(1000, max(50, OpenFileLimit.current / 2 - 500)) }

    @Test func theFilesAreWatched() async throws {
        let records = LogRecords()
        let certificate = try TestCertificate()
        let keeper = try CertificateKeeper(certificate.files, logger: records.logger)
        let first = keeper.certificate.pin
        keeper.look()
        #expect(keeper.certificate.pin == first)
        let second = try certificate.renew()
        keeper.look()
        #expect(keeper.certificate.pin == first, "the files may be half written")
        keeper.look()
        #expect(keeper.certificate.pin == second)
        #expect(records.lines.contains { $0.contains("pin=\(second)") })
    }

    @Test func aBrokenPairChangesNothing() async throws {
        let records = LogRecords()
        let certificate = try TestCertificate()
        let keeper = try CertificateKeeper(certificate.files, logger: records.logger)
        let first = keeper.certificate.pin
        try "nonsense".write(toFile: certificate.files.key, atomically: true, encoding: .utf8)
        for _ in 0..<5 { keeper.look() }
        #expect(keeper.certificate.pin == first)
        let complaints = records.lines.filter { $0.hasPrefix("error") }
        #expect(complaints.count == 1 && complaints[0].contains("no private key"), "\(complaints)")
        try FileManager.default.removeItem(atPath: certificate.files.key)
        keeper.readAgain()
        #expect(records.lines.last?.contains("there is no such file") == true)
        #expect(keeper.certificate.pin == first)
    }

    @Test func wrongDatesAndReadableKeysAreWarnedOf() async throws {
        let records = LogRecords()
        let certificate = try TestCertificate()
        chmod(certificate.files.key, 0o644)
        let day: Int64 = 24 * 3600
        let now = ServerClock.now().microseconds / 1_000_000
        for (offset, words) in [
            (-day, "is not valid yet"), (20 * day, "expires soon"), (31 * day, "has expired"),
        ] {
            _ = try certificate.files.read(now: now + offset, logger: records.logger)
            #expect(records.lines.last?.contains(words) == true)
        }
        #expect(records.lines.filter { $0.contains("anybody on this machine can read") }.count == 3)
    }

    @Test(arguments: [true, false])
    func aStartWithoutUsableFilesSaysWhy(isMissing: Bool) async throws {
        let certificate = try TestCertificate()
        if isMissing {
            try FileManager.default.removeItem(atPath: certificate.files.certificate)
        } else {
            try P256PrivateKey().pem().write(toFile: certificate.files.key, atomically: true, encoding: .utf8)
        }
        do {
            try await TestServer.run(configure: { $0.tls = certificate.files }) { _ in
                Issue.record("it started")
            }
        } catch let error as ServerStartError {
            let expected: ServerStartError =
                isMissing
                ? .certificate(path: certificate.files.certificate, reason: "there is no such file")
                : .certificate(
                    path: certificate.files.key,
                    reason: "the private key in it does not belong to the certificate")
            #expect(error == expected)
        }
    }
}

extension HTTPTestClient {
    /// Sends the ciphertext that a session holds.
    fileprivate func sendRaw(past session: TLSSession) throws {
        try connection.sendRaw(session.takeCiphertext())
    }
}
