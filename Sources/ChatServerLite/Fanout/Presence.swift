import ChatWire
import Synchronization

/// Who is connected, on whichever node. The hub reports who comes and goes here. Everything else asks here, and never
/// the connections of one node.
package protocol Presence: Sendable {
    /// The user; nil when they have no connection on any node.
    func person(_ user: UserID) -> Person?
    /// The user's first connection to this node is there.
    ///
    /// - Returns: whether it is their first on any node.
    func arrive(_ user: Person) -> Bool
    /// The user's last connection to this node is gone.
    ///
    /// - Returns: whether they have none on any node now.
    func depart(_ user: UserID) -> Bool
}

extension Presence {
    func isOnline(_ user: UserID) -> Bool { person(user) != nil }
}

/// The presence of a node that is alone.
final class LocalPresence: Presence {
    private let people = Mutex<[UserID: Person]>([:])

    func person(_ user: UserID) -> Person? { people.withLock { $0[user] } }

    func arrive(_ user: Person) -> Bool { people.withLock { $0.updateValue(user, forKey: user.id) == nil } }

    func depart(_ user: UserID) -> Bool { people.withLock { $0.removeValue(forKey: user) != nil } }
}
