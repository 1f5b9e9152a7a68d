/// An event of a connection.
public enum WebSocketEvent: Hashable, Sendable {
    /// A whole text message; its bytes are valid UTF-8.
    case text([UInt8])
    /// A whole binary message.
    case binary([UInt8])
    /// A ping. When pongs are automatic, the answer is already in the output.
    case ping([UInt8])
    case pong([UInt8])
    /// The peer's close frame; its code is nil when it had none. The close handshake is complete, and nothing
    /// follows. The reason is the peer's text and may be anything.
    case close(code: WebSocketCloseCode?, reason: String)
    /// The connection has failed: nothing follows.
    case failure(WebSocketError)
}
