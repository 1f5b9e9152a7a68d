import ChatWire

/// The server's end of a session, over whatever transports carry it. All calls come on one event loop.
///
/// It is told what comes, and sends and ends by the ``EngineConnection`` that it is opened on.
package protocol EngineEndpoint: AnyObject {
    /// The session begins: send the handshake.
    func open(on connection: EngineConnection, now: MonotonicInstant)
    /// A frame of a websocket.
    func receive(text: ArraySlice<UInt8>, now: MonotonicInstant)
    /// A frame of a websocket.
    func receive(binary: ArraySlice<UInt8>, now: MonotonicInstant)
    /// A packet that polling has brought.
    func receive(_ packet: EnginePacket, now: MonotonicInstant)
    /// No transport is left: end the session.
    func transportClosed()
    /// What has come in one burst has been told.
    func burstEnded()
    /// While it is true nothing is told: call ``EngineConnection/resume()`` when that is over.
    var isBusy: Bool { get }
    /// Who has signed in. Until somebody has, only short messages are taken.
    var account: UserID? { get }
    /// When ``tick(now:)`` is wanted next.
    var deadline: MonotonicInstant? { get }
    func tick(now: MonotonicInstant)
}

extension EngineEndpoint {
    /// Of endpoints that know no users.
    package var account: UserID? { nil }
}
