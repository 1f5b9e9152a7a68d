import ChatCrypto
import ChatWire
import Foundation
import Logging
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

/// What a sign-up costs, and who may sign up.
@Suite struct SignUpTests {
    private func form(_ email: String = "ana@example.com", _ more: JSONObject = [:]) -> JSONValue {
        var form: JSONObject = ["name": "Ana", "email": .string(email), "password": "secret1"]
        for member in more.members { form[member.key] = member.value }
        return .object(form)
    }

    private func solve(_ challenge: SignUpChallenge) throws -> Int64 {
        try #require(ProofOfWork.solve(challenge.text, bits: challenge.bits))
    }

    @Test func aClosedServerCreatesNoAccounts() async throws {
        try await TestServer.run(configure: { $0.registration = .closed }) { server in
            let answer = try server.http().post("/api/auth/register", form())
            #expect(answer.status == 400 && answer.message == "O cadastro está fechado")
        }
    }

    @Test func anInvitationCreatesAsManyAccountsAsItSays() async throws {
        try await TestServer.run(configure: { $0.registration = .invite }) { server in
            let http = try server.http()
            func signUp(_ email: String, _ code: String?) throws -> String? {
                let more: JSONObject = code.map { ["invitation": .string($0)] } ?? [:]
                return try http.post("/api/auth/register", form(email, more)).message
            }
            let code = try await server.server.invite(uses: 2)
            let (done, invalid) = ("Usuário registrado com sucesso", "Convite inválido ou expirado")
            #expect(try signUp("a@example.com", nil) == "O cadastro exige um convite")
            #expect(try signUp("a@example.com", code + "x") == invalid)
            #expect(try signUp("a@example.com", " \(code)\n") == done)
            // A refused sign-up uses nothing up.
            #expect(try signUp("a@example.com", code) == "Email já cadastrado")
            #expect(try signUp("b@example.com", code) == done)
            #expect(try signUp("c@example.com", code) == invalid)
            let old = try await server.server.invite(lifetime: .seconds(-1))
            #expect(try signUp("c@example.com", old) == invalid)
        }
    }

    @Test(arguments: StorageKind.allCases)
    func everyStorageKeepsInvitations(kind: StorageKind) async throws {
        try await StoreFixture.run(on: kind) { fixture in
            let store = fixture.store
            func found(_ hash: [UInt8]) async throws -> Int? {
                try await store.read { view in try view.invitation(hash)?.usesLeft }
            }
            func make(_ hash: [UInt8], _ seconds: Int64) async throws {
                let time = ServerClock.now().microseconds + seconds * 1_000_000
                try await store.perform(
                    CreateInvitation(
                        Invitation(codeHash: hash, expiresAt: Timestamp(microseconds: time), usesLeft: 2)))
            }
            try await make([1], -10)
            #expect(try await found([1]) == 2)
            try await make([2], 1000)
            // What has expired is forgotten with the next invitation.
            #expect(try await found([1]) == nil)
            for (email, left) in [("c@x", 1), ("d@x", nil)] as [(String, Int?)] {
                _ = try await store.perform(
                    RegisterUser(name: "N", email: email, passwordHash: "h", invitation: [2]))
                #expect(try await found([2]) == left)
            }
            await #expect(throws: StoreError.refused(.invitationInvalid)) {
                try await store.perform(
                    RegisterUser(name: "N", email: "e@x", passwordHash: "h", invitation: [2]))
            }
            try await make([3], 1000)
            #expect(try await store.perform(RevokeInvitation(codeHash: [3])))
            #expect(try await !store.perform(RevokeInvitation(codeHash: [3])))
        }
    }

    @Test func aSignUpTakesWork() async throws {
        try await TestServer.run(configure: { $0.proofOfWorkBits = 4 }) { server in
            let http = try server.http()
            #expect(try http.get("/").json?["capabilities"]?.arrayValue?.contains("proof-of-work") == true)
            let needed = "O cadastro exige uma prova de trabalho válida"
            #expect(try http.post("/api/auth/register", form()).message == needed)
            let data = try #require(try http.get("/api/auth/challenge").json?["data"])
            let challenge = try SignUpChallenge(json: data)
            let solved: JSONObject = [
                "challenge": .string(challenge.text), "proof": .integer(try solve(challenge)),
            ]
            #expect(try http.post("/api/auth/register", form("ana@example.com", solved)).status == 201)
            // A solution counts once.
            #expect(try http.post("/api/auth/register", form("bia@example.com", solved)).message == needed)
        }
    }

    @Test func withoutItNothingIsAnnounced() async throws {
        for behaviour in [ServerBehaviour.extended, .original] {
            try await TestServer.run(configure: {
                $0.behaviour = behaviour
                if behaviour == .original { $0.proofOfWorkBits = 8 }
            }) { server in
                let http = try server.http()
                #expect(try !http.get("/").text.contains("proof-of-work"))
                #expect(try http.get("/api/auth/challenge").status == 404)
                #expect(try http.post("/api/auth/register", form()).status == 201)
            }
        }
    }

    @Test func challengesAreCheckedWhole() throws {
        let clock = VirtualClock()
        let challenges = SignUpChallenges(bits: 3, clock: clock.limitClock)
        let challenge = challenges.issue()
        let number = try solve(challenge)
        let parts = challenge.text.split(separator: ".")
        var forged = [
            challenge.text + "x", "", "...", String(challenge.text.dropLast()), "x" + challenge.text,
        ]
        forged.append((parts[..<1] + ["0"] + parts[2...]).joined(separator: "."))
        forged.append((parts[..<2] + ["\(Int64.max)"] + parts[3...]).joined(separator: "."))
        for text in forged { #expect((0..<64).allSatisfy { !challenges.accept(text, $0) }, "\(text)") }
        #expect(!challenges.accept(challenge.text, -1))
        let other = SignUpChallenges(bits: 3, clock: clock.limitClock)
        #expect(!other.accept(challenge.text, number))
        #expect(challenges.accept(challenge.text, number))
        #expect(!challenges.accept(challenge.text, number))
        let late = challenges.issue()
        let solution = try solve(late)
        clock.pass(SignUpChallenges.lifetime)
        #expect(!challenges.accept(late.text, solution))
    }

    @Test func theMoreSignUpsTheMoreWork() throws {
        let clock = VirtualClock()
        let challenges = SignUpChallenges(bits: 1, clock: clock.limitClock)
        var bits: [Int] = []
        for number in 0..<64 {
            let challenge = challenges.issue()
            if number % 16 == 0 { bits.append(challenge.bits) }
            #expect(challenges.accept(challenge.text, try solve(challenge)))
        }
        #expect(bits == [1, 2, 3, 3])
        #expect(challenges.issue().bits == 4)
        clock.pass(SignUpChallenges.lifetime)
        #expect(challenges.issue().bits == 4)
        clock.pass(SignUpChallenges.lifetime)
        #expect(challenges.issue().bits == 1)
    }

    @Test(
        arguments: [
            ([:], nil), (["HOST": "127.0.0.1"], nil), (["HOST": "localhost"], nil), (["HOST": "::1"], nil),
            (["HOST": "0.0.0.0"], 16), (["HOST": "chat.example.org"], 16),
            (["LISTEN": "0.0.0.0:5000"], 16), (["LISTEN": "127.0.0.1:5000,192.0.2.1:5000"], 16),
            (["LISTEN": "127.0.0.1:5000"], nil), (["LISTEN": "unix:/run/mychat.sock"], 16),
            (["TRUSTED_PROXIES": "loopback"], 16), (["HOST": "0.0.0.0", "PROOF_OF_WORK": "off"], nil),
            (["PROOF_OF_WORK": "on"], 16), (["HOST": "0.0.0.0", "PROOF_OF_WORK": "20"], 20),
        ] as [([String: String], Int?)])
    func itIsOffWhereNobodyElseCanCome(environment: [String: String], bits: Int?) throws {
        let directory = try TestServer.makeDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let configuration = try ServerConfiguration(
            settings: ServerSettings(environment: environment), databasePath: directory + "/chat.db",
            readsTokenSecrets: false, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(configuration.proofOfWorkBits == bits)
    }

    @Test func settingsNameTheirMistakes() {
        for (key, text) in [("PROOF_OF_WORK", "25"), ("PROOF_OF_WORK", "yes"), ("REGISTRATION", "shut")] {
            let reader = SettingsReader(settings: ServerSettings(environment: [key: text]))
            #expect(throws: ConfigurationError.self) {
                if key == "REGISTRATION" {
                    _ = try reader.registration()
                } else {
                    _ = try reader.proofOfWorkBits(mayServeOthers: true)
                }
            }
        }
    }
}
