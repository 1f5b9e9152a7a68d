/// The steps that have a deadline of their own.
public enum NetPhase: Hashable, Sendable {
    /// Finding the addresses of a name.
    case resolve
    /// Reaching one of the addresses.
    case connect
    /// The TLS handshake.
    case secure
    /// Handing bytes to a peer that takes them.
    case send
    /// From the end of the request to the end of the response's head.
    case responseHead
    /// From there to the end of its body.
    case responseBody
    /// From the request for a WebSocket to its answer.
    case webSocketHandshake
    /// From our close frame to the peer's.
    case close
}
