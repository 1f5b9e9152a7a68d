/// Why a session is over.
public enum EngineCloseReason: Hashable, Sendable {
    /// `close` was called.
    case local
    /// The other side sent a close packet.
    case peer
    /// The transport was lost or closed.
    case transport
    /// The server never opened the session.
    case openTimeout
    /// The other side has been silent for longer than the handshake allows.
    case heartbeatTimeout
    /// The other side violated the protocol.
    case violation(EngineError)

    /// The status of the matching websocket close frame (RFC 6455 section 7.4.1).
    public var webSocketCloseCode: UInt16 {
        switch self {
        case .violation(.tooBig): 1009
        case .violation: 1002
        case .local, .peer, .transport, .openTimeout, .heartbeatTimeout: 1000
        }
    }
}
