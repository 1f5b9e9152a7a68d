import ChatWire
import Synchronization

/// Bounds the pushes that people ask for to try them: each goes out at once, and so beside the queue.
final class PushTrials: Sendable {
    /// How many tests of all accounts may be under way.
    private static let underWayMax = 8
    /// How many pushes one test has under way.
    static let pushesMax = 4

    private let underWay = Mutex<Set<UserID>>([])
    private let rate = RateLimiter<UserID>(Rate(burst: 30, period: .seconds(60)))

    /// False when this account has one under way or has had many, or when too many others have.
    func begin(_ user: UserID) -> Bool {
        let hasRoom = underWay.withLock { users in
            users.count < Self.underWayMax && users.insert(user).inserted
        }
        guard hasRoom else { return false }
        if rate.take(from: user) { return true }
        end(user)
        return false
    }

    func end(_ user: UserID) { underWay.withLock { _ = $0.remove(user) } }
}
