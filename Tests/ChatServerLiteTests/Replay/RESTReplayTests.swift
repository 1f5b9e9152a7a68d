import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Plays the recorded REST cases of the real API against this server in both behaviours. Each difference
/// needs a rule with a reason, in ``RESTReplayRule``.
@Suite struct RESTReplayTests {
    @Test(arguments: [Manner.recorded, .extended], StorageKind.allCases)
    func recordedCasesReplayAsRecorded(manner: Manner, kind: StorageKind) async throws {
        let cases = try #require(try Recordings.rest.get()["cases"]?.arrayValue)
        #expect(cases.count == 269)
        try await TestServer.run(
            secret: Recordings.secret,
            configure: {
                $0.behaviour = manner == .recorded ? .original : .extended
                $0.tokenLifetime = $0.behaviour.tokenLifetimeUnit * 24
                // The recorded subscriptions use the loopback address.
                $0.push.allowsPrivateEndpoints = true
            }, storage: kind.provider
        ) { server in
            var world = RecordedWorld(secret: try Recordings.secret, manner: manner)
            let http = try server.http()
            var differing: Set<String> = []
            for entry in cases {
                let name = try #require(entry["name"]?.stringValue)
                if try await Self.play(entry, name, &world, http) { differing.insert(name) }
            }
            // A rule for a case that comes back as recorded is out of date.
            if manner == .extended {
                let needless = RESTReplayRule.extended.keys.filter { !differing.contains($0) }
                #expect(needless.isEmpty, "rules without need: \(needless)")
            }
        }
    }

    /// Cases whose recorded answer depends on whether the second is the same, because the real server's
    /// database stores whole seconds.
    private static let startsASecond: Set = ["push_subscribe_ok", "push_subscribe_again_next_second"]

    /// Plays a case.
    ///
    /// - Returns: whether its answer differs from the recorded one.
    private static func play(
        _ entry: JSONValue, _ name: String, _ world: inout RecordedWorld, _ http: HTTPTestClient
    ) async throws -> Bool {
        let recorded = try #require(entry["response"])
        let fields = (recorded["headers"]?.arrayValue ?? []).map {
            (name: $0[0]?.stringValue ?? "", value: $0[1]?.stringValue ?? "")
        }
        let recordedAt = try #require(WireDate.parse(fields.first { $0.name == "Date" }?.value ?? "")).seconds
        let body = requestBody(entry, world)
        if world.manner == .recorded, startsASecond.contains(name) {
            // Sleeps until the next second, because this case is about the clock.
            let now = Date().timeIntervalSince1970
            try await Task.sleep(for: .seconds(now.rounded(.up) - now))
        }
        let answer = try http.send(
            try #require(HTTPMethod(rawValue: entry["request"]?["method"]?.stringValue ?? "")),
            path(entry, world), headers: headers(entry, world, recordedAt), body: body)
        let text = recorded["body"]?.stringValue ?? ""
        let json = try? JSONValue(parsing: text)
        learn(json, answer.json, &world)
        let status = Int(try #require(recorded["status"]?.integerValue))
        let plain = differences(status, fields, json, text, answer, world)
        let found = RESTReplayRule.find(name, status, text, world.manner)?.differences(answer) ?? plain
        #expect(found.isEmpty, "\(name): \(found.joined(separator: "; "))")
        return !plain.isEmpty
    }

    private static func differences(
        _ status: Int, _ fields: [(name: String, value: String)], _ recorded: JSONValue?, _ text: String,
        _ answer: HTTPTestClient.Answer, _ world: RecordedWorld
    ) -> [String] {
        var found = HTTPFields.differences(fields, answer.response.headers)
        if answer.status != status { found.append("\(answer.status) instead of \(status): \(answer.text)") }
        guard let recorded else {
            return found + (answer.text == text ? [] : ["\(text) became \(answer.text)"])
        }
        guard let actual = answer.json else { return found + ["no JSON: \(answer.text)"] }
        return found + world.differences(recorded, actual)
    }

    // MARK: Requests with current ids

    private static func path(_ entry: JSONValue, _ world: RecordedWorld) -> String {
        let target = entry["request"]?["path"]?.stringValue ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var segments = parts[0].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let kind: RecordedWorld.Kind =
            target.hasPrefix("/api/contacts/")
            ? .contact
            : target.hasPrefix("/api/messages/conversation/") || target.hasPrefix("/api/messages/mark-read/")
                ? .user : .message
        for (index, segment) in segments.enumerated() {
            if let number = Int64(segment) { segments[index] = String(world.number(kind, number)) }
        }
        return ([segments.joined(separator: "/")] + parts.dropFirst().map(String.init)).joined(separator: "?")
    }

    private static func headers(
        _ entry: JSONValue, _ world: RecordedWorld, _ recordedAt: Int64
    ) -> [(String, String)] {
        (entry["request"]?["headers"]?.objectValue?.members ?? []).map { member in
            let value = member.value.stringValue ?? ""
            guard member.key == "Authorization" else { return (member.key, value) }
            let parts = value.split(separator: " ", omittingEmptySubsequences: false).map {
                world.token(String($0), recordedAt: recordedAt)
            }
            return (member.key, parts.joined(separator: " "))
        }
    }

    /// The body with current ids. Where the recording only describes a long body, this is the described one.
    private static func requestBody(_ entry: JSONValue, _ world: RecordedWorld) -> [UInt8] {
        guard let text = entry["request"]?["body"]?.stringValue else { return [] }
        if text.contains("...(") {
            let length = entry["name"]?.stringValue == "send_5000_emoji" ? 5000 : 5001
            return JSONValue.object([
                "receiver_id": .integer(world.number(.user, 4)),
                "content": .string(String(repeating: "😀", count: length)),
            ]).serialized()
        }
        // U+FFFD replaces Latin-1 bytes that the recording could not hold.
        if text.unicodeScalars.contains("\u{FFFD}") {
            return text.unicodeScalars.map { $0 == "\u{FFFD}" ? 0xE9 : UInt8(truncatingIfNeeded: $0.value) }
        }
        guard let json = try? JSONValue(parsing: text), var object = json.objectValue else {
            return Array(text.utf8)
        }
        var changed = false
        for key in ["contact_user_id", "receiver_id"] {
            guard let value = object[key], let recorded = value.integerValue else { continue }
            let number = world.number(.user, recorded)
            switch value {
            case .string: object[key] = .string(String(number))
            case .double: object[key] = .double(Double(number))
            default: object[key] = .integer(number)
            }
            changed = true
        }
        return changed ? JSONValue.object(object).serialized() : Array(text.utf8)
    }

    private static func learn(_ recorded: JSONValue?, _ actual: JSONValue?, _ world: inout RecordedWorld) {
        for (key, kind) in [("user", RecordedWorld.Kind.user), ("contact", .contact), ("message", .message)] {
            guard let old = recorded?["data"]?[key]?["id"]?.integerValue,
                let new = actual?["data"]?[key]?["id"]?.integerValue
            else { continue }
            world.learn(kind, old, is: new)
        }
    }
}
