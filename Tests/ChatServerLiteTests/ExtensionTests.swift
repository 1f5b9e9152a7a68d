import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The extensions beyond the recorded API, as clients use them. In the original behaviour none of them exist.
@Suite struct ExtensionTests {
    /// Runs `body` with Ana and Bia on a server.
    private func withTwo(
        _ behaviour: ServerBehaviour = .extended,
        _ body: (_ server: TestServer, _ http: HTTPTestClient, _ ana: Account, _ bia: Account) throws -> Void
    ) async throws {
        try await TestServer.run(configure: { $0.behaviour = behaviour }) { server in
            try body(server, server.http(), server.register("Ana"), server.register("Bia"))
        }
    }

    private func send(
        _ text: String, _ tempID: JSONValue? = nil, to receiver: Account, from sender: Account,
        _ http: HTTPTestClient
    ) throws -> JSONValue {
        var body: JSONObject = ["receiver_id": .integer(receiver.id.rawValue), "content": .string(text)]
        if let tempID { body["temp_id"] = tempID }
        let answer = try http.post("/api/messages/send", .object(body), token: sender.token)
        #expect(answer.status == 201)
        return try #require(answer.json?["data"]?["message"])
    }

    private func texts(
        with other: Account, _ query: String = "", for reader: Account, _ http: HTTPTestClient
    ) throws -> [String] {
        let answer = try http.get(
            "/api/messages/conversation/\(other.id)?limit=200\(query)", token: reader.token)
        #expect(answer.status == 200)
        return (answer.json?["data"]?["messages"]?.arrayValue ?? []).compactMap { $0["content"]?.stringValue }
    }

    private func unread(_ reader: Account, _ http: HTTPTestClient) throws -> JSONValue? {
        try http.get("/api/messages/unread", token: reader.token).json?["data"]?["total"]
    }

    @Test func theOriginalAnnouncesNothing() async throws {
        try await withTwo(.original) { _, http, ana, _ in
            #expect(try http.get("/").json?["capabilities"] == nil)
            #expect(try http.get("/api/sync", token: ana.token).status == 404)
            #expect(try http.post("/api/auth/refresh", [:], token: ana.token).status == 404)
            let key = try http.get("/api/push/vapid-public-key", token: ana.token).json
            #expect(key?["publicKey"] == nil)
            #expect(key?["data"]?["publicKey"] != nil)
        }
    }

    @Test func aRepeatedSendIsStoredOnce() async throws {
        try await withTwo { _, http, ana, bia in
            let first = try send(" oi ", "t1", to: bia, from: ana, http)
            #expect(first["temp_id"] == "t1")
            #expect(first["status"] == "sent")
            #expect(try send("oi", "t1", to: bia, from: ana, http)["id"] == first["id"])
            // Another text under the same temp_id is a new message. So are messages under invalid ids.
            let other = try send("outro", "t1", to: bia, from: ana, http)
            #expect(other["id"] != first["id"])
            for name: JSONValue in [.string(String(repeating: "x", count: 129)), 7, ["a"], .null] {
                let ids = try (0..<2).map { _ in try send("sem nome", name, to: bia, from: ana, http)["id"] }
                #expect(ids[0] != ids[1], "\(name)")
            }
            #expect(try texts(with: bia, for: ana, http).count == 10)
        }
        try await withTwo(.original) { _, http, ana, bia in
            let ids = try (0..<2).map { _ in try send("oi", "t1", to: bia, from: ana, http)["id"] }
            #expect(ids[0] != ids[1])
        }
    }

    @Test func aConversationHasPages() async throws {
        try await withTwo { _, http, ana, bia in
            let ids = try (1...5).map { try send("\($0)", to: bia, from: ana, http)["id"]?.integerValue ?? 0 }
            #expect(try texts(with: ana, "&before_id=\(ids[3])&peek=1", for: bia, http) == ["3", "2", "1"])
            #expect(try unread(bia, http) == 5)
            #expect(try texts(with: ana, "&before_id=\(ids[2])&limit=1&peek=1", for: bia, http).first == "2")
            #expect(
                Set(try texts(with: ana, "&after_id=\(ids[2])&peek=1", for: bia, http)) == ["5", "4"])
            #expect(try unread(bia, http) == 5)
            // Without `peek`, any page marks all messages of that sender as read, as recorded.
            #expect(try texts(with: ana, "&before_id=\(ids[2])", for: bia, http) == ["2", "1"])
            #expect(try unread(bia, http) == 0)
        }
        try await withTwo(.original) { _, http, ana, bia in
            let ids = try (1...3).map { try send("\($0)", to: bia, from: ana, http)["id"]?.integerValue ?? 0 }
            #expect(try texts(with: ana, "&before_id=\(ids[1])&peek=1", for: bia, http) == ["3", "2", "1"])
            #expect(try unread(bia, http) == 0)
        }
    }

    @Test func aSyncReturnsTheChangesSinceTheCursor() async throws {
        try await withTwo { server, http, ana, bia in
            func changes(since cursor: String?) throws -> (types: [String], cursor: String) {
                let query = cursor.map { "?cursor=\($0)" } ?? ""
                let answer = try http.get("/api/sync\(query)", token: ana.token)
                let data = try #require(answer.json?["data"])
                #expect(data["has_more"] == false)
                let list = data["changes"]?.arrayValue ?? []
                let numbers = list.compactMap { $0["seq"]?.integerValue }
                #expect(numbers == numbers.sorted() && numbers.count == list.count)
                return (
                    list.compactMap { $0["type"]?.stringValue }, try #require(data["cursor"]?.stringValue)
                )
            }
            var cursor = try changes(since: nil).cursor
            func step(_ expected: [String], _ body: () throws -> Void) throws {
                try body()
                let found = try changes(since: cursor)
                #expect(found.types == expected)
                cursor = found.cursor
            }
            var contact: Int64 = 0
            try step(["contact_added"]) {
                let answer = try http.post(
                    "/api/contacts/add", ["contact_user_id": .integer(bia.id.rawValue)], token: ana.token)
                contact = try #require(answer.json?["data"]?["contact"]?["id"]?.integerValue)
            }
            try step(["contact_renamed"]) {
                _ = try http.put("/api/contacts/\(contact)", ["contact_name": "B"], token: ana.token)
            }
            var message: Int64 = 0
            try step(["message_created"]) {
                message = try send("oi", to: bia, from: ana, http)["id"]?.integerValue ?? 0
            }
            let socket = try server.socket(bia)
            try step(["message_delivered"]) {
                try socket.emit(
                    "message_delivered",
                    ["message_id": .integer(message), "sender_id": .integer(ana.id.rawValue)])
                _ = try socket.settle()
                // Stored events take another path. This question takes it too, so its answer comes last.
                let question = try socket.emit("message_read", ["sender_id": 99_999_999])
                while try !socket.next().hasPrefix("43\(question)") {}
            }
            try step(["messages_read"]) {
                _ = try http.put("/api/messages/mark-read/\(ana.id)", token: bia.token)
            }
            try step(["message_deleted"]) {
                _ = try http.delete("/api/messages/\(message)", token: ana.token)
            }
            try step(["conversation_deleted"]) {
                _ = try send("tchau", to: ana, from: bia, http)
                _ = try http.delete("/api/messages/conversation/\(ana.id)", token: bia.token)
            }
            try step(["contact_removed"]) {
                _ = try http.delete("/api/contacts/\(contact)", token: ana.token)
            }
            try step([]) {}
            for unknown in ["x", "0.1", "999"] {
                let answer = try http.get("/api/sync?cursor=\(unknown)", token: ana.token)
                #expect(answer.json?["data"]?["reset"] == true, "\(unknown)")
            }
        }
    }
}
