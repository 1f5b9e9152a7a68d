import ChatWire
import Synchronization

/// A token bucket for each key, exact to one token.
///
/// A bucket is one instant: the time at which it will be full again (the generic cell rate algorithm). So a
/// key costs one entry of a dictionary, and taking a token one lookup. The number of buckets is bounded: see
/// ``GenerationalStore``. A bucket that is dropped early counts as full.
struct RateCounter<Key: Hashable & Sendable>: Sendable {
    let rate: Rate
    /// The time in which one token returns.
    private let interval: Int64
    /// The time in which an empty bucket becomes full, in nanoseconds.
    private let depth: Int64
    private var fullAt: GenerationalStore<Key, Int64>

    /// - Parameter capacity: the number of buckets that are kept.
    init(_ rate: Rate, capacity: Int = 65_536) {
        self.rate = rate
        // Rounded down, so that a whole period returns the whole burst.
        interval = max(1, rate.period.nanoseconds / Int64(max(1, rate.burst)))
        depth = interval.multipliedReportingOverflow(by: Int64(max(1, rate.burst))).partialValue
        fullAt = GenerationalStore(capacity: capacity, lifetime: rate.period)
    }

    /// The number of buckets that are kept at present.
    var count: Int { fullAt.count }

    /// Takes `count` tokens from the bucket of `key`.
    ///
    /// - Returns: nil when the tokens were taken. Otherwise nothing is taken, and the result is the time until
    ///   the bucket has enough.
    mutating func spend(_ count: Int = 1, from key: Key, now: MonotonicInstant) -> Duration? {
        let (cost, depth, time) = (interval * Int64(count), depth, now.nanoseconds)
        return fullAt.update(key, default: time, now: now) { fullAt in
            let next = max(fullAt, time) + cost
            guard next - time <= depth else { return .nanoseconds(next - time - depth) }
            fullAt = next
            return nil
        }
    }

    /// The time until the bucket of `key` has a token; nil when it has one. Nothing is taken.
    func wait(for key: Key, now: MonotonicInstant) -> Duration? {
        guard let full = fullAt[key] else { return nil }
        let next = max(full, now.nanoseconds) + interval
        return next - now.nanoseconds <= depth ? nil : .nanoseconds(next - now.nanoseconds - depth)
    }

    /// Takes `count` tokens from the bucket of `key`.
    ///
    /// - Returns: false when the bucket has too few; then nothing is taken.
    mutating func take(_ count: Int = 1, from key: Key, now: MonotonicInstant) -> Bool {
        spend(count, from: key, now: now) == nil
    }
}

/// A ``RateCounter`` that several threads can use.
final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private let counter: Mutex<RateCounter<Key>>
    private let clock: LimitClock

    init(_ rate: Rate, clock: LimitClock = .system) {
        counter = Mutex(RateCounter(rate))
        self.clock = clock
    }

    /// Takes a token from the bucket of `key`; see ``RateCounter/spend(_:from:now:)``.
    func spend(from key: Key) -> Duration? {
        let now = clock.now()
        return counter.withLock { $0.spend(from: key, now: now) }
    }

    /// The time until the bucket of `key` has a token; nil when it has one.
    func wait(for key: Key) -> Duration? {
        let now = clock.now()
        return counter.withLock { $0.wait(for: key, now: now) }
    }

    /// Takes a token from the bucket of `key`.
    ///
    /// - Returns: false when there is none.
    func take(from key: Key) -> Bool { spend(from: key) == nil }
}

/// The clock that limits are measured with. Tests set their own.
package struct LimitClock: Sendable {
    package var now: @Sendable () -> MonotonicInstant

    package init(now: @escaping @Sendable () -> MonotonicInstant) { self.now = now }

    package static let system = LimitClock { ServerClock.monotonic() }
}
