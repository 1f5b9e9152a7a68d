import ChatSQLite
import ChatWire
import Logging

/// When messages that are too old, or too many, leave the cache: a few at a time, in the program that holds the link.
struct PruningSchedule: Equatable, Sendable {
    private let limits: CacheLimits
    private var due: MonotonicInstant?

    /// The first minute belongs to the person.
    private static let delay = Duration.seconds(30)
    private static let interval = Duration.seconds(3600)
    /// Between two steps others have their turn.
    private static let pause = Duration.milliseconds(200)
    /// Messages in one step.
    static let step = 200
    /// The number of deletions that are remembered. A copy of a message that arrives after this many other deletions
    /// does not come on this link.
    static let tombstonesMax = 10_000

    init(limits: CacheLimits) { self.limits = limits }

    var deadline: MonotonicInstant? { due }

    /// This program became the one that holds the link, or ceased to be.
    mutating func plan(isHolder: Bool, at now: MonotonicInstant) { due = isHolder ? now + Self.delay : nil }

    /// True when messages have left the cache.
    mutating func tick(at now: Moment, _ store: ChatStore, _ logger: Logger) -> Bool {
        guard let due, due <= now.monotonic else { return false }
        self.due = now.monotonic + Self.interval
        do throws(SQLiteError) {
            let count = try prune(store, at: now.wall)
            if count == Self.step { self.due = now.monotonic + Self.pause }
            return count > 0
        } catch {
            // Nothing is lost by it: it is tried again in an hour.
            logger.error("the cache was not pruned", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// One step; the number of messages that were removed.
    private func prune(_ store: ChatStore, at wall: Timestamp) throws(SQLiteError) -> Int {
        try store.deletions.pruneTombstones(keeping: Self.tombstonesMax)
        if let keep = limits.keep {
            let time = Timestamp(microseconds: wall.microseconds &- keep.wholeMicroseconds)
            let count = try store.pruning.prune(olderThan: time, limit: Self.step)
            if count > 0 { return count }
        }
        if let most = limits.bytesMax, try store.maintenance.bytesHeld() > most {
            return try store.pruning.prune(olderThan: nil, limit: Self.step)
        }
        return 0
    }
}

extension Duration {
    /// Rounded down, and limited to what fits.
    fileprivate var wholeMicroseconds: Int64 {
        let (product, overflows) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflows ? .max : product
    }
}
