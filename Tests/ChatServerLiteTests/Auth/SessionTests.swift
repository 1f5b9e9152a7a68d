import ChatCrypto
import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// Sessions through the API, on both transports.
@Suite struct SessionTests {
    private static let ended: JSONValue = ["message": .string(RequestProblem.sessionEnded.message)]

    private func signIn(
        _ account: Account, at server: TestServer, agent: String = "test", password: String = "secret1"
    ) throws -> Account {
        let body: JSONValue = ["email": .string(account.email), "password": .string(password)]
        let answer = try server.http().send(
            .post, "/api/auth/login",
            headers: [("Content-Type", "application/json"), ("User-Agent", agent)], body: body.serialized())
        let token = try #require(answer.json?["data"]?["token"]?.stringValue)
        return Account(id: account.id, name: account.name, email: account.email, token: token)
    }

    private func sessions(_ account: Account, at server: TestServer) throws -> [UserSession] {
        let answer = try server.http().get("/api/auth/sessions", token: account.token)
        #expect(answer.status == 200)
        return try #require(answer.json?["data"]?["sessions"]?.arrayValue).map { try UserSession(json: $0) }
    }

    private func current(_ account: Account, at server: TestServer) throws -> UserSession {
        try #require(try sessions(account, at: server).first { $0.isCurrent })
    }

    private func status(_ account: Account, at server: TestServer) throws -> Int {
        try server.http().get("/api/auth/verify", token: account.token).status
    }

    @Test func eachSignInIsASession() async throws {
        try await TestServer.run { server in
            let first = try server.register("Ana")
            let second = try signIn(
                first, at: server, agent: "mychat \(String(repeating: "x", count: 500))")
            let bia = try server.register("Bia")
            let all = try sessions(second, at: server)
            #expect(all.count == 2 && Set(all.map(\.id)).count == 2)
            #expect(all.filter(\.isCurrent).count == 1)
            #expect(all.allSatisfy { $0.address == "127.0.0.1" && $0.expiresAt > $0.createdAt })
            #expect(all.first { $0.isCurrent }?.agent.hasPrefix("mychat xxx") == true)
            #expect(all.allSatisfy { $0.agent.unicodeScalars.count <= ClientAgent.lengthMax })
            #expect(try current(first, at: server).id != current(second, at: server).id)
            #expect(try sessions(bia, at: server).count == 1)
            let root = try server.http().get("/").json
            #expect(root?["capabilities"]?.arrayValue?.contains("sessions") == true)
        }
    }

    @Test func anEndedSessionIsOverEverywhere() async throws {
        try await TestServer.run { server in
            let here = try server.register("Ana")
            let there = try signIn(here, at: server)
            let bia = try server.register("Bia")
            let (mine, lost) = (try server.socket(here), try server.socket(there))
            let polling = try PollingTestClient(port: server.server.port)
            try polling.signIn(there.token)
            let id = try current(there, at: server).id
            let http = try server.http()
            // Nobody ends another's session, and the answer does not tell that it exists.
            let strange = try http.delete("/api/auth/sessions/\(id)", token: bia.token)
            #expect(strange.status == 400 && strange.message == Refusal.sessionUnknown.message)
            #expect(try http.delete("/api/auth/sessions/\(id)", token: here.token).status == 200)

            let refused = try http.get("/api/auth/me", token: there.token)
            #expect(refused.status == 401 && refused.message == RequestProblem.sessionEnded.message)
            #expect(try http.post("/api/auth/refresh", [:], token: there.token).status == 401)
            // The socket is told why, then disconnected, then closed.
            let event = try lost.event()
            #expect(event.name == "error" && event.payload == Self.ended)
            #expect(try lost.next() == "41")
            #expect(try lost.frame() == .closed(code: 1008))
            #expect(try polling.poll().status == 400)
            // No further one opens with that token.
            let again = try SocketTestClient(port: server.server.port)
            #expect(try again.next().hasPrefix("0{"))
            try again.send(#"40{"token":"\#(there.token)"}"#)
            #expect(try again.names(2) == ["41", "44"])
            // The other session goes on.
            #expect(try mine.settle() == [])
            #expect(try sessions(here, at: server).map(\.isCurrent) == [true])
            #expect(try http.delete("/api/auth/sessions/\(id)", token: here.token).status == 400)
        }
    }

    @Test func allOthersEndAtOnce() async throws {
        try await TestServer.run { server in
            let here = try server.register("Ana")
            let others = try (0..<3).map { _ in try signIn(here, at: server) }
            // A token of an earlier version, without a session.
            let old = Account(
                id: here.id, name: here.name, email: here.email,
                token: server.signer.token(for: here.id, now: ServerClock.now()))
            #expect(try status(old, at: server) == 200)
            let sockets = try (others + [old]).map { try server.socket($0) }
            let mine = try server.socket(here)
            let answer = try server.http().delete("/api/auth/sessions", token: here.token)
            #expect(answer.json?["data"]?["ended_count"]?.integerValue == 3)
            for socket in sockets {
                #expect(try socket.event().name == "error")
                #expect(try socket.next() == "41")
            }
            for other in others + [old] { #expect(try status(other, at: server) == 401) }
            #expect(try mine.settle() == [])
            #expect(try status(here, at: server) == 200)
            // Who signs in again is let in.
            let again = try signIn(here, at: server)
            #expect(try status(again, at: server) == 200)
        }
    }

    /// Who signs out ends the own session.
    @Test func theOwnSessionCanBeEnded() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let socket = try server.socket(ana)
            let id = try current(ana, at: server).id
            #expect(try server.http().delete("/api/auth/sessions/\(id)", token: ana.token).status == 200)
            #expect(try socket.event().name == "error")
            #expect(try status(ana, at: server) == 401)
        }
    }

    @Test func aFreshTokenIsOfTheSameSession() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let before = try current(ana, at: server)
            let answer = try server.http().post("/api/auth/refresh", [:], token: ana.token)
            let token = try #require(answer.json?["data"]?["token"]?.stringValue)
            let fresh = Account(id: ana.id, name: ana.name, email: ana.email, token: token)
            #expect(try current(fresh, at: server).id == before.id)
            #expect(try sessions(fresh, at: server).count == 1)
            // A token of an earlier version gets a session with its first exchange.
            let old = server.signer.token(for: ana.id, now: ServerClock.now())
            let exchanged = try server.http().post("/api/auth/refresh", [:], token: old)
            let adopted = try #require(exchanged.json?["data"]?["token"]?.stringValue)
            let now = Account(id: ana.id, name: ana.name, email: ana.email, token: adopted)
            #expect(try current(now, at: server).id != before.id)
            #expect(try sessions(now, at: server).count == 2)
        }
    }

    /// An ended session stays ended, and a session goes on, after the server was started again.
    @Test func sessionsOutliveTheServer() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var accounts: [Account] = []
        try await TestServer.run(configure: { $0.databasePath = directory + "/chat.db" }) { server in
            let ana = try server.register("Ana")
            let other = try signIn(ana, at: server)
            let id = try current(other, at: server).id
            #expect(try server.http().delete("/api/auth/sessions/\(id)", token: ana.token).status == 200)
            accounts = [ana, other]
        }
        try await TestServer.run(configure: { $0.databasePath = directory + "/chat.db" }) { server in
            let (kept, ended) = (accounts[0], accounts[1])
            let left = try sessions(kept, at: server)
            #expect(left.count == 1)
            #expect(try status(ended, at: server) == 401)
        }
    }

    /// A session that is not stored, as after a backup was restored, is stored once it is used.
    @Test func whatIsUsedIsStored() async throws {
        try await TestServer.run(configure: { $0.limits.sessionSaveInterval = .milliseconds(20) }) { server in
            let ana = try server.register("Ana")
            let lost = SessionID.random()
            let token = server.signer.token(for: ana.id, session: lost, now: ServerClock.now())
            let http = try server.http()
            #expect(try http.get("/api/auth/me", token: token).status == 200)
            while true {
                let stored = try sessions(ana, at: server)
                if stored.contains(where: { $0.id == lost }) { break }
            }
            #expect(try http.delete("/api/auth/sessions/\(lost)", token: ana.token).status == 200)
            #expect(try http.get("/api/auth/me", token: token).status == 401)
        }
    }

    @Test func theOriginalKnowsNoSessions() async throws {
        try await TestServer.run(configure: { $0.behaviour = .original }) { server in
            let ana = try server.register("Ana")
            #expect(try server.http().get("/api/auth/sessions", token: ana.token).status == 404)
            let parts = ana.token.split(separator: ".").map { Array($0.utf8) }
            #expect(
                String(decoding: try Base64URL.decode(parts[0]), as: UTF8.self)
                    == #"{"alg":"HS256","typ":"JWT"}"#)
            let claims = try JSONValue(parsing: try Base64URL.decode(parts[1]))
            #expect(claims.objectValue?.members.map(\.key) == ["user_id", "exp", "iat"])
        }
    }

    // MARK: The end of a token

    private func brief(_ ana: Account, _ seconds: Int64, session: SessionID? = nil) -> String {
        TokenSigner(algorithm: .hs256, secret: TestServer.secret, lifetime: .seconds(seconds))
            .token(for: ana.id, session: session, now: ServerClock.now())
    }

    @Test func aWebSocketEndsWithItsToken() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let socket = try SocketTestClient(port: server.server.port)
            try socket.signIn(brief(ana, 5))
            let event = try socket.event()
            #expect(
                event.name == "error"
                    && event.payload == ["message": .string(RequestProblem.tokenInvalid.message)])
            #expect(try socket.next() == "41")
            #expect(try socket.frame() == .closed(code: 1008))
        }
    }

    @Test func pollingEndsWithItsToken() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let polling = try PollingTestClient(port: server.server.port)
            try polling.signIn(brief(ana, 5))
            #expect(try polling.next().contains(RequestProblem.tokenInvalid.message))
            #expect(try polling.poll().status == 400)
        }
    }

    /// A socket lasts as long as the fresh token of its session.
    @Test func aFreshTokenKeepsTheSocket() async throws {
        try await TestServer.run { server in
            let ana = try server.register("Ana")
            let token = brief(ana, 5, session: .random())
            let socket = try SocketTestClient(port: server.server.port)
            try socket.signIn(token)
            let fresh = try server.http().post("/api/auth/refresh", [:], token: token)
            #expect(fresh.status == 200)
            let http = try server.http()
            while try http.get("/api/auth/verify", token: token).status == 200 {}
            #expect(try socket.settle() == [])
        }
    }

    /// As recorded: the real server looks at the token once.
    @Test func theOriginalKeepsASocketBeyondItsToken() async throws {
        try await TestServer.run(configure: { $0.behaviour = .original }) { server in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let token = brief(ana, 5)
            let socket = try SocketTestClient(port: server.server.port)
            try socket.signIn(token)
            let http = try server.http()
            while try http.get("/api/auth/verify", token: token).status == 200 {}
            try socket.emit("send_message", ["receiver_id": .integer(bia.id.rawValue), "content": "x"])
            #expect(try socket.names(2).contains("message_confirmed"))
        }
    }

    // MARK: The log

    @Test func theEndOfASessionIsInTheAuditLog() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/audit.log"
        var id = SessionID(0)
        try await TestServer.run(configure: { $0.audit = AuditConfiguration(path: path) }) { server in
            let ana = try server.register("Ana")
            id = try current(try signIn(ana, at: server), at: server).id
            #expect(try server.http().delete("/api/auth/sessions/\(id)", token: ana.token).status == 200)
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.contains("\"session_ended\"") })
        #expect(line.contains(#""address":"127.0.0.1","session":\#(id),"by":"person"}"#))
    }

    // MARK: Several nodes

    @Test func anotherNodeLearnsOfTheEnd() async throws {
        let bus = TestBus()
        let storage = MemoryStorageProvider()
        try await TestServer.run(storage: storage, node: bus.makeNode()) { first in
            try await TestServer.run(storage: storage, node: bus.makeNode()) { second in
                let here = try first.register("Ana")
                let there = try signIn(here, at: second)
                let socket = try second.socket(there)
                let id = try current(there, at: second).id
                #expect(try first.http().delete("/api/auth/sessions/\(id)", token: here.token).status == 200)
                #expect(try socket.event().name == "error")
                #expect(try status(there, at: second) == 401)
            }
        }
    }
}

@Suite struct SessionRegisterTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    private func holder(_ session: Int64?, until end: Int64 = 100) throws -> TokenSigner.Holder {
        let signer = TokenSigner(algorithm: .hs256, secret: [1], lifetime: .seconds(end))
        let token = signer.token(for: UserID(1), session: session.map { SessionID($0) }, now: time(0))
        return try signer.holder(of: token, now: time(0))
    }

    @Test func endedSessionsAreRememberedUntilTheirTokensExpire() {
        let register = SessionRegister()
        register.end([EndedSession(id: SessionID(1), expiresAt: time(10))])
        register.end([EndedSession(id: SessionID(2), expiresAt: time(20))])
        // An older word does not shorten it.
        register.end([EndedSession(id: SessionID(2), expiresAt: time(5))])
        _ = register.takeSeen(at: time(9))
        #expect(register.isEnded(SessionID(1)) && register.isEnded(SessionID(2)))
        _ = register.takeSeen(at: time(10))
        #expect(!register.isEnded(SessionID(1)) && register.isEnded(SessionID(2)))
        _ = register.takeSeen(at: time(20))
        #expect(register.endedCount == 0)
    }

    @Test func aSessionIsStoredOnceHoweverOftenItIsUsed() throws {
        let register = SessionRegister(seenMax: 2)
        register.saw(try holder(1), address: "a", agent: "x", at: time(1))
        register.saw(try holder(1), address: "", agent: "", at: time(3))
        register.saw(try holder(nil), address: "a", agent: "x", at: time(3))
        register.saw(try holder(2), address: "b", agent: "y", at: time(4))
        register.saw(try holder(3), address: "c", agent: "z", at: time(5))
        let seen = register.takeSeen(at: time(6))
        #expect(seen.map(\.id.rawValue) == [1, 2])
        #expect(seen[0].lastSeenAt == time(3) && seen[0].address == "a" && seen[0].expiresAt == time(100))
        #expect(register.takeSeen(at: time(6)) == [])
        // The use of an ended session is not recorded.
        register.saw(try holder(1), address: "a", agent: "x", at: time(7))
        register.end([EndedSession(id: SessionID(1), expiresAt: time(100))])
        register.saw(try holder(1), address: "a", agent: "x", at: time(8))
        #expect(register.takeSeen(at: time(9)) == [])
    }

    @Test(arguments: [
        (nil, ""), ("mychat/1.0 (laptop)", "mychat/1.0 (laptop)"),
        (" a\u{1B}[31m\u{202E}b\u{0}\tc ", "a[31mbc"),
        ("\u{200B}", ""), ("olá 😀", "olá 😀"),
    ])
    func agentsAreMadeHarmless(header: String?, text: String) {
        #expect(ClientAgent.text(header) == text)
    }
}
