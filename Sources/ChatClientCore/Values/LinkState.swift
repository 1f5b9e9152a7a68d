import ChatNet
import ChatSQLite
import ChatWire

/// The state of the realtime link, for a status line.
public enum LinkState: Equatable, Sendable {
    /// No account: sign in first.
    case signedOut
    /// No link. `nextTry` is when the next attempt starts, on the monotonic clock of ``MonotonicInstant``; nil when
    /// none is planned.
    case offline(reason: LinkFailure, nextTry: MonotonicInstant?)
    /// A connection is being made, or was made and is not answered yet.
    case connecting
    /// The server has accepted the token; events flow.
    case online
    /// Another socket of this account has replaced ours (the real server keeps only one).
    case inUseElsewhere
    /// The server refuses the account: the outbox waits until the person signs in again.
    case refused
}

/// Why there is no realtime link.
public enum LinkFailure: Error, Equatable, Sendable {
    /// Nobody requested one: ``ChatClient/connect()`` was not called, or ``ChatClient/disconnect()`` was.
    case notStarted
    /// Name lookup, connection, TLS or HTTP failed.
    case network(NetError)
    /// The server accepted the connection but did not answer in time.
    case handshakeTimeout
    /// The server has been silent for longer than it announced.
    case silence
    /// The server ended the link; `code` is the WebSocket close code, when it gave one.
    case closed(code: UInt16?)
    /// The server violated the protocol.
    case protocolViolation(String)
    /// What the link delivers cannot be stored: the cache on disk fails.
    case storage(SQLiteError)
    /// The server answered the connection with a temporary error.
    case rejected(String)
}
