import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct PushTests {
    private func withServer(
        _ body: (TestServer, PushServiceStandIn) async throws -> Void
    ) async throws {
        let service = try PushServiceStandIn()
        defer { service.stop() }
        try await TestServer.run(configure: { $0.push.allowsPrivateEndpoints = true }) { server in
            try await body(server, service)
        }
    }

    private static let noneWorks =
        "Nenhuma subscription válida encontrada. Por favor, ative as notificações novamente."

    @Test func aMessageToSomeoneAwayIsPushed() async throws {
        try await withServer { server, service in
            let ana = try server.register("Ana Ç")
            let bia = try server.register("Bia")
            let browser = Browser(service, "/bia?x=1")
            try browser.subscribe(bia, server)
            let key = try #require(
                try server.http().get("/api/push/vapid-public-key", token: ana.token).json?["data"]?[
                    "publicKey"]?.stringValue)

            let text = String(repeating: "é", count: 150)
            let socket = try server.socket(ana)
            try socket.emit(
                "send_message",
                ["receiver_id": .integer(bia.id.rawValue), "content": .string(text), "temp_id": "t1"])
            #expect(try socket.names(4).prefix(2) == ["message_sending", "message_confirmed"])
            let push = try await service.next()
            #expect(push.target == "/bia?x=1")
            #expect(push.headers["content-encoding"] == "aes128gcm")
            #expect(push.headers["content-type"] == "application/octet-stream")
            #expect(push.headers["urgency"] == "high")
            #expect(Int(push.headers["ttl"] ?? "").map { (86_390...86_400).contains($0) } == true)
            #expect((1...32).contains(push.headers["topic"]?.count ?? 0))
            #expect(push.headers["authorization"]?.hasPrefix("vapid t=") == true)
            #expect(push.headers["authorization"]?.hasSuffix("k=" + key) == true)
            #expect(
                try browser.open(push) == [
                    "title": "💬 Ana Ç", "body": .string(String(repeating: "é", count: 100) + "..."),
                    "icon": "/assets/icons/icon-192.png", "badge": "/assets/icons/icon-192.png",
                    "data": [
                        "type": "message", "senderId": .integer(ana.id.rawValue), "senderName": "Ana Ç",
                    ],
                ])

            // A message sent by REST is pushed too, but a replay is not.
            for _ in 0..<2 {
                _ = try server.http().post(
                    "/api/messages/send",
                    ["receiver_id": .integer(bia.id.rawValue), "content": "oi", "temp_id": "t2"],
                    token: ana.token)
            }
            _ = try server.http().post(
                "/api/messages/send", ["receiver_id": .integer(bia.id.rawValue), "content": "fim"],
                token: ana.token)
            #expect(try await browser.open(service.next())["body"] == "oi")
            let last = try await service.next()
            #expect(try browser.open(last)["body"] == "fim")
            #expect(last.headers["topic"] == push.headers["topic"])
        }
    }

    @Test func aConnectedUserGetsNoPush() async throws {
        try await withServer { server, service in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let browser = Browser(service, "/bia")
            try browser.subscribe(bia, server)
            let there = try server.socket(bia)
            _ = try server.http().post(
                "/api/messages/send", ["receiver_id": .integer(bia.id.rawValue), "content": "there"],
                token: ana.token)
            #expect(try there.event().name == "message_notification")
            #expect(
                try server.http().post("/api/push/test", [:], token: bia.token).message
                    == "Notificação enviada")
            // The first push is the test's, so there was none for the message.
            #expect(try await browser.open(service.next())["title"] == "🔔 Notificação de Teste")
        }
    }

    /// The test push behaves as recorded, except that every 2xx status counts as success.
    @Test func theTestPushHandlesAnswers() async throws {
        try await withServer { server, service in
            let bia = try server.register("Bia")
            let browser = Browser(service, "/bia")
            let answers: [(status: Int, succeeds: Bool, keeps: Bool)] = [
                (200, true, true), (201, true, true), (202, true, true), (204, true, true),
                (400, false, true),
                (401, false, false), (403, false, false), (404, false, false), (410, false, false),
                (429, false, true), (500, false, true), (302, false, true),
            ]
            for answer in answers {
                try browser.subscribe(bia, server)
                service.answer(with: [answer.status])
                let first = try server.http().post("/api/push/test", [:], token: bia.token)
                #expect(first.status == (answer.succeeds ? 200 : 400), "\(answer.status)")
                #expect(
                    first.message == (answer.succeeds ? "Notificação enviada" : Self.noneWorks),
                    "\(answer.status)")
                _ = try await service.next()
                let second = try server.http().post("/api/push/test", [:], token: bia.token)
                #expect(second.status == (answer.keeps ? 200 : 400), "\(answer.status)")
                if answer.keeps { _ = try await service.next() }
            }
        }
    }

    /// Recorded behaviour: an equal text is not pushed while the first push is in progress.
    @Test func anEqualTextIsNotPushedWhileTheFirstIsInProgress() async throws {
        let service = try PushServiceStandIn()
        defer { service.stop() }
        try await TestServer.run(configure: {
            $0.push.allowsPrivateEndpoints = true
            $0.behaviour = .original
        }) { server in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let browser = Browser(service, "/bia")
            try browser.subscribe(bia, server)
            let socket = try server.socket(ana)
            func send(_ text: String) throws {
                try socket.emit(
                    "send_message",
                    ["receiver_id": .integer(bia.id.rawValue), "content": .string(text), "temp_id": "t"])
                #expect(try socket.names(3).prefix(2) == ["message_sending", "message_confirmed"])
            }
            service.holdAnswers()
            // At once: after ten seconds the text would be pushed again. `RecentPushesTests` has the times.
            try send("oi")
            try send("oi")
            try send("fim")
            #expect(try await browser.open(service.next())["body"] == "oi")
            service.releaseAnswers()
            #expect(try await browser.open(service.next())["body"] == "fim")
        }
    }

    @Test func aBusyServiceGetsARetryAndAnEndedSubscriptionIsDropped() async throws {
        try await withServer { server, service in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let browser = Browser(service, "/bia")
            try browser.subscribe(bia, server)
            // The service sends Retry-After: 0, which counts as one second.
            service.answer(with: [503, 201, 410])
            for text in ["one", "two"] {
                _ = try server.http().post(
                    "/api/messages/send",
                    ["receiver_id": .integer(bia.id.rawValue), "content": .string(text)],
                    token: ana.token)
            }
            let bodies = try await service.next(3).map { try browser.open($0)["body"]?.stringValue }
            #expect(bodies == ["one", "one", "two"])
            // The subscription that got 410 is gone once the server has handled the answer. A push queued
            // afterwards for another browser proves that.
            let other = Browser(service, "/other")
            try other.subscribe(bia, server)
            _ = try server.http().post(
                "/api/messages/send", ["receiver_id": .integer(bia.id.rawValue), "content": "three"],
                token: ana.token)
            let three = try await service.next()
            #expect(three.target == "/other")
            #expect(try other.open(three)["body"] == "three")
        }
    }

    /// The service accepts connections and never answers. Messages are still confirmed, and the queue
    /// outlives the server.
    @Test func aDeadServiceDelaysNothingAndTheQueueIsOnDisk() async throws {
        let service = try PushServiceStandIn()
        defer { service.stop() }
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var push = PushConfiguration()
        push.allowsPrivateEndpoints = true
        let browser = Browser(service, "/bia")
        service.answer(with: [PushServiceStandIn.silence])
        try await TestServer.run(configure: {
            $0.databasePath = directory + "/chat.db"
            $0.push = push
        }) { server in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            try browser.subscribe(bia, server)
            let socket = try server.socket(ana)
            for number in 0..<20 {
                try socket.emit(
                    "send_message",
                    ["receiver_id": .integer(bia.id.rawValue), "content": .string("\(number)")])
                #expect(try socket.names(4).contains("message_confirmed"))
            }
            // The first push is in progress and stays so.
            #expect(try await browser.open(service.next())["body"] == "0")
        }
        service.answer(with: [])
        try await TestServer.run(configure: {
            $0.databasePath = directory + "/chat.db"
            $0.push = push
        }) { _ in
            let bodies = try await service.next(20).map { try browser.open($0)["body"]?.stringValue }
            #expect(bodies == (0..<20).map { "\($0)" })
        }
    }

    /// Whatever base64 a page uses for a browser's keys, the subscription is the same, and its pushes can be
    /// read.
    @Test func keysComeInAnyBase64() async throws {
        try await withServer { server, service in
            let ana = try server.register("Ana")
            let browser = Browser(service, "/ana")
            let key = Base64.encode(browser.key.publicKey.point)
            let secret = Base64.encode(browser.secret)
            let bare = key.filter { $0 != "=" }
            let url = bare.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            for form in [key, bare, url, url + "=", bare.replacingOccurrences(of: "+", with: "-")] {
                let answer = try server.http().post(
                    "/api/push/subscribe",
                    [
                        "subscription": [
                            "endpoint": .string(browser.endpoint),
                            "keys": ["p256dh": .string(form), "auth": .string(secret)],
                        ]
                    ], token: ana.token)
                #expect(answer.message == "Subscription salva com sucesso", "\(form)")
                #expect(try server.http().post("/api/push/test", [:], token: ana.token).status == 200)
                #expect(try await browser.open(service.next())["title"] == "🔔 Notificação de Teste")
            }
            for form in [String(key.dropFirst(4)), key + "AAAA", "!" + bare.dropFirst(), ""] {
                let refused = PushSubscription(endpoint: browser.endpoint, key: form, secret: secret)
                #expect(refused == nil, "\(form)")
            }
        }
    }

    /// Only the head of an answer counts, however long its body is and however it is framed.
    @Test func longAnswersAreNotRead() async throws {
        let body = [UInt8](repeating: 0x78, count: 1 << 22)
        for framing in ["Content-Length: 100000000", "Transfer-Encoding: chunked", "Connection: close"] {
            let service = try PushServiceStandIn()
            defer { service.stop() }
            service.answer(withRaw: Array("HTTP/1.1 201 Created\r\n\(framing)\r\n\r\n".utf8) + body)
            try await TestServer.run(configure: { $0.push.allowsPrivateEndpoints = true }) { server in
                let ana = try server.register("Ana")
                try Browser(service, "/ana").subscribe(ana, server)
                #expect(try server.http().post("/api/push/test", [:], token: ana.token).status == 200)
            }
        }
    }

    @Test func testPushesAreLimitedPerAccount() {
        let tests = PushTrials()
        let user = UserID(1)
        #expect(tests.begin(user))
        #expect(!tests.begin(user))
        tests.end(user)
        let more = (0..<100).filter { _ in
            guard tests.begin(user) else { return false }
            tests.end(user)
            return true
        }
        #expect(more.count == 29)
        let others = (2...20).filter { tests.begin(UserID($0)) }
        #expect(others.count == 8)
    }

    @Test func anEndpointBelongsToTheLastSubscriber() async throws {
        try await withServer { server, service in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let browser = Browser(service, "/shared")
            try browser.subscribe(ana, server)
            try browser.subscribe(ana, server)
            try browser.subscribe(bia, server)
            #expect(try server.http().post("/api/push/test", [:], token: ana.token).status == 400)
            #expect(
                try server.http().post(
                    "/api/push/unsubscribe", ["endpoint": .string(browser.endpoint)], token: ana.token
                ).message == "Erro ao remover subscription")
            #expect(
                try server.http().post(
                    "/api/push/unsubscribe", ["endpoint": .string(browser.endpoint)], token: bia.token
                ).message == "Subscription removida com sucesso")
            #expect(try server.http().post("/api/push/test", [:], token: bia.token).status == 400)
        }
    }

    @Test func privateEndpointsAreRefused() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let http = try server.http()
            let keys = Browser.keys(P256PrivateKey().publicKey, RandomBytes.generate(16))
            func answer(_ endpoint: String) throws -> String? {
                try http.post(
                    "/api/push/subscribe",
                    ["subscription": ["endpoint": .string(endpoint), "keys": keys]], token: ana.token
                ).message
            }
            for endpoint in [
                "http://push.example.net/x", "https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x",
                "https://10.1.2.3/x", "https://169.254.169.254/latest", "https://printer.local/x",
                "https://metadata.google.internal/x", "https://a.INTERNAL./x", "https://100.100.100.200/x",
                "https://router/x", "https://user@push.example.net/x", "ftp://push.example.net/x", "", "x",
                "https://push.example.net/a b", "https://2130706433/", "https://[::ffff:127.0.0.1]/",
                "https://push.example.net/" + String(repeating: "x", count: 2048),
            ] {
                #expect(try answer(endpoint) == "Erro ao salvar subscription", "\(endpoint)")
            }
            #expect(try answer("https://push.example.net/x") == "Subscription salva com sucesso")
        }
    }
}
