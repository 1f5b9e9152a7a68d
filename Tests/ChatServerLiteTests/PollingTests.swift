import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Long polling and the upgrade to a websocket, over real connections.
@Suite struct PollingTests {
    private func client(_ server: TestServer, _ account: Account) throws -> PollingTestClient {
        let client = try PollingTestClient(port: server.server.port)
        try client.signIn(account.token)
        return client
    }

    /// Two people, the second of whom has the first as a contact.
    private func watched(_ server: TestServer) throws -> (ana: Account, watcher: SocketTestClient) {
        let ana = try server.register("Ana")
        let bia = try server.register("Bia")
        let added = try server.http().post(
            "/api/contacts/add", ["contact_user_id": .integer(ana.id.rawValue)], token: bia.token)
        #expect(added.status == 201)
        return (ana, try server.socket(bia))
    }

    @Test func theHandshakeOffersTheWebSocket() async throws {
        try await TestServer.run { server in
            let http = try server.http()
            let answer = try http.send(
                .get, "/socket.io/?EIO=4&transport=polling", headers: [("Origin", "http://page.example")])
            #expect(answer.status == 200)
            #expect(answer.response.headers["Content-Type"] == "text/plain; charset=UTF-8")
            // A page that sends credentials is allowed only if it is named.
            #expect(answer.response.headers["Access-Control-Allow-Origin"] == "http://page.example")
            #expect(answer.response.headers["Access-Control-Allow-Credentials"] == "true")
            let handshake = try JSONValue(parsing: String(answer.text.dropFirst()))
            #expect(
                handshake.objectValue?.members.map(\.key).sorted()
                    == ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"])
            #expect(handshake["upgrades"] == ["websocket"])
            #expect(handshake["maxPayload"] == 1_000_000)
        }
    }

    @Test func aMessageTravelsOverPolling() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let polling = try PollingTestClient(port: server.server.port)
            // The event follows CONNECT in the same request and must find it answered.
            let send =
                #"427["send_message",{"receiver_id":\#(bia.id),"content":"olá 👋","temp_id":"t"}]"#
            #expect(try polling.post(#"40{"token":"\#(ana.token)"}"#, send).text == "ok")
            #expect(try polling.next().hasPrefix("40{"))
            for name in ["message_sending", "message_confirmed", "message_sent"] {
                #expect(try polling.next().hasPrefix(#"42["\#(name)""#))
            }
            #expect(try polling.next().hasPrefix("437["))
            let socket = try server.socket(bia)
            try socket.emit(
                "send_message",
                ["receiver_id": .integer(ana.id.rawValue), "content": "oi", "temp_id": "u"])
            let notification = try polling.next()
            #expect(notification.hasPrefix(#"42["message_notification""#))
            #expect(notification.contains(#""content":"oi""#))
        }
    }

    /// Invalid base64 makes the event of the attachment unreadable. The other packets are handled.
    @Test(arguments: [ServerBehaviour.extended, .original])
    func badBase64IsAnsweredAsABadPayload(behaviour: ServerBehaviour) async throws {
        try await TestServer.run(configure: { $0.behaviour = behaviour }) { server in
            let polling = try client(server, try server.register("Ana"))
            let answer = try polling.post(
                #"421["leave_conversation",{"contact_user_id":5}]"#,
                #"451-2["join_conversation",{"contact_user_id":{"_placeholder":true,"num":0}}]"#, "bA!",
                #"423["leave_conversation",{"contact_user_id":6}]"#, "b=",
                #"424["leave_conversation",{"contact_user_id":7}]"#)
            #expect(answer.text.lowercased() == "ok")
            var packets: [String] = []
            while packets.last?.hasPrefix("434[") != true { packets.append(try polling.next()) }
            // The real server does not answer an event that it cannot read.
            let unreadable =
                behaviour == .original ? [] : [#"42["error",{"message":"Dados inválidos"}]"#, "432[]"]
            #expect(
                packets.filter { !$0.hasPrefix("42[\"user_online\"") } == ["431[]"] + unreadable + [
                    "433[]", "434[]",
                ])
        }
    }

    @Test func pollingUpgradesToAWebSocket() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let bia = try server.socket(try server.register("Bia"))
            let polling = try client(server, ana)
            try polling.beginPoll()
            let socket = try polling.openWebSocket(port: server.server.port)
            try socket.send("2probe")
            #expect(try socket.next() == "3probe")
            // The waiting GET is answered, so that the client can switch.
            #expect(try polling.gets.receive(answerTo: .get).text == "6")
            try socket.send("5")
            #expect(try socket.settle() == [])
            try bia.emit(
                "send_message",
                ["receiver_id": .integer(ana.id.rawValue), "content": "oi", "temp_id": "u"])
            #expect(try socket.event().name == "message_notification")
            #expect(try polling.poll().status == 400)
            let late = try polling.openWebSocket(port: server.server.port)
            #expect(try late.frame() == .closed(code: 1000))
            #expect(try socket.settle() == [])
        }
    }

    /// A candidate that sends anything but a probe is closed, and polling continues.
    @Test(arguments: ["hello", "2", "5", "4x"])
    func anInvalidUpgradeChangesNothing(first: String) async throws {
        try await TestServer.run { server in
            let polling = try client(server, try server.register("Ana"))
            let socket = try polling.openWebSocket(port: server.server.port)
            try socket.send(first)
            #expect(try socket.frame() == .closed(code: 1000))
            #expect(try polling.post(#"429["leave_conversation",{"contact_user_id":5}]"#).text == "ok")
            #expect(try polling.next() == "439[]")
        }
    }

    @Test func twoGETsAtOnceEndTheSession() async throws {
        try await TestServer.run { server in
            let (ana, watcher) = try watched(server)
            let polling = try client(server, ana)
            #expect(try watcher.event().name == "user_online")
            try polling.beginPoll()
            let second = try polling.posts.get(polling.target)
            #expect(second.status == 400)
            let first = try polling.gets.receive(answerTo: .get)
            #expect(first.status == 200)
            #expect(first.text == "1")
            #expect(try watcher.event().name == "user_offline")
            #expect(try server.http().get(polling.target).status == 400)
        }
    }

    /// They are handled in the order in which they are complete. Neither is lost.
    @Test func twoPOSTsAtOnceAreBothAccepted() async throws {
        try await TestServer.run { server in
            let polling = try client(server, try server.register("Ana"))
            let slow = try HTTPTestClient(port: server.server.port)
            let body = Array(#"421["leave_conversation",{"contact_user_id":5}]"#.utf8)
            func head(_ length: Int) -> String {
                "POST \(polling.target) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\n\r\n"
            }
            try slow.sendRaw(Array(head(body.count).utf8) + body.prefix(10))
            #expect(try polling.post(#"422["leave_conversation",{"contact_user_id":6}]"#).text == "ok")
            #expect(try polling.next() == "432[]")
            try slow.sendRaw(Array(body.dropFirst(10)))
            #expect(try slow.receive(answerTo: .post).text == "ok")
            #expect(try polling.next() == "431[]")

            // Both POSTs are in progress before either is answered.
            for (http, id) in [(slow, 3), (polling.posts, 4)] {
                let packet = #"42\#(id)["leave_conversation",{"contact_user_id":5}]"#
                try http.sendRaw(Array((head(packet.utf8.count) + packet).utf8))
            }
            #expect(try slow.receive(answerTo: .post).text == "ok")
            #expect(try polling.posts.receive(answerTo: .post).text == "ok")
            #expect(Set([try polling.next(), try polling.next()]) == ["433[]", "434[]"])
        }
    }

    @Test func aStopAnswersTheWaitingGET() async throws {
        let clients = MutexBox<[PollingTestClient]>([])
        try await TestServer.run {
            // A ping would answer the GET first.
            $0.limits.pingInterval = .seconds(3600)
        } _: { server in
            let polling = try client(server, try server.register("Ana"))
            clients.value = [polling]
            // The GET is sent together with a request whose answer proves that the server has received both.
            let poll = "GET \(polling.target) HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try polling.gets.sendRaw(Array(("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" + poll).utf8))
            #expect(try polling.gets.receive(answerTo: .get).status == 200)
        }
        let polling = try #require(clients.value.first)
        let answer = try polling.gets.receive(answerTo: .get)
        #expect(answer.status == 200)
        #expect(answer.text == "1")
        #expect(answer.response.headers["Connection"] == "close")
        #expect(try polling.gets.isEnded())
    }

    @Test func anAbandonedGETEndsTheSession() async throws {
        try await TestServer.run { server in
            let (ana, watcher) = try watched(server)
            do {
                let polling = try client(server, ana)
                #expect(try watcher.event().name == "user_online")
                try polling.beginPoll()
                // Leaving the scope closes its connections.
            }
            #expect(try watcher.event().name == "user_offline")
        }
    }

    @Test func aGoodbyeEndsTheSession() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            // The two connections have no common order. A request that comes after the goodbye finds no
            // session.
            var isAnswered = false
            for _ in 0..<100 where !isAnswered {
                let polling = try client(server, ana)
                try polling.beginPoll()
                #expect(try polling.post("1").text == "ok")
                let answer = try polling.gets.receive(answerTo: .get)
                isAnswered = answer.text == "6"
                // A refusal ends its connection.
                let refusal = isAnswered ? try polling.poll() : answer
                #expect(refusal.status == 400)
                #expect(try polling.gets.isEnded())
            }
            #expect(isAnswered)
        }
    }

    @Test func aTooLongPostEndsTheSession() async throws {
        try await TestServer.run {
            $0.limits.maxPayload = 1000
        } _: { server in
            let polling = try client(server, try server.register("Ana"))
            #expect(try polling.post("4" + String(repeating: "x", count: 1000)).status == 400)
            #expect(try polling.poll().status == 400)
        }
    }

    /// Unreadable packets are ignored, as recorded.
    @Test func unreadablePacketsAreIgnored() async throws {
        try await TestServer.run { server in
            let polling = try client(server, try server.register("Ana"))
            for packets in [["9"], ["abc", "42{}"], ["42notjson"], ["b!!"], ["\u{1E}"], [""]] {
                #expect(try polling.post(packets.joined(separator: "\u{1E}")).text == "ok")
            }
            #expect(try polling.post(#"429["leave_conversation",{"contact_user_id":5}]"#).text == "ok")
            #expect(try polling.next() == "439[]")
        }
    }

    @Test func anUnansweredPingEndsTheSession() async throws {
        try await TestServer.run {
            $0.limits.pingInterval = .milliseconds(50)
            // A busy machine must have the time to answer twice.
            $0.limits.pingTimeout = .seconds(1)
        } _: { server in
            let polling = try PollingTestClient(port: server.server.port)
            for _ in 0..<2 {
                #expect(try polling.poll().text == "2")
                #expect(try polling.post("3").text == "ok")
            }
            #expect(try polling.poll().text == "2")
            // The next GET waits until the timeout.
            #expect(try polling.poll().text == "6")
            #expect(try polling.poll().status == 400)
        }
    }

    @Test(arguments: [
        (HTTPMethod.get, "&sid=nope", 400), (.post, "&sid=nope", 400), (.post, "", 400), (.put, "", 405),
        (.options, "", 200),
    ])
    func otherRequestsGetTheRightStatus(method: HTTPMethod, query: String, status: Int) async throws {
        try await TestServer.run { server in
            let target = "/socket.io/?EIO=4&transport=polling" + query
            let answer = try server.http().send(method, target)
            #expect(answer.status == status)
        }
    }

    @Test func pagesOfOtherOriginsGetNoSession() async throws {
        try await TestServer.run {
            $0.allowedOrigins = .only(["https://chat.example"])
        } _: { server in
            let target = "/socket.io/?EIO=4&transport=polling"
            let foreign = try server.http().send(.get, target, headers: [("Origin", "https://evil.example")])
            #expect(foreign.status == 400)
            let own = try server.http().send(.get, target, headers: [("Origin", "https://chat.example")])
            #expect(own.status == 200)
            #expect(own.response.headers["Access-Control-Allow-Origin"] == "https://chat.example")
        }
    }
}
