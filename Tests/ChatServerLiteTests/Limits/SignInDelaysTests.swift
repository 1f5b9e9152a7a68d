import ChatWire
import Testing

@testable import ChatServerLite
@testable import ServerTestSupport

@Suite struct SignInDelaysTests {
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000)
    private let ana = FairAsker(group: "192.0.2.1", member: "ana@example.com")

    /// The delays of an asker who always tries again as soon as it may, in seconds.
    private func delays(_ delays: inout SignInDelays, _ askers: [FairAsker]) -> [Int64] {
        var now = start
        return askers.map { asker in
            let begun = now
            while let wait = delays.begin(asker, now: now) { now += wait }
            return (now - begun).components.seconds
        }
    }

    @Test func aPairWaitsLongerAndLonger() {
        var state = SignInDelays()
        let waits = delays(&state, Array(repeating: ana, count: 18))
        #expect(waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
    }

    /// From many networks an account still takes only one guess a minute.
    @Test func anAccountIsCountedFromEverywhere() {
        var state = SignInDelays()
        let waits = delays(&state, (0..<30).map { FairAsker(group: "192.0.2.\($0)", member: ana.member) })
        #expect(waits == Array(repeating: 0, count: 21) + [1, 2, 4, 8, 16, 32, 60, 60, 60])
    }

    @Test func theOwnerIsNotLockedOut() {
        var state = SignInDelays()
        let begun = state.begin(ana, now: start)
        state.succeeded(ana, now: start)
        for number in 0..<40 {
            _ = state.begin(FairAsker(group: "203.0.113.\(number)", member: ana.member), now: start)
        }
        let stranger = state.begin(FairAsker(group: "198.51.100.1", member: ana.member), now: start)
        let owner = state.begin(ana, now: start)
        #expect(begun == nil && owner == nil)
        #expect(stranger == .seconds(1))
    }

    @Test func attemptsAtOnceGainNothing() {
        var state = SignInDelays()
        let allowed = (0..<300).filter { _ in state.begin(ana, now: start) == nil }
        #expect(allowed.count == 5)
    }

    @Test func theRightPasswordStartsAnew() {
        var state = SignInDelays()
        for _ in 0..<4 { _ = state.begin(ana, now: start) }
        _ = state.begin(ana, now: start)
        state.succeeded(ana, now: start)
        let allowed = (0..<9).filter { _ in state.begin(ana, now: start) == nil }
        #expect(allowed.count == 5)
    }

    @Test func whatWasNotLookedAtDoesNotCount() {
        var state = SignInDelays()
        for _ in 0..<50 {
            let wait = state.begin(ana, now: start)
            #expect(wait == nil)
            state.takeBack(ana, now: start)
        }
    }

    @Test func failuresAreForgotten() {
        var state = SignInDelays()
        for _ in 0..<5 { _ = state.begin(ana, now: start) }
        let tooSoon = state.begin(ana, now: start)
        for hours in 1...2 {
            _ = state.begin(
                FairAsker(group: "", member: "other"), now: start + SignInDelays.memory * hours)
        }
        let later = start + SignInDelays.memory * 2
        let allowed = (0..<9).filter { _ in state.begin(ana, now: later) == nil }
        #expect(tooSoon == .seconds(1))
        #expect(allowed.count == 5)
    }

    @Test func whatIsRememberedIsBounded() {
        var state = SignInDelays(capacity: 100)
        for number in 0..<10_000 {
            _ = state.begin(FairAsker(group: "\(number)", member: "\(number)"), now: start)
        }
        #expect(state.count <= 200)
    }

    /// A4 of the attacks: guesses for one account stop at the fifth, whether the account exists or not, also
    /// from this machine; the right password works again after the delay that the server has named.
    @Test func guessesAreDelayedOnARealServer() async throws {
        let clock = VirtualClock()
        try await TestServer.run(clock: clock.limitClock) { server in
            let ana = try server.register("Ana")
            let http = try server.http()
            func login(_ email: String, _ password: String) throws -> HTTPTestClient.Answer {
                try http.post(
                    "/api/auth/login", ["email": .string(email), "password": .string(password)])
            }
            for email in [ana.email.uppercased(), "nobody@example.com"] {
                let answers = try (0..<40).map { try login(email, "wrong-\($0)") }
                #expect(
                    answers.map(\.status) == Array(repeating: 400, count: 5)
                        + Array(repeating: 429, count: 35))
                #expect(Set(answers.suffix(35).map { $0.response.headers["Retry-After"] }) == ["1"])
            }
            #expect(try login(ana.email, "secret1").status == 429)
            clock.pass(.seconds(1))
            #expect(try login(ana.email, "secret1").status == 200)
        }
    }

    @Test func theOriginalDelaysNobody() async throws {
        try await TestServer.run(configure: { $0.behaviour = .original }) { server in
            let http = try server.http()
            let statuses = try (0..<10).map { _ in
                try http.post("/api/auth/login", ["email": "n@example.com", "password": "wrong1"]).status
            }
            #expect(statuses == Array(repeating: 400, count: 10))
        }
    }
}
