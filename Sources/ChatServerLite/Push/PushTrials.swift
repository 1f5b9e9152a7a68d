import ChatWire
import Synchronization

/// Limits the test pushes that people request. These go out at once, outside the queue.
final class PushTrials: Sendable {
    /// The maximum number of tests in progress, over all accounts.
    private static let underWayMax = 8
    /// The maximum number of pushes that one test has in progress.
    static let pushesMax = 4

    private let underWay = Mutex<Set<UserID>>([])
    private let rate = RateLimiter<UserID>(Rate(burst: 30, period: .seconds(60)))

    /// Starts a test.
    ///
    /// - Returns: false when this account has a test in progress or has made too many, or when too many other
    ///   accounts have one in progress.
    func begin(_ user: UserID) -> Bool {
        let hasRoom = underWay.withLock { users in
            users.count < Self.underWayMax && users.insert(user).inserted
        }
        guard hasRoom else { return false }
        if rate.take(from: user) { return true }
        end(user)
        return false
    }

    /// Ends a test.
    func end(_ user: UserID) { underWay.withLock { _ = $0.remove(user) } }
}
