import Synchronization

/// A number that only grows, from any thread.
package final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    package init() {}

    package func add(_ count: Int = 1) { value.wrappingAdd(count, ordering: .relaxed) }

    package var count: Int { value.load(ordering: .relaxed) }
}

/// Counts measurements by size, from any thread. A bucket has the measurements up to its bound that are above the bound
/// before it; the last bucket has the rest.
package final class Histogram: Sendable {
    /// The upper bounds, in ascending order. Times are nanoseconds.
    package let bounds: [Int]
    private let buckets: [Counter]
    private let total = Counter()

    package init(bounds: [Int]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    package func observe(_ measurement: Int) {
        buckets[bounds.firstIndex { measurement <= $0 } ?? bounds.count].add()
        total.add(measurement)
    }

    /// The number of measurements in each bucket.
    package var counts: [Int] { buckets.map(\.count) }

    /// The sum of all measurements.
    package var sum: Int { total.count }
}

extension Histogram {
    /// From 100 µs to 10 s.
    package static func ofTimes() -> Histogram {
        let steps = [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000]
        let long = [1_000_000, 2_500_000, 5_000_000, 10_000_000]
        return Histogram(bounds: (steps + long).map { $0 * 1000 })
    }

    /// Powers of two up to the largest group of the writer.
    package static func ofGroups() -> Histogram {
        Histogram(bounds: (0...10).map { 1 << $0 })
    }
}
