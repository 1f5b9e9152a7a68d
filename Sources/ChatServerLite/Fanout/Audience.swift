import ChatWire

/// Who is to hear of something, among those who are connected.
package enum Audience: Hashable, Sendable {
    /// One socket.
    case socket(SocketID)
    /// All sockets of a user but one.
    case user(UserID, except: SocketID?)
    /// Those who joined a conversation, but not the sockets of one user.
    case room(UserPair, except: UserID)
    /// Those who joined a conversation, and all other sockets of the sender: the socket that sent the
    /// message is among them only if it joined.
    case conversation(UserPair, sender: UserID, origin: SocketID?)
    /// Everyone who has the user as a contact.
    case watchers(UserID)
    /// Those who joined a conversation, but not one socket.
    case members(UserPair, except: SocketID?)
    /// Everyone who is signed in, but not one socket.
    case everyone(except: SocketID?)
}

extension Audience {
    /// Whether anybody who is connected to another node may belong to it.
    func reachesBeyond(_ node: NodeID) -> Bool {
        guard case .socket(let socket) = self else { return true }
        return socket.node != node
    }
}
