import ChatWire
import TestSupport
import Testing

@testable import ChatClientCore

@Suite struct RetryAfterTests {
    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("3600", 3600), ("3601", 3600), ("99999999999", 3600), ("-5", 0),
        ] as [(String, Int64)])
    func theServersWordIsBounded(text: String, seconds: Int64) throws {
        var headers = HTTPHeaders()
        try headers.add("Retry-After", text)
        let response = HTTPResponse(status: 503, headers: headers, body: [])
        #expect(RESTClient.retryAfter(response) == .seconds(seconds))
    }
}

@Suite struct ReconnectPolicyTests {
    private let start = MonotonicInstant(nanoseconds: 0)

    @Test func theBoundDoublesUpToTheCap() {
        let bounds = (0...9).map { Backoff.connecting.bound(afterFailures: $0) }
        #expect(bounds[0] == .milliseconds(500))
        #expect(bounds[1] == .seconds(1))
        #expect(bounds[6] == .seconds(32))
        #expect(bounds[7] == .seconds(60))
        #expect(Backoff.connecting.bound(afterFailures: .max) == .seconds(60))
        #expect(Backoff.connecting.bound(afterFailures: -1) == .milliseconds(500))
    }

    @Test func delaysAreDrawnFromTheWholeOfTheBound() {
        var generator = SeededGenerator(seed: 7)
        let delays = (0..<2000).map { _ in Backoff.connecting.delay(afterFailures: 3, using: &generator) }
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= .seconds(4) })
        #expect(delays.contains { $0 < .milliseconds(400) })
        #expect(delays.contains { $0 > .milliseconds(3600) })
    }

    @Test func anActingPersonAndALongLinkBeginAnew() {
        var generator = SeededGenerator(seed: 1)
        var policy = ReconnectPolicy()
        for _ in 0..<10 { _ = policy.linkFailed(at: start, using: &generator) }
        #expect(policy.failures == 10)
        policy.personActed()
        #expect(policy.linkFailed(at: start, using: &generator) <= start + .milliseconds(500))
        for _ in 0..<10 { _ = policy.linkFailed(at: start, using: &generator) }
        policy.linkCameUp(at: start)
        #expect(
            policy.linkFailed(at: start + .seconds(60), using: &generator) <= start + .milliseconds(60_500))
        #expect(policy.failures == 1)
    }

    @Test func aServerThatAcceptsAndDropsIsNotHammered() {
        var generator = SeededGenerator(seed: 1)
        var policy = ReconnectPolicy()
        for _ in 0..<8 {
            policy.linkCameUp(at: start)
            _ = policy.linkFailed(at: start + .seconds(1), using: &generator)
        }
        #expect(policy.failures == 8)
    }

    @Test func theServersWordOnTheDelayWins() {
        var generator = SeededGenerator(seed: 1)
        var policy = ReconnectPolicy()
        #expect(
            policy.linkFailed(at: start, retryAfter: .seconds(90), using: &generator) == start + .seconds(90))
    }

    @Test func twoProgramsDoNotFightForAnAccount() {
        var generator = SeededGenerator(seed: 3)
        var policy = ReconnectPolicy()
        let delays = (0..<8).map { _ in policy.displaced(at: start, using: &generator) - start }
        #expect(delays[0] >= .seconds(30) && delays[0] <= .seconds(60))
        #expect(delays[7] >= .seconds(450) && delays[7] <= .seconds(900))
    }
}
