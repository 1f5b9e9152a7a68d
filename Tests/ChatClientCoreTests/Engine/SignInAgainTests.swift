import ChatCrypto
import ChatNet
import ChatWire
import Testing

@testable import ChatClientCore

@Suite struct SignInAgainTests {
    /// The server refuses the token, on the socket and by REST.
    private func refuse(_ harness: EngineHarness) {
        guard let link = harness.link else { return }
        harness.engine.linkOpened(link, at: harness.now)
        harness.receive([ModelServer.opening])
        harness.receive(#"44{"message":"Connection rejected by server"}"#)
        harness.gather()
        _ = harness.take()
        if let asked = harness.asked(VerifyTokenQuestion.self) {
            harness.answer(asked, .failure(.unauthorized(message: "Token inválido")))
        }
    }

    @Test func theConfiguredWayIsTriedOnceBeforeThePersonIsAsked() throws {
        let harness = try EngineHarness()
        harness.engine.core.context.signIn.allowRenewal()
        try harness.engine.setDraft("meio", for: bia)
        _ = try harness.engine.send("fica", to: bia, at: harness.now)
        harness.begin()
        refuse(harness)
        #expect(harness.take().contains(.signInAgain))
        #expect(harness.engine.linkState == .connecting)
        #expect(!harness.takeChanges().contains(.notice(.signInAgain)))
        #expect(harness.engine.outboxSummary == OutboxSummary(queued: 1, isPaused: true))
        harness.engine.renewToken("fresh", at: harness.now)
        harness.gather()
        refuse(harness)
        // The new one is no better: now it is the person's turn.
        #expect(!harness.take().contains(.signInAgain))
        #expect(harness.takeChanges().contains(.notice(.signInAgain)))
        #expect(harness.engine.linkState == .refused)
        #expect(harness.engine.outboxSummary == OutboxSummary(queued: 1, isPaused: true))
    }

    @Test func aLinkThatCameUpMakesItPossibleAgain() throws {
        let harness = try EngineHarness()
        harness.engine.core.context.signIn.allowRenewal()
        harness.begin()
        refuse(harness)
        harness.engine.renewToken("fresh", at: harness.now)
        harness.gather()
        harness.connect()
        #expect(harness.engine.linkState == .online)
        harness.engine.tokenRefused(at: harness.now)
        #expect(harness.take().contains(.signInAgain))
        harness.engine.signInLost()
        harness.gather()
        #expect(harness.take().contains(.forgetToken))
        #expect(harness.takeChanges().contains(.notice(.signInAgain)))
    }

    @Test func withoutAConfiguredWayThePersonIsAskedAtOnce() throws {
        let harness = try EngineHarness()
        harness.begin()
        refuse(harness)
        #expect(harness.takeChanges().contains(.notice(.signInAgain)))
        #expect(harness.engine.linkState == .refused)
    }

    /// The server says so on the link, and REST confirms it. A program does not undo what a person did on purpose.
    @Test func aSessionThatWasEndedIsLeftToThePerson() throws {
        let harness = try EngineHarness()
        harness.engine.core.context.signIn.allowRenewal()
        harness.connect()
        let tempID = try harness.engine.send("fica", to: bia, at: harness.now)
        harness.gather()
        _ = harness.take()
        harness.receive(#"42["error",{"message":"Sessão encerrada. Entre novamente."}]"#)
        #expect(harness.takesQuestion(VerifyTokenQuestion.self))
        try harness.fail(
            VerifyTokenQuestion.self, .unauthorized(message: RequestProblem.sessionEnded.message))
        let effects = harness.take()
        #expect(!effects.contains(.signInAgain) && effects.contains(.forgetToken))
        let changes = harness.takeChanges()
        #expect(changes.contains(.notice(.sessionEnded)) && !changes.contains(.notice(.signInAgain)))
        #expect(harness.engine.linkState == .refused)
        #expect(harness.engine.outboxSummary.isPaused)
        #expect(try harness.engine.view.outcome(of: tempID) == .queued)
    }

    /// What the socket says is not believed before REST has said it too.
    @Test func aWordOnTheSocketAloneEndsNothing() throws {
        let harness = try EngineHarness()
        harness.connect()
        harness.gather()
        _ = harness.take()
        harness.receive(#"42["error",{"message":"Token inválido ou expirado."}]"#)
        try harness.answer(VerifyTokenQuestion.self, ())
        #expect(!harness.take().contains(.forgetToken))
        #expect(harness.engine.isSignedIn)
    }

    @Test func theServerRenewsATokenThatEndsWhileTheLinkIsUp() throws {
        let harness = try EngineHarness(token: Self.token(from: 2_000_000, to: 2_100_000))
        harness.connect()
        harness.gather()
        try harness.answer(ServerInformationQuestion.self, .capable(of: [.refresh, .sync]))
        try harness.answer(ContactsQuestion.self, [])
        try harness.answer(UnreadQuestion.self, UnreadCounts(bySender: [:]))
        #expect(!harness.engine.core.context.requests.plan.isOpen(.renewToken))
        // Hours later, on the same link.
        harness.now.wall.microseconds += 80_000_000_000
        try harness.answer(ChangesQuestion.self, .changes([], cursor: "1", hasMore: false))
        #expect(harness.engine.core.context.requests.plan.isOpen(.renewToken))
    }

    private static func token(from issued: Int64, to expires: Int64) -> String {
        let claims = Array(#"{"user_id":1,"iat":\#(issued),"exp":\#(expires)}"#.utf8)
        return "e30." + Base64URL.encode(claims) + ".e30"
    }

    @Test func theConfiguredProgramKeepsTheLinkUp() async throws {
        let server = try await TestServer()
        let home = try TemporaryDirectory()
        let first = try await server.client(in: home)
        try await first.register(name: "Ana", email: "ana@exemplo.com", password: "segredo1")
        await first.disconnect()
        let client = try await server.client(in: home) { user in
            .password("segredo1", email: user.email)
        }
        await client.spoilToken()
        await client.connect()
        try await client.wait { $0.linkState == .online }
        #expect(await client.account?.user.email == "ana@exemplo.com")
        await client.disconnect()
        await server.stop()
    }
}

extension ChatClient {
    fileprivate func spoilToken() { session?.engine.renewToken("e30.e30.e30", at: .now) }
}
