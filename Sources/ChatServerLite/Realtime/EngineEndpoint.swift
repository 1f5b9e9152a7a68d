import ChatWire

/// The server's end of a session, whatever transports carry it. All calls come on one event loop.
///
/// It receives frames and packets here. It sends and ends through the ``EngineConnection`` that opens it.
package protocol EngineEndpoint: AnyObject {
    /// Begins the session. The endpoint must send the handshake.
    func open(on connection: EngineConnection, now: MonotonicInstant)
    /// Receives a text frame of a websocket.
    func receive(text: ArraySlice<UInt8>, now: MonotonicInstant)
    /// Receives a binary frame of a websocket.
    func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant)
    /// Receives a packet from polling.
    func receive(_ packet: EnginePacket, now: MonotonicInstant)
    /// Called when no transport is left. The endpoint must end the session.
    func transportClosed()
    /// Called after the last packet of one burst of reads.
    func burstEnded()
    /// While this is true, nothing is received. The endpoint must call ``EngineConnection/resume()``
    /// afterwards.
    var isBusy: Bool { get }
    /// The signed-in account. While it is nil, only short messages are accepted.
    var account: UserID? { get }
    /// When ``tick(now:)`` must be called next; nil for never.
    var deadline: MonotonicInstant? { get }
    /// Does everything that is due at `now`.
    func tick(now: MonotonicInstant)
}

extension EngineEndpoint {
    /// Endpoints without users have no account.
    package var account: UserID? { nil }
}
