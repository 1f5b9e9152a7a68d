import ChatNet
import ChatWire
import Synchronization
import Testing

@testable import ChatClientCore

/// What the driver does for each thing that the engine wants, with real files, sockets and timers.
@Suite struct EngineDriverTests {
    // MARK: The token

    @Test func aFreshTokenIsKeptAndAnnounced() async throws {
        let offline = try OfflineClient()
        let changes = try await offline.changes {
            await offline.client.perform { $0.core.context.add(.keepToken("fresco")) }
        }
        #expect(changes == [.account(Account(user: .ana, expiresAt: nil))])
        #expect(try await offline.client.savedAccount() == .init(user: .ana, token: "fresco"))
    }

    @Test func aRefusedTokenIsForgottenAndTheUserStays() async throws {
        let offline = try OfflineClient()
        let changes = try await offline.changes {
            await offline.client.perform { $0.tokenRefused(at: .now) }
        }
        #expect(changes.contains(.notice(.signInAgain)))
        #expect(changes.contains(.account(nil)))
        #expect(try await offline.client.savedAccount() == .init(user: .ana, token: nil))
        #expect(await offline.client.owner == .ana)
        #expect(await offline.client.linkState == .refused)
        #expect(try await offline.another().account == nil)
    }

    @Test func changesReachEveryObserverInTheirOrder() async throws {
        let offline = try OfflineClient()
        let wanted: [ChatChange] = [.timeline(caio), .typing(bia, true), .presence(bia), .conversations]
        let changes = try await offline.changes {
            await offline.client.perform { engine in
                for change in wanted { engine.core.context.announce(change) }
            }
        }
        #expect(changes == wanted)
    }

    @Test func everyEffectIsPerformedOnce() async throws {
        let offline = try OfflineClient()
        let changes = try await offline.changes {
            await offline.client.perform { $0.core.context.announce(.timeline(caio)) }
            await offline.client.settle()
            await offline.client.settle()
        }
        #expect(changes == [.timeline(caio)])
    }

    // MARK: Questions

    private func signedIn() async throws -> (TestServer, ChatClient, TemporaryDirectory) {
        let server = try await TestServer()
        let home = try TemporaryDirectory()
        let client = try await server.client(in: home)
        try await client.register(name: "Ana", email: "ana@exemplo.com", password: "segredo1")
        return (server, client, home)
    }

    // MARK: The link

    @Test func aLinkThatIsWantedAgainWhileItEndsComesBack() async throws {
        let (server, client, home) = try await signedIn()
        await client.connect()
        try await client.wait { $0.linkState == .online }
        let ending = Task { await client.disconnect() }
        while await client.wantsLink { await Task.yield() }
        await client.connect()
        await ending.value
        try await client.wait { $0.session?.engine.isHolder == true && $0.linkState == .online }
        await client.disconnect()
        await server.stop()
        withExtendedLifetime(home) {}
    }

    // MARK: Signing in again

    /// What the configured program may give, and whether the person has to be asked.
    private enum Given: String, CaseIterable {
        case token, password, wrongToken, wrongPassword, nothing

        var asksThePerson: Bool { self != .token && self != .password }
    }

    @Test(arguments: Given.allCases) private func theConfiguredSecretSignsIn(_ given: Given) async throws {
        let server = try await TestServer()
        let home = try TemporaryDirectory()
        let token = Mutex<String?>(nil)
        let asked = Mutex<[String]>([])
        let client = try await server.client(in: home) { user in
            asked.withLock { $0.append(user.email) }
            switch given {
            case .token: return token.withLock { $0 }.map { .token($0) }
            case .password: return .password("segredo1", email: "ana@exemplo.com")
            case .wrongToken: return .token("e30.e30.e30")
            case .wrongPassword: return .password("errada", email: "ana@exemplo.com")
            case .nothing: return nil
            }
        }
        try await client.register(name: "Ana", email: "ana@exemplo.com", password: "segredo1")
        let good = try #require(try await client.savedAccount()?.token)
        token.withLock { $0 = good }
        let changes = await client.changes()
        await client.perform { $0.tokenRefused(at: .now) }
        for await change in changes {
            if given.asksThePerson, change == .notice(.signInAgain) { break }
            if !given.asksThePerson, case .account(.some) = change { break }
        }
        #expect(asked.withLock { $0 } == ["ana@exemplo.com"], "it is asked once")
        if given.asksThePerson {
            #expect(await client.account == nil)
            #expect(try await client.savedAccount()?.token == nil)
        } else {
            #expect(await client.account?.user.email == "ana@exemplo.com")
            #expect(try await client.savedAccount()?.token != nil)
        }
        await server.stop()
    }

    @Test func aSecretThatComesAfterSigningOutIsIgnored() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let isAsked = AsyncStream<Void>.makeStream()
        let offline = try OfflineClient { _ in
            isAsked.continuation.yield()
            for await _ in gate.stream { break }
            return .token("outro")
        }
        await offline.client.perform { $0.tokenRefused(at: .now) }
        for await _ in isAsked.stream { break }
        try await offline.client.signOut()
        gate.continuation.yield()
        #expect(await offline.client.account == nil)
        #expect(try await offline.client.savedAccount() == nil)
    }

    // MARK: Time

    @Test func theEnginesDeadlineComesByItself() async throws {
        let offline = try OfflineClient()
        let client = offline.client
        let changes = await client.changes()
        await client.perform { engine in
            _ = engine.core.context.company.startedTyping(bia, at: Moment.now.monotonic + .seconds(-60))
        }
        // Nobody tells the engine that the time has come, except the driver's timer.
        var seen: [ChatChange] = []
        for await change in changes {
            seen.append(change)
            if change == .typing(bia, false) { break }
        }
        #expect(seen.last == .typing(bia, false))
    }

    // MARK: The lock

    @Test func oneProgramHoldsTheLinkAndTheNextTakesItsPlace() async throws {
        let (server, first, home) = try await signedIn()
        let second = try await server.client(in: home)
        await first.connect()
        #expect(await first.hasLock)
        await second.connect()
        #expect(await !second.hasLock)
        #expect(await !second.isHolder)
        #expect(await first.linkHolder() == nil, "it is this program itself")
        try await first.wait { $0.linkState == .online }
        await first.disconnect()
        #expect(await !first.hasLock)
        try await second.wait { $0.session?.engine.isHolder == true && $0.linkState == .online }
        #expect(await second.hasLock)
        await second.disconnect()
        #expect(await !second.hasLock)
        #expect(await second.linkState == .offline(reason: .notStarted, nextTry: nil))
        await server.stop()
    }

    @Test func anotherProgramsCommitIsNoticed() async throws {
        let (server, first, home) = try await signedIn()
        let second = try await server.client(in: home)
        await first.connect()
        await second.connect()
        let changes = await second.changes()
        try await first.chats.setDraft("de outro programa", for: bia)
        for await change in changes where change == .conversations { break }
        #expect(await second.chats.draft(for: bia) == "de outro programa")
        await first.disconnect()
        await second.disconnect()
        await server.stop()
    }
}

extension ChatClient {
    /// Lets the engine want something, and the driver do it.
    fileprivate func perform(_ body: (ChatEngine) -> Void) {
        guard let session else { return }
        body(session.engine)
        settle()
    }
}
