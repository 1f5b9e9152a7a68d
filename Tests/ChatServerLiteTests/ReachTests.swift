import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Limits on what one person can make another person receive, store and wait for.
@Suite struct ReachTests {
    private func modes(
        _ configure: @escaping (inout ServerConfiguration) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        for behaviour in [ServerBehaviour.extended, .original] {
            try await TestServer.run(
                configure: {
                    $0.behaviour = behaviour
                    configure(&$0)
                }, body)
        }
    }

    private static let long = String(repeating: "T", count: 129)

    @Test(arguments: [
        JSONValue.string(long), .array([.string(long)]), .object(["a": .string(long)]),
    ])
    func onlyTheSenderGetsALongTempIDBack(name: JSONValue) async throws {
        try await modes { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let (sender, reader) = (try server.socket(ana), try server.socket(bia))
            try reader.emit(
                "join_conversation", ["contact_user_id": .integer(ana.id.rawValue)], acknowledged: false)
            _ = try reader.settle()
            try sender.emit(
                "send_message",
                ["receiver_id": .integer(bia.id.rawValue), "content": "x", "temp_id": name])
            var heard = Set<String>()
            while heard.count < 2 {
                let (event, payload) = try reader.event()
                let message = event == "new_message" ? payload : payload["message"]
                guard ["new_message", "message_notification"].contains(event) else { continue }
                #expect(message?["content"] == "x")
                #expect(message?["temp_id"] == .null)
                heard.insert(event)
            }
            while true {
                let (event, payload) = try sender.event()
                if event != "message_confirmed" { continue }
                #expect(payload["temp_id"] == name)
                break
            }
        }
    }

    @Test func aReceiptNamesItsMessageInFewBytes() async throws {
        try await TestServer.run(configure: { $0.behaviour = .original }) { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let (sender, reader) = (try server.socket(ana), try server.socket(bia))
            for id in [JSONValue.string(Self.long), 5] {
                try sender.emit(
                    "message_delivered", ["message_id": id, "sender_id": .integer(bia.id.rawValue)])
            }
            while true {
                let (event, payload) = try reader.event()
                if event == "user_online" { continue }
                #expect(event == "message_status_update")
                #expect(payload["message_id"] == 5)
                break
            }
        }
    }

    @Test func theOldestSocketOfAnAccountIsDisplaced() async throws {
        try await modes {
            $0.limits.socketsPerUser = 2
        } _: { server in
            let ana = try server.register("Ana")
            let first = try server.socket(ana)
            let others = [try server.socket(ana), try server.socket(ana)]
            while true {
                guard case .closed(let code) = try first.frame() else { continue }
                #expect(code == 1013)
                break
            }
            withExtendedLifetime(others) {}
        }
    }

    /// Contract section 7: a bad payload gets an error and is still acknowledged.
    @Test(arguments: [
        "send_message", "join_conversation", "leave_conversation", "typing_start", "typing_stop",
        "message_read",
        "message_delivered",
    ])
    func anUnreadableEventIsReported(name: String) async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let socket = try server.socket(ana)
            let polling = try PollingTestClient(port: server.server.port)
            try polling.signIn(ana.token)
            for payload in [
                #"{"receiver_id":2,"content":"cut \ud83d"}]"#, "{", #"{"x":"\q"}]"#, "{}]]", "nonsense",
                #"{"sender_id":1e999}]"#,
            ] {
                let frame = "427[\"\(name)\"," + payload
                try socket.send(frame)
                #expect(try polling.post(frame).status == 200)
                for next in [socket.next, polling.next] {
                    #expect(try next() == #"42["error",{"message":"Dados inválidos"}]"#)
                    #expect(try next().hasPrefix("437["))
                }
            }
            try socket.send(#"427["unknown_event",{"#)
            #expect(try socket.settle().isEmpty)
        }
    }

    /// A page of changes has a limit in bytes, and no change is lost between the pages.
    @Test func longTextsMakeShortPages() async throws {
        try await TestServer.run { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let http = try server.http()
            let text = String(repeating: "\u{1F600}", count: 5000)
            for number in 0..<40 {
                let answer = try http.post(
                    "/api/messages/send",
                    [
                        "receiver_id": .integer(bia.id.rawValue),
                        "content": .string("\(number) " + text.dropLast(4)),
                    ],
                    token: ana.token)
                #expect(answer.status == 201)
            }
            var cursor = ""
            var numbers: [Int] = []
            var pages = 0
            while true {
                let answer = try http.get("/api/sync?limit=1000" + cursor, token: bia.token)
                #expect(answer.response.body.count < 400_000)
                let data = try #require(answer.json?["data"])
                numbers += (data["changes"]?.arrayValue ?? []).compactMap {
                    $0["message"]?["content"]?.stringValue.flatMap { Int($0.prefix { $0 != " " }) }
                }
                pages += 1
                cursor = "&cursor=" + (try #require(data["cursor"]?.stringValue))
                guard data["has_more"] == true else { break }
            }
            #expect(numbers == Array(0..<40))
            #expect(pages > 2)
        }
    }

    @Test func unreadOutputIsBounded() {
        let budget = ByteBudget<UserID>(each: 10, all: 25)
        let first = budget.hold(30, for: UserID(1))
        #expect(first != nil, "one thing is always allowed")
        #expect(budget.hold(1, for: UserID(1)) == nil)
        #expect(budget.hold(1, for: UserID(2)) == nil)
        withExtendedLifetime(first) {}
        let second = ByteBudget<UserID>(each: 10, all: 15)
        let holds = [
            second.hold(8, for: UserID(1)), second.hold(3, for: UserID(1)), second.hold(7, for: UserID(2)),
        ]
        #expect(holds.map { $0 != nil } == [true, false, true])
        #expect(second.sum == 15)
    }

    @Test func aPollReturnsAtMostSixteenPackets() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let polling = try PollingTestClient(port: server.server.port)
            try polling.signIn(ana.token)
            let events = (0..<20).map { #"42\#($0)["leave_conversation",{"contact_user_id":5}]"# }
            #expect(
                try polling.posts.send(
                    .post, polling.target, headers: [("Content-Type", "text/plain;charset=UTF-8")],
                    body: Array(events.joined(separator: "\u{1E}").utf8)
                ).status == 200)
            let answers = try [polling.poll(), polling.poll()].map {
                $0.text.split(separator: "\u{1E}").count
            }
            #expect(answers == [16, 4])
        }
    }
}
