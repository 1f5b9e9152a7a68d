import NIOCore
import NIOEmbedded
import Testing

@testable import ChatServerLite

/// When a connection that does not get on is ended. The event loop's clock is the test's.
@Suite struct ConnectionTimerTests {
    private final class Ends {
        var times: [Int64] = []
    }

    private let loop = EmbeddedEventLoop()
    private let ends = Ends()

    private func timer(_ timeout: TimeAmount) -> ConnectionTimer {
        let start = loop.now
        return ConnectionTimer(loop, timeout: timeout) { [ends, loop] in
            ends.times.append((loop.now - start).nanoseconds / 1_000_000_000)
        }
    }

    private func advance(_ seconds: Int64) { loop.advanceTime(by: .seconds(seconds)) }

    @Test func itExpiresAtTheFirstDeadline() {
        let timer = timer(.seconds(10))
        advance(9)
        #expect(ends.times == [])
        advance(1)
        #expect(ends.times == [10])
        withExtendedLifetime(timer) { advance(100) }
        #expect(ends.times == [10])
    }

    /// A deadline that moves away is looked at again when the old one comes.
    @Test func aLaterDeadlineCounts() {
        let timer = timer(.seconds(10))
        for _ in 0..<5 {
            advance(9)
            timer.setDeadline(in: .seconds(10))
        }
        advance(9)
        #expect(ends.times == [])
        advance(1)
        #expect(ends.times == [55])
    }

    /// The deadline may be far beyond the interval at which it is looked at, or long before the next look.
    @Test func deadlinesOfAnyLengthAreExact() {
        let timer = timer(.seconds(10))
        timer.setDeadline(in: .seconds(3600))
        advance(3599)
        #expect(ends.times == [])
        timer.setDeadline(in: .seconds(2))
        advance(1)
        #expect(ends.times == [])
        advance(1)
        #expect(ends.times == [3601])
    }

    @Test func bringingForwardNeverPostpones() {
        let timer = timer(.seconds(10))
        timer.bringForward(to: .seconds(20))
        advance(4)
        timer.bringForward(to: .seconds(3))
        timer.bringForward(to: .seconds(5))
        advance(2)
        #expect(ends.times == [])
        advance(1)
        #expect(ends.times == [7])
    }

    @Test func withoutADeadlineNothingEnds() {
        let timer = timer(.seconds(10))
        timer.removeDeadline()
        advance(100_000)
        #expect(ends.times == [])
        timer.setDeadline(in: .seconds(7))
        advance(6)
        #expect(ends.times == [])
        advance(1)
        #expect(ends.times == [100_007])
    }

    @Test func aCancelledTimerIsSilent() {
        let timer = timer(.seconds(10))
        timer.cancel()
        advance(1000)
        #expect(ends.times == [])
    }

    /// A body may take as long as a head, and a second for every 4 KiB.
    @Test(arguments: [(0, 20), (4095, 20), (4096, 21), (1 << 20, 276)])
    func aBodyHasAMinimumSpeed(bytes: Int, seconds: Int64) {
        #expect(ConnectionTimer.bodyTime(bytes) == .seconds(seconds))
    }
}
