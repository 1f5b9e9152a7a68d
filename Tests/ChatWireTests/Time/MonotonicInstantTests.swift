import ChatWire
import Testing

@Suite struct MonotonicInstantTests {
    private let start = MonotonicInstant(nanoseconds: 1_000)

    @Test func arithmeticGoesBothWays() {
        #expect(start + .microseconds(2) == MonotonicInstant(nanoseconds: 3_000))
        #expect(start - .microseconds(2) == MonotonicInstant(nanoseconds: -1_000))
        #expect((start + .seconds(5)) - start == .seconds(5))
        #expect(start - (start + .milliseconds(1)) == .milliseconds(-1))
        #expect(start.duration(to: start + .seconds(3)) == .seconds(3))
        #expect(start.advanced(by: .nanoseconds(-1)) < start)
        var moving = start
        moving += .seconds(2)
        moving -= .seconds(1)
        #expect(moving == start + .seconds(1))
    }

    @Test func whatDoesNotFitBecomesTheNearestBound() {
        let last = MonotonicInstant.distantFuture
        let first = MonotonicInstant(nanoseconds: .min)
        let century = Duration.seconds(100 * 365 * 86_400)
        #expect(last + .nanoseconds(1) == last)
        #expect(last + century * 10 == last)
        #expect(first - .nanoseconds(1) == first)
        #expect(first + .seconds(-1) == first)
        #expect(last - .seconds(-1) == last)
        #expect(last - first == .nanoseconds(Int64.max))
        #expect(first - last == .nanoseconds(Int64.min))
        #expect(last - .nanoseconds(1) < last)
    }

    @Test func durationsInNanoseconds() {
        #expect(Duration.seconds(2).saturatedNanoseconds == 2_000_000_000)
        #expect(Duration.milliseconds(-1500).saturatedNanoseconds == -1_500_000_000)
        #expect(Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999).saturatedNanoseconds == 1)
        #expect(Duration.seconds(Int64.max / 2).saturatedNanoseconds == .max)
        #expect(Duration.seconds(Int64.min / 2).saturatedNanoseconds == .min)
    }
}
