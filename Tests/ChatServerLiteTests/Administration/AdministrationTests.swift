import ChatWire
import Foundation
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// The requests and answers, and a running server that gets them through its socket.
@Suite struct AdministrationTests {
    // MARK: The form

    @Test(arguments: [
        AdministrationRequest.users(after: UserID(7), limit: 100), .user(named: "ana@x"),
        .addUser(name: "Ana \"A\"", email: "ana@x", password: "segredo 😀"),
        .setPassword(UserID(3), password: "secret1"), .setDisabled(UserID(3), true),
        .setDisabled(UserID(3), false), .erase(UserID(3), withMessages: true),
        .erase(UserID(3), withMessages: false), .exportAccount(UserID(4)),
        .exportMessages(UserID(4), after: MessageID(9)), .invite(uses: 2, lifetime: 3600), .invitations,
        .revoke(invitation: "abc"), .sessions(of: UserID(3)), .endSession(SessionID(8), of: UserID(3)),
        .endSessions(of: UserID(3)),
    ])
    func aRequestIsReadAsItWasWritten(request: AdministrationRequest) throws {
        let json = try JSONValue(parsing: request.json.serialized())
        #expect(try AdministrationRequest(json) == request)
        guard case .object(var members) = json else { return }
        members["version"] = 2
        #expect(throws: AdministrationFailure.otherVersion) { try AdministrationRequest(.object(members)) }
    }

    @Test(arguments: [
        "{}", #"{"version":1}"#, #"{"version":1,"command":"format"}"#,
        #"{"version":1,"command":"users","after":0,"limit":1001}"#,
        #"{"version":1,"command":"users","after":-1,"limit":1}"#,
        #"{"version":1,"command":"disable","user":"x"}"#, #"{"version":1,"command":"disable","user":0}"#,
        #"{"version":1,"command":"delete","user":1}"#,
        #"{"version":1,"command":"invite","uses":0,"lifetime":1}"#,
        #"{"version":1,"command":"invite","uses":1,"lifetime":99999999999}"#,
        #"{"version":1,"command":"add","name":"a","email":"b"}"#,
        #"{"version":1,"command":"end_session","user":1}"#,
    ])
    func whatIsOutOfBoundsIsRefused(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: AdministrationFailure.self) { try AdministrationRequest(json) }
    }

    @Test func anAnswerIsReadAsItWasWritten() throws {
        let time = Timestamp(microseconds: 1_795_333_739_123_456)
        func record(_ state: AccountRecord.State) -> AccountRecord {
            AccountRecord(
                user: ChatWire.User(id: UserID(1), name: "Ana", email: "ana@x", createdAt: time), state: state
            )
        }
        let invitation = NamedInvitation(name: "0a0b0c0d0e0f", usesLeft: 2, expiresAt: time)
        let session = UserSession(
            id: SessionID(8), isCurrent: false, createdAt: time, lastSeenAt: time, expiresAt: time,
            address: "192.0.2.1", agent: "mychat \"1\"")
        let answers: [AdministrationAnswer] = [
            .users([record(.active), record(.disabled(since: time))], next: UserID(1)), .users([], next: nil),
            .user(record(.deleted(since: time))), .account(["user": ["id": 1]]),
            .messages([["id": 1]], next: MessageID(1)), .messages([], next: nil),
            .sessions([session]), .sessions([]), .invitation(code: "code", invitation),
            .invitations([invitation]), .done(count: 3),
        ]
        for answer in answers {
            #expect(try AdministrationAnswer(JSONValue(parsing: answer.json.serialized())) == answer)
        }
        let failures: [AdministrationFailure] = [
            .unknownUser, .unknownInvitation, .refused(reason: "no"), .malformed, .otherVersion,
            .storage(reason: "full"),
        ]
        for failure in failures { #expect(AdministrationFailure(failure.json) == failure) }
        #expect(AdministrationFailure(AdministrationAnswer.done(count: 0).json) == nil)
    }

    @Test func aNameCannotForgeALine() {
        let user = ChatWire.User(id: UserID(1), name: "Ana\n     2  active\u{1B}[2J", email: "ana@x")
        let line = AdministrationReport.line(AccountRecord(user: user, state: .active))
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
    }

    // MARK: A running server

    private func run(
        _ configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (TestServer, AdministrationClient) async throws -> Void
    ) async throws {
        try await TestServer.run(configure: {
            $0.administrationSocket = $0.databasePath + ".admin"
            configure(&$0)
        }) { server in
            try await body(server, AdministrationClient(path: server.directory + "/chat.db.admin"))
        }
    }

    private func signIn(_ server: TestServer, _ email: String, _ password: String) throws
        -> HTTPTestClient.Answer
    {
        try server.http().post(
            "/api/auth/login", ["email": .string(email), "password": .string(password)])
    }

    @Test func aDisabledAccountIsOutAtOnce() async throws {
        try await run { server, client in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let sockets = [try server.socket(ana), try server.socket(ana)]
            let other = try server.socket(bia)
            _ = try client.ask(.setDisabled(ana.id, true))
            for socket in sockets {
                while true {
                    guard case .closed(let code) = try socket.frame() else { continue }
                    #expect(code == 1008)
                    break
                }
            }
            #expect(try server.http().get("/api/auth/me", token: ana.token).status == 401)
            let again = try SocketTestClient(port: server.server.port)
            _ = try again.next()
            try again.send(#"40{"token":"\#(ana.token)"}"#)
            #expect(try again.next() == "41")
            #expect(try again.next() == #"44{"message":"Connection rejected by server"}"#)
            let refused = try signIn(server, ana.email, "secret1")
            #expect(refused.status == 400)
            #expect(refused.json?["message"]?.stringValue == Refusal.accountDisabled.message)
            // Who does not know the password learns nothing.
            let guessed = try signIn(server, ana.email, "secret2")
            #expect(guessed.json?["message"]?.stringValue == Refusal.wrongCredentials.message)
            try other.ping()
            #expect(try server.http().get("/api/auth/me", token: bia.token).status == 200)
            _ = try client.ask(.setDisabled(ana.id, false))
            #expect(try server.http().get("/api/auth/me", token: ana.token).status == 200)
            _ = try server.socket(ana)
        }
    }

    @Test func sessionsAreListedAndEnded() async throws {
        try await run { server, client in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            let token = try #require(
                signIn(server, ana.email, "secret1").json?["data"]?["token"]?.stringValue)
            let http = try server.http()
            guard case .sessions(let sessions) = try client.ask(.sessions(of: ana.id)) else {
                throw AdministrationFailure.malformed
            }
            #expect(sessions.count == 2)
            let holder = try server.server.context.holder(of: token)
            let id = try #require(holder.session)
            #expect(sessions.contains { $0.id == id })
            let socket = try server.socket(ana)
            #expect(try client.ask(.endSession(id, of: ana.id)) == .done(count: 1))
            #expect(try http.get("/api/auth/me", token: token).status == 401)
            #expect(try http.get("/api/auth/me", token: ana.token).status == 200)
            try socket.ping()
            // It is over, and never was another person's.
            for (session, user) in [(id, ana.id), (try #require(sessions.first { $0.id != id }).id, bia.id)] {
                #expect(
                    throws: AdministrationFailure.refused(
                        reason: "the account has no such session; \"mychat-server session list\" shows them")
                ) {
                    try client.ask(.endSession(session, of: user))
                }
            }
            #expect(try client.ask(.endSessions(of: ana.id)) == .done(count: 1))
            while true {
                guard case .closed(let code) = try socket.frame() else { continue }
                #expect(code == 1008)
                break
            }
            #expect(try server.http().get("/api/auth/me", token: ana.token).status == 401)
            #expect(try server.http().get("/api/auth/me", token: bia.token).status == 200)
            #expect(try client.ask(.sessions(of: ana.id)) == .sessions([]))
        }
    }

    @Test func accountsAreMadeListedAndChanged() async throws {
        try await run({ $0.registration = .closed }) { server, client in
            let add = AdministrationRequest.addUser(
                name: " Ana ", email: "ANA@x.example", password: "secret1")
            guard case .user(let ana) = try client.ask(add) else { throw AdministrationFailure.malformed }
            #expect(ana.user.name == "Ana" && ana.user.email == "ana@x.example" && ana.state == .active)
            #expect(
                throws: AdministrationFailure.refused(reason: "there is an account with this address already")
            ) {
                try client.ask(add)
            }
            #expect(
                throws: AdministrationFailure.refused(reason: "the password is shorter than 6 characters")
            ) {
                try client.ask(.addUser(name: "B", email: "b@x.example", password: "short"))
            }
            let answer = try signIn(server, "ana@x.example", "secret1")
            let token = try #require(answer.json?["data"]?["token"]?.stringValue)
            let http = try server.http()
            #expect(try http.get("/api/contacts", token: token).status == 200)
            _ = try client.ask(.setPassword(ana.user.id, password: "another1"))
            #expect(try http.get("/api/contacts", token: token).status == 401)
            #expect(try signIn(server, "ana@x.example", "secret1").status == 400)
            #expect(try signIn(server, "ana@x.example", "another1").status == 200)
            #expect(throws: AdministrationFailure.self) {
                try client.ask(.setPassword(ana.user.id, password: "x"))
            }
            #expect(throws: AdministrationFailure.unknownUser) {
                try client.ask(.setPassword(UserID(99), password: "secret1"))
            }
            _ = try client.ask(.addUser(name: "Bia", email: "bia@x.example", password: "secret1"))
            guard case .users(let first, let next) = try client.ask(.users(after: UserID(0), limit: 1)) else {
                throw AdministrationFailure.malformed
            }
            #expect(first.map(\.user.name) == ["Ana"] && next == ana.user.id)
            #expect(try client.ask(.user(named: " ANA@x.example")) == client.ask(.user(named: "1")))
            #expect(throws: AdministrationFailure.unknownUser) { try client.ask(.user(named: "nobody")) }
        }
    }

    @Test func anInvitationIsListedByNameAndTakenBack() async throws {
        try await run({ $0.registration = .invite }) { server, client in
            func register(_ code: String) throws -> Int {
                let name = UUID().uuidString
                return try server.http().post(
                    "/api/auth/register",
                    [
                        "name": "Ana", "email": .string(name + "@x.example"), "password": "secret1",
                        "invitation": .string(code),
                    ]
                ).status
            }
            guard case .invitation(let code, let made) = try client.ask(.invite(uses: 3, lifetime: 60)) else {
                throw AdministrationFailure.malformed
            }
            #expect(try register(code) == 201)
            guard case .invitations(let list) = try client.ask(.invitations) else {
                throw AdministrationFailure.malformed
            }
            #expect(list.map(\.name) == [made.name] && list.map(\.usesLeft) == [2])
            #expect(!code.contains(made.name))
            _ = try client.ask(.revoke(invitation: made.name))
            #expect(try register(code) == 400)
            #expect(throws: AdministrationFailure.unknownInvitation) {
                try client.ask(.revoke(invitation: code))
            }
        }
    }

    @Test func aDeletedAccountIsOutAndItsMessagesGoIfAsked() async throws {
        try await run { server, client in
            let (ana, bia) = (try server.register("Ana"), try server.register("Bia"))
            _ = try server.http().post(
                "/api/messages/send", ["receiver_id": .integer(bia.id.rawValue), "content": "oi"],
                token: ana.token)
            let socket = try server.socket(bia)
            guard case .account(let export) = try client.ask(.exportAccount(ana.id)) else {
                throw AdministrationFailure.malformed
            }
            let addresses = export["sessions"]?.arrayValue?.map { $0["address"]?.stringValue }
            #expect(addresses == ["127.0.0.1"])
            #expect(try client.ask(.erase(ana.id, withMessages: true)) == .done(count: 1))
            while try socket.event().name != "message_deleted" {}
            #expect(try server.http().get("/api/auth/me", token: ana.token).status == 401)
            #expect(try signIn(server, ana.email, "secret1").status == 400)
            #expect(throws: AdministrationFailure.unknownUser) { try client.ask(.exportAccount(ana.id)) }
        }
    }

    @Test func everyActIsInTheAuditLog() async throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/audit.log"
        try await run({ $0.audit = AuditConfiguration(path: path) }) { _, client in
            _ = try client.ask(.addUser(name: "Ana", email: "ana@x.example", password: "secret1"))
            _ = try client.ask(.setPassword(UserID(1), password: "secret2"))
            _ = try client.ask(.setDisabled(UserID(1), true))
            _ = try client.ask(.setDisabled(UserID(1), false))
            _ = try client.ask(.exportAccount(UserID(1)))
            _ = try client.ask(.erase(UserID(1), withMessages: false))
            guard case .invitation(let code, _) = try client.ask(.invite(uses: 1, lifetime: 60)) else {
                return
            }
            _ = try client.ask(.revoke(invitation: code))
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let acts = try lines.map { line -> String in
            let json = try JSONValue(parsing: String(line))
            let account = json["account"]?.integerValue.map { " \($0)" } ?? ""
            return (json["command"]?.stringValue ?? "?") + account
        }
        #expect(
            acts == [
                "user add 1", "user password 1", "user disable 1", "user enable 1", "user export 1",
                "user delete 1", "invite", "invite revoke",
            ])
    }

    @Test func theSocketIsForItsOwnerAndGoesWithTheServer() async throws {
        var path = ""
        try await run { server, _ in
            path = server.directory + "/chat.db.admin"
            let mode = try #require(
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
            #expect(mode == 0o600)
            // It is no way to the API, and the API is no way to it.
            #expect(try UnixTestClient.health(path).hasPrefix("HTTP/1.1 404"))
            #expect(try server.http().post("/administration", ["version": 1]).status == 404)
        }
        #expect(throws: AdministrationClient.NobodyThere.self) {
            try AdministrationClient(path: path).ask(.invitations)
        }
    }

    @Test func onlyTheOwnerAndRootAreAdmitted() {
        #expect(PeerAdmission.admits(1000, owner: 1000) && PeerAdmission.admits(0, owner: 1000))
        #expect(!PeerAdmission.admits(1001, owner: 1000) && !PeerAdmission.admits(1000, owner: 0))
        #expect(!PeerAdmission.admits(.max, owner: 1000))
    }
}
