import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Plays the recorded realtime cases of the real API against this server in both behaviours. Each difference
/// needs a rule with a name and a reason, in ``SocketReplayRules``.
@Suite struct SocketReplayTests {
    /// Cases that were recorded at the same time, by people who only wait. They get a server with a fast
    /// heartbeat.
    private static let heartbeats = [
        "heartbeat_pong", "heartbeat_no_pong", "ws_open_without_namespace_connect",
    ]

    @Test(arguments: [Manner.recorded, .extended], StorageKind.allCases)
    func recordedCasesReplayAsRecorded(manner: Manner, kind: StorageKind) async throws {
        try await TestServer.run(
            secret: Recordings.secret,
            configure: {
                $0.behaviour = Self.behaviour(manner)
                // Long polling was recorded until the next heartbeat.
                $0.limits.pingInterval = .seconds(1)
            }, storage: kind.provider
        ) { server in
            let cases = try Self.cases.filter { !Self.heartbeats.contains($0.key) }
            #expect(cases.count == 119)
            let outcome = try await Self.play(
                cases.map { SocketScript($0.key, [$0.value]) }, server, manner)
            #expect(outcome.played == 119)
            // A rule that changes nothing is out of date.
            #expect(outcome.unusedRules == [])
        }
    }

    @Test(arguments: [Manner.recorded, .extended])
    func heartbeatsReplayAsRecorded(manner: Manner) async throws {
        try await TestServer.run(
            secret: Recordings.secret,
            configure: {
                $0.behaviour = Self.behaviour(manner)
                $0.limits.pingInterval = .milliseconds(300)
                // Time to answer a ping, however busy the machine is.
                $0.limits.pingTimeout = .seconds(2)
            }
        ) { server in
            let cases = try Self.cases.filter { Self.heartbeats.contains($0.key) }
            #expect(cases.count == 3)
            let script = SocketScript("heartbeats", cases.map(\.value), without: [15])
            #expect(try await Self.play([script], server, manner, answersPings: false).played == 1)
        }
    }

    /// Other tests change what is announced. This is what clients get by default.
    @Test func theHandshakeOffersTheRecordedValues() throws {
        let limits = ServerLimits()
        let handshakes = try Self.cases.flatMap { SocketScript($0.key, [$0.value]).steps }
            .compactMap(\.frame).filter(\.isHandshake)
        #expect(handshakes.count > 100)
        for handshake in handshakes {
            #expect(handshake.json?["pingInterval"] == .integer(limits.pingInterval.nanoseconds / 1_000_000))
            #expect(handshake.json?["pingTimeout"] == .integer(limits.pingTimeout.nanoseconds / 1_000_000))
            #expect(handshake.json?["maxPayload"] == .integer(Int64(limits.maxPayload)))
        }
    }

    private static func behaviour(_ manner: Manner) -> ServerBehaviour {
        manner == .recorded ? .original : .extended
    }

    private static var cases: [JSONObject.Member] {
        get throws {
            (try Recordings.socket.get()["cases"]?.objectValue?.members ?? []).filter { $0.key != "_users" }
        }
    }

    private struct Outcome {
        var played = 0
        var differences: [String] = []
        var unusedRules: [String] = []
    }

    /// Plays the scripts on their own thread, because a player blocks and tasks share only a few threads.
    private static func play(
        _ scripts: [SocketScript], _ server: TestServer, _ manner: Manner,
        answersPings: Bool = true
    ) async throws -> Outcome {
        let outcome = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try playAll(scripts, server, manner, answersPings: answersPings) })
            }
        }
        for difference in outcome.differences { Issue.record("\(difference)") }
        return outcome
    }

    private static func playAll(
        _ scripts: [SocketScript], _ server: TestServer, _ manner: Manner, answersPings: Bool
    ) throws -> Outcome {
        let people = try people(on: server)
        let player = SocketPlayer(
            people: people, world: RecordedWorld(secret: try Recordings.secret, manner: manner),
            limits: server.limits, answersPings: answersPings)
        var rules = SocketReplayRules(manner: manner, people: people.ids)
        var outcome = Outcome()
        for script in scripts {
            outcome.differences += player.play(rules.rewrite(script)).map { "\(script.name): \($0)" }
            outcome.played += 1
        }
        outcome.differences += player.finish()
        outcome.unusedRules = rules.unused
        return outcome
    }

    /// People with the recorded names and ids. All of them have each other as contacts, which the original
    /// does not require.
    private static func people(on server: TestServer) throws -> SocketPlayer.People {
        let recorded = try Recordings.socket.get()["cases"]?["_users"]?.objectValue
        let users = try #require(recorded).members
        let numbers = users.compactMap { $0.value["id"]?.integerValue }
        let first = try #require(numbers.min())
        for number in 1..<first { _ = try server.register("Somebody \(number)") }
        let world = RecordedWorld(secret: try Recordings.secret, manner: .recorded)
        var people = SocketPlayer.People(port: server.server.port)
        for user in users {
            let account = try server.register(try #require(user.value["name"]?.stringValue))
            try #require(account.id.rawValue == user.value["id"]?.integerValue)
            let recorded = try #require(user.value["token"]?.stringValue)
            let issuedAt = try #require(RecordedWorld.read(recorded)?.claims["iat"]?.integerValue)
            people.tokens[recorded] = world.token(recorded, recordedAt: issuedAt)
            people.byLetter[user.key] = account.token
            people.ids[user.key] = account.id.rawValue
        }
        for (letter, token) in people.byLetter {
            for (other, id) in people.ids where other != letter {
                let answer = try server.http().post(
                    "/api/contacts/add", ["contact_user_id": .integer(id)], token: token)
                #expect(answer.status == 201)
            }
        }
        return people
    }
}
