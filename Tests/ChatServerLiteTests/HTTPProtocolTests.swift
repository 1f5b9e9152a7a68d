import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// What RFC 9110 to 9112 require of a server, also behind proxies and caches and on half-closed connections.
@Suite struct HTTPProtocolTests {
    static let health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"

    /// Everything received until the server ends the connection.
    private func all(_ connection: TCPTestConnection) throws -> String {
        var bytes: [UInt8] = []
        while true {
            let piece = try connection.receive()
            if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece
        }
    }

    private func statuses(_ text: String) -> [String] {
        text.components(separatedBy: "HTTP/1.").dropFirst().map { String($0.dropFirst(2).prefix(3)) }
    }

    private func modes(_ body: (TestServer) async throws -> Void) async throws {
        for behaviour in [ServerBehaviour.extended, .original] {
            try await TestServer.run(configure: { $0.behaviour = behaviour }, body)
        }
    }

    // MARK: Upgrade

    /// RFC 9110 section 7.8: a server may ignore the upgrade. The connection then persists.
    @Test(arguments: [
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n\r\n",
        "GET /nope HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: TLS/1.0\r\nContent-Length: 2\r\n\r\n{}",
        "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "DELETE /api/messages/1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x, y\r\n\r\n",
        "OPTIONS /health HTTP/1.1\r\nHost: x\r\nUpgrade:\r\nConnection: Upgrade\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n",
        "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    ])
    func anIgnoredUpgradeKeepsTheConnection(request: String) async throws {
        try await modes { server in
            // The second request comes in the same packet, and again after the answer.
            let together = try TCPTestConnection(port: server.server.port)
            try together.send(
                Array(
                    (request + Self.health + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .utf8))
            let statuses = statuses(try all(together))
            #expect(statuses.count == 3)
            #expect(statuses.suffix(2) == ["200", "200"])
            let http = try server.http()
            try http.sendRaw(Array(request.utf8))
            _ = try http.receive(answerTo: .get)
            #expect(try http.get("/health").status == 200)
        }
    }

    @Test func aFailedHandshakeClosesTheConnection() async throws {
        try await modes { server in
            let connection = try TCPTestConnection(port: server.server.port)
            try connection.send(
                Array(
                    ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                        + "Upgrade: h2c\r\n\r\n" + Self.health).utf8))
            #expect(statuses(try all(connection)) == ["400"])
        }
    }

    // MARK: Caches

    /// RFC 9111 section 5.2.2.5.
    @Test func noAnswerMayBeCached() async throws {
        try await modes { server in
            let ana = try server.register("Ana")
            let engine = "/socket.io/?EIO=4&transport=polling"
            let requests: [(HTTPMethod, String, [(String, String)])] = [
                (.get, "/", []), (.get, "/health", []), (.get, "/nope", []), (.put, "/health", []),
                (.options, "/health", []), (.head, "/health", []), (.get, "/api/auth/me", []),
                (.get, "/api/contacts", [("Authorization", "Bearer \(ana.token)")]), (.get, engine, []),
                (.get, engine + "&sid=nope", []), (.post, engine, []), (.get, "/socket.io/", []),
                (.get, "/health", [("Transfer-Encoding", "gzip")]),
                (.post, "/api/auth/login", [("Content-Length", "99999999")]),
            ]
            for (method, target, headers) in requests {
                let answer = try server.http().send(method, target, headers: headers)
                #expect(answer.response.headers.values("Cache-Control") == ["no-store"], "\(target)")
                #expect(answer.response.headers.values("X-Content-Type-Options") == ["nosniff"], "\(target)")
            }
        }
    }

    // MARK: Half-closed connections

    /// RFC 9293 section 3.6.
    @Test func aHalfClosedConnectionIsAnswered() async throws {
        try await modes { server in
            let ana = try server.register("Ana")
            let body = #"{"receiver_id":\#(ana.id.rawValue),"content":"x"}"#
            let post =
                "POST /api/messages/send HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(ana.token)\r\n"
                + "Content-Type: application/json\r\n"
            let framed = post + "Content-Length: \(body.utf8.count)\r\n\r\n" + body
            let chunked =
                post
                + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            let cases: [(String, [String])] = [
                ("GET /health HTTP/1.0\r\n\r\n", ["200"]), (framed, ["400"]), (chunked, ["400"]),
                (framed + Self.health + chunked, ["400", "200", "400"]),
                (Self.health + "GET /hea", ["200"]), ("GET /health HTTP/1.1\r\nHost: x\r\n", []),
                (post + "Content-Length: 100\r\n\r\nabc", []),
                (
                    "GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
                        + Self.health,
                    ["200", "200"]
                ),
            ]
            for (text, expected) in cases {
                let connection = try TCPTestConnection(port: server.server.port)
                try connection.send(Array(text.utf8))
                shutdown(connection.descriptor, Int32(SHUT_WR))
                #expect(statuses(try all(connection)) == expected, "\(text.prefix(60))")
            }
        }
    }

    @Test func aPollOnAHalfClosedConnectionIsAnswered() async throws {
        try await TestServer.run { server in
            let polling = try PollingTestClient(port: server.server.port)
            let connection = try TCPTestConnection(port: server.server.port)
            try connection.send(Array("GET \(polling.target) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            shutdown(connection.descriptor, Int32(SHUT_WR))
            #expect(try all(connection).hasSuffix("\r\n\r\n6"))
            // The client may come back.
            #expect(try polling.post("40").status == 200)
        }
    }

    @Test func aHalfClosedWebSocketIsClosedAtOnce() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            _ = try server.http().post(
                "/api/contacts/add", ["contact_user_id": .integer(bia.id.rawValue)], token: ana.token)
            let watcher = try server.socket(ana)
            let socket = try server.socket(bia)
            #expect(try watcher.event().name == "user_online")
            shutdown(socket.connection.descriptor, Int32(SHUT_WR))
            #expect(try watcher.event().name == "user_offline")
        }
    }

    // MARK: Heads

    @Test(arguments: [
        ("GET /health HTTP/1.1\r\nConnection: close\r\n\r\n", "400"),
        ("GET /health HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", "400"),
        ("GET http://x/health HTTP/1.1\r\nHost: a b\r\n\r\n", "400"),
        ("GET /health HTTP/1.0\r\n\r\n", "200"),
        ("POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"),
        ("POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", "413"),
        ("POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n", "413"),
        (
            "POST /api/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n",
            "400"
        ),
    ])
    func headsThatEndTheConnection(request: String, status: String) async throws {
        try await modes { server in
            let connection = try TCPTestConnection(port: server.server.port)
            try connection.send(Array(request.utf8))
            #expect(statuses(try all(connection)) == [status])
        }
    }

    /// RFC 9110 section 10.1.1.
    @Test(arguments: ["1.0", "1.1"])
    func onlyHTTP11GetsInterimAnswers(version: String) async throws {
        try await TestServer.run { server in
            let connection = try TCPTestConnection(port: server.server.port)
            try connection.send(
                Array(
                    ("POST /api/auth/login HTTP/\(version)\r\nHost: x\r\nExpect: 100-continue\r\n"
                        + "Content-Length: 2\r\nConnection: close\r\n\r\n").utf8))
            if version == "1.1" {
                #expect(
                    String(decoding: try connection.receive(), as: UTF8.self)
                        == "HTTP/1.1 100 Continue\r\n\r\n")
            }
            try connection.send(Array("{}".utf8))
            #expect(statuses(try all(connection)) == ["400"])
        }
    }

    /// RFC 6455 section 4.2.2.
    @Test(arguments: ["8", "", "13, 8", "abc", nil])
    func aRefusedHandshakeNamesTheVersion(version: String?) async throws {
        try await modes { server in
            let fields =
                [
                    ("Connection", "Upgrade"), ("Upgrade", "websocket"),
                    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ]
                + (version.map { [("Sec-WebSocket-Version", $0)] } ?? [])
            let answer = try server.http().send(
                .get, "/socket.io/?EIO=4&transport=websocket", headers: fields)
            #expect(answer.status == 400)
            #expect(answer.text == "\"Invalid websocket upgrade\"")
            #expect(answer.response.headers.values("Sec-WebSocket-Version") == ["13"])
        }
    }

    // MARK: Bodies and paths

    @Test func aByteOrderMarkBeforeABodyIsIgnored() async throws {
        try await modes { server in
            let ana = try server.register("Ana")
            let body = Array("\u{FEFF}{\"email\":\"\(ana.email)\",\"password\":\"secret1\"}".utf8)
            let answer = try server.http().send(
                .post, "/api/auth/login", headers: [("Content-Type", "application/json")], body: body)
            #expect(answer.status == 200)
        }
    }

    @Test func doubledSlashesCountAsOne() async throws {
        try await modes { server in
            let ana = try server.register("Ana")
            let headers = [("Authorization", "Bearer \(ana.token)")]
            for target in [
                "/api//auth/verify", "/api/auth///verify", "/api/auth/verify//", "/api//auth//verify/?x=//",
            ] {
                #expect(try server.http().send(.get, target, headers: headers).status == 200, "\(target)")
            }
            #expect(try server.http().send(.get, "//api/auth/verify", headers: headers).status == 404)
            let found = try server.http().send(.get, "/api/contacts//search?q=zz", headers: headers)
            #expect(found.json?["data"]?["users"]?.arrayValue?.isEmpty == true)
            #expect(try server.http().send(.post, "/api//auth/login").message == "Dados inválidos")
        }
    }

    // MARK: Unfinished requests

    @Test func aLongBodyIsRefusedBeforeItArrives() async throws {
        try await modes { server in
            let ana = try server.register("Ana")
            let cases: [(String, String, String)] = [
                ("/api/auth/login", "", "413"), ("/nope", "", "404"), ("/api/messages/send", "", "401"),
                ("/api/messages/send", "Authorization: Bearer a.b.c\r\n", "401"),
                ("/socket.io/?EIO=4&transport=polling", "", "400"),
                ("/socket.io/?EIO=4&transport=polling&sid=nope", "", "400"),
                ("/api/messages/send", "Authorization: Bearer \(ana.token)\r\n", ""),
            ]
            for (target, fields, status) in cases {
                let connection = try TCPTestConnection(port: server.server.port)
                try connection.send(
                    Array(
                        ("POST \(target) HTTP/1.1\r\nHost: x\r\n\(fields)Expect: 100-continue\r\n"
                            + "Content-Length: 100000\r\n\r\n").utf8))
                let answer = String(decoding: try connection.receive(), as: UTF8.self)
                #expect(answer.hasPrefix(status.isEmpty ? "HTTP/1.1 100" : "HTTP/1.1 \(status)"), "\(target)")
            }
        }
    }

    @Test func theOldestUnfinishedRequestIsDisplaced() async throws {
        try await TestServer.run {
            $0.limits.unfinishedRequests = 3
        } _: { server in
            let begun = Array(
                "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".utf8)
            var connections: [TCPTestConnection] = []
            for _ in 0..<6 {
                connections.append(try TCPTestConnection(port: server.server.port))
                try connections.last?.send(begun)
                // A request that was answered does not count as unfinished.
                #expect(try server.http().get("/health").status == 200)
            }
            #expect(try connections[0].receive().isEmpty)
            #expect(try connections[1].receive().isEmpty)
        }
    }

    @Test func anEndlessMessageClosesTheSocket() async throws {
        try await TestServer.run {
            $0.limits.messageTimeout = .milliseconds(100)
        } _: { server in
            let socket = try server.socket(try server.register("Ana"))
            // The first fragment of a text message, with a zero mask.
            try socket.connection.send([0x01, 0x81, 0, 0, 0, 0, 0x34])
            #expect(try socket.frame() == .closed(code: 1013))
        }
    }

    @Test func longMessagesNeedASignIn() async throws {
        try await modes { server in
            let socket = try SocketTestClient(port: server.server.port)
            _ = try socket.frame()
            try socket.send("40" + String(repeating: " ", count: 20_000))
            #expect(try socket.frame() == .closed(code: 1009))
            let ana = try server.register("Ana")
            let signedIn = try server.socket(ana)
            let id = try signedIn.emit(
                "typing_stop", ["contact_user_id": 1, "x": .string(String(repeating: "x", count: 50_000))])
            #expect(try signedIn.next().hasPrefix("43\(id)"))
        }
    }

    @Test func theOldestSessionWithoutASignInIsDisplaced() async throws {
        try await TestServer.run {
            $0.limits.strangers = 3
        } _: { server in
            let first = try PollingTestClient(port: server.server.port)
            for _ in 0..<3 { _ = try PollingTestClient(port: server.server.port) }
            #expect(try first.poll().status == 400)
        }
    }
}
