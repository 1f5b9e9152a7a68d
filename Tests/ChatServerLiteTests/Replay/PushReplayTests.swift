import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Plays the recorded Web Push session against this server in both behaviours: who gets a push and when, what
/// a push service receives, and what its answers cause.
@Suite struct PushReplayTests {
    @Test(arguments: [Manner.recorded, .extended])
    func recordedStepsReplayAsRecorded(manner: Manner) async throws {
        let service = try PushServiceStandIn()
        defer { service.stop() }
        let steps = try #require(try Recordings.push.get()["steps"]?.arrayValue)
        #expect(steps.count == 19)
        try await TestServer.run(configure: {
            $0.behaviour = manner == .recorded ? .original : .extended
            $0.push.allowsPrivateEndpoints = true
        }) { server in
            let player = try PushPlayer(steps, server, service, manner)
            for step in steps {
                let name = try #require(step["step"]?.stringValue)
                do {
                    let found = try await player.play(name, step)
                    #expect(found.isEmpty, "\(name): \(found.joined(separator: "; "))")
                } catch {
                    Issue.record("\(name): \(error)")
                }
            }
        }
    }
}

/// The intended differences from the recording.
private struct PushReplayRules {
    let manner: Manner

    /// A message sent by REST is pushed too, and a text sent twice is pushed twice.
    func pushes(_ recorded: Int64, _ step: String) -> Int64 {
        guard manner == .extended else { return recorded }
        return switch step {
        case "rest_message_pushes": 1
        case "same_text_twice_within_1s": 2
        default: recorded
        }
    }

    /// Any 2xx status is a success.
    func testSucceeds(_ recorded: Int64, _ answered: Int) -> Bool {
        recorded == 200 || (manner == .extended && (200..<300).contains(answered))
    }

    /// The push service gets the urgency, and a topic for the conversation, so that it may keep only the
    /// newest push.
    func fields(_ recorded: Set<String>, isTest: Bool) -> Set<String> {
        manner == .recorded ? recorded : recorded.union(isTest ? ["urgency"] : ["urgency", "topic"])
    }

    /// A late test push is useless.
    func lifetime(_ recorded: String, isTest: Bool) -> ClosedRange<Int> {
        let lifetime = manner == .extended && isTest ? 60 : Int(recorded) ?? 0
        return lifetime - 10...lifetime
    }

    /// A confirmation has two event names, an id as text is an id, and an acknowledgement contains the
    /// result.
    func events(_ recorded: [JSONValue]) -> [JSONValue] {
        manner == .recorded ? recorded : recorded + ["message_sent"]
    }
}

/// Plays the steps in order.
private final class PushPlayer {
    private let server: TestServer
    private let service: PushServiceStandIn
    private let rules: PushReplayRules
    private let manner: Manner
    private let sender: Account
    private let receiver: Account
    private let browser: Browser
    private let socket: SocketTestClient
    private var world: RecordedWorld
    private let text: String
    private var captured: PushServiceStandIn.Push?
    private var marks = 0

    init(
        _ steps: [JSONValue], _ server: TestServer, _ service: PushServiceStandIn,
        _ manner: Manner
    ) throws {
        self.server = server
        self.service = service
        self.manner = manner
        rules = PushReplayRules(manner: manner)
        let analysis = try #require(steps.first { $0["step"] == "analysis_of_message_push" })
        let payload = try #require(analysis["payload"])
        sender = try server.register(try #require(payload["data"]?["senderName"]?.stringValue))
        receiver = try server.register("recebe")
        browser = Browser(service, "/push/one")
        socket = try server.socket(sender)
        world = RecordedWorld(secret: [], manner: manner)
        world.learn(.user, try #require(payload["data"]?["senderId"]?.integerValue), is: sender.id.rawValue)
        let body = try #require(payload["body"]?.stringValue)
        text = body.replacing("...", with: "") + String(repeating: "é", count: 20)
    }

    func play(_ name: String, _ step: JSONValue) async throws -> [String] {
        switch name {
        case "subscribe": return try subscribe(step)
        case "socket_message_to_offline_user":
            let found = try send(step, .integer(receiver.id.rawValue), text)
            return try await found + count(step, name)
        case "analysis_of_message_push", "analysis_of_test_push":
            return try analyse(step, isTest: name == "analysis_of_test_push")
        case "push_test_endpoint":
            let answer = try test()
            return try await compare(step["status"], step["body"], answer) + count(step, name)
        case "rest_message_pushes":
            let answer = try server.http().post(
                "/api/messages/send",
                ["receiver_id": .integer(receiver.id.rawValue), "content": "por REST"], token: sender.token)
            let found = answer.status == 201 ? [] : ["HTTP \(answer.status)"]
            return try await found + count(step, name)
        case "same_text_twice_within_1s":
            let found = try (0..<2).flatMap { _ in
                try send(step, .integer(receiver.id.rawValue), "repetida", comparing: false)
            }
            return try await found + count(step, name)
        case "receiver_online":
            let there = try server.socket(receiver)
            let found = try send(step, .integer(receiver.id.rawValue), "a quem está")
            try there.closeTransport()
            while try there.frame() != .closed(code: 1000) {}
            return try await found + count(step, name)
        case "receiver_id_as_string":
            let found = try send(step, .string("\(receiver.id.rawValue)"), "id como texto")
            return try await found + count(step, name)
        default:
            return try await answer(step, with: try #require(Int(name.split(separator: "_").last ?? "")))
        }
    }

    // MARK: Steps

    private func subscribe(_ step: JSONValue) throws -> [String] {
        try browser.subscribe(receiver, server)
        return step["status"] == 200 ? [] : ["it succeeded"]
    }

    private func test() throws -> HTTPTestClient.Answer {
        try server.http().post("/api/push/test", [:], token: receiver.token)
    }

    private func send(
        _ step: JSONValue, _ receiver: JSONValue, _ content: String, comparing: Bool = true
    ) throws -> [String] {
        marks += 1
        let id = try socket.emit(
            "send_message",
            ["receiver_id": receiver, "content": .string(content), "temp_id": .string("t\(marks)")])
        // As recorded, a send whose receiver is text gets no acknowledgement, so another event is
        // acknowledged.
        let question = try socket.emit("message_read", ["sender_id": 99_999_999])
        var events: [JSONValue] = []
        var isAcknowledged = false
        while true {
            let frame = RecordedFrame(try socket.next())
            if frame.acknowledgementID == "\(question)" { break }
            // The original announces arrivals to everybody.
            if let name = frame.eventName, !frame.isPresence { events.append(.string(name)) }
            if frame.acknowledgementID == "\(id)" { isAcknowledged = true }
        }
        guard comparing else { return [] }
        let expected = rules.events(step["events"]?.arrayValue ?? [])
        var found = events == expected ? [] : ["the events \(expected) became \(events)"]
        let wantsAcknowledgement = manner == .extended || step["ack"] != []
        if isAcknowledged != wantsAcknowledgement { found.append("acknowledged: \(isAcknowledged)") }
        return found
    }

    private func answer(_ step: JSONValue, with status: Int) async throws -> [String] {
        service.answer(with: [status])
        let answer = try test()
        var found: [String] = []
        let succeeds = rules.testSucceeds(step["test_status"]?.integerValue ?? 0, status)
        if (answer.status == 200) != succeeds { found.append("the test answered \(answer.status)") }
        if answer.message != (succeeds ? "Notificação enviada" : Self.noneWorks) {
            found.append("\(answer.message ?? "")")
        }
        _ = try await service.next()
        let isKept = try test().status == 200
        if .bool(isKept) != step["subscription_kept"] { found.append("kept: \(isKept)") }
        if isKept { _ = try await service.next() } else { try browser.subscribe(receiver, server) }
        return found
    }

    private static let noneWorks =
        "Nenhuma subscription válida encontrada. Por favor, ative as notificações novamente."

    // MARK: Comparing

    private func compare(
        _ status: JSONValue?, _ body: JSONValue?, _ answer: HTTPTestClient.Answer
    ) -> [String] {
        (status == .integer(Int64(answer.status)) ? [] : ["HTTP \(answer.status)"])
            + world.differences(body ?? .null, answer.json ?? .null)
    }

    /// Takes the step's pushes. A push requested after them proves that there are no more, because a
    /// subscription gets its pushes in order.
    private func count(_ step: JSONValue, _ name: String) async throws -> [String] {
        marks += 1
        let mark = "mark \(marks)"
        _ = try send([:], .integer(receiver.id.rawValue), mark, comparing: false)
        var pushes: [PushServiceStandIn.Push] = []
        while true {
            let push = try await service.next()
            if try browser.open(push)["body"] == .string(mark) { break }
            pushes.append(push)
        }
        captured = pushes.first ?? captured
        let expected = rules.pushes(step["pushes"]?.integerValue ?? 0, name)
        return Int64(pushes.count) == expected ? [] : ["\(expected) pushes became \(pushes.count)"]
    }

    private func analyse(_ step: JSONValue, isTest: Bool) throws -> [String] {
        let push = try #require(captured)
        var found = try headerDifferences(step, push, isTest: isTest)
        let size = push.body[16..<20].reduce(0) { $0 << 8 | Int64($1) }
        if step["rs"] != .integer(size) { found.append("records of \(size) bytes") }
        if step["idlen"] != .integer(Int64(push.body[20])) { found.append("a key of \(push.body[20]) bytes") }
        let payload = try JSONValue(parsing: try #require(step["payload_text"]?.stringValue))
        return found + world.differences(payload, try browser.open(push), at: "payload")
    }

    /// Fields that concern the connection and the length, not Web Push.
    private static let incidental: Set = [
        "host", "accept", "accept-encoding", "connection", "user-agent", "content-length",
    ]

    private func headerDifferences(
        _ step: JSONValue, _ push: PushServiceStandIn.Push, isTest: Bool
    ) throws -> [String] {
        let recorded = Dictionary(
            uniqueKeysWithValues: (step["headers"]?.arrayValue ?? []).map {
                ($0[0]?.stringValue?.lowercased() ?? "", $0[1]?.stringValue ?? "")
            })
        let names = rules.fields(Set(recorded.keys).subtracting(Self.incidental), isTest: isTest)
        let today = Set(push.headers.keys).subtracting(Self.incidental)
        var found = names == today ? [] : ["the fields \(names.sorted()) became \(today.sorted())"]
        for name in ["content-type", "content-encoding"] where recorded[name] != push.headers[name] {
            found.append("\(name): \(push.headers[name] ?? "")")
        }
        let lifetime = Int(push.headers["ttl"] ?? "") ?? -1
        if !rules.lifetime(recorded["ttl"] ?? "", isTest: isTest).contains(lifetime) {
            found.append("a TTL of \(lifetime)")
        }
        return try found + signatureDifferences(step, push.headers["authorization"] ?? "")
    }

    private func signatureDifferences(_ step: JSONValue, _ authorization: String) throws -> [String] {
        let fields = authorization.replacing("vapid t=", with: "").components(separatedBy: ",k=")
        guard fields.count == 2, let token = RecordedWorld.read(fields[0]), let claims = step["jwt_claims"]
        else { return ["authorization: \(authorization)"] }
        var found = world.differences(step["jwt_header"] ?? .null, token.header, at: "the token's header")
        let told = try server.http().get("/api/push/vapid-public-key", token: sender.token)
        if told.json?["data"]?["publicKey"] != .string(fields[1]) { found.append("another key than is told") }
        if token.claims["aud"] != .string("http://127.0.0.1:\(service.port)") {
            found.append("another audience")
        }
        if token.claims["sub"] != claims["sub"] { found.append("another subject") }
        let left = (token.claims["exp"]?.integerValue ?? 0) - RecordedWorld.now
        if abs(left - (step["jwt_exp_minus_now"]?.integerValue ?? 0)) > 60 {
            found.append("it lives \(left) s")
        }
        if token.claims.objectValue?.count != claims.objectValue?.count { found.append("other claims") }
        return found
    }
}
