import ChatWire
import Synchronization

/// The users who are connected to any node. The hub reports arrivals and departures here. Everything else
/// asks here, and never looks at the connections of one node.
package protocol Presence: Sendable {
    /// The connected user; nil when they have no connection to any node.
    func person(_ user: UserID) -> Person?
    /// Records the user's first connection to this node.
    ///
    /// - Returns: whether it is their first connection to any node.
    func arrive(_ user: Person) -> Bool
    /// Records the end of the user's last connection to this node.
    ///
    /// - Returns: whether they now have no connection to any node.
    func depart(_ user: UserID) -> Bool
}

extension Presence {
    func isOnline(_ user: UserID) -> Bool { person(user) != nil }
}

/// The presence of a single node.
final class LocalPresence: Presence {
    private let people = Mutex<[UserID: Person]>([:])

    func person(_ user: UserID) -> Person? { people.withLock { $0[user] } }

    func arrive(_ user: Person) -> Bool { people.withLock { $0.updateValue(user, forKey: user.id) == nil } }

    func depart(_ user: UserID) -> Bool { people.withLock { $0.removeValue(forKey: user) != nil } }
}
