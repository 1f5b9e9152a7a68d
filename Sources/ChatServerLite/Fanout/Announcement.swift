import ChatWire

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
