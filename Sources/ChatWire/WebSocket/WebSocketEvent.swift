/// What came out of a connection.
public enum WebSocketEvent: Hashable, Sendable {
    /// A whole text message; its bytes are valid UTF-8.
    case text([UInt8])
    /// A whole binary message.
    case binary([UInt8])
    /// A ping. When pongs are automatic, the answer is in the output already.
    case ping([UInt8])
    case pong([UInt8])
    /// The peer's close frame, with no code when it had none. The close handshake is done: nothing
    /// follows. The reason is the peer's text and may be anything.
    case close(code: WebSocketCloseCode?, reason: String)
    /// The connection has failed: nothing follows.
    case failure(WebSocketError)
}
