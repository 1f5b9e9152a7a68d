import ChatWire
import Synchronization

@testable import ChatServerLite

/// A clock that stands still until a test moves it.
final class VirtualClock: Sendable {
    private let time = Mutex(MonotonicInstant(nanoseconds: 1_000_000_000))

    var now: MonotonicInstant { time.withLock { $0 } }

    func pass(_ duration: Duration) { time.withLock { $0 += duration } }

    var limitClock: LimitClock { LimitClock { self.now } }
}
