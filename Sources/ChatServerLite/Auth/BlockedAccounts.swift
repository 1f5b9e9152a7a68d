import ChatWire
import Synchronization

/// The accounts that nobody may use: those that are disabled or deleted.
///
/// Every request asks, so the answer comes from memory. The storage has the same set; the server reads it when it
/// starts.
final class BlockedAccounts: Sendable {
    private let users = Mutex<Set<UserID>>([])

    func contains(_ user: UserID) -> Bool { users.withLock { $0.contains(user) } }

    func replace(with blocked: [UserID]) { users.withLock { $0 = Set(blocked) } }

    func set(_ user: UserID, isBlocked: Bool) {
        users.withLock { users in
            if isBlocked { users.insert(user) } else { users.remove(user) }
        }
    }
}
