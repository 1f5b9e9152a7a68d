import ChatWire

/// What a storage counts about its commits. Copies count into the same numbers.
package struct StorageCounters: Sendable {
    /// From the beginning of a transaction to the end of its commit, in nanoseconds.
    package let commitTimes = Histogram.ofTimes()
    /// The last step of a commit alone, which waits for the disk (fsync), in nanoseconds.
    package let syncTimes = Histogram.ofTimes()
    /// The number of commands in a commit.
    package let groups = Histogram.ofGroups()
    /// Transactions that failed.
    package let failures = Counter()

    package init() {}

    /// Counts a commit.
    ///
    /// - Parameters:
    ///   - prepared: when the commands had run, and only the disk was left.
    package func committed(_ commands: Int, from start: MonotonicInstant, prepared: MonotonicInstant) {
        let end = ServerClock.monotonic()
        commitTimes.observe(Int(end.nanoseconds - start.nanoseconds))
        syncTimes.observe(Int(end.nanoseconds - prepared.nanoseconds))
        groups.observe(commands)
    }
}
