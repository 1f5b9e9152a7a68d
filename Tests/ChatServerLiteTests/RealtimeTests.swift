import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The realtime protocol over real sockets.
@Suite struct RealtimeTests {
    private func pair(_ server: TestServer) throws -> (ana: Account, bia: Account) {
        (try server.register("Ana"), try server.register("Bia"))
    }

    @Test func theHandshakeIsTheRecordedOne() async throws {
        try await TestServer.run { server in
            let client = try SocketTestClient(port: server.server.port)
            let open = try client.next()
            #expect(open.hasPrefix("0"))
            let handshake = try JSONValue(parsing: String(open.dropFirst()))
            #expect(
                handshake.objectValue?.members.map(\.key).sorted()
                    == ["maxPayload", "pingInterval", "pingTimeout", "sid", "upgrades"])
            #expect(handshake["upgrades"] == [])
            #expect(handshake["pingInterval"] == 25_000)
            #expect(handshake["pingTimeout"] == 60_000)
            #expect(handshake["maxPayload"] == 1_000_000)
        }
    }

    @Test(arguments: [
        ("/socket.io/?transport=websocket", "unsupported version"),
        ("/socket.io/?EIO=3&transport=websocket", "unsupported version"),
        ("/socket.io/?EIO=4&transport=websocket&sid=nope", "Invalid session nope"),
        ("/socket.io/?EIO=4&transport=foo", "Invalid transport"),
        ("/socket.io/?EIO=4&transport=websocket", "Invalid websocket upgrade"),
    ])
    func anInvalidHandshakeIs400(target: String, reason: String) async throws {
        try await TestServer.run { server in
            let answer = try server.http().get(target)
            #expect(answer.status == 400)
            #expect(answer.json?.stringValue?.contains(reason) == true, "\(answer.text)")
        }
    }

    @Test(arguments: ["40", "40{}", #"40{"token":"abc"}"#, #"40{"token":null}"#, #"40{"token":5}"#])
    func aConnectNeedsAValidToken(connect: String) async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let client = try SocketTestClient(port: server.server.port)
            _ = try client.next()
            // An event before CONNECT is ignored.
            try client.send(#"421["join_conversation",{"contact_user_id":1}]"#)
            try client.send(connect)
            #expect(try client.next() == "41")
            #expect(try client.next() == #"44{"message":"Connection rejected by server"}"#)
            // The socket stays open and accepts a valid token.
            try client.send(#"40{"token":"\#(ana.token)"}"#)
            #expect(try client.next().hasPrefix(#"40{"sid":""#))
            #expect(try client.settle() == [])
        }
    }

    @Test func otherNamespacesAndSecondConnectsAreRefused() async throws {
        try await TestServer.run { server in
            let client = try server.socket(try server.register("Ana"))
            try client.send("40/foo,{}")
            #expect(try client.next() == #"44/foo,"Unable to connect""#)
            try client.send("40{}")
            #expect(try client.next() == #"44"Unable to connect""#)
            // Meaningless frames are ignored.
            for frame in ["42notjson", "42{}", "42[]", "42[5]", "49", "4", "9", "431[\"x\"]", "2", "2abc"] {
                try client.send(frame)
            }
            #expect(try client.settle() == [])
        }
    }

    /// A client need not wait for the 101, and the connection may have served requests before.
    @Test(arguments: ["", "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"])
    func bytesSentTogetherWithTheUpgradeAreNotLost(before: String) async throws {
        try await TestServer.run { server in
            let connection = try TCPTestConnection(port: server.server.port)
            let upgrade =
                "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            var client = WebSocketConnection(role: .client)
            client.send(text: "40")
            try connection.send(Array((before + upgrade).utf8) + client.takeOutput())
            var received: [UInt8] = []
            while !String(decoding: received, as: UTF8.self).contains("Connection rejected by server") {
                let bytes = try connection.receive()
                try #require(!bytes.isEmpty)
                received += bytes
            }
        }
    }

    /// An event sent right after CONNECT is handled after CONNECT was answered.
    @Test func eventsRightAfterTheConnectAreNotLost() async throws {
        try await TestServer.run { server in
            let (ana, bia) = try pair(server)
            let client = try SocketTestClient(port: server.server.port)
            _ = try client.next()
            try client.send(together: [
                #"40{"token":"\#(ana.token)"}"#,
                #"427["send_message",{"receiver_id":\#(bia.id),"content":"já","temp_id":"t"}]"#,
            ])
            #expect(
                try client.names(5) == ["40", "message_sending", "message_confirmed", "message_sent", "437"])
        }
    }

    @Test func aMessageCausesTheRecordedEvents() async throws {
        try await TestServer.run { server in
            let (ana, bia) = try pair(server)
            let a = try server.socket(ana)
            let b = try server.socket(bia)
            try a.emit("join_conversation", ["contact_user_id": .integer(bia.id.rawValue)])
            #expect(try a.next() == "431[]")
            try b.emit("join_conversation", ["contact_user_id": .integer(ana.id.rawValue)])
            #expect(try b.next() == "431[]")
            let id = try a.emit(
                "send_message",
                ["receiver_id": .integer(bia.id.rawValue), "content": "  Olá 😀 <b>  ", "temp_id": "temp_1"])
            #expect(
                try a.names(5) == [
                    "message_sending", "message_confirmed", "message_sent", "new_message", "43\(id)",
                ])
            let message = try b.event()
            #expect(message.name == "new_message")
            #expect(message.payload["content"] == "Olá 😀 <b>")
            #expect(message.payload["temp_id"] == "temp_1")
            #expect(message.payload["sender_name"] == "Ana")
            #expect(message.payload["is_read"] == false)
            let notification = try b.event()
            #expect(notification.name == "message_notification")
            #expect(notification.payload["message"] == message.payload)
            #expect(notification.payload["from_user"] == ["id": .integer(ana.id.rawValue), "name": "Ana"])

            let number = try #require(message.payload["id"])
            try b.emit("message_delivered", ["message_id": number, "sender_id": .integer(ana.id.rawValue)])
            #expect(
                try a.next() == #"42["message_status_update",{"message_id":\#(number),"status":"delivered"}]"#
            )
            #expect(try b.next() == "432[]")
            try b.emit("message_read", ["sender_id": .integer(ana.id.rawValue)])
            let read = try a.event()
            #expect(read.name == "messages_read")
            #expect(read.payload["by_user_id"]?.integerValue == bia.id.rawValue)
            #expect(read.payload["reader_id"]?.integerValue == bia.id.rawValue)
            #expect(read.payload["sender_id"]?.integerValue == ana.id.rawValue)
            #expect(read.payload["up_to_id"] == number)
            #expect(try b.next() == "433[]")
        }
    }

    @Test func outsideTheRoomOnlyTheNotificationArrives() async throws {
        try await TestServer.run { server in
            let (ana, bia) = try pair(server)
            let a = try server.socket(ana)
            let b = try server.socket(bia)
            try a.emit("send_message", ["receiver_id": .integer(bia.id.rawValue), "content": "oi"])
            #expect(try a.names(4) == ["message_sending", "message_confirmed", "message_sent", "431"])
            #expect(try b.names(1) == ["message_notification"])
            try b.emit("join_conversation", ["contact_user_id": .integer(ana.id.rawValue)])
            try b.emit("leave_conversation", ["contact_user_id": .integer(ana.id.rawValue)])
            #expect(try b.names(2) == ["431", "432"])
            try a.emit("typing_start", ["contact_user_id": .integer(bia.id.rawValue)])
            #expect(try a.names(1) == ["432"])
            #expect(try b.settle() == [])
        }
    }

    @Test func aReplayIsAnsweredAndNotAnnounced() async throws {
        try await TestServer.run { server in
            let (ana, bia) = try pair(server)
            let a = try server.socket(ana)
            let b = try server.socket(bia)
            let payload: JSONValue = [
                "receiver_id": .integer(bia.id.rawValue), "content": "uma vez", "temp_id": "t1",
            ]
            try a.emit("send_message", payload)
            _ = try a.names(3)
            let first = try JSONValue(parsing: String(try a.next().dropFirst(3)))
            try a.emit("send_message", payload)
            #expect(try a.names(3) == ["message_sending", "message_confirmed", "message_sent"])
            let second = try JSONValue(parsing: String(try a.next().dropFirst(3)))
            #expect(first[0]?["success"] == true)
            #expect(first[0]?["message"]?["id"] == second[0]?["message"]?["id"])
            // The same replay by REST.
            let answer = try server.http().post("/api/messages/send", payload, token: ana.token)
            #expect(answer.status == 201)
            #expect(answer.json?["data"]?["message"]?["id"] == first[0]?["message"]?["id"])
            #expect(try b.names(1) == ["message_notification"])
            #expect(try b.settle() == [])
            #expect(try a.settle() == [])
        }
    }

    @Test func severalSocketsOfOneUserAreEqual() async throws {
        try await TestServer.run { server in
            let (ana, bia) = try pair(server)
            let first = try server.socket(ana)
            let second = try server.socket(ana)
            let b = try server.socket(bia)
            try first.emit(
                "send_message", ["receiver_id": .integer(bia.id.rawValue), "content": "do primeiro"])
            #expect(try first.names(4).last == "431")
            #expect(try second.names(1) == ["new_message"])
            try b.emit("send_message", ["receiver_id": .integer(ana.id.rawValue), "content": "para os dois"])
            #expect(try first.names(1) == ["message_notification"])
            #expect(try second.names(1) == ["message_notification"])
            #expect(
                try b.names(5) == [
                    "message_notification", "message_sending", "message_confirmed", "message_sent", "431",
                ])
            // When one socket marks messages as read, the user's other socket hears of it, and so does the
            // sender.
            try first.emit("message_read", ["sender_id": .integer(bia.id.rawValue)])
            #expect(try first.names(1) == ["432"])
            #expect(try second.names(1) == ["messages_read"])
            #expect(try b.names(1) == ["messages_read"])
        }
    }

    @Test func changesByRESTAreAnnounced() async throws {
        try await TestServer.run { server in
            let (ana, bia) = try pair(server)
            let a = try server.socket(ana)
            let b = try server.socket(bia)
            let http = try server.http()
            let sent = try http.post(
                "/api/messages/send",
                ["receiver_id": .integer(bia.id.rawValue), "content": "via rest", "temp_id": "r"],
                token: ana.token)
            #expect(sent.status == 201)
            let message = try #require(sent.json?["data"]?["message"]?["id"])
            #expect(try a.names(1) == ["new_message"])
            #expect(try b.names(1) == ["message_notification"])

            // Peeking marks nothing as read.
            let path = "/api/messages/conversation/\(ana.id)"
            #expect(
                try http.get(path + "?peek=1", token: bia.token).json?["data"]?["messages"]?[0]?["is_read"]
                    == 0)
            let page = try http.get(path, token: bia.token).json?["data"]?["messages"]?[0]
            #expect(page?["is_read"] == 0)
            #expect(page?["status"] == "sent")
            #expect(page?["temp_id"] == nil)
            #expect(try a.names(1) == ["messages_read"])
            #expect(try b.names(1) == ["messages_read"])
            let seen = try http.get("/api/messages/conversation/\(bia.id)", token: ana.token)
            #expect(seen.json?["data"]?["messages"]?[0]?["is_read"] == 1)
            #expect(seen.json?["data"]?["messages"]?[0]?["temp_id"] == "r")
            #expect(seen.json?["data"]?["messages"]?[0]?["status"] == "read")

            #expect(try http.delete("/api/messages/\(message)", token: ana.token).status == 200)
            for (client, contact) in [(a, bia), (b, ana)] {
                let event = try client.event()
                #expect(event.name == "message_deleted")
                #expect(event.payload["message_id"] == message)
                #expect(event.payload["by_user_id"]?.integerValue == ana.id.rawValue)
                #expect(event.payload["contact_user_id"]?.integerValue == contact.id.rawValue)
            }
            _ = try http.post(
                "/api/messages/send", ["receiver_id": .integer(bia.id.rawValue), "content": "x"],
                token: ana.token)
            #expect(try http.delete(path, token: bia.token).json?["data"]?["deleted_count"] == 1)
            #expect(try a.names(2) == ["new_message", "conversation_deleted"])
            #expect(try b.names(2) == ["message_notification", "conversation_deleted"])
        }
    }

    @Test func presenceFollowsContacts() async throws {
        try await TestServer.run { server in
            let (ana, bia) = try pair(server)
            let http = try server.http()
            let a = try server.socket(ana)
            let added = try http.post(
                "/api/contacts/add", ["contact_user_id": .integer(bia.id.rawValue)], token: ana.token)
            #expect(added.status == 201)
            let b = try server.socket(bia)
            #expect(try a.next() == #"42["user_online",{"user_id":\#(bia.id),"name":"Bia"}]"#)
            // A user without contacts learns nothing about others.
            #expect(try b.settle() == [])
            let second = try server.socket(ana)
            #expect(try second.next() == #"42["user_online",{"user_id":\#(bia.id),"name":"Bia"}]"#)
            try b.send("41")
            #expect(try a.next() == #"42["user_offline",{"user_id":\#(bia.id)}]"#)
            #expect(try second.next() == #"42["user_offline",{"user_id":\#(bia.id)}]"#)
            // The engine stays open after a 41, so the client may connect again.
            try b.send(#"40{"token":"\#(bia.token)"}"#)
            #expect(try b.next().hasPrefix("40"))
            #expect(try a.names(1) == ["user_online"])
            try b.closeTransport()
            #expect(try a.names(1) == ["user_offline"])
            let contact = try #require(added.json?["data"]?["contact"]?["id"])
            #expect(try http.delete("/api/contacts/\(contact)", token: ana.token).status == 200)
            let again = try server.socket(bia)
            _ = try again.settle()
            #expect(try a.settle() == [])
        }
    }

    /// Nobody hears of read receipts from strangers that mark nothing, and a user who sends too many events
    /// is ignored.
    @Test func eventsWithoutEffectAreNotAnnounced() async throws {
        try await TestServer.run(configure: {
            $0.requestRates[.events].account = Rate(burst: 5, period: .seconds(3600))
            $0.requestRates.countsLoopback = true
        }) {
            server in
            let ana = try server.register("Ana")
            let bia = try server.register("Bia")
            let a = try server.socket(ana)
            let b = try server.socket(bia)
            for _ in 0..<3 { try b.emit("message_read", ["sender_id": .integer(ana.id.rawValue)]) }
            #expect(try b.names(3) == ["431", "432", "433"])
            for _ in 0..<4 { try b.emit("join_conversation", ["contact_user_id": .integer(ana.id.rawValue)]) }
            #expect(try b.names(6) == ["434", "435", "error", "436", "error", "437"])
            try b.emit("send_message", ["receiver_id": .integer(ana.id.rawValue), "content": "oi"])
            #expect(try a.names(1) == ["message_notification"])
        }
    }

    @Test func typingReachesTheRoomAndExpires() async throws {
        try await TestServer.run {
            $0.limits.typingLifetime = .milliseconds(100)
        } _: { server in
            let (ana, bia) = try pair(server)
            let a = try server.socket(ana)
            let b = try server.socket(bia)
            try b.emit("join_conversation", ["contact_user_id": .integer(ana.id.rawValue)])
            _ = try b.next()
            try a.emit("typing_start", ["contact_user_id": .integer(bia.id.rawValue)])
            #expect(try b.next() == #"42["user_typing",{"user_id":\#(ana.id),"name":"Ana"}]"#)
            #expect(try b.next() == #"42["user_stopped_typing",{"user_id":\#(ana.id)}]"#)
            try a.emit("typing_start", ["contact_user_id": .integer(bia.id.rawValue)])
            #expect(try b.names(1) == ["user_typing"])
            try a.closeTransport()
            #expect(try b.names(1) == ["user_stopped_typing"])
        }
    }

    @Test func theHeartbeatWorks() async throws {
        try await TestServer.run {
            $0.limits.pingInterval = .milliseconds(60)
            $0.limits.pingTimeout = .milliseconds(600)
        } _: { server in
            let client = try server.socket(try server.register("Ana"))
            for _ in 0..<3 {
                #expect(try client.frame() == .text("2"))
                try client.send("3")
            }
            // Without a pong the server closes the socket.
            #expect(try client.frame() == .text("2"))
            #expect(try client.frame() == .closed(code: 1000))
        }
    }

    /// A frame that never ends counts as silence and is not buffered.
    @Test func anEndlessFrameClosesTheSocket() async throws {
        try await TestServer.run {
            $0.limits.pingInterval = .milliseconds(60)
            $0.limits.pingTimeout = .milliseconds(100)
        } _: { server in
            let client = try server.socket(try server.register("Ana"))
            // The header of a long text, byte by byte. Each ping arrives while the client is sending it.
            var frame = SocketTestClient.Frame.text("2")
            for byte: UInt8 in [0x81, 0xFF, 0, 0, 0, 0] where frame == .text("2") {
                try client.connection.send([byte])
                frame = try client.frame()
            }
            #expect(frame == .closed(code: 1000))
        }
    }

    @Test func everythingMayArriveByteByByte() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let client = try SocketTestClient(
                port: server.server.port, pieceLength: 1)
            try client.signIn(ana.token)
            let id = try client.emit("leave_conversation", ["contact_user_id": 5])
            #expect(try client.next() == "43\(id)[]")
        }
    }

    @Test func aSocketWithoutAConnectIsClosed() async throws {
        try await TestServer.run {
            $0.limits.connectTimeout = .milliseconds(80)
        } _: { server in
            let client = try SocketTestClient(port: server.server.port)
            #expect(try client.next().hasPrefix("0{"))
            #expect(try client.frame() == .text("1"))
            #expect(try client.frame() == .closed(code: 1000))
            #expect(try client.connection.receive().isEmpty)
        }
    }

    @Test func aFrameBeyondTheLimitCloses1009() async throws {
        try await TestServer.run { server in
            let client = try server.socket(try server.register("Ana"))
            try client.send("42[\"send_message\"," + String(repeating: "x", count: 1_000_000))
            #expect(try client.frame() == .closed(code: 1009))
        }
    }

    @Test func aCloseOfTheEngineClosesTheTransport() async throws {
        try await TestServer.run { server in
            let client = try server.socket(try server.register("Ana"))
            try client.send("1")
            guard case .closed = try client.frame() else {
                Issue.record("still open")
                return
            }
        }
    }

    @Test func aForeignOriginIsRefused() async throws {
        try await TestServer.run {
            $0.allowedOrigins = .only(["https://chat.example.org"])
        } _: { server in
            let headers = [
                ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ]
            let target = "/socket.io/?EIO=4&transport=websocket"
            let evil = try server.http().send(
                .get, target, headers: headers + [("Origin", "https://evil.example")])
            #expect(evil.status == 400)
            let good = try server.http().send(
                .get, target, headers: headers + [("Origin", "https://chat.example.org")])
            #expect(good.status == 101)
            #expect(good.response.headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        }
    }

    /// A client that stops reading costs bounded memory and is disconnected. The others are not affected.
    @Test func aStoppedReaderIsDisconnected() async throws {
        try await TestServer.run {
            $0.limits.outgoingBacklogBytes = 200_000
        } _: { server in
            let (ana, bia) = try pair(server)
            let a = try server.socket(ana)
            let deaf = try server.socket(bia)
            let text = String(repeating: "x", count: 5000)
            // The system's socket buffers alone hold a few megabytes.
            var confirmed = 0
            let payload: JSONValue = ["receiver_id": .integer(bia.id.rawValue), "content": .string(text)]
            while confirmed < 4000 {
                let id = try a.emit("send_message", payload)
                #expect(try a.names(4).last == "43\(id)")
                confirmed += 1
                if confirmed % 100 == 0, try isGone(bia, server) { break }
            }
            #expect(confirmed < 4000)
            var received = 0
            while let frame = try? deaf.frame(), case .text = frame { received += 1 }
            #expect(received < confirmed)
        }
    }

    /// Whether a user has no connection any more. If they had one, a new contact of theirs would hear of it.
    private func isGone(_ account: Account, _ server: TestServer) throws -> Bool {
        let watcher = try server.register("Watcher")
        _ = try server.http().post(
            "/api/contacts/add", ["contact_user_id": .integer(account.id.rawValue)], token: watcher.token)
        return try server.socket(watcher).settle().isEmpty
    }

    /// A client throws away a token that is refused. A client told to try again later keeps it and comes
    /// back.
    @Test func aFailingDatabaseDoesNotRefuseTheToken() async throws {
        let records = LogRecords()
        let memory = MemoryStorageProvider()
        try await TestServer.run(logger: records.logger, storage: memory) { server in
            let ana = try server.register("Ana")
            let client = try SocketTestClient(port: server.server.port)
            #expect(try client.next().hasPrefix("0{"))
            memory.shared.failReads(StorageFailure(.busy, detail: "somebody holds a lock"))
            let token = (["token": .string(ana.token)] as JSONValue).serialized()
            try client.send("40" + String(decoding: token, as: UTF8.self))
            #expect(try client.frame() == .closed(code: 1013))
            #expect(records.lines == ["error the database failed cause=somebody holds a lock"])
            memory.shared.failReads(nil)
            _ = try server.socket(ana)
        }
    }

    @Test func aStopSaysGoodbye() async throws {
        let clients = MutexBox<[SocketTestClient]>([])
        try await TestServer.run { server in
            clients.value = [try server.socket(try server.register("Ana"))]
        }
        // On a busy machine a ping may come first.
        let client = try #require(clients.value.first)
        var last = try client.frame()
        while case .text = last { last = try client.frame() }
        #expect(last == .closed(code: 1001))
    }
}

/// Carries a value out of a closure.
final class MutexBox<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}
