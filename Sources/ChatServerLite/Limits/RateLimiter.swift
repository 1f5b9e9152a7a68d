import ChatWire
import Synchronization

/// How much somebody may do: `burst` at once, and so many again in `period`.
public struct Rate: Equatable, Sendable {
    public var burst: Int
    public var period: Duration

    public init(burst: Int, period: Duration) {
        self.burst = burst
        self.period = period
    }
}

/// Counts what each of many does against a rate (a token bucket for each). It forgets who has been quiet for a
/// period: then the bucket is full anyway.
struct RateCounter<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var left: Double
        var time: MonotonicInstant
    }

    let rate: Rate
    private var buckets: [Key: Bucket] = [:]
    private var lastCleared: MonotonicInstant?

    init(_ rate: Rate) { self.rate = rate }

    /// Takes `count` from what `key` may do; false, and nothing taken, when that is too much.
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

/// The same for several threads.
final class RateLimiter<Key: Hashable & Sendable>: Sendable {
    private let counter: Mutex<RateCounter<Key>>

    init(_ rate: Rate) { counter = Mutex(RateCounter(rate)) }

    func take(_ count: Int = 1, from key: Key) -> Bool {
        counter.withLock { $0.take(count, from: key, now: ServerClock.monotonic()) }
    }
}
