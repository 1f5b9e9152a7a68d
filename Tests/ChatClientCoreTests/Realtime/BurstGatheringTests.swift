import ChatWire
import Testing

@testable import ChatClientCore

struct BurstGatheringTests {
    private func at(_ milliseconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func theFirstOfABurstDoesNotWait() {
        var gathering = BurstGathering()
        #expect(gathering.wait(at: at(0), isAwaited: false) == .zero)
        gathering.delivered(at: at(0))
        #expect(gathering.wait(at: at(20), isAwaited: false) == .zero)
    }

    @Test func whatComesSoonAfterACommitWaitsForMore() {
        var gathering = BurstGathering()
        gathering.delivered(at: at(100))
        #expect(gathering.wait(at: at(100), isAwaited: false) == BurstGathering.pause)
        #expect(gathering.wait(at: at(103), isAwaited: false) == BurstGathering.pause - .milliseconds(3))
        #expect(gathering.wait(at: at(108), isAwaited: false) == .zero)
        // Never longer, whatever the clock shows.
        #expect(gathering.wait(at: at(50), isAwaited: false) == BurstGathering.pause)
    }

    @Test func anAwaitedAnswerDoesNotWait() {
        var gathering = BurstGathering()
        gathering.delivered(at: at(100))
        #expect(gathering.wait(at: at(101), isAwaited: true) == .zero)
    }

    /// One message per millisecond, while each delivery takes three: otherwise each delivery would be a commit.
    @Test func aFloodBecomesFewCommits() {
        var gathering = BurstGathering()
        var commits = 0
        var due: Int64?
        var busyUntil: Int64 = 0
        for millisecond in Int64(0)..<1000 {
            if due == nil, millisecond >= busyUntil {
                let wait = gathering.wait(at: at(millisecond), isAwaited: false)
                due = millisecond + wait.components.attoseconds / 1_000_000_000_000_000
            }
            guard let time = due, time <= millisecond else { continue }
            commits += 1
            due = nil
            busyUntil = millisecond + 3
            gathering.delivered(at: at(busyUntil))
        }
        #expect((80...100).contains(commits))
    }
}
