/// Why a frame or a payload is no Engine.IO.
public enum EngineError: Error, Hashable, Sendable {
    /// A packet has at least its type.
    case emptyPacket
    /// Not one of `0` to `6`.
    case unknownPacketType(UInt8)
    /// An open packet without the handshake that it should hold.
    case invalidHandshake
    /// The client pings, or the server pongs: version 4 has it the other way round.
    case wrongHeartbeatDirection
    /// A packet, or a whole payload, beyond what the handshake allows.
    case tooBig(length: Int, limit: Int)
    /// A payload with more packets than are taken at once.
    case tooManyPackets(limit: Int)
    /// A `b` packet of a polling payload that is not base64.
    case invalidBase64
}
