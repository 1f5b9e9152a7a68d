import ChatWire

/// The connected sockets that an event is for.
package enum Audience: Hashable, Sendable {
    /// One socket.
    case socket(SocketID)
    /// All sockets of a user except one.
    case user(UserID, except: SocketID?)
    /// The sockets that joined a conversation, except those of one user.
    case room(UserPair, except: UserID)
    /// The sockets that joined a conversation, and all other sockets of the sender. The socket that sent the
    /// message is included only if it joined.
    case conversation(UserPair, sender: UserID, origin: SocketID?)
    /// Everyone who has the user as a contact.
    case watchers(UserID)
    /// The sockets that joined a conversation, except one.
    case members(UserPair, except: SocketID?)
    /// All signed-in sockets, except one.
    case everyone(except: SocketID?)
}

extension Audience {
    /// Whether sockets of other nodes may belong to the audience.
    func reachesBeyond(_ node: NodeID) -> Bool {
        guard case .socket(let socket) = self else { return true }
        return socket.node != node
    }
}
