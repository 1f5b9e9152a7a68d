import ChatWire

/// What the hub must do: deliver an event, or record a change.
enum Announcement: Sendable {
    case event(ServerEvent, to: Audience, echo: JSONValue? = nil)
    /// Everything that a stored message makes clients hear. The case is indirect because several owners pass
    /// it on.
    indirect case message(MessageDelivery)
    case acknowledgement(SendAcknowledgement, id: UInt64, to: SocketID, echo: JSONValue? = nil)
    case joined(UserPair, SocketID)
    case left(UserPair, SocketID)
    /// An event that is already encoded, in a form other than ours.
    case packet(EncodedPacket, to: Audience)
    /// A message for the push service. In the recorded behaviour a receiver given as text finds no socket, so
    /// the push is sent even to a connected user.
    case push(Message, from: Person, evenIfConnected: Bool)
    case typing(Bool, in: UserPair, by: Person)
    case contactAdded(UserID, to: UserID)
    case contactRemoved(UserID, from: UserID)
}
