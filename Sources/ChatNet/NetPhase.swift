/// The steps that have their own deadline.
public enum NetPhase: Hashable, Sendable {
    /// Resolving a name to addresses.
    case resolve
    /// Reaching one of the addresses.
    case connect
    /// The TLS handshake.
    case secure
    /// Sending bytes to a peer that accepts them.
    case send
    /// From the end of the request to the end of the response's head.
    case responseHead
    /// From the end of the head to the end of the body.
    case responseBody
    /// From the request for a WebSocket to its answer.
    case webSocketHandshake
    /// From our close frame to the peer's.
    case close
}
