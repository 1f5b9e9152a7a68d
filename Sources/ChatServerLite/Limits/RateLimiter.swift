import ChatWire
import Synchronization

/// A rate limit: `burst` at once, and as much again in each `period`.
public struct Rate: Equatable, Sendable {
    public var burst: Int
    public var period: Duration

    public init(burst: Int, period: Duration) {
        self.burst = burst
        self.period = period
    }
}

/// A token bucket for each key. It forgets a key that was idle for a period, because its bucket is full by
/// then.
struct RateCounter<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var left: Double
        var time: MonotonicInstant
    }

    let rate: Rate
    private var buckets: [Key: Bucket] = [:]
    private var lastCleared: MonotonicInstant?

    init(_ rate: Rate) { self.rate = rate }

    /// Takes `count` tokens from the bucket of `key`.
    ///
    /// - Returns: false when the bucket has too few; then nothing is taken.
    mutating func take(_ count: Int = 1, from key: Key, now: MonotonicInstant) -> Bool {
        clear(now)
        var bucket = buckets[key] ?? Bucket(left: Double(rate.burst), time: now)
        let gained = Double(rate.burst) * ((now - bucket.time) / rate.period)
        bucket.left = min(Double(rate.burst), bucket.left + gained)
        bucket.time = now
        let isEnough = bucket.left >= Double(count)
        if isEnough { bucket.left -= Double(count) }
        buckets[key] = bucket
        return isEnough
    }

    private mutating func clear(_ now: MonotonicInstant) {
        guard let last = lastCleared else {
            lastCleared = now
            return
        }
        guard now - last >= rate.period else { return }
        lastCleared = now
        buckets = buckets.filter { now - $0.value.time < rate.period }
    }
}

/// A ``RateCounter`` that several threads can use.
final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private let counter: Mutex<RateCounter<Key>>

    init(_ rate: Rate) { counter = Mutex(RateCounter(rate)) }

    /// Takes `count` tokens from the bucket of `key` at the current time.
    ///
    /// - Returns: false when the bucket has too few; then nothing is taken.
    func take(_ count: Int = 1, from key: Key) -> Bool {
        counter.withLock { $0.take(count, from: key, now: ServerClock.monotonic()) }
    }
}
