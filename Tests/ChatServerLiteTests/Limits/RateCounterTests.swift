import ChatWire
import Testing

@testable import ChatServerLite

@Suite struct RateCounterTests {
    private let start = MonotonicInstant(nanoseconds: 5_000_000_000)

    /// Whatever the rate, the burst and then one token per interval: no more and no fewer.
    @Test(arguments: [(1, 1), (3, 10), (10, 3600), (7, 1), (20_000, 5), (600, 60)])
    func isExactToOneToken(burst: Int, seconds: Int) {
        let rate = Rate(burst: burst, period: .seconds(seconds))
        var counter = RateCounter<Int>(rate)
        for token in 0..<burst {
            let wait = counter.spend(from: 1, now: start)
            #expect(wait == nil, "\(token)")
        }
        let interval = Duration.nanoseconds(Int64(seconds) * 1_000_000_000 / Int64(burst))
        let refused = counter.spend(from: 1, now: start)
        #expect(refused == interval)
        let tooSoon = counter.spend(from: 1, now: start + interval - .nanoseconds(1))
        #expect(tooSoon == .nanoseconds(1))
        let again = counter.spend(from: 1, now: start + interval)
        #expect(again == nil)
        // After a whole period without use, the whole burst.
        let later = start + interval + .seconds(seconds)
        var taken = 0
        while taken <= burst, counter.spend(from: 1, now: later) == nil { taken += 1 }
        #expect(taken == burst)
    }

    @Test func aRefusalTakesNothing() {
        var counter = RateCounter<Int>(Rate(burst: 2, period: .seconds(2)))
        let all = counter.take(2, from: 1, now: start)
        for _ in 0..<100 { _ = counter.spend(from: 1, now: start) }
        let another = counter.spend(from: 1, now: start + .seconds(1))
        #expect(all && another == nil)
    }

    @Test func askingForTheWaitTakesNothing() {
        var counter = RateCounter<Int>(Rate(burst: 1, period: .seconds(4)))
        #expect(counter.wait(for: 1, now: start) == nil)
        let taken = counter.take(from: 1, now: start)
        #expect(taken)
        #expect(counter.wait(for: 1, now: start + .seconds(1)) == .seconds(3))
        #expect(counter.wait(for: 1, now: start + .seconds(4)) == nil)
    }

    /// A million addresses cost no more memory than the capacity, and who is in use is not forgotten.
    @Test func theNumberOfBucketsIsBounded() {
        var counter = RateCounter<Int>(Rate(burst: 1, period: .seconds(1000)), capacity: 1000)
        var isBounded = true
        var allowed = 0
        for key in 0..<100_000 {
            _ = counter.spend(from: key, now: start)
            if key % 100 == 0, counter.spend(from: -1, now: start) == nil { allowed += 1 }
            isBounded = isBounded && counter.count <= 1001
        }
        #expect(isBounded)
        #expect(allowed == 1)
    }

    @Test func whatIsFullAgainIsForgotten() {
        var counter = RateCounter<Int>(Rate(burst: 5, period: .seconds(10)))
        for key in 0..<100 { _ = counter.spend(from: key, now: start) }
        #expect(counter.count == 100)
        _ = counter.spend(from: 0, now: start + .seconds(10))
        _ = counter.spend(from: 0, now: start + .seconds(20))
        #expect(counter.count == 1)
    }

    @Test(arguments: [
        ("10/60", Rate(burst: 10, period: .seconds(60))), ("1/1", Rate(burst: 1, period: .seconds(1))),
        ("0/60", nil), ("10", nil), ("10/0", nil), ("-1/5", nil), ("10/60/1", nil), ("", nil), ("a/b", nil),
        ("99999999999/1", nil),
    ])
    func readsRates(text: String, rate: Rate?) {
        #expect(Rate(parsing: text) == rate)
    }
}
