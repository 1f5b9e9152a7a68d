import ChatWire

/// Who is to hear of something, among those who are connected.
enum Audience: Hashable, Sendable {
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

/// What the hub is told to do: pass an event on, or take note of something.
enum Announcement: Sendable {
    case event(ServerEvent, to: Audience, echo: JSONValue? = nil)
    /// What everyone hears of a stored message; outside of the enumeration, since it is handed on by several
    /// hands.
    indirect case message(MessageDelivery)
    case acknowledgement(SendAcknowledgement, id: UInt64, to: SocketID, echo: JSONValue? = nil)
    case joined(UserPair, SocketID)
    case left(UserPair, SocketID)
    /// An event that is encoded already, in a form that is not ours.
    case packet(EncodedPacket, to: Audience)
    /// A message for the push service. Recorded: when the receiver is a text, also to who is connected, since
    /// a text finds no socket.
    case push(Message, from: Person, evenIfConnected: Bool)
    case typing(Bool, in: UserPair, by: Person)
    case contactAdded(UserID, to: UserID)
    case contactRemoved(UserID, from: UserID)
}
