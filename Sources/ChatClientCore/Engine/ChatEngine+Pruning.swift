import ChatSQLite
import ChatWire
import Logging

// What is too old or too much goes a little at a time, by the program that holds the link.
extension ChatEngine {
    /// The beginning belongs to the person.
    private static let pruneDelay = Duration.seconds(30)
    private static let pruneInterval = Duration.seconds(3600)
    /// Between two steps others have their turn.
    private static let prunePause = Duration.milliseconds(200)
    /// Messages in one step.
    static let pruneStep = 200
    /// Deletions that are remembered: a copy of a message that comes later than so many other deletions is none
    /// that this link brings.
    static let tombstonesMax = 10_000

    func planPruning(at now: Moment) {
        pruneDue = isHolder ? now.monotonic + Self.pruneDelay : nil
    }

    func advancePruning(at now: Moment) {
        guard let due = pruneDue, due <= now.monotonic else { return }
        pruneDue = now.monotonic + Self.pruneInterval
        do throws(SQLiteError) {
            let count = try prune(at: now)
            if count > 0 { announce(.conversations) }
            if count == Self.pruneStep { pruneDue = now.monotonic + Self.prunePause }
        } catch {
            // Nothing is lost by it: the next hour tries again.
            logger.error("the cache was not pruned", metadata: ["error": "\(error)"])
        }
    }

    /// One step; how many messages went.
    private func prune(at now: Moment) throws(SQLiteError) -> Int {
        try store.deletions.pruneTombstones(keeping: Self.tombstonesMax)
        if let keep = cacheLimits.keep {
            let time = Timestamp(microseconds: now.wall.microseconds &- keep.wholeMicroseconds)
            let count = try store.pruning.prune(olderThan: time, limit: Self.pruneStep)
            if count > 0 { return count }
        }
        if let most = cacheLimits.bytesMax, try store.maintenance.bytesHeld() > most {
            return try store.pruning.prune(olderThan: nil, limit: Self.pruneStep)
        }
        return 0
    }
}

extension Duration {
    /// Rounded down; the nearest that fits.
    fileprivate var wholeMicroseconds: Int64 {
        let (product, overflows) = components.seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflows ? .max : product
    }
}
