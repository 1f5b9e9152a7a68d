import ChatNet
import ChatSQLite
import ChatWire

/// The state of the realtime link, as a status line shows it.
public enum LinkState: Equatable, Sendable {
    /// No account: sign in first.
    case signedOut
    /// No link. `nextTry` is when the next attempt starts, on the monotonic clock of ``MonotonicInstant``;
    /// nil when none is planned.
    case offline(reason: LinkFailure, nextTry: MonotonicInstant?)
    /// A connection is being made, or made and not yet answered.
    case connecting
    /// The server has accepted the token; events flow.
    case online
    /// Another socket of this account has taken the place of ours (the real server keeps only one).
    case inUseElsewhere
    /// The server refuses the account: the outbox waits until the person signs in again.
    case refused
}

/// Why there is no realtime link.
public enum LinkFailure: Error, Equatable, Sendable {
    /// Nobody asked for one: ``ChatClient/connect()`` was not called, or ``ChatClient/disconnect()`` was.
    case notStarted
    /// Name lookup, connection, TLS or HTTP failed.
    case network(NetError)
    /// The server accepted the connection but did not answer in time.
    case handshakeTimeout
    /// The server has been silent for longer than it said it would.
    case silence
    /// The server ended the link; `code` is the WebSocket close code, when it gave one.
    case closed(code: UInt16?)
    /// The server sent what the protocol forbids.
    case protocolViolation(String)
    /// What the link brings cannot be kept: the cache on disk fails.
    case storage(SQLiteError)
    /// The server answered the connection with an error that may pass.
    case rejected(String)
}
