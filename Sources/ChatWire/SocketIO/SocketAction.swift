/// What the owner of a Socket.IO session must do, and what has happened.
public enum SocketAction: Hashable, Sendable {
    /// Send this to the other side, in order.
    case transmit(EngineFrame)
    /// Client: the server has accepted the connection.
    case connected(namespace: String, sid: String)
    /// Client: the server has refused the connection.
    case refused(namespace: String, ConnectRefusal)
    /// Client: the server has not answered, as it does when it cannot read an `auth`.
    case connectTimedOut(namespace: String)
    /// Server: a client asks to connect. Answer with `accept` or `refuse`, now or later.
    case connectRequested(namespace: String, auth: JSONValue?)
    /// The other side has left a namespace, or was removed from it.
    case disconnected(namespace: String)
    case event(SocketEvent)
    /// The other side has acknowledged an event. The payload is a JSON array.
    case acknowledged(namespace: String, id: UInt64, payload: ArraySlice<UInt8>, attachments: [[UInt8]])
    /// The other side has not acknowledged an event in time.
    case acknowledgementTimedOut(namespace: String, id: UInt64)
    /// The session cannot continue: close the Engine.IO session. Occurs once, last.
    case fail(SocketError)
}
