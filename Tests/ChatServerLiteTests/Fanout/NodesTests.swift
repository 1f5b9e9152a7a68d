import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Two servers on one database, joined by a bus.
@Suite struct NodesTests {
    private struct Nodes {
        let first: TestServer
        let second: TestServer
        let http: HTTPTestClient

        func addContact(_ contact: Account, to user: Account) throws {
            let answer = try http.post(
                "/api/contacts/add", ["contact_user_id": .integer(contact.id.rawValue)], token: user.token)
            #expect(answer.status == 201)
        }
    }

    private func withNodes(_ body: (Nodes) async throws -> Void) async throws {
        let bus = TestBus()
        let storage = MemoryStorageProvider()
        try await TestServer.run(storage: storage, node: bus.makeNode()) { first in
            try await TestServer.run(storage: storage, node: bus.makeNode()) { second in
                try await body(Nodes(first: first, second: second, http: try first.http()))
            }
        }
    }

    @Test func presenceIsTheSameEverywhere() async throws {
        try await withNodes { nodes in
            let (ana, bia) = (try nodes.first.register("Ana"), try nodes.first.register("Bia"))
            try nodes.addContact(bia, to: ana)
            try nodes.addContact(ana, to: bia)
            let here = try nodes.first.socket(ana)
            let there = try nodes.second.socket(bia)
            // A newcomer learns who is online, and those who are online learn of the newcomer.
            for (socket, other) in [(there, ana), (here, bia)] {
                let online = try socket.event()
                #expect(online.name == "user_online")
                #expect(online.payload["user_id"]?.integerValue == other.id.rawValue)
            }
            // A second connection on another node is not announced, and neither is its end.
            let again = try nodes.first.socket(bia)
            #expect(try again.event().name == "user_online")
            try again.closeTransport()
            _ = try again.frame()
            #expect(try here.settle() == [])
            try there.closeTransport()
            _ = try there.frame()
            #expect(try here.event().name == "user_offline")
        }
    }

    @Test func messagesReachTheOtherNode() async throws {
        try await withNodes { nodes in
            let (ana, bia) = (try nodes.first.register("Ana"), try nodes.first.register("Bia"))
            let here = try nodes.first.socket(ana)
            let there = try nodes.second.socket(bia)
            try there.emit("join_conversation", ["contact_user_id": .integer(ana.id.rawValue)])
            _ = try there.next()
            try here.emit("typing_start", ["contact_user_id": .integer(bia.id.rawValue)])
            #expect(try there.event().name == "user_typing")
            try here.emit(
                "send_message",
                ["receiver_id": .integer(bia.id.rawValue), "content": "oi", "temp_id": "t"])
            let message = try there.event()
            #expect(message.name == "new_message")
            #expect(message.payload["content"] == "oi")
            #expect(try there.event().name == "message_notification")
            try there.emit("message_read", ["sender_id": .integer(ana.id.rawValue)])
            var seen: [String] = []
            while seen.last != "messages_read", seen.count < 10 { seen += try here.names(1) }
            #expect(seen.last == "messages_read")
            // A message sent by REST on one node is announced on the other.
            let sent = try nodes.http.post(
                "/api/messages/send", ["receiver_id": .integer(ana.id.rawValue), "content": "olá"],
                token: bia.token)
            #expect(sent.status == 201)
            seen = []
            while seen.last != "new_message", seen.count < 10 { seen += try there.names(1) }
            #expect(seen.last == "new_message")
        }
    }

    @Test func aNewContactIsWatchedOnEachNode() async throws {
        try await withNodes { nodes in
            let (ana, caio) = (try nodes.first.register("Ana"), try nodes.first.register("Caio"))
            let there = try nodes.second.socket(ana)
            let other = try nodes.first.socket(caio)
            try nodes.addContact(caio, to: ana)
            let online = try there.event()
            #expect(online.name == "user_online")
            #expect(online.payload["user_id"]?.integerValue == caio.id.rawValue)
            try other.closeTransport()
            _ = try other.frame()
            #expect(try there.event().name == "user_offline")
        }
    }
}
