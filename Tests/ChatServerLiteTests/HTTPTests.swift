import ChatSQLite
import ChatWire
import Foundation
import Logging
import Testing

@testable import ChatServerLite
@testable import ChatServerSQLite
@testable import ServerTestSupport

/// HTTP as a transport: limits, connections, CORS.
@Suite struct HTTPTests {
    @Test func theRootAnnouncesTheCapabilities() async throws {
        try await TestServer.run { server in
            let answer = try server.http().get("/")
            let capabilities = answer.json?["capabilities"]?.arrayValue?.compactMap(\.stringValue)
            #expect(
                capabilities == [
                    "idempotent-send", "paging", "peek", "sync", "deletions", "presence-snapshot",
                    "ack-result", "read-up-to", "refresh", "sessions",
                ])
        }
    }

    @Test func aBodyBeyondTheLimitIs413() async throws {
        try await TestServer.run { server in
            let http = try server.http()
            try http.sendRaw(
                Array("POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n".utf8))
            let answer = try http.receive(answerTo: .post)
            #expect(answer.status == 413)
            #expect(answer.json?["success"] == false)
            #expect(answer.response.headers["Connection"] == "close")
        }
    }

    @Test func aChunkedBodyBeyondTheLimitIs413() async throws {
        try await TestServer.run {
            $0.limits.requestBodyBytes = 1000
        } _: { server in
            let http = try server.http()
            try http.sendRaw(
                Array("POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
            try http.sendRaw(Array(("400\r\n" + String(repeating: "x", count: 1024) + "\r\n").utf8))
            #expect(try http.receive(answerTo: .post).status == 413)
        }
    }

    @Test func aChunkedBodyIsAccepted() async throws {
        try await TestServer.run { server in
            let http = try server.http()
            let body = #"{"email":"a@b","password":"secret1"}"#
            try http.sendRaw(
                Array(
                    ("POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
                        .utf8))
            #expect(try http.receive(answerTo: .post).message == "Email ou senha inválidos")
        }
    }

    @Test func requestsOnOneConnectionAreAnsweredInOrder() async throws {
        try await TestServer.run { server in
            let request = { (path: String) in Array("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8) }
            var parser = HTTPResponseParser(method: .get)
            var statuses: [Int] = []
            let connection = try TCPTestConnection(port: server.server.port)
            try connection.send(request("/health") + request("/nope") + request("/"))
            var bytes = try connection.receive()
            while statuses.count < 3 {
                if let response = try parser.receive(bytes) {
                    statuses.append(response.status)
                    bytes = parser.takeLeftover()
                    parser = HTTPResponseParser(method: .get)
                    if !bytes.isEmpty { continue }
                }
                if statuses.count < 3 { bytes = try connection.receive() }
            }
            #expect(statuses == [200, 404, 200])
        }
    }

    @Test(arguments: [
        "\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nBad Header\r\n\r\n",
    ])
    func invalidHTTPEndsTheConnection(text: String) async throws {
        try await TestServer.run { server in
            let connection = try TCPTestConnection(port: server.server.port)
            try connection.send(Array(text.utf8))
            var answer: [UInt8] = []
            while true {
                let bytes = try connection.receive()
                if bytes.isEmpty { break }
                answer += bytes
            }
            #expect(answer.isEmpty || String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 400"))
            #expect(try server.http().get("/health").status == 200)
        }
    }

    @Test func aSilentConnectionIsClosed() async throws {
        try await TestServer.run {
            $0.limits.requestTimeout = .milliseconds(50)
        } _: { server in
            let idle = try TCPTestConnection(port: server.server.port)
            #expect(try idle.receive().isEmpty)
            let slow = try TCPTestConnection(port: server.server.port)
            try slow.send(Array("GET / HTTP/1.1\r\nHo".utf8))
            #expect(try slow.receive().isEmpty)
        }
    }

    /// The whole request has one deadline, which incoming bytes do not extend.
    @Test func aTrickledHeadTimesOut() async throws {
        try await TestServer.run {
            $0.limits.requestTimeout = .milliseconds(100)
        } _: { server in
            let slow = try TCPTestConnection(port: server.server.port)
            try slow.send(Array("GET / HTTP/1.1\r\nX: ".utf8))
            var hasEnded = false
            while !hasEnded {
                do {
                    hasEnded = try slow.receive(within: .milliseconds(5)).isEmpty
                } catch TCPTestConnection.Failure.timeout {
                    // A reset shows here or in what is received.
                    do { try slow.send([UInt8(ascii: "x")]) } catch { hasEnded = true }
                }
            }
            #expect(try server.http().get("/health").status == 200)
        }
    }

    @Test func aHeadWithoutEndIsRefused() async throws {
        try await TestServer.run { server in
            let endless = try TCPTestConnection(port: server.server.port)
            let piece = Array(("X: " + String(repeating: "x", count: 1000) + "\r\n").utf8)
            try endless.send(Array("GET / HTTP/1.1\r\n".utf8))
            var sent = 0
            var hasEnded = false
            while !hasEnded, sent < 64 << 20 {
                do { try endless.send(piece) } catch { hasEnded = true }
                sent += piece.count
                if let bytes = try? endless.receive(within: .zero) {
                    hasEnded = bytes.isEmpty || String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 4")
                }
            }
            #expect(hasEnded, "more than 64 MiB were taken")
            #expect(try server.http().get("/health").status == 200)
        }
    }

    @Test func closeIsHonoured() async throws {
        try await TestServer.run { server in
            let http = try server.http()
            let answer = try http.send(.get, "/health", headers: [("Connection", "close")])
            #expect(answer.status == 200)
            #expect(answer.response.headers["Connection"] == "close")
            #expect(try http.isEnded())
        }
    }

    @Test func browsersOfListedOriginsMayCall() async throws {
        try await TestServer.run {
            $0.allowedOrigins = .only(["https://chat.example.org"])
        } _: { server in
            let http = try server.http()
            for path in ["/health", "/nope", "/api/auth/me"] {
                let answer = try http.send(.get, path, headers: [("Origin", "https://chat.example.org")])
                #expect(answer.response.headers["Access-Control-Allow-Origin"] == "https://chat.example.org")
                #expect(
                    answer.response.headers["Access-Control-Allow-Headers"] == "Content-Type, Authorization")
                #expect(
                    answer.response.headers["Access-Control-Allow-Methods"]
                        == "GET, POST, PUT, DELETE, OPTIONS")
                #expect(answer.response.headers["Vary"] == "Origin")
            }
            let preflight = try http.send(
                .options, "/api/messages/1", headers: [("Origin", "https://chat.example.org")])
            #expect(preflight.status == 200)
            #expect(preflight.response.headers["Allow"] == "DELETE, OPTIONS")
            #expect(preflight.response.body.isEmpty)
        }
    }

    @Test func aTokenIsRenewed() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let http = try server.http()
            let fresh = try http.send(
                .post, "/api/auth/refresh", headers: [("Authorization", "Bearer \(ana.token)")])
            let token = try #require(fresh.json?["data"]?["token"]?.stringValue)
            #expect(
                try http.get("/api/auth/me", token: token).json?["data"]?["user"]?["id"]?.integerValue
                    == ana.id.rawValue)
            #expect(try http.send(.post, "/api/auth/refresh").status == 401)
        }
    }

    @Test func tokensSurviveARestart() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let account = MutexBox<Account?>(nil)
        for round in 0..<2 {
            try await TestServer.run {
                $0.databasePath = directory + "/kept.db"
            } _: { server in
                if round == 0 { account.value = try server.register("Ana") }
                let token = try #require(account.value?.token)
                #expect(try server.http().get("/api/auth/me", token: token).status == 200)
            }
        }
    }

    @Test func aPortInUseIsReported() async throws {
        try await TestServer.run { server in
            let directory = try TestServer.makeDirectory()
            defer { try? FileManager.default.removeItem(atPath: directory) }
            var configuration = ServerConfiguration(databasePath: directory + "/x.db", tokenSecret: [1])
            configuration.port = server.server.port
            await #expect(throws: ServerStartError.portInUse(host: "127.0.0.1", port: server.server.port)) {
                try await ChatServer.start(configuration, storage: SQLiteStorageProvider(), logger: .quiet)
            }
        }
    }

    @Test func aForeignAddressIsReported() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var configuration = ServerConfiguration(databasePath: directory + "/x.db", tokenSecret: [1])
        configuration.port = 0
        configuration.host = "192.0.2.1"
        await #expect(throws: ServerStartError.addressNotHere(host: "192.0.2.1")) {
            try await ChatServer.start(configuration, storage: SQLiteStorageProvider(), logger: .quiet)
        }
    }

    @Test func anUnusableDatabaseIsReported() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/nowhere/x.db"
        let error = await #expect(throws: ServerStartError.self) {
            try await ChatServer.start(
                ServerConfiguration(databasePath: path, tokenSecret: [1]), storage: SQLiteStorageProvider(),
                logger: .quiet)
        }
        guard case .database(let named, let cause) = error, case .cannotOpen = cause else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(named == path)
    }
}
